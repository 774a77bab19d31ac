// The console's only script. Every page works without it; with it, links and forms marked
// data-swap fetch the same pages and change what differs, so focus, scroll and typing stay.

const MAIN_PARTS = ["nav", "main"];
const TOAST_MS = 8000;
const AUTO_MS = 350;
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
let visit = 0; // the newest request; answers to older ones are dropped

// --- changing the page in place -----------------------------------------------------------------

/** Make `old` equal to `fresh`, keeping every node that stays, and what is typed into it. */
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  const wasDirty = isDirty(old);
  syncAttributes(old, fresh);
  if (old.nodeName === "TEXTAREA") {
    if (!wasDirty) old.value = fresh.value;
    old.defaultValue = fresh.defaultValue;
  } else if (old.nodeName === "IFRAME") {
    return;
  } else {
    morphChildren(old, fresh);
    if (old.nodeName === "INPUT" && !wasDirty) old.value = fresh.defaultValue;
    if (old.nodeName === "SELECT" && !wasDirty) old.selectedIndex = fresh.selectedIndex;
  }
}

function isDirty(field) {
  if (field !== document.activeElement) return false;
  if (field.nodeName === "TEXTAREA" || field.nodeName === "INPUT") {
    return field.type !== "checkbox" && field.type !== "radio" && field.value !== field.defaultValue;
  }
  return field.nodeName === "SELECT";
}

function syncAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    const kept = name === "open" && (old.nodeName === "DETAILS" || old.nodeName === "DIALOG");
    if (!fresh.hasAttribute(name) && !kept) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.nodeName === "INPUT" && (old.type === "checkbox" || old.type === "radio")) {
    old.checked = fresh.checked;
  }
}

function morphChildren(old, fresh) {
  const byId = new Map([...old.children].filter((c) => c.id).map((c) => [c.id, c]));
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const same = wanted.id && byId.get(wanted.id);
    if (same && same !== at) old.insertBefore(same, at);
    const here = same || at;
    const matches = here && here.nodeName === wanted.nodeName && (here.id || "") === (wanted.id || "");
    if (!matches) {
      old.insertBefore(wanted, at);
      continue;
    }
    const next = here === at ? at.nextSibling : at;
    morph(here, wanted);
    at = next;
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function show(html, url, history_ = "push", form = null) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const trouble = fresh.querySelector("main[data-error]");
  if (trouble) {
    if (!blame(form, trouble)) toast(refused(trouble));
    return;
  }
  if (!document.getElementById("nav") || !fresh.getElementById("nav")) {
    location.assign(url);
    return;
  }
  document.title = fresh.title;
  document.body.className = fresh.body.className;
  document.documentElement.dataset.theme = fresh.documentElement.dataset.theme || "";
  for (const id of MAIN_PARTS) morph(document.getElementById(id), document.adoptNode(fresh.getElementById(id)));
  for (const made of fresh.querySelectorAll("#toasts > .toast")) toast(made);
  if (history_ === "push" && url !== location.href) history.pushState(null, "", url);
  else if (history_ !== "none") history.replaceState(null, "", url);
  ready();
}

/** Say at each field of a form what is wrong with it; false when something is about none of them. */
function blame(form, trouble) {
  const faults = [...trouble.querySelectorAll("[data-fault]")];
  const blamed = faults.filter((fault) => {
    const field = form?.elements.namedItem(fault.dataset.fault);
    if (!field?.type || field.type === "hidden") return false;
    const words = document.createElement("p");
    Object.assign(words, { className: "fault", id: `fault-${fault.dataset.fault}`, textContent: fault.textContent });
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", words.id);
    field.after(words);
    return true;
  });
  if (blamed.length) form.elements.namedItem(blamed[0].dataset.fault).focus();
  return faults.length > 0 && blamed.length === faults.length;
}

function forgive(field) {
  if (!field?.matches?.("[aria-invalid]")) return;
  const said = document.getElementById(field.getAttribute("aria-describedby"));
  if (said?.matches(".fault")) said.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
}

