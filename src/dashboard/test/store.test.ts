import assert from "node:assert/strict";
import { test } from "node:test";
import {
  initialState,
  liveness,
  LOST_AFTER_MS,
  reduce,
  STALLED_AFTER_MS,
  type Message,
  type State,
} from "../store.ts";
import { at, occurrence, wireMessage } from "./samples.ts";
import type { WireMessage } from "../wire.ts";

const wire = (message: WireMessage): Message => ({ kind: "wire", message });
const run = (state: State, ...steps: readonly [WireMessage | Message, number][]): State =>
  steps.reduce((s, [m, seconds]) => reduce(s, "kind" in m ? m : wire(m), at(seconds)), state);
const opened = (): State => run(initialState(at(0)), [wireMessage("snapshot"), 1]);
const held = (state: State, id: string): unknown => state.ward?.occurrences.get(id);

test("a silence of five seconds is a lost connection, one just under is not", () => {
  // Goal: safety F5, at and just under its bound; before the first message too.
  const state = opened();
  const after = (ms: number): string => liveness(state, at(1 + ms / 1000)).kind;
  assert.equal(after(LOST_AFTER_MS - 1), "live");
  assert.equal(after(LOST_AFTER_MS), "lost");
  assert.equal(liveness(initialState(at(0)), at(4.9)).kind, "starting");
  assert.equal(liveness(initialState(at(0)), at(5)).kind, "lost");
});

test("sleep of the machine and a clock set back make nothing fresh", () => {
  // Goal: the longer of both clocks counts.
  const state = opened();
  assert.equal(liveness(state, { mono: 1_500, wall: at(60).wall }).kind, "lost");
  assert.equal(liveness(state, { mono: 61_000, wall: at(0).wall }).kind, "lost");
});

test("after a silence only a snapshot brings the ward back", () => {
  // Goal: never a delta against old memory (alarms 9.4); until it comes the connection is lost,
  // however much else is heard.
  const late = run(opened(), [wireMessage("vitals"), 7], [wireMessage("heartbeat"), 8]);
  assert.equal(late.ward, null);
  assert.equal(liveness(late, at(8)).kind, "lost");
  assert.equal(liveness(run(late, [wireMessage("snapshot"), 7.1]), at(7.2)).kind, "live");
});

test("a service that never gives a snapshot is lost, and not for ever about to be there", () => {
  // Goal: safety:F5. Without a ward nothing sounds, so it must be said.
  let state = initialState(at(0));
  for (let s = 1; s < 5; s += 2) state = run(state, [wireMessage("heartbeat"), s]);
  assert.equal(liveness(state, at(4.9)).kind, "starting");
  assert.equal(liveness(state, at(5)).kind, "lost");
});

test("heartbeats whose self-check stands still are no sign of judging", () => {
  // Goal: a stalled engine behind a working web server is told, and told apart.
  let state = run(opened(), [wireMessage("heartbeat", { self_check: 5 }), 2]);
  for (let s = 4; s < 2 + STALLED_AFTER_MS / 1000; s += 2) {
    assert.equal(liveness(state, at(s)).kind, "live");
    state = run(state, [wireMessage("heartbeat", { self_check: 5 }), s]);
  }
  const alive = liveness(state, at(2 + STALLED_AFTER_MS / 1000));
  assert.deepEqual([alive.kind, alive.kind === "lost" && alive.cause], ["lost", "stalled"]);
  state = run(state, [wireMessage("heartbeat", { self_check: 6 }), 11]);
  assert.equal(liveness(state, at(11)).kind, "live");
});

test("vitals change their bed only, and beds keep their places", () => {
  // Goal: fixed places.
  const before = opened();
  const after = run(before, [wireMessage("vitals", { id: "bay-2", label: "Bay 2" }), 2]);
  assert.deepEqual(
    after.ward?.beds.map((b) => b.bed.id),
    ["bay-1", "bay-2", "bay-3", "bay-4"],
  );
  assert.equal(after.ward?.beds[1]?.bed.vitals[0]?.value, 204);
  assert.equal(after.ward?.beds[0], before.ward?.beds[0]);
});

test("an alarm comes, changes and goes", () => {
  // Goal: rows follow the transitions; latched ones stay.
  const id = "0199-a1";
  const raised = run(opened(), [
    wireMessage("alarm", { revision: 3, seq: 1040, priority: "medium" }),
    2,
  ]);
  assert.equal(raised.ward?.occurrences.get(id)?.priority, "medium");
  const latched = run(raised, [
    wireMessage("alarm", { revision: 3, seq: 1041, condition: "ended", signal: "latched" }),
    3,
  ]);
  assert.equal(latched.ward?.occurrences.get(id)?.signal, "latched");
  const gone = run(latched, [
    wireMessage("alarm", { revision: 3, seq: 1042, condition: "ended", signal: "none" }),
    4,
  ]);
  assert.equal(held(gone, id), undefined);
});

