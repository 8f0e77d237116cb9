// "Tick all" and "Tick none" without a request.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-tick]");
  if (!link) return;
  event.preventDefault();
  for (const box of link.closest("fieldset").querySelectorAll("input[type=checkbox]")) {
    box.checked = link.dataset.tick === "all";
  }
});
