// Before the first paint: light or dark as the device asks, unless the user has fixed it.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const choice = root.dataset.theme;
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  };
  paint();
  dark.addEventListener("change", paint);
  root.addEventListener("themechange", paint);
})();
