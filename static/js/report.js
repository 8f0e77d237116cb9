// A report that is saved while one writes has nothing unsaved once the answer is there.

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-autosave]");
  if (form && event.detail.successful) changedForms.delete(form);
});
