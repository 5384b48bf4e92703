// Everything here is a convenience: each page reads and works without it.

// What scripts say comes with the page, in its language; where a number decides on the words, the language's own plural does.
const WORDS = JSON.parse(document.body.dataset.words ?? "{}");
function say(name, values = {}) {
  const { lang } = document.documentElement;
  const words = typeof WORDS[name] === "object" ? WORDS[name][new Intl.PluralRules(lang).select(values.n)] ?? WORDS[name].other : WORDS[name];
  const shown = (value) => typeof value === "number" ? new Intl.NumberFormat(lang).format(value) : value;
  return words.replace(/\{(\w+)\}/g, (place, key) => key in values ? shown(values[key]) : place);
}

// Light, dark, or as the system has it: the button says which it is and goes to the next.
function themeToggle(button) {
  const root = document.documentElement;
  const choices = { system: say("as_system"), light: say("light"), dark: say("dark") };
  const chosen = () => root.dataset.theme ?? "system";
  const label = () => { button.textContent = choices[chosen()]; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    const names = Object.keys(choices);
    const next = names[(names.indexOf(chosen()) + 1) % names.length];
    if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
    try { if (next === "system") localStorage.removeItem("theme"); else localStorage.setItem("theme", next); } catch { /* not remembered */ }
    label();
  });
}

// Whatever takes longer than a blink says so above the page, where it moves nothing; it goes when the last answer is there.
const BLINK_MS = 300;
const waiting = (() => {
  const sign = document.createElement("p");
  sign.className = "waiting";
  sign.setAttribute("role", "status"); // empty until there is something to say, so that it is said
  document.querySelector("main")?.append(sign);
  let open = 0;
  let timer = 0;
  const show = (on) => { sign.classList.toggle("is-shown", on); sign.textContent = on ? say("fetching") : ""; };
  return {
    begin() { if (!open++) timer = setTimeout(show, BLINK_MS, true); },
    end() { if (--open) return; clearTimeout(timer); show(false); },
  };
})();

// Without network a request fails before any answer; what was asked for is then said to be missing, in its place.
class NoAnswer extends Error {}

// `unseen` is for what nobody waits for: the sign stays away.
async function request(address, { unseen = false, ...options } = {}) {
  if (!unseen) waiting.begin();
  try {
    return await fetch(address, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new NoAnswer(error.message);
  } finally {
    if (!unseen) waiting.end();
  }
}

// `again` asks once more, where the page has no button or link of its own for it at hand.
function noAnswer(what, then = say("no_answer"), again = null) {
  const line = document.createElement("p");
  line.className = "message is-bad no-answer";
  line.setAttribute("role", "alert");
  line.textContent = `${what} ${then}`;
  if (again) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: say("try_again") });
    button.addEventListener("click", again);
    line.append(" ", button);
  }
  return line;
}

// A form's answer is missing: said beside its button, until it is sent again.
function sayUnsent(form) {
  form.querySelector(".no-answer")?.remove();
  form.append(noAnswer(say("not_saved"), undefined, () => form.requestSubmit()));
}

