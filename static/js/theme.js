// Runs before the first paint, so that nobody sees the wrong theme flash by. The cookie is the reader's choice.
(function () {
  const root = document.documentElement;
  if (!root.dataset.bsTheme) {
    root.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
})();
