// One WebSocket that stays: it reconnects with growing pauses, says honestly how old its news is, and asks for
// what it missed. Messages of a market feed carry a dense `seq`; a hole means: ask for the snapshot again.

const STALE_MS = 3_000;
const DEAD_MS = 10_000; // a connection that has been silent for so long is given up and made anew
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

const BAD_REQUEST = 4000; // close codes of market_data/feed/socket.py
const TOO_SLOW = 4008;

export class Feed {
  /**
   * @param {() => string} address  path and query, asked for anew at every connection, so that it can carry a cursor
   * @param {(message: any) => void} onMessage
   * `onBadRequest` may be set: the server did not understand the address, so its cursor must be forgotten.
   * @param {(state: "connecting"|"live"|"reconnecting"|"stale") => void} onState
   */
  constructor(address, onMessage, onState = () => {}) {
    Object.assign(this, { address, onMessage, onState, onBadRequest: () => {} });
    this.state = "";
    this.pause_ms = FIRST_PAUSE_MS;
    this.seq = null;
    this.heard_at = 0;
    this.asked = false;
    this.say("connecting");
    this.connect();
    setInterval(() => this.watch(), 500);
    addEventListener("online", () => this.reconnectNow());
    addEventListener("offline", () => this.drop());
    document.addEventListener("visibilitychange", () => !document.hidden && this.watch());
  }

  connect() {
    clearTimeout(this.timer);
    this.timer = null;
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.opened_at = Date.now();
    this.seq = null;
    this.asked = false;
    socket.addEventListener("message", (event) => socket === this.socket && this.hear(event.data));
    socket.addEventListener("close", (event) => socket === this.socket && this.lost(event));
  }

  hear(text) {
    this.heard_at = Date.now();
    this.pause_ms = FIRST_PAUSE_MS;
    this.say("live");
    const message = JSON.parse(text);
    if (message.type === "snapshot") this.asked = false;
    else if (this.missed(message)) return;
    if (Number.isInteger(message.seq)) this.seq = message.seq;
    this.onMessage(message);
  }

  /** True where something before this message was lost: the snapshot that was asked for will say it all. */
  missed(message) {
    if (!Number.isInteger(message.seq) || this.seq === null || message.seq === this.seq + 1) return this.asked;
    if (!this.asked) this.ask();
    return true;
  }

  ask() {
    this.asked = true;
    this.send({ type: "snapshot" });
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  lost(event) {
    this.socket = null;
    if (event?.code === TOO_SLOW) document.dispatchEvent(new CustomEvent("feed-dropped"));
    if (event?.code === BAD_REQUEST) this.onBadRequest();
    this.say("reconnecting");
    if (this.timer) return;
    // Not all windows of a building in the same instant after a restart.
    const pause = this.pause_ms * (0.75 + Math.random() / 2);
    this.pause_ms = Math.min(this.pause_ms * 2, LONGEST_PAUSE_MS);
    this.timer = setTimeout(() => this.connect(), pause);
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    if (socket) this.lost();
  }

  reconnectNow() {
    this.pause_ms = FIRST_PAUSE_MS;
    if (!this.socket) this.connect();
  }

  watch() {
    const silent_ms = Date.now() - Math.max(this.heard_at, this.opened_at);
    if (!this.socket) return;
    if (silent_ms > DEAD_MS) this.drop();
    else if (silent_ms > STALE_MS && this.state === "live") this.say("stale");
  }

  say(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}

/** An absolute ws:// or wss:// address on this server. */
export function socketAddress(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}
