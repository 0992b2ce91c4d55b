// How this person likes the desk on this screen: chosen tabs, chart, indicators, sizes. It stays in this browser,
// because it fits this screen; nothing of it is worth anything to anybody else.

const KEY = "tanshi-desk";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // nothing kept, not readable, or the browser keeps nothing
  }
}

/** What was remembered under this name, if it is of the same sort as `otherwise`; else `otherwise`. */
export function recall(name, otherwise) {
  const value = kept()[name];
  return typeof value === typeof otherwise && Array.isArray(value) === Array.isArray(otherwise) ? value : otherwise;
}

export function remember(name, value) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), [name]: value }));
  } catch {
    // A browser that keeps nothing has the same desk every time.
  }
}
