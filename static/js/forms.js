// Forms are sent by this script, and a page with errors replaces the one with the form. The history therefore has no page
// that a POST returned, so Back never asks to send a form again. Without JavaScript the browser sends them.

const PAGES_WITH_FORMS = [200, 409, 413, 422];
const sending = new WeakSet();

function bodyOf(form, button) {
  const fields = new FormData(form, button);
  return form.getAttribute("enctype") === "multipart/form-data" ? fields : new URLSearchParams([...fields]);
}

async function send(form, button, kept = "") {
  const headers = { "X-In-Place": "true", ...(kept && { "X-Kept-Post": kept }) };
  const address = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href.split("#")[0];
  const answer = await fetch(address, { method: "POST", body: bodyOf(form, button), headers });
  const keptNow = answer.headers.get("X-Kept-Post");  // the session has ended, or another sign-in followed
  if (keptNow) {
    await signInAgain();
    return send(form, button, keptNow);
  }
  const next = answer.headers.get("X-Location");
  return next === null ? show(answer, form) : go(next, form);
}

function go(next, form) {
  const url = new URL(next, location.href);
  noteAct(form);
  if (url.hash && url.pathname + url.search === location.pathname + location.search) {
    history.replaceState(null, "", url);  // by itself another fragment loads no page
    location.reload();
  } else {
    location.assign(url);
  }
}

async function show(answer, form) {
  const disposition = answer.headers.get("Content-Disposition");
  if (disposition) return save(await answer.blob(), disposition);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (!PAGES_WITH_FORMS.includes(answer.status) || !main) return refuse(form, main);
  keepAddress(main, new URL(answer.url));
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  for (const fresh of main.querySelectorAll("form[data-unsaved]")) changedForms.add(fresh);
  htmx.process(main);
  document.dispatchEvent(new CustomEvent("answered", { detail: main }));
  if (!focusFault(main)) focusPlace(main.querySelector("h1") ?? main);
}

/* A form without an address is sent to that of its page; in the answer to a form of another page it must have it. */
function keepAddress(main, { pathname, search }) {
  if (pathname === location.pathname) return;
  for (const form of main.querySelectorAll("form[method=post]:not([action])")) form.setAttribute("action", pathname + search);
}

/* Say above the form what the page about an error says. The form keeps what was typed. */
function refuse(form, main) {
  if (form.matches("[data-unsaved]")) changedForms.add(form);
  const lines = [...(main?.querySelectorAll("h1, .empty p, .card p") ?? [])].map((line) => line.textContent.trim());
  showFailure(lines.map((line) => (line.endsWith(".") ? line : `${line}.`)).join(" "));
}

function save(file, disposition) {
  const name = /filename\*=utf-8''([^;]+)/i.exec(disposition)?.[1] ?? /filename="?([^";]+)/.exec(disposition)?.[1] ?? "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = decodeURIComponent(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.closest("dialog")) return;
  event.preventDefault();
  if (sending.has(form)) return;  // The server refuses a second press, too, by the form's one-time key.
  sending.add(form);
  event.submitter?.setAttribute("aria-disabled", "true");
  try {
    await send(form, event.submitter);
  } catch {  // no network
    refuse(form);
  } finally {
    sending.delete(form);
    event.submitter?.removeAttribute("aria-disabled");
  }
});
