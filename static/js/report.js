// Reports save while the user writes: after the answer nothing is unsaved, and the preview stays at the
// part being written.

const preview = () => document.getElementById("report-preview");
let scrolledTo = 0;

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-autosave]");
  if (form && event.detail.successful) changedForms.delete(form);
});

document.addEventListener("htmx:beforeSwap", () => { scrolledTo = preview()?.scrollTop ?? 0; });
document.addEventListener("htmx:afterSettle", () => {
  const sheet = preview();
  if (sheet) sheet.scrollTop = sheet.querySelector(".note-bad, .report-error") ? 0 : scrolledTo;
});

document.addEventListener("focusin", (event) => {
  const sheet = preview();
  const part = event.target.closest?.("form[data-autosave]") && document.getElementById(`part-${event.target.name}`);
  if (sheet && part) sheet.scrollTop += part.getBoundingClientRect().top - sheet.getBoundingClientRect().top - 12;
});
