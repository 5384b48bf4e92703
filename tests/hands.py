"""Two ways to use a page: with a mouse, and with a keyboard alone. The keyboard is watched: its focus may never be lost or unseen."""

from dataclasses import dataclass, field
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

FOCUS = """() => {
  const e = document.activeElement;
  const told = {name: "", lost: !e || e === document.body || e === document.documentElement, ring: false, shown: false};
  if (told.lost) return told;
  told.name = `${e.localName} “${(e.getAttribute("aria-label") ?? e.innerText ?? e.textContent ?? "").trim().slice(0, 60)}”`;
  const labels = [...(e.labels ?? [])];
  const outlined = (one) => { const s = getComputedStyle(one); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
  told.ring = e.getAttribute("tabindex") === "-1" || [e, ...labels].some(outlined);
  const rects = [e, ...labels].flatMap((one) => [...one.getClientRects()]).filter((r) => r.width > 1 && r.height > 1);
  told.shown = rects.some((r) => [.5, .1, .9].some((x) => [.5, .1, .9].some((y) => {
    const hit = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
    return hit && (e.contains(hit) || hit.contains(e) && hit.closest("a, summary, label, svg") || labels.some((one) => one.contains(hit)));
  })));
  return told;
}"""
"""What has the focus: its name, whether a ring says so, and whether any of it can be seen (nothing lies over all of it)."""
FAR = 80
"""No step may need more presses than this."""


class Hands(Protocol):
    """What a person does on a page; targets are found by their role and name."""

    page: Page

    def arrive(self) -> None:
        """Begin with a page's content."""

    def follow(self, target: Locator, *, back: bool = False) -> None:
        """Go to a link, button or fold and use it; `back` says that it lies before where one is."""

    def tick(self, box: Locator) -> None:
        """Tick a box."""

    def pick(self, box: Locator, words: str) -> None:
        """Choose from a list."""

    def close(self) -> None:
        """Close the panel that lies beside the map."""


@dataclass
class Mouse:
    """Points and clicks."""

    page: Page

    def arrive(self) -> None:
        """Nothing to do: all of the page is in reach."""

    def follow(self, target: Locator, *, back: bool = False) -> None:  # noqa: ARG002  # a mouse knows no order
        """Click it."""
        target.click()

    def tick(self, box: Locator) -> None:
        """Click it."""
        box.click()

    def pick(self, box: Locator, words: str) -> None:
        """Open the list and click the words."""
        box.select_option(words)

    def close(self) -> None:
        """Click the panel's own link."""
        self.page.get_by_role("complementary").get_by_role("link", name="Close").click()


@dataclass
class Keyboard:
    """Tab, Shift+Tab, Enter, Space, Escape and the arrows; `presses` counts them, `trail` says where they led, `legs` each way's length."""

    page: Page
    presses: int = 0
    trail: list[str] = field(default_factory=list)
    legs: list[int] = field(default_factory=list)

    def press(self, key: str) -> None:
        """Press a key and count it."""
        self.page.keyboard.press(key)
        self.presses += 1

    def watch(self) -> None:
        """Raise where the focus is lost, has no ring or cannot be seen."""
        told = self.page.evaluate(FOCUS)
        self.trail.append(told["name"])
        assert not told["lost"], f"the focus was lost at {self.page.url} after {self.trail[-3:]}"
        assert told["ring"], f"no ring says that the focus is on {told['name']} at {self.page.url}"
        assert told["shown"], f"the focus is out of sight on {told['name']} at {self.page.url}"

    def arrive(self) -> None:
        """The first Tab of a page offers to skip to its content."""
        self.press("Tab")
        self.watch()
        expect(self.page.get_by_role("link", name="Skip to the content")).to_be_focused()
        self.press("Enter")

    def reach(self, target: Locator, *, back: bool = False) -> None:
        """Tab, or Shift+Tab, until the focus is on it."""
        focus = self.page.locator(":focus")
        before = self.presses
        while self.presses - before < FAR:
            self.press("Shift+Tab" if back else "Tab")
            self.watch()
            if target.and_(focus).count():
                self.legs.append(self.presses - before)
                return
        raise AssertionError(f"{FAR} presses at {self.page.url} did not lead to {target}, but along {self.trail[-FAR:]}")

    def follow(self, target: Locator, *, back: bool = False) -> None:
        """Reach it and press Enter."""
        self.reach(target, back=back)
        self.press("Enter")

    def tick(self, box: Locator) -> None:
        """Reach it and press Space."""
        self.reach(box)
        self.press("Space")

    def pick(self, box: Locator, words: str) -> None:
        """Reach it and press the arrow until these words are chosen."""
        self.reach(box)
        options = box.locator("option").all_inner_texts()
        at = box.evaluate("e => e.selectedIndex")
        for _ in range(abs(options.index(words) - at)):
            self.press("ArrowDown" if options.index(words) > at else "ArrowUp")
        self.watch()

    def told(self) -> str:
        """How long the way was."""
        return f"{self.presses} presses, on the way to each target {self.legs}"

    def close(self) -> None:
        """Press Escape."""
        self.press("Escape")
        self.watch()
