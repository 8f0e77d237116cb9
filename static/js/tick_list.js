// Lists of ticked rows: the button says how many, and one box ticks a whole group.

function startTickList(form) {
  const button = form.querySelector("[data-tick-button]");
  const boxes = () => [...form.querySelectorAll("input[type=checkbox]:not([data-tick-all])")];
  const count = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    const shown = ticked.toLocaleString(document.documentElement.lang);
    button.textContent = ticked === 1 ? button.dataset.one : button.dataset.many.replace("NUMBER", shown);
    button.disabled = ticked === 0;
    for (const all of form.querySelectorAll("[data-tick-all]")) {
      const group = boxes().filter((box) => box.name === all.dataset.tickAll);
      all.checked = group.every((box) => box.checked);
      all.indeterminate = !all.checked && group.some((box) => box.checked);
    }
  };
  for (const all of form.querySelectorAll("[data-tick-all]")) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes()) {
        if (box.name === all.dataset.tickAll) box.checked = all.checked;
      }
    });
  }
  form.addEventListener("change", count);
  count();
}

document.querySelectorAll("[data-tick-list]").forEach(startTickList);
document.addEventListener("answered", (event) => event.detail.querySelectorAll("[data-tick-list]").forEach(startTickList));
