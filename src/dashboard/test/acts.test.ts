import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledge, MOVED_GUARD_MS } from "../acknowledge.ts";
import { createActs, newCommandId, SAME_ACT_MS, type Acts } from "../acts.ts";
import { logIn, logOut, whoAmI } from "../person.ts";
import { fixtureText, occurrence } from "./samples.ts";

type Sent = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
};
type Answer = readonly [status: number, body: string] | "broken";

/** Answers each request in turn, the last answer again and again; keeps what was sent. */
function service(...answers: readonly Answer[]): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const answering = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const body = init.body == null ? null : (JSON.parse(String(init.body)) as unknown);
    const headers = new Headers(init.headers);
    sent.push({ method: init.method ?? "GET", url: String(url), headers, body });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer === undefined || answer === "broken") throw new TypeError("no network");
    return new Response(answer[0] === 204 ? null : answer[1], { status: answer[0] });
  };
  return { fetch: answering as typeof fetch, sent };
}

function actsOver(fetchIt: typeof fetch, nowMs = () => 0): Acts {
  let n = 0;
  const newId = (): string => `id-${n++}`;
  return createActs({ fetch: fetchIt, newCommandId: newId, csrf: () => "c0ffee", nowMs });
}

const problem = (type: string, detail: string): string =>
  JSON.stringify({ type: `/problems/${type}`, title: type, status: 409, detail });
const idOf = (sent: Sent | undefined): unknown =>
  (sent?.body as { command_id?: string } | null)?.command_id ?? sent?.headers.get("command-id");

test("an acknowledgement names the revision and nobody: the log-in says who", async () => {
  // Goal: safety:X5; row:15 of alarms 11 as the nurse sees it.
  const { fetch, sent } = service([200, fixtureText("acknowledged")]);
  const answer = await acknowledge(actsOver(fetch), occurrence({ revision: 2 }), Infinity, null);
  assert.equal(answer.kind, "ack-answered");
  assert.equal(sent[0]?.url, "/api/v1/alarms/0199-a1/acknowledge");
  assert.equal(sent[0]?.headers.get("x-csrf-token"), "c0ffee");
  assert.deepEqual(sent[0]?.body, { revision: 2, reason: null, command_id: "id-0" });
});

test("a refused acknowledgement says why in words, or what the service says", async () => {
  // Goal: rows 16 and 16b, a role that is not enough, an answer that can't be read.
  const table: readonly [number, string, RegExp][] = [
    [409, fixtureText("problem"), /^Not acknowledged: it changed since you looked/],
    [409, problem("alarm-paused", "x"), /alarms are paused/],
    [401, problem("log-in-needed", "x"), /log in first/],
    [403, problem("role-needed", "this needs the role nurse; yours is viewer"), /needs the role/],
    [500, "[]", /status 500/],
    [200, "{}", /^Not acknowledged: occurrence/],
  ];
  for (const [status, body, wanted] of table) {
    const { fetch } = service([status, body]);
    const answer = await acknowledge(actsOver(fetch), occurrence({}), Infinity, null);
    assert.match(answer.kind === "ack-refused" ? answer.why : "", wanted);
  }
});

test("a tap on a row that has just moved sends nothing", async () => {
  // Goal: an acknowledgement hits what was aimed at; at, and just under the guard.
  const { fetch, sent } = service([200, fixtureText("acknowledged")]);
  const acts = actsOver(fetch);
  const early = await acknowledge(acts, occurrence({}), MOVED_GUARD_MS - 1, null);
  assert.equal(early.kind, "ack-refused");
  assert.equal(sent.length, 0);
  const rested = await acknowledge(acts, occurrence({}), MOVED_GUARD_MS, "treated");
  assert.equal(rested.kind, "ack-answered");
  assert.equal((sent[0]?.body as { reason?: string } | null)?.reason, "treated");
});

test("an act without an answer is the same act when it is sent again", async () => {
  // Goal: row:17 of alarms 11. No answer and "busy" keep the command id; an answer ends it.
  const { fetch, sent } = service(
    "broken",
    [503, problem("busy", "again")],
    [409, problem("already-so", "no")],
    [200, "{}"],
  );
  const acts = actsOver(fetch);
  const act = { method: "POST", path: "/beds/bay-1/audio-pause", body: {} } as const;
  const kinds: string[] = [];
  for (let i = 0; i < 4; i++) kinds.push((await acts.send(act)).kind);
  assert.deepEqual(kinds, ["no-answer", "refused", "refused", "done"]);
  assert.deepEqual(sent.map(idOf), ["id-0", "id-0", "id-0", "id-1"]);
});

