// Quotes: copied with their reference, listed further where the reader is, read in their transcript beside the map.
// Without this file the same is done by links, and by a text to select on the quote's own page.

document.documentElement.dataset.canCopy = "";

const said = document.createElement("p");
said.className = "vh";
said.setAttribute("role", "status");
document.querySelector("main")?.append(said);

async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.createElement("textarea"); // pages that come over plain http have no clipboard of their own
  box.value = text;
  box.className = "vh";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  if (!done) throw new Error("not copied");
}

async function copy(button) {
  const words = button.dataset.words ??= button.textContent;
  try {
    await toClipboard(`${button.dataset.copy}\n${new URL(button.dataset.address, location.href)}`);
    button.textContent = say("copied");
    said.textContent = say("copied_with_reference");
  } catch {
    location.assign(button.dataset.address); // there the reference can be selected
    return;
  }
  setTimeout(() => { button.textContent = words; said.textContent = ""; }, 2000);
}

async function part(href, kind) {
  const reply = await request(href, { headers: { "X-Fragment": kind } });
  if (!reply.ok) throw new Error(String(reply.status));
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

// Without network the reader stays, and what was asked for is said to be missing below; without an answer otherwise the link leads on.
function missing(error, link, place, what) {
  unsay(place);
  if (error instanceof NoAnswer) place.after(noAnswer(what, undefined, () => link.click())); else location.assign(link.href);
}

function unsay(place) {
  if (place.nextElementSibling?.matches(".no-answer")) place.nextElementSibling.remove();
}

// The next quotes join the lists they belong to.
async function more(link) {
  const panel = link.closest(".panel");
  const place = link.closest(".panel-more");
  unsay(place);
  link.setAttribute("aria-busy", "true");
  try {
    const fresh = (await part(link.href, "evidence")).querySelector(".panel");
    let first = null;
    for (const side of [".supporting", ".contrary"]) {
      const found = fresh.querySelector(side);
      if (!found?.querySelector("li")) continue;
      const items = [...found.querySelector(".quotes").children].map((item) => document.adoptNode(item));
      const list = panel.querySelector(`${side} .quotes`);
      if (list) { list.append(...items); list.closest("section").hidden = false; } else panel.querySelector(".supporting").after(document.adoptNode(found));
      first ??= items[0];
    }
    const rest = fresh.querySelector(".panel-more");
    place.replaceWith(...(rest ? [document.adoptNode(rest)] : []));
    said.textContent = say("more_listed");
    const goal = first?.querySelector("a");
    goal?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    missing(error, link, place, say("no_more_fetched"));
  } finally {
    link.removeAttribute("aria-busy");
  }
}

// Where there is room the transcript opens in the panel; going back finds the quotes as they were left.
async function beside(link) {
  const panel = link.closest(".panel");
  const scrolled = panel.scrollTop;
  const place = link.closest("figcaption");
  unsay(place);
  link.setAttribute("aria-busy", "true");
  try {
    const shown = document.adoptNode((await part(link.href, "transcript")).getElementById("talk-beside"));
    if (!shown) throw new Error("no transcript");
    const hidden = [...panel.children].filter((child) => !child.matches(".panel-head"));
    for (const child of hidden) child.hidden = true;
    panel.append(shown);
    shown.querySelector(".is-focus")?.scrollIntoView({ block: "center" });
    const back = shown.querySelector("[data-beside-back]");
    back.focus({ preventScroll: true });
    back.addEventListener("click", () => {
      shown.remove();
      for (const child of hidden) child.hidden = false;
      panel.scrollTop = scrolled;
      link.focus({ preventScroll: true });
    });
  } catch (error) {
    missing(error, link, place, say("no_transcript"));
  } finally {
    link.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) { copy(button); return; }
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest(".panel a[data-more], .panel a.to-transcript");
  if (!link) return;
  if (link.matches(".to-transcript") && !matchMedia("(min-width: 74rem)").matches) return;
  event.preventDefault();
  if (link.matches("[data-more]")) more(link); else beside(link);
});
