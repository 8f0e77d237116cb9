// Menus, toasts, follow-ups logged in place, unsaved text. All pages work without it.

const TOAST_SECONDS = 10;
const texts = () => document.getElementById("texts")?.dataset ?? {};

/* Close menus (details elements) on Escape and on a click elsewhere. */
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* Buttons that print. */
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;

/* On a phone the current segment or tab may be beyond the edge of its row. */
for (const here of document.querySelectorAll(".segments > [aria-current], .tabs > [aria-current]")) {
  here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 16;
}

/* Remove toasts after ten seconds, not while they are hovered or focused. */
function startToast(toast) {
  if (toast.dataset.started) return;
  toast.dataset.started = "1";
  let timer;
  const wait = () => clearTimeout(timer);
  const run = () => {
    wait();
    timer = setTimeout(() => toast.remove(), TOAST_SECONDS * 1000);
  };
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, wait);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, run);
  run();
}

function showFailure(words) {
  const main = document.querySelector("main");
  const note = document.createElement("div");
  note.className = "note note-bad";
  note.setAttribute("role", "alert");
  note.textContent = words || (texts().textFailed ?? "");
  document.querySelector("[data-failure]")?.remove();
  note.dataset.failure = "";
  main.querySelector(".page-head")?.after(note) ?? main.prepend(note);
  note.scrollIntoView({ block: "nearest" });
}

/* Ask before leaving a page with unsaved text. */
const changedForms = new Set(document.querySelectorAll("form[data-unsaved=typed]"));

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-unsaved]");
  if (form) changedForms.add(form);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-discard]")) changedForms.clear();
});

document.addEventListener("submit", (event) => {
  changedForms.delete(event.target);
  const waiting = document.querySelector(`[data-while-sending="${event.target.getAttribute("id")}"]`);
  if (waiting) {
    waiting.hidden = false;
    waiting.dispatchEvent(new CustomEvent("sending"));
  }
});

window.addEventListener("beforeunload", (event) => {
  for (const form of changedForms) {
    if (document.contains(form)) event.preventDefault();
  }
});

/* A page that is saved while it is typed in: its text is unsaved again if the server could not store all of it. */
const formSavedBy = ({ elt }) => elt.matches?.("[data-saves]") ? elt.closest("form") : null;

document.addEventListener("htmx:beforeRequest", (event) => {
  changedForms.delete(formSavedBy(event.detail));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = formSavedBy(event.detail);
  const isRefused = ["X-Kept-Post", "X-Unsaved"].some((name) => event.detail.xhr.getResponseHeader(name));
  if (form && (isRefused || !event.detail.successful)) changedForms.add(form);
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const waiting of document.querySelectorAll("[data-while-sending]")) {
    waiting.hidden = true;
    if (waiting.hasAttribute("hx-get")) waiting.replaceChildren();  // stops its polling
  }
});

/* Escape cancels the form of a follow-up. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const row = event.target.closest?.("[data-log-row]");
    row?.querySelector("[data-cancel]")?.click();
  }
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const dismiss = target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest("[data-toast]").remove();
  if (target.closest("[data-print]")) window.print();
  const closer = target.closest("[data-closes]");
  if (closer) document.querySelector(closer.dataset.closes)?.remove();
});

/* Submit the form when a select or switch changes. */
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form.requestSubmit();
});

/* Scroll a list, not the page, so that its current row is in view; a list that is swapped keeps its place. */
const placeOfList = new Map();

function showCurrent(list) {
  const row = list.querySelector("[aria-current]");
  const kept = placeOfList.get(list.closest("[id]").id);
  if (kept !== undefined) list.scrollTop = kept;
  else if (row) list.scrollTop = row.offsetTop - list.offsetTop - (list.clientHeight - row.offsetHeight) / 2;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const list = event.detail.target.querySelector?.("[data-scroll-to-current]");
  if (list) placeOfList.set(event.detail.target.id, list.scrollTop);
});

/* After an htmx swap: start toasts, and focus the next control. */
function settle(root) {
  root.querySelectorAll?.("[data-toast]").forEach(startToast);
  if (root.matches?.("[data-toast]")) startToast(root);
  root.querySelectorAll?.("[data-scroll-to-current]").forEach(showCurrent);
}

function focusAfterSwap(element) {
  const wanted = element.matches?.("[data-focus]") ? element : element.querySelector?.("[data-focus]");
  if (wanted) {
    wanted.focus();
    return;
  }
  if (!element.matches?.("[data-log-row]")) return;
  if (element.dataset.logRow === "saved") {
    // Focus the next waiting row.
    let next = element.nextElementSibling;
    while (next && !next.querySelector("[data-log-open]")) next = next.nextElementSibling;
    (next?.querySelector("[data-log-open]") ?? element.querySelector("button"))?.focus();
  } else if (element.dataset.logRow === "waiting") {
    element.querySelector("[data-log-open]")?.focus();
  }
}

document.addEventListener("htmx:load", (event) => {
  settle(event.detail.elt);
  if (event.detail.elt !== document.body) focusAfterSwap(event.detail.elt);
});

/* Reload the headings that count tasks after a follow-up was registered or undone. */
document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, requestConfig } = event.detail;
  if (successful && requestConfig?.verb === "post" && requestConfig.elt.closest(".log, .task.done")) {
    document.body.dispatchEvent(new CustomEvent("worklogged"));
  }
});
document.addEventListener("htmx:responseError", () => showFailure());
document.addEventListener("htmx:sendError", () => showFailure());

document.addEventListener("DOMContentLoaded", () => settle(document));
