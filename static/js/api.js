// Calls to /api/v1/ with the browser's session. A refusal is an answer (Problem); a lost answer is an error.

const BASE = "/api/v1/";

/** What the server refused: `code` is a reason of trading-rules.md where one applies, `message` says it in words. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.reason_text || body?.detail || body?.title || `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? "";
    this.errors = body?.errors ?? {};
  }
}

function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Throws Problem for an answer that refuses, TypeError or AbortError where no answer came. */
export async function call(path, { method = "GET", body, timeout_ms = 15_000 } = {}) {
  const answer = await fetch(BASE + path, {
    method,
    credentials: "same-origin",
    signal: AbortSignal.timeout(timeout_ms),
    headers: {
      Accept: "application/json",
      "Accept-Language": document.documentElement.lang,
      ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 204) return null;
  const text = await answer.text();
  const data = parsed(text);
  if (!answer.ok) {
    // A gateway that is up while the exchange is not has given no answer about the order.
    if (answer.status >= 502 && answer.status <= 504 && !data?.code) throw new TypeError(`HTTP ${answer.status}`);
    throw new Problem(answer.status, data);
  }
  return data;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The rows of a list, whether the server pages it or not. */
export async function rows(path) {
  const data = await call(path);
  return Array.isArray(data) ? data : (data?.results ?? data?.candles ?? data?.trades ?? []);
}
