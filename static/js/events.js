// Pages of events: copy addresses, count ticked people.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.querySelector(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.copied;
  });
}

for (const form of document.querySelectorAll("[data-tick-list]")) {
  const button = form.querySelector("[data-tick-button]");
  const count = () => {
    const ticked = form.querySelectorAll("input[name=person]:checked").length;
    const shown = ticked.toLocaleString(document.documentElement.lang);
    button.textContent = ticked === 1 ? button.dataset.one : button.dataset.many.replace("NUMBER", shown);
    button.disabled = ticked === 0;
  };
  form.addEventListener("change", count);
  count();
}
