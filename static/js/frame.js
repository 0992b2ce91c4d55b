// The frame of every page: market clock, theme, colours of up and down, menus, and the `/` key.
import { startClock } from "./clock.js";

const YEAR_S = 365 * 24 * 3600;

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

function switcher(button, attribute, cookie, values) {
  button?.addEventListener("click", () => {
    const root = document.documentElement;
    const value = root.dataset[attribute] === values[0] ? values[1] : values[0];
    root.dataset[attribute] = value;
    remember(cookie, value);
    document.dispatchEvent(new CustomEvent("look-changed"));
  });
}

switcher(document.getElementById("theme-switch"), "bsTheme", "theme", ["dark", "light"]);
switcher(document.getElementById("direction-switch"), "direction", "direction", ["red-up", "green-up"]);

const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select?.();
    }
  }
});

startClock(document.getElementById("market-clock"));
