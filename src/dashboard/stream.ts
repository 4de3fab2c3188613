// Keeps one EventSource open on /api/v1/events and turns its events into checked messages. A
// non-200 answer closes an EventSource for ever, and a half-open connection says nothing for ever:
// both get a new one, with ?after= the last transition seen. Decides nothing about what is shown.

import { elapsedMs, type Now } from "./clock.ts";
import { LOST_AFTER_MS, type Message } from "./store.ts";
import { bedOfFaulty, checkEvent, EVENT_NAMES, type WireMessage } from "./wire.ts";

const EVENTS_PATH = "/api/v1/events";
const REOPEN_AFTER_MS = 1_000;
/** EventSource.CLOSED, named here so that tests need no browser. */
const CLOSED = 2;

/** The part of EventSource that is used. */
export type EventSourceLike = {
  readonly readyState: number;
  addEventListener(
    type: string,
    listener: (event: { readonly data?: unknown; readonly lastEventId?: string }) => void,
  ): void;
  close(): void;
};

export type LinkState =
  | { readonly kind: "open"; readonly source: EventSourceLike; readonly since: Now }
  | { readonly kind: "waiting"; readonly since: Now }
  | { readonly kind: "closed" };

export type StreamParts = {
  readonly open: (url: string) => EventSourceLike;
  readonly now: () => Now;
  readonly deliver: (message: Message) => void;
  /** The service answered, and not with events: a browser does not tell why. */
  readonly onRefused: () => void;
};

export type Stream = {
  /** To be called often: reopens what was closed, and what has been silent for too long. */
  readonly check: () => void;
  /** For good: whoever was logged in is no longer. */
  readonly close: () => void;
  readonly state: () => LinkState;
};

export function openStream(parts: StreamParts): Stream {
  let after: number | null = null;
  let heard = parts.now();
  let state: LinkState = connect();

  function connect(): LinkState {
    const source = parts.open(after === null ? EVENTS_PATH : `${EVENTS_PATH}?after=${after}`);
    for (const name of EVENT_NAMES) {
      source.addEventListener(name, (event) => {
        if (isCurrent(source)) receive(name, String(event.data), event.lastEventId ?? "");
      });
    }
    source.addEventListener("error", () => {
      if (!isCurrent(source) || source.readyState !== CLOSED) return;
      wait(source);
      parts.onRefused();
    });
    return { kind: "open", source, since: parts.now() };
  }

  function isCurrent(source: EventSourceLike): boolean {
    return state.kind === "open" && state.source === source;
  }

  function wait(source: EventSourceLike): void {
    source.close();
    state = { kind: "waiting", since: parts.now() };
  }

  function receive(event: WireMessage["event"], data: string, id: string): void {
    const result = checkEvent(event, data);
    if (result.kind === "fault") {
      parts.deliver({ kind: "fault", event, bed: bedOfFaulty(event, data), why: result.why });
      return;
    }
    // After a silence the page has no ward until a snapshot comes (store.ts). What a page hears
    // that was frozen, or hung, is a backlog of the old connection: it must not keep that one.
    if (event === "snapshot" || silentMs() < LOST_AFTER_MS) heard = parts.now();
    after = lastTransition(result.value, id, after);
    parts.deliver({ kind: "wire", message: result.value });
    if (event === "bye" && state.kind === "open") wait(state.source);
  }

  function silentMs(): number {
    return elapsedMs(heard, parts.now());
  }

  function check(): void {
    const now = parts.now();
    if (state.kind === "closed") return;
    if (state.kind === "waiting") {
      if (elapsedMs(state.since, now) >= REOPEN_AFTER_MS) state = connect();
      return;
    }
    const openMs = elapsedMs(state.since, now);
    if (Math.min(silentMs(), openMs) >= LOST_AFTER_MS) {
      state.source.close();
      state = connect();
    }
  }

  function close(): void {
    if (state.kind === "open") state.source.close();
    state = { kind: "closed" };
  }

  return { check, close, state: () => state };
}

/** A snapshot stands for its seq; a live transition for its id. A replayed one is older than the
 * snapshot before it and moves nothing. */
function lastTransition(message: WireMessage, id: string, held: number | null): number | null {
  if (message.event === "snapshot") return message.data.seq;
  if (message.event !== "alarm" && message.event !== "session") return held;
  if (message.data.replayed === true || !/^\d+$/.test(id)) return held;
  return Number(id);
}