test("an older transition never replaces a newer one", () => {
  // Goal: by revision, then seq; a late commit of a passed revision is older.
  const table: readonly [held: object, arrives: object, wins: "held" | "arrives"][] = [
    [{ revision: 2, seq: 1050 }, { revision: 1, seq: 1049 }, "held"],
    [{ revision: 2, seq: 1050 }, { revision: 2, seq: 1049 }, "held"],
    [{ revision: 2, seq: 1050 }, { revision: 2, seq: 1051 }, "arrives"],
    [{ revision: 2, seq: null }, { revision: 2, seq: 1051 }, "arrives"],
    [{ revision: 3, seq: null }, { revision: 2, seq: 1051 }, "held"],
    [{ revision: 2, seq: 1050 }, { revision: 3, seq: null }, "arrives"],
  ];
  for (const [first, second, wins] of table) {
    const state = run(
      opened(),
      [wireMessage("alarm", { occurrence: "x", text: "held", ...first }), 2],
      [wireMessage("alarm", { occurrence: "x", text: "arrives", ...second }), 3],
    );
    assert.equal(state.ward?.occurrences.get("x")?.text, wins, JSON.stringify([first, second]));
  }
});

test("a replayed transition changes no row; one that ended is listed as missed", () => {
  // Goal: the snapshot before it is newer (alarms 9.4).
  const replayed = {
    replayed: true,
    occurrence: "gone",
    condition: "ended",
    signal: "none",
    seq: 1000,
  };
  const state = run(
    opened(),
    [wireMessage("alarm", { ...replayed, condition: "present", signal: "active", seq: 999 }), 2],
    [wireMessage("alarm", replayed), 2],
    [wireMessage("alarm", { replayed: true, text: "old", revision: 1, seq: 990 }), 2],
  );
  assert.equal(held(state, "gone"), undefined);
  assert.deepEqual(
    state.missed.map((o) => o.occurrence),
    ["gone"],
  );
  assert.equal(state.ward?.occurrences.get("0199-a1")?.text, "Systolic 204 ≥ 200 mmHg");
  assert.deepEqual(run(state, [{ kind: "missed-seen" }, 3]).missed, []);
});

test("a message that can't be read takes its bed's numbers away, and is counted", () => {
  // Goal: shown as a fault, never painted; a good message about the bed brings it back.
  const fault: Message = { kind: "fault", event: "vitals", bed: "bay-1", why: "id: wanted text" };
  const state = run(opened(), [fault, 2]);
  assert.deepEqual(
    state.ward?.beds.map((b) => b.unreadable !== null),
    [true, false, false, false],
  );
  assert.equal(state.faults?.count, 1);
  assert.equal(run(state, [wireMessage("vitals"), 3]).ward?.beds[0]?.unreadable, null);
  const all = run(opened(), [{ ...fault, bed: null }, 2]);
  assert.ok(all.ward?.beds.every((b) => b.unreadable !== null));
});

test("a faulty heartbeat is not heard", () => {
  // Goal: an unreadable server ends in CONNECTION LOST, not in old numbers.
  const state = run(opened(), [
    { kind: "fault", event: "heartbeat", bed: null, why: "not JSON" },
    5,
  ]);
  assert.equal(liveness(state, at(6)).kind, "lost");
});

test("a refused acknowledgement stays beside its row until the row is settled", () => {
  // Goal: the reason is not lost with the next vitals.
  const refused: Message = {
    kind: "ack-refused",
    occurrence: "0199-a1",
    revision: 1,
    why: "changed",
  };
  const state = run(
    opened(),
    [{ kind: "ack-sent", occurrence: "0199-a1" }, 2],
    [refused, 3],
    [wireMessage("vitals"), 3],
  );
  assert.deepEqual(state.acks.get("0199-a1"), { kind: "refused", revision: 1, why: "changed" });
  const by = { by: "Lee", at: "2026-11-22T10:20:05.000Z", reason: null };
  const settled = run(state, [
    wireMessage("alarm", { seq: 1060, signal: "acknowledged", acknowledged: by }),
    4,
  ]);
  assert.equal(settled.acks.size, 0);
});

