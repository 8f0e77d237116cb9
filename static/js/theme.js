// Runs before the first paint: light or dark as the user chose, else as the device prefers.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const choice = root.dataset.theme;
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  };
  paint();
  dark.addEventListener("change", paint);
})();
