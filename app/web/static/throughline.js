// Everything here is a convenience: each page reads and works without it.

function themeToggle(button) {
  const root = document.documentElement;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => { button.textContent = dark() ? "Light" : "Dark"; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not remembered */ }
    label();
  });
}

// Without network a request fails before any answer; what was asked for is then said to be missing, in its place.
class NoAnswer extends Error {}

async function request(address, options) {
  try {
    return await fetch(address, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new NoAnswer(error.message);
  }
}

function noAnswer(what) {
  const line = document.createElement("p");
  line.className = "message is-bad no-answer";
  line.setAttribute("role", "alert");
  line.textContent = `${what} The server does not answer; check the connection and try again.`;
  return line;
}

// A form's answer is missing: said beside its button, until it is sent again.
function sayUnsent(form) {
  form.querySelector(".no-answer")?.remove();
  form.append(noAnswer("This was not saved."));
}

// One sheet above the map at a time; Escape and a click beside it close it.
function mapTools(bar) {
  const open = () => bar.querySelector(".tool[open]");
  document.addEventListener("click", (event) => { const sheet = open(); if (sheet && !sheet.contains(event.target)) sheet.open = false; });
  document.addEventListener("keydown", (event) => {
    const sheet = open();
    if (event.key !== "Escape" || !sheet) return;
    event.stopImmediatePropagation();
    sheet.open = false;
    sheet.querySelector("summary").focus();
  });
}

// The evidence panel opens beside the map; without script the same link loads the page with the panel in it.
function evidencePanel(host) {
  const page = document.getElementById("main");
  let opener = null;
  let asking = null;

  const marked = (on) => {
    host.querySelectorAll(".is-open").forEach((e) => e.classList.remove("is-open"));
    host.querySelectorAll("[data-panel][aria-current]").forEach((e) => e.removeAttribute("aria-current"));
    on?.setAttribute("aria-current", "true");
    on?.closest(".statement")?.classList.add("is-open");
  };

  const show = (panel) => {
    document.getElementById("evidence")?.remove();
    host.append(panel);
    page.classList.add("has-panel");
    panel.focus({ preventScroll: true });
  };

  // Beside the panel the map is a window of its own: it goes to the top, then the statement into it.
  const bring = (link) => {
    const frame = host.querySelector(".map-frame");
    frame.scrollIntoView({ block: "start" });
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
    frame.scrollTop += link.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  };

  // Where the page is without a panel: what its link says, filters and all.
  const closed = () => {
    const link = document.querySelector("#evidence a[data-close]")?.getAttribute("href");
    if (link) return link.split("#")[0];
    const at = new URL(location.href);
    for (const name of ["statement", "stage", "curve", "saved"]) at.searchParams.delete(name);
    return at.pathname + at.search;
  };

  const close = () => {
    const panel = document.getElementById("evidence");
    if (!panel) return;
    const address = closed();
    if ("saved" in panel.dataset) { location.assign(address); return; } // the map is drawn with what was decided
    asking?.abort();
    panel.remove();
    page.classList.remove("has-panel");
    marked(null);
    history.replaceState(null, "", address);
    const back = opener?.isConnected ? opener : host.querySelector(".map-frame");
    back.focus({ preventScroll: true });
    back.scrollIntoView({ block: back === opener ? "center" : "nearest", inline: "nearest" });
  };

  // Without an answer the panel opens all the same and says so.
  const showGone = (href) => {
    const panel = document.createElement("aside");
    panel.id = "evidence";
    panel.className = "panel";
    panel.tabIndex = -1;
    panel.setAttribute("aria-label", "Quotes");
    const head = document.createElement("header");
    head.className = "panel-head";
    const shut = Object.assign(document.createElement("a"), { className: "panel-close", href: closed(), textContent: "Close" });
    shut.dataset.close = "";
    head.append(shut);
    const again = Object.assign(document.createElement("a"), { className: "button", href, textContent: "Try again" });
    again.dataset.again = "";
    panel.append(head, noAnswer("These quotes could not be fetched."), again);
    show(panel);
  };

  const open = async (link) => {
    const href = link.getAttribute("href"); // the curve's points are SVG links, whose .href is no text
    opener = link;
    asking?.abort(); // whoever chooses twice wants the second
    const { signal } = asking = new AbortController();
    link.setAttribute("aria-busy", "true");
    try {
      const reply = await request(href, { headers: { "X-Fragment": "evidence" }, signal });
      if (!reply.ok) throw new Error(String(reply.status));
      const panel = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("evidence");
      if (!panel) throw new Error("no panel");
      const inMap = host.contains(link) ? link : document.getElementById("s-" + link.dataset.panel)?.querySelector("a");
      show(document.adoptNode(panel));
      marked(inMap);
      history.replaceState(null, "", href);
      if (inMap === link) bring(link);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof NoAnswer) showGone(href); else location.assign(href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-panel], a[data-close], a[data-again]");
    if (!link) return;
    event.preventDefault();
    if ("again" in link.dataset) open(opener); else if (link.dataset.panel) open(link); else close();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  if (document.getElementById("evidence")) {
    const point = new URLSearchParams(location.search).get("stage");
    opener = host.querySelector(point ? `a[data-panel="${CSS.escape(`point-${point}`)}"]` : ".is-open > a");
    document.getElementById("evidence").focus({ preventScroll: true });
    if (opener) addEventListener("load", () => bring(opener)); // after the browser went where the reader was
  }
}

// On a phone one stage fills the screen: a line above the map says which one, and hops to the others.
function stageLine(line) {
  const frame = line.parentElement.querySelector(".map-frame");
  const links = [...line.querySelectorAll("a")];
  const stages = links.map((link) => document.getElementById(link.hash.slice(1)));
  const shown = () => line.offsetParent !== null;
  let current = -1;
  let settling = 0;

  const mark = () => {
    const edge = frame.getBoundingClientRect().left + frame.clientWidth / 3;
    const found = stages.findIndex((stage) => stage.getBoundingClientRect().right > edge);
    if (found < 0 || found === current) return false;
    links[current]?.removeAttribute("aria-current");
    links[found].setAttribute("aria-current", "true");
    line.scrollTo({ left: links[found].offsetLeft - line.clientWidth / 3 });
    current = found;
    return true;
  };
  let moved = false;
  const settle = () => {
    // A shorter column than the one that was left: nobody should look at its empty end.
    if (moved && stages[current].getBoundingClientRect().bottom < innerHeight / 2) stages[current].scrollIntoView({ block: "start", inline: "start" });
    moved = false;
  };
  frame.addEventListener("scroll", () => {
    if (!shown()) return;
    moved = mark() || moved;
    clearTimeout(settling);
    settling = setTimeout(settle, 160);
  }, { passive: true });
  line.addEventListener("click", (event) => {
    const at = links.indexOf(event.target.closest("a"));
    if (at < 0) return;
    event.preventDefault();
    stages[at].scrollIntoView({ block: "start", inline: "start" });
  });
  addEventListener("resize", () => { if (shown()) mark(); });
  if (shown()) mark();
}

// A changed role is saved where the reader is; without script the form leads back to the list.
function roleForms(list) {
  const ready = () => list.querySelectorAll("[data-role]").forEach((form) => { form.dataset.ready = ""; });
  list.addEventListener("change", (event) => event.target.closest("[data-role]")?.classList.add("is-changed"));
  list.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-role]");
    if (!form) return;
    event.preventDefault();
    const select = form.querySelector("select");
    try {
      const reply = await request(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!reply.ok) throw new Error(String(reply.status));
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      for (const id of [form.closest(".file").id, "participants"]) {
        document.getElementById(id).replaceWith(document.adoptNode(fresh.getElementById(id)));
      }
      ready();
      document.getElementById(select.id).focus();
      list.querySelector("[data-said]").textContent = `Saved: ${select.selectedOptions[0].text}.`;
    } catch (error) {
      if (error instanceof NoAnswer) sayUnsent(form); else form.submit();
    }
  });
  ready();
}

