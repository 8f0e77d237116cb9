// Focus never falls to the body: after an act it is at the field at fault, at what replaced the control, or at the
// heading of the next page.

const FOCUSABLE = "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]";
const ACT = "act";  // key in sessionStorage: where on which page the user acted
let trail = [];  // the control in use and its ancestors, each with its place among its siblings

const isShown = (element) => element.isConnected && element.getClientRects().length > 0;
const isLost = () => !document.activeElement || document.activeElement === document.body;

function trailOf(control) {
  const found = [];
  for (let element = control; element && element !== document.body; element = element.parentElement) {
    found.push({ element, place: [...(element.parentElement?.children ?? [])].indexOf(element) });
  }
  return found;
}

/* Focus an element that takes no focus by itself, such as a heading. */
function focusPlace(element, options) {
  if (!element.matches(FOCUSABLE)) element.tabIndex = -1;
  element.focus(options);
}

function focusFirst(root) {
  const controls = [root, ...root.querySelectorAll(FOCUSABLE)].filter((element) => element.matches(FOCUSABLE));
  const control = controls.find((element) => isShown(element) && element.tabIndex >= 0);
  control?.focus();
  return Boolean(control);
}

/* Focus a question about what was sent, the first field with an error, or the sentence above the form. Return whether
   there is one. The answers to a question follow it, so that a second Enter does not choose one. */
function focusFault(root) {
  const question = [...root.querySelectorAll("form .note[role=alert]:has(button[name])")].find(isShown);
  if (question) {
    focusPlace(question);
    return true;
  }
  const wrong = [...root.querySelectorAll(".is-invalid, [aria-invalid=true], .has-error, [data-errors]")].find(isShown);
  if (wrong && focusFirst(wrong)) return true;
  const field = wrong?.closest(".field, fieldset");
  if (field && focusFirst(field)) return true;
  const note = [...root.querySelectorAll(".note-bad[role=alert]")].find(isShown);
  if (note) focusPlace(note);
  return Boolean(note);
}

/* After the control in use has disappeared, focus what took its place. */
function restoreFocus() {
  if (!isLost() || !trail.length || document.querySelector("dialog[open]")) return;
  const lost = trail.findIndex(({ element }) => !isShown(element) || element.disabled) >= 0;
  if (!lost) return;
  const kept = trail.findIndex(({ element }) => isShown(element) && !element.disabled);
  const parent = kept < 0 ? document.querySelector("main") : trail[kept].element;
  const place = kept < 0 ? 0 : trail[kept - 1]?.place ?? 0;
  const near = parent.children[Math.min(place, parent.children.length - 1)];
  if (!(near && focusFirst(near)) && !focusFirst(parent)) focusPlace(parent, { preventScroll: true });
}

/* Note where the user acts, so that the next page can focus the same place. */
function noteAct(form) {
  const ids = trailOf(form).map(({ element }) => element.id).filter((id) => id && id !== "main");
  sessionStorage.setItem(ACT, JSON.stringify({ path: location.pathname, action: form.getAttribute("action"), ids }));
}

function focusAfterAct() {
  const noted = sessionStorage.getItem(ACT);
  sessionStorage.removeItem(ACT);
  if (!noted || !isLost()) return;
  const { path, action, ids } = JSON.parse(noted);
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && (focusFirst(target) || (focusPlace(target), true))) return;
  if (path === location.pathname) {
    const form = action && [...document.querySelectorAll("main form")].find((one) => one.getAttribute("action") === action);
    const place = form || ids.map((id) => document.getElementById(id)).find(Boolean);
    if (place && focusFirst(place)) return;
  }
  focusPlace(document.querySelector("main h1") ?? document.querySelector("main"), { preventScroll: true });
}

document.addEventListener("focusin", (event) => { trail = trailOf(event.target); });
document.addEventListener("pointerdown", (event) => {
  const control = event.target.closest?.("a[href], button, input, select, textarea, summary, label");
  trail = control ? trailOf(control) : [];
});

let waiting;
new MutationObserver(() => {
  clearTimeout(waiting);
  waiting = setTimeout(restoreFocus, 50);  // after htmx and the page's own scripts
}).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["hidden", "disabled", "open"] });

document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body && isLost()) focusFault(event.detail.elt);
});
document.addEventListener("DOMContentLoaded", () => { if (!focusFault(document)) focusAfterAct(); });
