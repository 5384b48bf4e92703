"""A real browser that is signed in to a real server, and what it complained of."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from house import House
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 20_000
PATIENCE_S = 20


@dataclass
class Visitor:
    """`base` is the server's address; every error and warning of any page's console is kept."""

    base: str
    browser: Browser
    session: Any
    errors: list[str] = field(default_factory=list)

    def context(self, size: dict[str, int] = DESK, **more: Any) -> BrowserContext:
        context = self.browser.new_context(viewport=size, base_url=self.base, storage_state=self.session, **more)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", self._listen)
        return context

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: self.errors.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))


@contextmanager
def visiting(sign_in_link: str) -> Iterator[Visitor]:
    """A browser that has followed the link."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        # the sandbox wants rights that a container does not have; nothing but this server is visited
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(sign_in_link)
        yield Visitor(sign_in_link.partition("/sign-in")[0], browser, page.context.storage_state())
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[tuple[House, str]]:
    """A house on a port of its own, and its address."""
    house = House(folder)
    server = uvicorn.Server(uvicorn.Config(house.web, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < end:
        time.sleep(0.05)
    yield house, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_S)
    house.close()


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText ?? ''"):
            return
    raise AssertionError(f"Tab never came to “{words}”")