test("the answer to an acknowledgement acknowledges that occurrence only", () => {
  // Goal: one tap, one alarm.
  const given = occurrence({
    seq: 1070,
    signal: "acknowledged",
    acknowledged: { by: "Kim", at: 0, reason: null },
  });
  const state = run(opened(), [
    { kind: "ack-answered", answer: { occurrence: given, first: { by: "Kim", at: 0 } } },
    2,
  ]);
  const signals = [...(state.ward?.occurrences.values() ?? [])].map((o) => o.signal);
  assert.deepEqual(signals, [
    "acknowledged",
    "active",
    "active",
    "acknowledged",
    "latched",
    "active",
  ]);
});

test("an answer that comes after its live event changes nothing", () => {
  // Goal: no row says "not yet logged" that is, and none comes back that has ended.
  const acknowledged = {
    signal: "acknowledged",
    acknowledged: { by: "Kim", at: 0, reason: null },
  } as const;
  const answer = occurrence({ occurrence: "0199-a1", seq: null, ...acknowledged });
  const given: Message = {
    kind: "ack-answered",
    answer: { occurrence: answer, first: { by: "Kim", at: 0 } },
  };
  const wire = { revision: answer.revision, signal: "acknowledged" };
  const by = { by: "Kim", at: "2026-11-22T10:15:00.000Z", reason: null };
  const live = run(opened(), [wireMessage("alarm", { ...wire, seq: 1060, acknowledged: by }), 2]);
  assert.equal(reduce(live, given, at(3)).ward?.occurrences.get("0199-a1")?.seq, 1060);
  const ended = run(live, [
    wireMessage("alarm", { revision: 2, seq: 1061, condition: "ended", signal: "none" }),
    3,
  ]);
  assert.equal(held(reduce(ended, given, at(4)), "0199-a1"), undefined);
});

test("what is painted stands for every transition up to the newest", () => {
  // Goal: safety:F8. Alarms and session changes raise it; replayed ones and vitals do not.
  const state = opened();
  assert.equal(state.ward?.seq, 1032);
  assert.equal(run(state, [wireMessage("session"), 2]).ward?.seq, 1033);
  assert.equal(run(state, [wireMessage("alarm", { seq: 1040 }), 2]).ward?.seq, 1040);
  assert.equal(run(state, [wireMessage("alarm", { seq: 1020 }), 2]).ward?.seq, 1032);
  const replayed = wireMessage("alarm", { seq: 1050, replayed: true });
  assert.equal(run(state, [replayed, 2]).ward?.seq, 1032);
  assert.equal(run(state, [wireMessage("alarm", { seq: null }), 2]).ward?.seq, 1032);
});

test("a change about a session that is not its course keeps the session on the tile", () => {
  // Goal: a hand-over or a pause without a session in its words does not wipe the initials.
  const change = { bed: "bay-1", session: null, seq: 1033 };
  const after = (word: string): string | undefined =>
    run(opened(), [wireMessage("session", { ...change, change: word }), 2]).ward?.beds[0]?.bed
      .session?.initials;
  assert.equal(after("alarms-paused"), "A.B.");
  assert.equal(after("handover-offered"), "A.B.");
  assert.equal(after("ended"), undefined);
});

test("why an act on a bed was refused stays until it is done or tried again", () => {
  // Goal: the reason stands beside the button, through vitals and for this bed only.
  const refused: Message = {
    kind: "bed-act",
    bed: "bay-1",
    now: { kind: "refused", why: "Sound not paused: nothing sounds on this bed." },
  };
  const state = run(opened(), [refused, 2], [wireMessage("vitals"), 3]);
  assert.deepEqual(state.bedActs.get("bay-1"), refused.now);
  assert.equal(state.bedActs.get("bay-2"), undefined);
  const done = run(state, [{ kind: "bed-act", bed: "bay-1", now: null }, 4]);
  assert.equal(done.bedActs.size, 0);
});

test("an acknowledgement of a paused alarm is taken at once", () => {
  // Goal: row:15 of alarms 11 from PAUSED.
  const paused = run(opened(), [wireMessage("alarm", { signal: "paused", seq: 1040 }), 2]);
  const by = { acknowledged: { by: "kim", at: 0, reason: null } };
  const given = occurrence({ seq: null, signal: "acknowledged", ...by });
  const answer: Message = {
    kind: "ack-answered",
    answer: { occurrence: given, first: { by: "kim", at: 0 } },
  };
  const after = reduce(paused, answer, at(3)).ward?.occurrences.get("0199-a1");
  assert.equal(after?.signal, "acknowledged");
});
