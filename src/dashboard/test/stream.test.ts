import assert from "node:assert/strict";
import { test } from "node:test";
import { createAcknowledger, MOVED_GUARD_MS, newCommandId } from "../acknowledge.ts";
import type { Message } from "../store.ts";
import { openStream, type EventSourceLike, type Stream } from "../stream.ts";
import { at, fixtureText, occurrence } from "./samples.ts";

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
} {
  const sources: FakeSource[] = [];
  const got: Message[] = [];
  let seconds = 0;
  const stream = openStream({
    open: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    },
    now: () => at(seconds),
    deliver: (message) => got.push(message),
  });
  return {
    stream,
    sources,
    got,
    go: (to) => {
      seconds = to;
      stream.check();
    },
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

const answering = (status: number, body: string, sent: string[] = []): typeof fetch =>
  (async (_url: unknown, init?: RequestInit) => {
    sent.push(String(init?.body));
    return new Response(body, { status });
  }) as typeof fetch;

test("an acknowledgement is accepted, refused, or sent again as the same act", async () => {
  // Goal: alarms 11, rows 15-17 as the nurse sees them.
  const alarm = occurrence({ revision: 2 });
  const sent: string[] = [];
  const ok = createAcknowledger({
    fetch: answering(200, fixtureText("acknowledged"), sent),
    newCommandId: () => "id-1",
  });
  assert.equal((await ok.acknowledge(alarm, " Kim ", Infinity)).kind, "ack-answered");
  assert.deepEqual(JSON.parse(sent[0] ?? ""), {
    revision: 2,
    command_id: "id-1",
    name: "Kim",
    reason: null,
  });

  const stale = createAcknowledger({
    fetch: answering(409, fixtureText("problem")),
    newCommandId: () => "id-2",
  });
  const refused = await stale.acknowledge(alarm, "Kim", Infinity);
  assert.match(refused.kind === "ack-refused" ? refused.why : "", /changed since you looked/);

  let n = 0;
  const ids: string[] = [];
  const broken = createAcknowledger({
    fetch: (async (_: unknown, init?: RequestInit) => {
      ids.push((JSON.parse(String(init?.body)) as { command_id: string }).command_id);
      throw new TypeError("no network");
    }) as typeof fetch,
    newCommandId: () => `id-${n++}`,
  });
  await broken.acknowledge(alarm, "Kim", Infinity);
  await broken.acknowledge(alarm, "Kim", Infinity);
  assert.deepEqual(ids, ["id-0", "id-0"]);
});

test("no name, or a row that has just moved, sends nothing", async () => {
  // Goal: an acknowledgement has a name, and hits what was aimed at.
  const sent: string[] = [];
  const ack = createAcknowledger({
    fetch: answering(200, fixtureText("acknowledged"), sent),
    newCommandId,
  });
  assert.equal((await ack.acknowledge(occurrence({}), " ", Infinity)).kind, "ack-refused");
  assert.equal(
    (await ack.acknowledge(occurrence({}), "Kim", MOVED_GUARD_MS - 1)).kind,
    "ack-refused",
  );
  assert.equal(sent.length, 0);
  assert.equal((await ack.acknowledge(occurrence({}), "Kim", MOVED_GUARD_MS)).kind, "ack-answered");
  assert.match(
    newCommandId(),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
