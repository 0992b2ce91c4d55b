// Tabs as the ARIA pattern wants them: arrows move between tabs, only the chosen one is in the tab order.

/**
 * @param {(tab: HTMLElement) => void} onChange  told of every choice, the first one included
 * @param {string} chosen  id of the tab that is open at first; the page's own where there is none of this id
 */
export function tabs(list, { onChange = () => {}, chosen = "" } = {}) {
  const all = [...list.querySelectorAll('[role="tab"]')];

  function choose(tab, focus = false) {
    for (const other of all) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      if (panel && all.filter((one) => one.getAttribute("aria-controls") === panel.id).length === 1) panel.hidden = !chosen;
      else if (panel && chosen) panel.setAttribute("aria-labelledby", tab.id);
    }
    if (focus) tab.focus();
    onChange(tab);
  }

  choose(all.find((tab) => tab.id === chosen) ?? all.find((tab) => tab.getAttribute("aria-selected") === "true") ?? all[0]);
  for (const tab of all) tab.addEventListener("click", () => choose(tab));
  list.addEventListener("keydown", (event) => {
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const target = { Home: all[0], End: all.at(-1) }[event.key] ?? (step && all[(at + step + all.length) % all.length]);
    if (target) {
      event.preventDefault();
      choose(target, true);
    }
  });
}
