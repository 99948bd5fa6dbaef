/**
 * What a page gains by script: times in words, forms that do not reload, and news that appear by
 * themselves. Without it everything still works by plain forms and links.
 */
/** Milliseconds between questions for news: short after news, longer while nothing happens. */
const SOON_MS = 1000;
const LATE_MS = 4000;
const WANTED = { accept: "text/html" };

function relativeTimes(root) {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const steps = [
      ["day", 86_400],
      ["hour", 3600],
      ["minute", 60],
    ];
    const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    if (Math.abs(seconds) > 30 * 86_400) continue;
    time.textContent =
      unit === "second" ? "just now" : words.format(Math.round(seconds / size), unit);
  }
}

// What the server last sent for each part, for the page itself changes it (diagrams, opened menus).
const sent = new Map();

function remember(root) {
  for (const part of root.querySelectorAll("[data-live]")) sent.set(part.id, part.outerHTML);
}

/** Someone is writing in it, or has a menu of it open: it may wait. */
function isInUse(part) {
  const written = [...part.querySelectorAll("textarea, input:not([type])")];
  return (
    written.some(
      (field) => field === document.activeElement || field.value !== field.defaultValue,
    ) || part.querySelector("details.menu[open]") !== null
  );
}

function keepFolds(from, to) {
  const before = [...from.querySelectorAll("details:not(.menu)")];
  [...to.querySelectorAll("details:not(.menu)")].forEach((fold, index) => {
    const same = before[index];
    if (
      same?.querySelector("summary")?.textContent === fold.querySelector("summary")?.textContent
    ) {
      fold.open = same.open;
    }
  });
}

async function replacePart(old, fresh) {
  if (sent.get(fresh.id) === fresh.outerHTML || isInUse(old)) return;
  const html = fresh.outerHTML;
  const part = document.importNode(fresh, true);
  keepFolds(old, part);
  await globalThis.drawDiagrams?.(part);
  relativeTimes(part);
  sent.set(part.id, html);
  old.replaceWith(part);
}

/** Puts new entries of a list in their places and takes away the ones that are gone. */
async function updateList(list, freshList) {
  let before = null;
  for (const fresh of freshList.children) {
    const known = fresh.id === "" ? null : list.querySelector(`:scope > #${CSS.escape(fresh.id)}`);
    if (known === null) {
      const html = fresh.outerHTML;
      const part = document.importNode(fresh, true);
      await globalThis.drawDiagrams?.(part);
      relativeTimes(part);
      sent.set(part.id, html);
      if (before === null) list.prepend(part);
      else before.after(part);
      before = part;
    } else {
      await replacePart(known, fresh);
      before = document.getElementById(fresh.id);
    }
  }
  for (const old of Array.from(list.children)) {
    if (freshList.querySelector(`:scope > #${CSS.escape(old.id)}`) === null) old.remove();
  }
}

async function update(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const list of fresh.querySelectorAll("[data-live-list]")) {
    const own = document.getElementById(list.id);
    if (own !== null) await updateList(own, list);
  }
  for (const part of fresh.querySelectorAll("[data-live]")) {
    const own = document.getElementById(part.id);
    if (own !== null && part.closest("[data-live-list]") === null) await replacePart(own, part);
  }
  document.title = fresh.title;
}

let working = Promise.resolve();

/** One update at a time, in the order asked for. */
function inTurn(work) {
  working = working.then(work).catch((error) => console.warn(error));
  return working;
}

let tag = "";
let pause = SOON_MS;

async function poll() {
  if (document.visibilityState === "visible") {
    pause = Math.min(LATE_MS, pause * 1.4);
    await inTurn(async () => {
      const headers = tag === "" ? WANTED : { ...WANTED, "if-none-match": tag };
      const reply = await fetch(location.href.split("#")[0], { headers, cache: "no-store" });
      if (reply.status !== 200) return;
      tag = reply.headers.get("etag") ?? "";
      pause = SOON_MS;
      await update(await reply.text());
    });
  }
  setTimeout(poll, pause);
}

/** Ticks and reactions stay where they are: the form is sent and the answer's parts put in. */
async function sendQuietly(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.set(button.name, button.value);
  button?.setAttribute("aria-busy", "true");
  form.querySelector("details[open]")?.removeAttribute("open");
  const reply = await fetch(form.action, { method: "POST", body: fields, headers: WANTED });
  if (!reply.ok) {
    const problem = new DOMParser().parseFromString(await reply.text(), "text/html");
    globalThis.alert(problem.querySelector(".error-message")?.textContent ?? "That did not work.");
  } else await update(await reply.text());
  button?.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-quiet")) return;
  event.preventDefault();
  void inTurn(() => sendQuietly(form, event.submitter));
});

// A click outside closes open menus.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (
    event.key === "Enter" &&
    (event.ctrlKey || event.metaKey) &&
    event.target.tagName === "TEXTAREA"
  ) {
    form?.requestSubmit(form.querySelector("button.primary"));
  }
});

remember(document);
relativeTimes(document);
setInterval(() => relativeTimes(document), 30_000);
if (document.body.hasAttribute("data-poll")) setTimeout(poll, SOON_MS);