/** An error's words as a toast, with the ways on that its page has. */
function refused(trouble) {
  const made = fail(trouble.dataset.error);
  const ways = trouble.querySelectorAll("[data-latest], [data-copy]");
  for (const way of ways) {
    const here = document.adoptNode(way.cloneNode(true));
    here.className = "btn small";
    if (here.matches("a")) {
      here.href = location.href;
      here.dataset.swap = "replace";
    }
    made.insertBefore(here, made.lastChild);
  }
  if (ways.length) made.dataset.stays = "";
  return made;
}

async function visitPage(url, options = {}, how = "push", form = null) {
  const mine = ++visit;
  let response;
  try {
    response = await fetch(url, { headers: { Accept: "text/html" }, ...options });
  } catch {
    toast(fail("The server did not answer. What you typed is still here; try again."));
    return false;
  }
  if (mine !== visit && !options.method) return false;
  const html = await response.text();
  if (new URL(response.url).pathname === "/login") {
    location.assign(`/login?expired=1&next=${encodeURIComponent(location.pathname + location.search)}`);
    return false;
  }
  show(html, response.url, how, form);
  return response.ok;
}

// --- links and forms ----------------------------------------------------------------------------

addEventListener("click", (event) => {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const link = event.target.closest("a[data-swap]");
  if (link && plain && link.origin === location.origin) {
    event.preventDefault();
    link.closest(".toast")?.remove();
    const typed = "latest" in link.dataset ? edited() : [];
    visitPage(link.href, {}, link.dataset.swap === "replace" ? "replace" : "push").then(() => giveBack(typed));
    return;
  }
  const close = event.target.closest("[data-close]");
  if (close) close.closest("[data-toast], dialog, [popover]").remove();
  const copy = event.target.closest("[data-copy]");
  if (copy) copyText(copy.dataset.copy);
  const from = event.target.closest("[data-copy-from]");
  if (from) copyText(document.getElementById(from.dataset.copyFrom).value);
  if (event.target.closest("[data-print]")) print();
  const opener = event.target.closest("button[commandfor]");
  // Browsers before 2025 know no `command`.
  if (opener && !("command" in HTMLButtonElement.prototype)) {
    const dialog = document.getElementById(opener.getAttribute("commandfor"));
    if (opener.getAttribute("command") === "close") dialog.close();
    else dialog.showModal();
  }
});

addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]")) return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.getAttribute("aria-disabled") === "true" || form.dataset.busy) return;
  await send(form, button);
});

async function send(form, button = null) {
  const data = new FormData(form, button);
  const action = button?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  form.dataset.busy = "1";
  for (const field of form.elements) forgive(field);
  button?.setAttribute("aria-busy", "true");
  form.dispatchEvent(new CustomEvent("sending", { bubbles: true }));
  let done;
  try {
    if ((form.method || "get") === "get") {
      const url = new URL(action, location.href);
      url.search = new URLSearchParams([...data].filter(([, value]) => value !== "")).toString();
      done = await visitPage(url.href, {}, form.dataset.swap === "replace" ? "replace" : "push");
    } else {
      const multipart = form.enctype === "multipart/form-data";
      done = await visitPage(action, { method: "POST", body: multipart ? data : new URLSearchParams(data) }, "push", form);
    }
  } finally {
    delete form.dataset.busy;
    button?.removeAttribute("aria-busy");
  }
  if (done) {
    form.closest("dialog")?.close();
    if (form.closest("[popover]")) {
      for (const sheet of document.querySelectorAll(":popover-open")) sheet.hidePopover();
    }
  }
}

