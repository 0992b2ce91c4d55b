// Small words for making page parts. Text goes in as text: nothing here ever parses markup.

/** h("td", { class: "right" }, "48.00", child …); properties beginning with "on" are listeners. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** The JSON that the page carries in a data block. */
export const pageData = (id) => JSON.parse(byId(id).textContent);

/** Sets text only where it differs, so that a screen reader is not told the same again. True if it differed. */
export function setText(element, text) {
  if (!element || element.textContent === text) return false;
  element.textContent = text;
  return true;
}

/** Lights up a changed cell for a moment. */
export function flash(element) {
  element.classList.remove("flash");
  void element.offsetWidth; // starts the animation anew
  element.classList.add("flash");
}
