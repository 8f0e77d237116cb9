// A page in which the user types renews the session, warns before it ends, and lets the user sign in over a form.

const session = document.getElementById("session");
const note = document.getElementById("session-note");
const typedForms = new Set();
const MINUTE = 60_000;
let endsAt = 0;
let isRenewable = true;
let renewedAt = Date.now();
let askedAt = 0;
let signingIn = null;

const holdsText = () => [...typedForms].some((form) => document.contains(form));
const tokens = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]");

/* Ask the server whose session it is; with POST, renew it. Return its answer, or null if there is none. */
async function ask(method) {
  askedAt = Date.now();
  const own = method === "POST" ? { "X-CSRFToken": tokens()[0]?.value ?? "" } : { "HX-Trigger": "progress" };
  try {
    const answer = await fetch(session.dataset.address, { method, headers: own });
    const found = answer.ok ? await answer.json() : method === "POST" ? await ask("GET") : null;
    if (found && isOwn(found)) resume(found);
    return found;
  } catch {
    return null;  // no network: the next look asks again
  }
}

const isOwn = (found) => String(found.user) === session.dataset.user;

function resume(found) {
  endsAt = Date.now() + found.seconds * 1000;
  isRenewable = found.renewable;
  for (const field of tokens()) field.value = found.token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": found.token }));
}

/* The note in the corner: a sentence from the page, and a button or link. */
function showNote(kind, time) {
  const words = document.getElementById(`session-${kind}`).content.cloneNode(true);
  const at = words.querySelector("[data-time]");
  if (at) at.textContent = new Date(time).toLocaleTimeString("da-DK", { hour: "2-digit", minute: "2-digit" });
  if (note.dataset.kind !== kind) note.replaceChildren(words);
  note.dataset.kind = kind;
}

function hideNote() {
  note.replaceChildren();
  delete note.dataset.kind;
}

async function look() {
  if (signingIn) return;
  const warning = Number(session.dataset.warning) * 1000;
  if (endsAt - Date.now() > warning) return hideNote();
  if (Date.now() - askedAt > MINUTE / 4) {
    const found = await ask("GET");
    if (!found) return;
    if (!isOwn(found)) return end();
    if (endsAt - Date.now() > warning) return hideNote();
  }
  showNote(isRenewable ? "warning" : "limit", endsAt);
}

function end() {
  if (holdsText()) return signInAgain();
  return showNote("ended");
}

/* --- signing in over the page --- */

/* Ask the user to sign in, unless the session is theirs already. Resolve to true once it is. */
function signInAgain() {
  signingIn ??= openDialog().finally(() => { signingIn = null; });
  return signingIn;
}

async function openDialog() {
  const found = await ask("GET");
  if (found && isOwn(found)) return true;
  const before = document.activeElement;
  const dialog = document.getElementById("sign-in-over").content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
  await new Promise((done) => {
    dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      step(dialog, event.target.action, new URLSearchParams([...new FormData(event.target)]), done);
    });
    dialog.querySelector("[data-sign-out]").addEventListener("click", () => signOut(dialog, done));
    if (found?.user) dialog.querySelector("[data-other]").hidden = false;
    else step(dialog, session.dataset.over, null, done);
  });
  dialog.close();
  dialog.remove();
  hideNote();
  showNote("again");
  (document.contains(before) ? before : document.querySelector("main")).focus();
  return true;
}

/* Get or post a page of sign-in; show its form, or end when the session is the user's. */
async function step(dialog, address, body, done) {
  const answer = await fetch(address, body ? { method: "POST", body } : {}).catch(() => null);
  if (!answer) return dialog.querySelector("[data-slot]").append(texts().textFailed);  // no network
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const found = await answer.json();
    if (isOwn(found)) {
      resume(found);
      return done();
    }
    dialog.querySelector("[data-other]").hidden = false;
    return dialog.querySelector("[data-slot]").replaceChildren();
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return showForm(dialog, page.querySelector("main form[method=post]") ?? page.querySelector("main .card"), answer.url);
}

function showForm(dialog, form, address) {
  form.setAttribute("action", form.getAttribute("action") || address);
  const email = form.querySelector("input[name=login]");
  if (email) {
    email.value = session.dataset.email;
    email.closest(".field").hidden = true;
  }
  form.querySelectorAll("a").forEach((link) => { link.target = "_blank"; });  // the page with the words stays open
  dialog.querySelector("[data-other]").hidden = true;
  dialog.querySelector("[data-slot]").replaceChildren(document.importNode(form, true));
  (dialog.querySelector("[data-slot] .field:not([hidden]) input") ?? dialog.querySelector("[data-slot] a"))?.focus();
}

/* Sign out whoever is signed in: another user of this browser, or the user whose ten hours are nearly over. */
async function signOut(dialog, done) {
  const found = await ask("GET");
  if (found?.user) await fetch(session.dataset.signOut, { method: "POST", headers: { "X-CSRFToken": found.token } });
  if (dialog) step(dialog, session.dataset.over, null, done);
}

if (session) {
  endsAt = Date.now() + Number(session.dataset.seconds) * 1000;
  isRenewable = session.dataset.renewable === "true";
  const pause = Number(session.dataset.throttle) * 1000;

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.getAttribute("method") !== "post" || form.closest("dialog")) return;
    typedForms.add(form);
    if (Date.now() - renewedAt < pause || signingIn) return;
    renewedAt = Date.now();
    ask("POST").then((found) => { if (found && !isOwn(found)) end(); });
  });
  document.addEventListener("answered", (event) => event.detail.querySelectorAll("form[data-unsaved]").forEach((form) => typedForms.add(form)));
  note.addEventListener("click", async (event) => {
    if (event.target.closest("[data-stay]")) {
      hideNote();
      const found = await ask("POST");
      if (found && !isOwn(found)) end();
    } else if (event.target.closest("[data-again]")) {
      await signOut();
      signInAgain();
    }
  });
  setInterval(look, MINUTE / 4);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("pageshow", look);

  /* An htmx request that leads to sign-in: the page stays, and the request is sent again. */
  const kept = new WeakMap();
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    const isKept = Boolean(xhr.getResponseHeader("X-Kept-Post"));
    const isSignIn = xhr.getResponseHeader("HX-Redirect")?.startsWith(session.dataset.signIn);
    if (!isKept && !(isSignIn && holdsText())) return;
    event.preventDefault();
    signInAgain().then(() => {
      kept.set(requestConfig.elt, xhr.getResponseHeader("X-Kept-Post") ?? "");
      const { elt } = requestConfig;
      if (isKept && document.contains(elt)) {
        if (elt.matches("form")) elt.requestSubmit(requestConfig.triggeringEvent?.submitter ?? undefined);
        else elt.click();
      }
    });
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const key = kept.get(event.detail.elt);
    if (key) event.detail.headers["X-Kept-Post"] = key;
    kept.delete(event.detail.elt);
  });
}