let waiting = 0;
addEventListener("input", (event) => {
  const field = event.target;
  keep(field);
  forgive(field);
  const form = field.form;
  if (!form?.matches("form[data-auto]") || field.type === "checkbox" || field.nodeName === "SELECT") return;
  document.body.toggleAttribute("data-unsaved", form.method === "post");
  const status = document.getElementById("saved");
  if (status && form.method === "post") status.textContent = "Saving…";
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    await send(form);
    document.body.removeAttribute("data-unsaved");
  }, Number(form.dataset.auto) || AUTO_MS);
});
addEventListener("change", (event) => {
  const field = event.target;
  if (field.form?.matches("form[data-auto]") && (field.nodeName === "SELECT" || field.type === "checkbox")) send(field.form);
});

// What a form would come to, while it is filled in: `data-preview` is where to ask.
let looking = 0;
let looks = 0; // the newest question; answers to older ones are dropped
addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.preview) return;
  clearTimeout(looking);
  looking = setTimeout(() => look(form), AUTO_MS);
});
async function look(form) {
  const mine = ++looks;
  const url = new URL(form.dataset.preview, location.href);
  url.search = new URLSearchParams(new FormData(form)).toString();
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    const html = await response.text();
    if (!response.ok || response.redirected || mine !== looks) return;
    for (const part of [...new DOMParser().parseFromString(html, "text/html").body.children]) {
      const old = document.getElementById(part.id);
      if (old) morph(old, document.adoptNode(part));
    }
  } catch {
    // The next change asks again; nothing is sent by a preview.
  }
}

addEventListener("popstate", () => visitPage(location.href, {}, "none"));
addEventListener("beforeunload", (event) => {
  if (document.body.hasAttribute("data-unsaved")) event.preventDefault();
});

// --- rewriting: words appear as they are written, then the guard answers ---------------------------

let writer = null; // the rewriting under way

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-stream]")) return;
  event.preventDefault();
  const data = new URLSearchParams(new FormData(form, event.submitter));
  form.closest("[popover]")?.hidePopover();
  rewrite(form, data);
});
addEventListener("click", (event) => {
  if (event.target.closest("[data-stop]")) writer?.abort();
});

async function rewrite(form, data) {
  writer?.abort();
  const mine = (writer = new AbortController());
  const here = location.href;
  writing(true);
  try {
    const headers = { Accept: "text/event-stream" };
    const response = await fetch(form.action, { method: "POST", body: data, headers, signal: mine.signal });
    if (!response.headers.get("Content-Type").startsWith("text/event-stream")) {
      show(await response.text(), here, "none");
      return;
    }
    for await (const [kind, words] of events(response.body)) {
      if (mine !== writer) return;
      if (kind === "words") document.querySelector("[data-writing]").textContent = words;
      else if (kind === "proposal") await visitPage(form.dataset.stream, { method: "POST", body: new URLSearchParams({ text: words }) }, "none");
      else toast(kind === "aside" ? note(words) : fail(words));
    }
  } catch (error) {
    if (error.name !== "AbortError") toast(fail("The connection was lost. The message is as it was."));
  } finally {
    if (mine === writer) {
      writer = null;
      writing(false);
    }
  }
}

/** Yield the events of a stream: their kind, and their words. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [kind, words] = block.split("\n");
      yield [kind.replace("event: ", ""), JSON.parse(words.replace("data: ", ""))];
    }
  }
}

/** Nothing can be submitted, and no fact stands, while words are being written. */
function writing(on) {
  const words = document.querySelector("[data-writing]");
  if (!words) return;
  words.hidden = !on;
  if (on) words.textContent = "Writing…";
  for (const part of document.querySelectorAll(".preview, .facts")) part.classList.toggle("rewriting", on);
  const heading = document.querySelector("#facts-title span");
  if (on) {
    heading.dataset.was = heading.textContent;
    heading.textContent = "Checking facts…";
  } else if (heading.dataset.was) {
    if (heading.textContent === "Checking facts…") heading.textContent = heading.dataset.was;
    delete heading.dataset.was;
  }
  for (const button of document.querySelectorAll(".ready .primary")) button.toggleAttribute("inert", on);
  const stop = document.querySelector("[data-stop]");
  if (stop) {
    stop.hidden = !on;
    document.querySelector("[popovertarget=rewrite]").hidden = on;
    if (on) stop.focus();
  }
}