// Back leads to a page that is fetched anew, so that nothing of it has the focus: the link that was followed gets it again.
function wayBack() {
  const alike = (href) => [...document.querySelectorAll("a[href]")].filter((link) => link.getAttribute("href") === href);
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented) return;
    const href = link.getAttribute("href");
    history.replaceState({ ...history.state, left: { href, at: alike(href).indexOf(link) } }, "");
  });
  addEventListener("pageshow", () => {
    const left = history.state?.left;
    if (!left || performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
    const links = alike(left.href);
    const link = links[left.at] ?? links[0];
    for (let fold = link?.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
    link?.focus();
  });
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

  const hide = (panel) => {
    asking?.abort();
    panel.remove();
    page.classList.remove("has-panel");
    marked(null);
    const back = opener?.isConnected ? opener : host.querySelector(".map-frame");
    back.focus({ preventScroll: true });
    back.scrollIntoView({ block: back === opener ? "center" : "nearest", inline: "nearest" });
  };

  const close = () => {
    const panel = document.getElementById("evidence");
    if (!panel) return;
    const address = closed();
    if ("saved" in panel.dataset) { location.assign(address); return; } // the map is drawn with what was decided
    hide(panel);
    if (history.state?.panel) history.back(); else history.replaceState(null, "", address);
  };

  // Back closes the panel that a click opened: on a phone it fills the screen, and nobody means to leave the map.
  addEventListener("popstate", () => {
    const asked = new URLSearchParams(location.search);
    const wanted = asked.has("statement") || asked.has("stage");
    const panel = document.getElementById("evidence");
    if (wanted ? !panel : panel && "saved" in panel.dataset) location.reload();
    else if (panel && !wanted) hide(panel);
  });

  // Without an answer the panel opens all the same and says so.
  const showGone = (href) => {
    const panel = document.createElement("aside");
    panel.id = "evidence";
    panel.className = "panel";
    panel.tabIndex = -1;
    panel.setAttribute("aria-label", say("quotes"));
    const head = document.createElement("header");
    head.className = "panel-head";
    const shut = Object.assign(document.createElement("a"), { className: "panel-close", href: closed(), textContent: say("close") });
    shut.dataset.close = "";
    head.append(shut);
    const again = Object.assign(document.createElement("a"), { className: "button", href, textContent: say("try_again") });
    again.dataset.again = "";
    panel.append(head, noAnswer(say("not_fetched")), again);
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
      const further = document.getElementById("evidence") !== null;
      show(document.adoptNode(panel));
      marked(inMap);
      if (further) history.replaceState(history.state, "", href); else history.pushState({ panel: true }, "", href);
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
      list.querySelector("[data-said]").textContent = say("saved", { choice: select.selectedOptions[0].text });
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
  let unheard = null;
  const refresh = async () => {
    if (busy) { wanted = true; return; }
    busy = true;
    try {
      const reply = await request(location.href, { headers: { "X-Fragment": "progress" }, unseen: true });
      unheard?.remove();
      unheard = null;
      const fresh = reply.ok && new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("progress");
      const had = holder.contains(document.activeElement);
      if (fresh && !had) holder.querySelector("#progress").replaceWith(document.adoptNode(fresh));
    } catch (error) { // the next event or the poll below tries again
      if (error instanceof NoAnswer && !unheard) holder.append(unheard = noAnswer(say("not_followed"), say("no_answer_yet")));
    }
    setTimeout(() => { busy = false; if (wanted) { wanted = false; refresh(); } }, 700);
  };

  if (!live()) return;
  const events = new EventSource(`/api/v1/runs/${encodeURIComponent(holder.dataset.run)}/events`);
  events.addEventListener("progress", refresh);
  for (const cut of ["error", "open"]) events.addEventListener(cut, refresh);
  for (const cut of ["offline", "online"]) addEventListener(cut, refresh);
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

  const look = async () => {
    asked?.abort();
    button.textContent = label;
    button.disabled = false;
    if (!input.files.length) { show([], ""); return; }
    asked = new AbortController();
    const { signal } = asked;
    const body = new FormData();
    for (const file of input.files) body.append("files", file);
    note(say("reading_files", { n: input.files.length }));
    slot.setAttribute("aria-busy", "true");
    try {
      const reply = await request(slot.dataset.preview, { method: "POST", body, headers: { "X-Fragment": "preview" }, signal, unseen: true });
      if (!reply.ok) throw new Error(String(reply.status));
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("preview");
      if (!fresh) throw new Error("no preview");
      show([document.adoptNode(fresh)], fresh.querySelector(".preview-sum").textContent);
      button.textContent = fresh.dataset.add || say("nothing_to_add");
      button.disabled = !fresh.dataset.add;
      button.classList.toggle("primary", !button.disabled);
    } catch (error) {
      if (error instanceof NoAnswer) show([noAnswer(say("not_looked_at"), undefined, look)], say("not_looked_at"));
      else if (error.name !== "AbortError") note(say("not_previewed"));
    } finally {
      if (!signal.aborted) slot.removeAttribute("aria-busy");
    }
  };
  return look;
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
  form.addEventListener("submit", () => { button.textContent = say("reading"); button.disabled = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) { button.textContent = label; button.disabled = false; } });
  if (slot) form.querySelector("[data-check]")?.remove();
  if (slot) input.addEventListener("change", filePreview(form, input, button, slot));
  input.addEventListener("change", () => {
    const names = [...input.files].map((f) => f.name);
    chosen.textContent = names.length > 6 ? say("files_chosen", { n: names.length }) : names.join(", ");
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
      if (error.name !== "AbortError") slot.replaceChildren(...(error instanceof NoAnswer ? [noAnswer(say("not_estimated"), undefined, ask)] : []));
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
    said.textContent = ticked ? say("with_quotes", { n: ticked }) : words;
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
    const { name } = view.querySelector(`[data-toggle="${CSS.escape(group.dataset.theme)}"]`).dataset;
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

// What a worker is still at: the page looks again until it is there, then shows it in place.
function waitingFor(section) {
  const again = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const told = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(section.id);
      if (told && !("waiting" in told.dataset)) {
        section.replaceWith(told);
        told.focus();
        return;
      }
      if (told) section.querySelector("[role=status]").textContent = told.querySelector("[role=status]").textContent;
    } catch { /* the server cannot be reached now: it is asked again */ }
    setTimeout(again, 3000);
  };
  setTimeout(again, 2000);
}

wayBack();
document.querySelectorAll("[data-theme-toggle]").forEach(themeToggle);
document.querySelectorAll("[data-tools]").forEach(mapTools); // before the panel: Escape closes what lies on top first
document.querySelectorAll("[data-panel-host]").forEach(evidencePanel);
document.querySelectorAll("[data-stage-line]").forEach(stageLine);
document.querySelectorAll("[data-role-list]").forEach(roleForms);
document.querySelectorAll("main").forEach(tagForms);
document.querySelectorAll("[data-run]").forEach(runProgress);
document.querySelectorAll("[data-waiting]").forEach(waitingFor);
document.querySelectorAll("[data-drop]").forEach(dropZone);
document.querySelectorAll("[data-estimate]").forEach(runEstimate);
document.querySelectorAll("[data-placing]").forEach(placingForm);
document.querySelectorAll("[data-plane]").forEach(quotePlane);
document.querySelector(".q.is-focus")?.scrollIntoView({ block: "center" });