// Tags are decided where the reader is; without script each form leads back to its page.
function tagForms(page) {
  const said = document.createElement("p");
  said.className = "vh";
  said.setAttribute("role", "status");
  page.append(said);

  // In the review's queue the next quote that nobody has looked at is up; elsewhere the reader stays.
  const following = (card) => {
    if (!card.closest("[data-queue]")) return null;
    for (let item = card.closest("li").nextElementSibling; item; item = item.nextElementSibling) {
      const open = item.querySelector(".review.is-unseen");
      if (open) return open.querySelector("button, summary");
    }
    return null;
  };

  page.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-tags]");
    if (!form) return;
    event.preventDefault();
    const card = form.closest("figure");
    if (card.hasAttribute("aria-busy")) return;
    card.setAttribute("aria-busy", "true");
    try {
      const reply = await request(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Fragment": "quote" } });
      if (!reply.ok) throw new Error(String(reply.status));
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("figure.quote");
      if (!fresh) throw new Error("no quote");
      const panel = card.closest(".panel");
      if (panel) panel.dataset.saved = "";
      card.replaceWith(document.adoptNode(fresh));
      said.textContent = form.dataset.tags;
      const next = following(fresh) ?? fresh.querySelector("summary");
      next.focus({ preventScroll: true });
      next.closest("figure").scrollIntoView({ block: "nearest" });
    } catch (error) {
      card.removeAttribute("aria-busy");
      if (error instanceof NoAnswer) sayUnsent(form); else form.submit();
    }
  });
}

