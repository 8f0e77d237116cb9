// The quick search of the top bar: "/" and Ctrl-K reach it, hits are shown while typing, arrow keys move through them
// (a combobox with a grid, as WAI-ARIA describes it). Without this the form leads to the page of results.

const quick = document.querySelector("[data-quick]");

if (quick) {
  const SHORTEST = 2;
  const field = quick.querySelector("input");
  const hits = quick.querySelector(".quick-hits");
  const status = quick.querySelector("[role=status]");
  const opener = document.querySelector("[data-quick-open]");
  const bar = quick.closest(".topbar");
  const showsHits = field.hasAttribute("hx-get");
  const words = () => field.value.trim();
  const rows = () => [...hits.querySelectorAll("[data-hit]")];
  let active = null;  // the cell that Enter opens

  const isOpen = () => !hits.hidden;

  function setActive(cell) {
    active?.classList.remove("active");
    active?.removeAttribute("aria-selected");
    active = cell ?? null;
    active?.classList.add("active");
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) field.setAttribute("aria-activedescendant", active.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function setOpen(open) {
    if (!showsHits) return;
    setActive(null);
    hits.hidden = !open;
    field.setAttribute("aria-expanded", String(open && Boolean(hits.querySelector("[role=grid]"))));
  }

  /* On narrow screens the field opens across the top bar. */
  function openBar() {
    bar.classList.add("is-searching");
    field.focus();
    field.select();
  }

  function closeBar() {
    setOpen(false);
    if (!bar.classList.contains("is-searching")) return;
    bar.classList.remove("is-searching");
    opener.focus();
  }

  function moveRow(step) {
    const all = rows();
    const at = active ? all.indexOf(active.closest("[data-hit]")) : -1;
    const next = at < 0 && step < 0 ? all.length - 1 : at + step;
    setActive(all[next]?.querySelector("[role=gridcell]"));
  }

  function moveCell(step) {
    const cells = [...active.closest("[data-hit]").querySelectorAll("[role=gridcell]")];
    setActive(cells[Math.max(0, Math.min(cells.length - 1, cells.indexOf(active) + step))]);
  }

  const KEYS = {
    ArrowDown: () => moveRow(1),
    ArrowUp: () => moveRow(-1),
    ArrowRight: () => active && moveCell(1),
    ArrowLeft: () => active && moveCell(-1),
    Enter: () => active && active.querySelector("a").click(),
  };

  if (showsHits) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-haspopup", "grid");
    field.setAttribute("aria-autocomplete", "list");
    setOpen(false);
  }

  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const wasOpen = isOpen();
      if (wasOpen) setOpen(false);
      else closeBar();
      if (wasOpen) event.preventDefault();  // which would empty the field
      return;
    }
    const isMove = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (isMove && !isOpen() && rows().length && words().length >= SHORTEST) setOpen(true);
    if (!isOpen() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (KEYS[event.key] && (isMove || active)) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  field.addEventListener("input", () => {
    setActive(null);  // the hits are those of the words before
    if (words().length < SHORTEST) {
      hits.replaceChildren();
      setOpen(false);
    }
  });

  field.addEventListener("htmx:configRequest", (event) => {
    if (words().length < SHORTEST) event.preventDefault();
  });

  hits.addEventListener("htmx:afterSwap", () => {
    const isWanted = words().length >= SHORTEST && document.activeElement === field;
    setOpen(isWanted && Boolean(hits.firstElementChild));
    status.textContent = hits.querySelector("[data-status]")?.dataset.status ?? "";
  });

  /* A click on a hit keeps the focus in the field until its page opens. */
  hits.addEventListener("mousedown", (event) => event.preventDefault());
  field.addEventListener("focusout", () => setOpen(false));
  quick.querySelector(".quick-close").addEventListener("click", closeBar);

  opener.addEventListener("click", (event) => {
    event.preventDefault();
    openBar();
  });

  const isTyping = (target) => target.matches?.("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const isSlash = event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isCtrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!(isSlash || isCtrlK) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (opener.getClientRects().length) openBar();
    field.focus();
    field.select();
  });
}
