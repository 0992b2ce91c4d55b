// Short announcements; the container is an aria-live region, so they are read out too.
import { byId, h } from "./dom.js";

const SHOWN_MS = 6_000;
const MOST = 4;

export function toast(text) {
  const box = byId("toasts");
  while (box.children.length >= MOST) box.firstElementChild.remove();
  const note = h("p", { class: "toast-note num" }, text);
  box.append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}
