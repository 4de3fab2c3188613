import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../store.ts";
import { openStream, type EventSourceLike, type Stream } from "../stream.ts";
import { at, fixtureText } from "./samples.ts";

type Listener = (event: { readonly data?: unknown; readonly lastEventId?: string }) => void;

class FakeSource implements EventSourceLike {
  readyState = 1;
  readonly listeners = new Map<string, Listener>();
  constructor(readonly url: string) {}
  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  send(event: string, data: string, lastEventId = ""): void {
    this.listeners.get(event)?.({ data, lastEventId });
  }
}

function open(): {
  stream: Stream;
  sources: FakeSource[];
  got: Message[];
  go: (seconds: number) => void;
  /** Time passes in which the page's timers do not run. */
  jump: (seconds: number) => void;
  refusals: () => number;
} {
  const sources: FakeSource[] = [];
  const got: Message[] = [];
  let [seconds, refused] = [0, 0];
  const stream = openStream({
    open: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    },
    now: () => at(seconds),
    deliver: (message) => got.push(message),
    onRefused: () => refused++,
  });
  return {
    stream,
    sources,
    got,
    go: (to) => {
      seconds = to;
      stream.check();
    },
    jump: (to) => {
      seconds = to;
    },
    refusals: () => refused,
  };
}

test("a source closed for ever gets a new one, after the last transition seen", () => {
  // Goal: a 503 must not end the page; the id of vitals and heartbeats is not taken.
  const { sources, go } = open();
  sources[0]?.send("snapshot", fixtureText("snapshot"));
  sources[0]?.send("alarm", fixtureText("alarm"), "1045");
  sources[0]?.send("heartbeat", fixtureText("heartbeat"), "1045");
  sources[0]?.close();
  sources[0]?.send("error", "");
  go(0.9);
  assert.equal(sources.length, 1);
  go(1);
  assert.deepEqual(
    sources.map((s) => s.url),
    ["/api/v1/events", "/api/v1/events?after=1045"],
  );
});

test("a broken source that the browser reopens itself is left alone", () => {
  // Goal: no second stream beside the browser's own reconnect.
  const { sources, go } = open();
  (sources[0] as FakeSource).readyState = 0;
  sources[0]?.send("error", "");
  go(3);
  assert.equal(sources.length, 1);
});

test("a half-open connection is opened anew after 5 s of silence", () => {
  // Goal: silence ends, and once per 5 s, not at each look.
  const { sources, go } = open();
  sources[0]?.send("snapshot", fixtureText("snapshot"));
  go(4.9);
  assert.equal(sources.length, 1);
  go(5);
  go(6);
  assert.deepEqual(
    sources.map((s) => s.url),
    ["/api/v1/events", "/api/v1/events?after=1032"],
  );
  assert.equal(sources[0]?.readyState, 2);
});

test("what a page that was frozen hears of its old connection does not keep it", () => {
  // Goal: safety:F5. The backlog comes before the page's own timer, and has no snapshot: without
  // a new connection the ward would never come back. A snapshot is what makes it whole again.
  const { sources, got, go, jump } = open();
  sources[0]?.send("snapshot", fixtureText("snapshot"));
  go(4);
  jump(20);
  for (const event of ["heartbeat", "vitals"]) sources[0]?.send(event, fixtureText(event));
  assert.equal(got.length, 3, "and is told all the same");
  go(20.1);
  assert.equal(sources.length, 2);
  sources[1]?.send("snapshot", fixtureText("snapshot"));
  go(24);
  assert.equal(sources.length, 2);
});

test("a replayed transition does not take the resume point back", () => {
  // Goal: after= never goes below the snapshot.
  const { sources, go } = open();
  sources[0]?.send("snapshot", fixtureText("snapshot"));
  sources[0]?.send(
    "alarm",
    JSON.stringify({ ...JSON.parse(fixtureText("alarm")), replayed: true }),
    "1001",
  );
  go(5);
  assert.equal(sources[1]?.url, "/api/v1/events?after=1032");
});

test("bye closes and comes back", () => {
  // Goal: a restart of the service is followed without a person.
  const { sources, got, stream, go } = open();
  sources[0]?.send("bye", fixtureText("bye"));
  assert.equal(stream.state().kind, "waiting");
  assert.equal(got.length, 1);
  go(1);
  assert.equal(sources.length, 2);
  sources[0]?.send("heartbeat", fixtureText("heartbeat"));
  assert.equal(got.length, 1, "an old source is not heard");
});

test("what can't be read is delivered as a fault with its bed", () => {
  // Goal: nothing unreadable is dropped in silence.
  const { sources, got } = open();
  sources[0]?.send("vitals", '{"id":"bay-2"}');
  assert.deepEqual(
    got.map((m) => (m.kind === "fault" ? [m.event, m.bed] : m.kind)),
    [["vitals", "bay-2"]],
  );
});

test("a stream that is refused makes the page ask who is logged in; a broken one does not", () => {
  // Goal: an ended log-in leads to the log-in, a restart of the service does not.
  const { sources, refusals } = open();
  (sources[0] as FakeSource).readyState = 0;
  sources[0]?.send("error", "");
  assert.equal(refusals(), 0);
  sources[0]?.close();
  sources[0]?.send("error", "");
  assert.equal(refusals(), 1);
});

test("a closed stream stays closed", () => {
  // Goal: after a log-out nothing comes back by itself.
  const { sources, stream, got, go } = open();
  stream.close();
  sources[0]?.send("heartbeat", fixtureText("heartbeat"));
  go(10);
  assert.deepEqual([sources.length, sources[0]?.readyState, got.length], [1, 2, 0]);
});
