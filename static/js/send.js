// From the ticket to the exchange and back: preview, one id for one order however often it is sent, and one
// sentence on what happened.
import { call, Problem } from "./api.js";
import { byId, h, setText } from "./dom.js";
import { grouped, parseYuan, roundHalfUp, yuan } from "./money.js";
import { t } from "./words.js";

const WAIT_S = 5;
const PAUSES_MS = [500, 1_500, 3_000];

export class Sender {
  constructor(ticket, onDone) {
    Object.assign(this, { ticket, onDone, unanswered: null, busy: false });
    this.dialog = byId("preview-dialog");
    ticket.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.preview();
    });
    ticket.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.send();
      }
    });
    byId("preview-back").addEventListener("click", () => this.dialog.close());
    byId("preview-send").addEventListener("click", () => {
      this.dialog.close();
      this.send();
    });
  }

  /** False, with the reason shown and the field focused, where the form is not an order yet. */
  complete() {
    const complaint = this.ticket.complaint();
    if (complaint) {
      this.refuse(complaint[1]);
      complaint[0].focus();
    }
    return !complaint;
  }

  preview() {
    if (this.busy || !this.complete()) return;
    const order = this.ticket.order();
    setText(byId("preview-sentence"), t(`preview.${order.kind}`, { side: t(`side.${order.side}`), qty: grouped(order.qty), instrument: order.instrument, price: order.price }));
    byId("preview-lines").replaceChildren(...this.previewLines(order).map((line) => h("li", {}, line)));
    this.dialog.showModal();
    byId("preview-send").focus();
  }

  previewLines(order) {
    const estimate = this.ticket.estimate();
    const lines = (estimate?.fills ?? []).map(({ no, qty, price }) =>
      t(no === null ? "preview.fill_level" : "preview.fill", { no, qty: grouped(String(qty)), price: yuan(price) }));
    if (estimate?.left) lines.push(t(`preview.rest.${order.remainder}`, { qty: grouped(String(estimate.left)), price: order.price }));
    return [...lines, t("preview.locks", { amount: this.ticket.locksText() })];
  }

  async send() {
    if (this.busy || !this.complete()) return;
    const order = this.identified(this.ticket.order());
    this.setBusy(true);
    this.refuse("");
    this.say(t("send.sending"));
    try {
      const answer = await this.persist(order);
      this.unanswered = null;
      this.report(order, answer);
    } catch (error) {
      this.say("");
      if (error instanceof Problem) this.unanswered = null;
      this.refuse(error instanceof Problem ? t("outcome.refused", { reason: words(error) }) : t("outcome.unsent"));
    }
    this.setBusy(false);
    this.onDone();
  }

  /** The same order gets the same id until an answer came: sent twice, it is still one order. */
  identified(order) {
    const content = JSON.stringify(order);
    if (this.unanswered?.content !== content) this.unanswered = { content, id: newId() };
    return { ...order, id: this.unanswered.id };
  }

  /** Sends again, with the same id, while no answer comes. Throws Problem, or the last loss. */
  async persist(order) {
    for (const pause_ms of [...PAUSES_MS, null]) {
      try {
        return await call(`orders/?wait=${WAIT_S}`, { method: "POST", body: order });
      } catch (error) {
        if (error instanceof Problem || pause_ms === null) throw error;
        this.say(t("outcome.again"));
        await new Promise((done) => setTimeout(done, pause_ms));
      }
    }
  }

  report(order, answer) {
    if (answer.status === "rejected") {
      this.say("");
      return this.refuse(t("outcome.refused", { reason: answer.reason_text || answer.reason }));
    }
    this.say(outcome(order, answer));
    this.ticket.pickNone();
    this.ticket.form.elements.qty.value = "";
    return this.ticket.changed();
  }

  refuse(text) {
    const box = byId("ticket-refusal");
    setText(box, text);
    box.hidden = !text;
    if (text) box.scrollIntoView({ block: "nearest" });
  }

  say(text) {
    const box = byId("ticket-outcome");
    setText(box, text);
    if (text) box.scrollIntoView({ block: "nearest" });
  }

  setBusy(busy) {
    this.busy = busy;
    byId("preview").disabled = busy;
  }
}

/** One sentence on what the engine did. */
function outcome(order, answer) {
  const filled = BigInt(answer.filled ?? 0);
  const fills = answer.fills ?? [];
  const money = fills.reduce((sum, fill) => sum + parseYuan(fill.price) * BigInt(fill.qty), 0n);
  const values = {
    no: answer.number, side: t(`side.${order.side}`), price: order.price, qty: grouped(order.qty), filled: grouped(String(filled)),
    left: grouped(String(BigInt(order.qty) - filled)), average: filled ? yuan(roundHalfUp(money, filled)) : "",
  };
  if (answer.status === "pending") return t("outcome.pending");
  if (answer.status === "filled") return t("outcome.filled", values);
  if (answer.status === "open") return t(filled ? "outcome.part_open" : "outcome.open", values);
  return t(filled ? "outcome.part_cancelled" : "outcome.cancelled", values);
}

function words(problem) {
  const fields = Object.entries(problem.errors).map(([field, said]) => `${field}: ${[said].flat().join(" ")}`);
  return [problem.message, ...fields].join(" ");
}

/** randomUUID exists only on secure pages; getRandomValues everywhere. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