// A run's page follows the server's events and draws the server's own fragment again.
function runProgress(holder) {
  let wanted = false;
  let busy = false;

  const live = () => ["queued", "running"].includes(holder.querySelector("#progress")?.dataset.status);
  const refresh = async () => {
    if (busy) { wanted = true; return; }
    busy = true;
    try {
      const reply = await fetch(location.href, { headers: { "X-Fragment": "progress" } });
      const fresh = reply.ok && new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("progress");
      const had = holder.contains(document.activeElement);
      if (fresh && !had) holder.querySelector("#progress").replaceWith(document.adoptNode(fresh));
    } catch { /* the next event or the poll below tries again */ }
    setTimeout(() => { busy = false; if (wanted) { wanted = false; refresh(); } }, 700);
  };

  if (!live()) return;
  const events = new EventSource(`/api/v1/runs/${encodeURIComponent(holder.dataset.run)}/events`);
  events.addEventListener("progress", refresh);
  events.addEventListener("end", () => { events.close(); document.activeElement?.blur(); refresh(); });
  const poll = setInterval(() => { if (!live()) { clearInterval(poll); events.close(); } else if (events.readyState === EventSource.CLOSED) refresh(); }, 4000);
}

// Files are shown as they were understood as soon as they are chosen; without script a button leads to the same on a page.
function filePreview(form, input, button, slot) {
  const label = button.textContent;
  const said = form.querySelector("[data-preview-said]");
  let asked = null;

  const show = (nodes, words) => { slot.replaceChildren(...nodes); slot.hidden = !nodes.length; said.textContent = words; };
  const note = (words) => {
    const line = document.createElement("p");
    line.className = "preview-wait";
    line.textContent = words;
    show([line], words);
  };

  return async () => {
    asked?.abort();
    button.textContent = label;
    button.disabled = false;
    if (!input.files.length) { show([], ""); return; }
    asked = new AbortController();
    const { signal } = asked;
    const body = new FormData();
    for (const file of input.files) body.append("files", file);
    note(input.files.length === 1 ? "Reading the file…" : `Reading ${input.files.length} files…`);
    slot.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(slot.dataset.preview, { method: "POST", body, headers: { "X-Fragment": "preview" }, signal });
      if (!reply.ok) throw new Error(String(reply.status));
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("preview");
      if (!fresh) throw new Error("no preview");
      show([document.adoptNode(fresh)], fresh.querySelector(".preview-sum").textContent);
      button.textContent = fresh.dataset.add || "Nothing to add";
      button.disabled = !fresh.dataset.add;
      button.classList.toggle("primary", !button.disabled);
    } catch (error) {
      if (error.name !== "AbortError") note("These files could not be looked at beforehand. Upload them to see what becomes of each.");
    } finally {
      if (!signal.aborted) slot.removeAttribute("aria-busy");
    }
  };
}

function dropZone(zone) {
  const input = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector("[data-chosen]");
  const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("is-over", on); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  const form = zone.closest("form");
  const button = form.querySelector("[data-add]") ?? form.querySelector("button");
  const label = button.textContent;
  const slot = form.querySelector("[data-preview]");
  form.addEventListener("submit", () => { button.textContent = "Reading…"; button.disabled = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) { button.textContent = label; button.disabled = false; } });
  if (slot) form.querySelector("[data-check]")?.remove();
  if (slot) input.addEventListener("change", filePreview(form, input, button, slot));
  input.addEventListener("change", () => {
    const names = [...input.files].map((f) => f.name);
    chosen.textContent = names.length > 6 ? `${names.length} files chosen` : names.join(", ");
  });
}

