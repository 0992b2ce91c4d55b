// The page's words, put there by the server in the reader's language.
import { byId, pageData } from "./dom.js";

const words = byId("words") ? pageData("words") : {};

/** t("locks.money", { amount: "48.00", fee: "0.00" }) */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