test("an act that got no answer is another act once it was let rest", async () => {
  // Goal: a pause that was done unheard must not swallow the pause of five minutes later.
  let now = 0;
  const { fetch, sent } = service("broken", "broken", "broken", [200, "{}"]);
  const acts = actsOver(fetch, () => now);
  const act = { method: "POST", path: "/beds/bay-1/audio-pause", body: {} } as const;
  for (const waited of [0, SAME_ACT_MS - 1, SAME_ACT_MS - 1, SAME_ACT_MS]) {
    now += waited;
    await acts.send(act);
  }
  assert.deepEqual(sent.map(idOf), ["id-0", "id-0", "id-0", "id-1"]);
});

test("a late failure of one try does not bring back an id that was answered", async () => {
  // Goal: two tries on their way at once; the next tap is a new act.
  let fail = (_: unknown): void => undefined;
  const slow = new Promise<Response>((_, reject) => (fail = reject));
  const { fetch, sent } = service([200, "{}"]);
  let calls = 0;
  const first = (async (...given: Parameters<typeof fetch>) =>
    (calls += 1) === 1 ? slow : fetch(...given)) as typeof fetch;
  const acts = actsOver(first);
  const act = { method: "POST", path: "/beds/bay-1/audio-pause", body: {} } as const;
  const waiting = acts.send(act);
  await acts.send(act);
  fail(new TypeError("no network"));
  assert.equal((await waiting).kind, "no-answer");
  await acts.send(act);
  assert.deepEqual(sent.map(idOf), ["id-0", "id-1"]);
});

test("an act without a body carries its id in a header, and may be left behind", async () => {
  // Goal: contract 6 for DELETE; a page that goes can't wait.
  const { fetch, sent } = service([204, ""]);
  const acts = actsOver(fetch);
  const act = { method: "DELETE", path: "/beds/bay-1/audio-pause", body: null } as const;
  assert.deepEqual(await acts.send(act), { kind: "done", body: null });
  acts.sendAndLeave(act);
  assert.deepEqual(sent.map(idOf), ["id-0", "id-1"]);
  assert.deepEqual(
    sent.map((s) => s.method),
    ["DELETE", "DELETE"],
  );
});

test("a command id is a UUID of version 4", () => {
  // Goal: contract 6.
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(newCommandId(), uuid);
  assert.notEqual(newCommandId(), newCommandId());
});

test("a log-in gives name, role and token, or says why not", async () => {
  // Goal: each answer to a log-in.
  const good = service([200, fixtureText("logged-in")]);
  assert.deepEqual(await logIn(good.fetch, "kim", "correct horse"), {
    kind: "in",
    person: { name: "kim", role: "nurse", csrf: "c0ffee", displayOnly: false },
  });
  assert.deepEqual(good.sent[0]?.body, { name: "kim", password: "correct horse" });
  const table: readonly [Answer, RegExp][] = [
    [[401, problem("wrong-log-in", "x")], /^Not logged in: name or password is not right/],
    [[429, problem("too-many", "try again in 40 s")], /try again in 40 s/],
    [[200, '{"name":"kim"}'], /^Not logged in: role/],
    ["broken", /No answer/],
  ];
  for (const [answer, wanted] of table) {
    const got = await logIn(service(answer).fetch, "kim", "wrong");
    assert.match(got.kind === "refused" ? got.why : "", wanted);
  }
});

test("only a plain refusal means that nobody is logged in", async () => {
  // Goal: a restart or a broken answer never takes the ward away.
  const table: readonly [Answer, string][] = [
    [[200, fixtureText("me")], "in"],
    [[401, problem("log-in-needed", "x")], "out"],
    [[503, problem("busy", "x")], "no-answer"],
    [[200, "{}"], "no-answer"],
    [[200, "not JSON"], "no-answer"],
    ["broken", "no-answer"],
  ];
  for (const [answer, wanted] of table)
    assert.equal((await whoAmI(service(answer).fetch)).kind, wanted);
});

test("a log-out is done, or refused with the reason", async () => {
  // Goal: alarms 12: whoever is responsible can't leave; who is out already is out.
  const table: readonly [Answer, RegExp | null][] = [
    [[204, ""], null],
    [[401, problem("log-in-needed", "x")], null],
    [[409, problem("responsible", "POST to x")], /^Not logged out: hand your beds over first\.$/],
    ["broken", /No answer/],
  ];
  for (const [answer, wanted] of table) {
    const why = await logOut(actsOver(service(answer).fetch));
    if (wanted === null) assert.equal(why, null);
    else assert.match(why ?? "", wanted);
  }
});