// What a run would take, beside the button that starts it, for whatever is chosen; without script the other button shows it.
function runEstimate(slot) {
  const form = slot.closest("form");
  form.querySelector("[data-ask]")?.remove();
  let asking = null;
  const ask = async () => {
    asking?.abort();
    const { signal } = asking = new AbortController();
    slot.setAttribute("aria-busy", "true");
    try {
      const reply = await request(`${slot.dataset.estimate}?${new URLSearchParams(new FormData(form))}`, { headers: { "X-Fragment": "estimate" }, signal });
      const fresh = reply.ok ? new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("estimate") : null;
      slot.replaceChildren(...(fresh ? [document.adoptNode(fresh)] : []));
    } catch (error) {
      if (error.name !== "AbortError") slot.replaceChildren(...(error instanceof NoAnswer ? [noAnswer("What this would take is not known.")] : []));
    } finally {
      if (!signal.aborted) slot.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("change", ask);
  ask();
}

// How many quotes are ticked is said beside what can be done with them.
function placingForm(form) {
  const said = form.querySelector("[data-chosen-count]");
  const words = said.textContent;
  const count = () => {
    const ticked = document.querySelectorAll(`input[form="${form.id}"]:checked`).length;
    said.textContent = ticked ? `With ${ticked === 1 ? "this quote" : `these ${ticked} quotes`}:` : words;
    form.querySelectorAll("button").forEach((button) => { button.disabled = !ticked; });
  };
  document.addEventListener("change", (event) => { if (event.target.form === form) count(); });
  addEventListener("pageshow", count); // a page that comes back may come with its ticks
}

// The map of quotes: what a mark says is read below it, arrow keys go from mark to mark, the legend shows and hides.
function quotePlane(view) {
  const said = view.querySelector("[data-plane-said]");
  const boxes = [...view.querySelectorAll("[data-toggle]")];
  const places = new Map();
  for (const point of view.querySelectorAll("[data-point]")) {
    const mark = point.querySelector("use");
    const title = point.querySelector("title");
    places.set(point, { x: mark.x.baseVal.value, y: mark.y.baseVal.value, words: title.textContent, group: point.parentNode });
    point.setAttribute("aria-label", title.textContent);
    point.setAttribute("tabindex", "-1");
    title.remove(); // its words are shown below at once
  }
  const shown = () => [...places].filter(([, place]) => !place.group.classList.contains("is-hidden"));
  const read = (point) => {
    const { words, group } = places.get(point);
    const at = words.indexOf(": ");
    const name = view.querySelector(`[data-toggle="${CSS.escape(group.dataset.theme)}"]`).getAttribute("aria-label").replace(/^Show (quotes )?/, "");
    const [quote, who, theme] = ["q", "b", "span"].map((tag) => document.createElement(tag));
    quote.textContent = words.slice(at + 2);
    who.textContent = words.slice(0, at);
    quote.dir = theme.dir = "auto";
    theme.textContent = ` ${name}`;
    said.replaceChildren(quote, who, theme);
  };
  let stop = null;
  const enter = (point) => { // one mark at a time can be reached with Tab
    stop?.setAttribute("tabindex", "-1");
    stop = point;
    stop?.setAttribute("tabindex", "0");
  };
  const towards = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const next = (from, [dx, dy]) => {
    const here = places.get(from);
    let best = null;
    let least = Infinity;
    for (const [point, place] of shown()) {
      const along = (place.x - here.x) * dx + (place.y - here.y) * dy;
      const aside = Math.abs((place.x - here.x) * dy) + Math.abs((place.y - here.y) * dx);
      if (along > 0.1 && along + 2 * aside < least) { best = point; least = along + 2 * aside; }
    }
    return best;
  };
  view.addEventListener("pointerover", (event) => { const point = event.target.closest("[data-point]"); if (point) read(point); });
  view.addEventListener("focusin", (event) => { const point = event.target.closest("[data-point]"); if (point) { read(point); enter(point); } });
  view.addEventListener("keydown", (event) => {
    const point = event.target.closest("[data-point]");
    if (!point || !(event.key in towards)) return;
    event.preventDefault();
    next(point, towards[event.key])?.focus();
  });
  const show = () => {
    for (const box of boxes) view.querySelector(`[data-theme="${CSS.escape(box.dataset.toggle)}"]`).classList.toggle("is-hidden", !box.checked);
    if (!stop || places.get(stop).group.classList.contains("is-hidden")) enter(shown()[0]?.[0] ?? null);
  };
  view.addEventListener("change", show);
  view.addEventListener("click", (event) => {
    const all = event.target.closest("[data-show]");
    if (!all) return;
    for (const box of boxes) box.checked = all.dataset.show === "all";
    show();
  });
  for (const hidden of [...boxes, ...view.querySelectorAll("[data-plane-all], [data-plane-keys]")]) hidden.hidden = false;
  show();
  const scroller = view.querySelector(".plane-scroll");
  scroller.scrollLeft = (scroller.scrollWidth - scroller.clientWidth) / 2;
}

document.querySelectorAll("[data-theme-toggle]").forEach(themeToggle);
document.querySelectorAll("[data-tools]").forEach(mapTools); // before the panel: Escape closes what lies on top first
document.querySelectorAll("[data-panel-host]").forEach(evidencePanel);
document.querySelectorAll("[data-stage-line]").forEach(stageLine);
document.querySelectorAll("[data-role-list]").forEach(roleForms);
document.querySelectorAll("main").forEach(tagForms);
document.querySelectorAll("[data-run]").forEach(runProgress);
document.querySelectorAll("[data-drop]").forEach(dropZone);
document.querySelectorAll("[data-estimate]").forEach(runEstimate);
document.querySelectorAll("[data-placing]").forEach(placingForm);
document.querySelectorAll("[data-plane]").forEach(quotePlane);
document.querySelector(".q.is-focus")?.scrollIntoView({ block: "center" });