// --- never lose typed text ----------------------------------------------------------------------

const keptAs = (field) => `kept ${location.pathname} ${field.dataset.keep}`;
function keep(field) {
  if (field.dataset?.keep) sessionStorage.setItem(keptAs(field), field.value);
}
function restore() {
  for (const field of document.querySelectorAll("[data-keep]")) {
    const kept = sessionStorage.getItem(keptAs(field));
    // Words typed over a draft stay, whatever arrives meanwhile.
    if (kept && (!field.value || (field.hasAttribute("data-own") && field !== document.activeElement))) field.value = kept;
    else if (kept === field.defaultValue) sessionStorage.removeItem(keptAs(field));
  }
}

/** What was typed into the page's text areas and not sent, by their ids. */
function edited() {
  const areas = [...document.querySelectorAll("main textarea[id]")];
  return areas.filter((area) => area.value && area.value !== area.defaultValue).map((area) => [area.id, area.value]);
}

/** Show typed words under the field where newer ones stand now. */
function giveBack(typed) {
  for (const [id, words] of typed) {
    const field = document.getElementById(id);
    if (field?.value === words) continue;
    const made = document.createElement("details");
    Object.assign(made, { className: "typed", open: true });
    made.appendChild(document.createElement("summary")).textContent = "What you had typed";
    made.appendChild(document.createElement("p")).textContent = words;
    const copy = made.appendChild(document.createElement("button"));
    Object.assign(copy, { type: "button", className: "btn small", textContent: "Copy" });
    copy.dataset.copy = words;
    if (field) field.after(made);
    else document.getElementById("main").prepend(made);
  }
}

// --- toasts -------------------------------------------------------------------------------------

function note(text) {
  const made = document.createElement("div");
  made.className = "toast";
  made.dataset.toast = "";
  const words = made.appendChild(document.createElement("span"));
  words.textContent = text;
  const close = made.appendChild(document.createElement("button"));
  Object.assign(close, { className: "close", type: "button", textContent: "✕" });
  close.dataset.close = "";
  close.setAttribute("aria-label", "Dismiss");
  return made;
}

function fail(text) {
  const made = note(text);
  made.classList.add("failed");
  made.setAttribute("role", "alert");
  return made;
}

function toast(made) {
  const box = document.getElementById("toasts");
  if (made.parentNode !== box) box.replaceChildren(document.adoptNode(made));
  const looked = () => made.matches(":hover") || made.contains(document.activeElement);
  const leave = () => (looked() ? setTimeout(leave, 1000) : made.remove());
  if (!("stays" in made.dataset)) setTimeout(leave, TOAST_MS);
}

async function copyText(text) {
  await navigator.clipboard.writeText(text);
  toast(note("Copied"));
}

// --- live ---------------------------------------------------------------------------------------

let stream = null;
let streamUrl = "";

/** One stream a visible page: six connections are all a browser has for us. */
function live() {
  const wanted = document.visibilityState === "visible" ? document.getElementById("main").dataset.live || "" : "";
  if (wanted === streamUrl && stream) return;
  stream?.close();
  stream = null;
  streamUrl = wanted;
  if (!wanted) return;
  stream = new EventSource(wanted);
  const net = document.getElementById("net");
  stream.onopen = () => (net.hidden = navigator.onLine);
  stream.onerror = () => lost(true);
  stream.addEventListener("parts", (event) => {
    const fresh = new DOMParser().parseFromString(event.data, "text/html");
    for (const part of [...fresh.querySelectorAll("body > [id], body > table > tbody > tr[id]")]) {
      const old = document.getElementById(part.id);
      if (old) morph(old, document.adoptNode(part));
    }
    asOf(!net.hidden); // these may be the last ones before the network went
  });
  stream.addEventListener("changed", () => visitPage(location.href, {}, "none"));
  stream.addEventListener("end", () => stream?.close());
}
addEventListener("visibilitychange", live);
addEventListener("pagehide", () => stream?.close());
addEventListener("offline", () => lost(true));
addEventListener("online", () => lost(false));

// Numbers that may be old say from when they are.
function lost(is) {
  document.getElementById("net").hidden = !is;
  asOf(is);
}
function asOf(shown) {
  for (const at of document.querySelectorAll("[data-as-of]")) at.hidden = !shown;
}

// --- countdowns ---------------------------------------------------------------------------------

setInterval(() => {
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    const left = Math.max(0, Number(clock.textContent) - 1);
    clock.textContent = String(left);
    if (left === 0 && !clock.dataset.done) {
      clock.dataset.done = "1";
      visitPage(location.href, {}, "none");
    }
  }
}, 1000);

// --- keys ---------------------------------------------------------------------------------------

let leader = -Infinity; // when G was pressed
const typing = (at) => at.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

addEventListener("keydown", (event) => {
  if ((mac ? event.metaKey : event.ctrlKey) && event.key === "Enter") {
    const scope = event.target.closest?.("dialog, [popover]") || document;
    const wanted = event.target.form?.querySelector("[data-key='mod+Enter']") || scope.querySelector(".primary[data-key='mod+Enter']");
    if (wanted) {
      event.preventDefault();
      wanted.click();
    }
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    document.querySelector("#toasts > .toast:last-child")?.remove();
    if (typing(event.target)) event.target.blur();
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const go = event.timeStamp - leader < 1200 && document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  leader = key === "g" ? event.timeStamp : -Infinity;
  if (event.key === "?") document.getElementById("keys")?.showModal();
  const wanted = go || (key !== "g" && document.querySelector(`[data-key="${CSS.escape(key)}"]`));
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("input, textarea")) wanted.focus();
  else wanted.click();
});

// --- facts: a mark in the text and its line in the list light up together -------------------------

function light(event) {
  const number = event.target.closest?.("[data-f]")?.dataset.f;
  for (const one of document.querySelectorAll("[data-f]")) {
    one.classList.toggle("lit", event.type !== "mouseout" && number !== undefined && one.dataset.f === number);
  }
}
for (const kind of ["mouseover", "mouseout", "focusin"]) addEventListener(kind, light);

// --- start --------------------------------------------------------------------------------------

let settled = ""; // the chosen row that was brought into view last
let heard = ""; // the reply that was brought into view last

function ready() {
  restore();
  live();
  for (const made of document.querySelectorAll("#toasts > .toast:not([data-shown])")) {
    made.dataset.shown = "1";
    toast(made);
  }
  const talk = document.querySelector(".talk");
  const said = talk?.querySelector(".theirs.now")?.id || "";
  if (talk && heard !== said) {
    heard = said;
    talk.scrollTop = talk.scrollHeight;
  }
  for (const here of document.querySelectorAll(".tabs [aria-current]")) {
    const strip = here.parentElement;
    const [tab, seen] = [here.getBoundingClientRect(), strip.getBoundingClientRect()];
    if (tab.right > seen.right || tab.left < seen.left) strip.scrollLeft += tab.left - seen.left - (seen.width - tab.width) / 2;
  }
  const chosen = document.querySelector("tr.chosen, li.chosen");
  const box = chosen?.closest(".scroll");
  if (box && settled !== chosen.id) {
    settled = chosen.id;
    const head = box.querySelector("thead")?.offsetHeight || 0;
    const above = chosen.offsetTop - head - box.scrollTop;
    const below = chosen.offsetTop + chosen.offsetHeight - box.scrollTop - box.clientHeight;
    if (above < 0) box.scrollTop += above;
    else if (below > 0) box.scrollTop += below;
  }
}
document.documentElement.classList.add("js");
ready();
