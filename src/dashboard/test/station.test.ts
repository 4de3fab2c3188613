import assert from "node:assert/strict";
import { test } from "node:test";
import { LEASE_EVERY_MS, type Look } from "../screen.ts";
import { createStation, type Standing, type Station } from "../station.ts";
import { fixtureText } from "./samples.ts";

type Request = { readonly method: string; readonly path: string; readonly body: unknown };
type Answer = readonly [status: number, body: string];

const problem = (type: string): string => JSON.stringify({ type, title: type, status: 400 });
const ME: Answer = [200, fixtureText("me")];
const OUT: Answer = [401, problem("/problems/log-in-needed")];
const DISPLAY_ONLY: Answer = [
  200,
  JSON.stringify({ ...JSON.parse(fixtureText("me")), display_only: true }),
];

/** A service whose answers a test may change, and the page's station at it. */
function page(answers: Record<string, Answer> = {}): {
  station: Station;
  answers: Record<string, Answer>;
  requests: Request[];
  standings: Standing[];
  look: Look;
  go: (ms: number) => Promise<void>;
} {
  let nowMs = 0;
  const requests: Request[] = [];
  const standings: Standing[] = [];
  const look: { -readonly [K in keyof Look]: Look[K] } = {
    visible: true,
    audio: "unlocked",
    beds: ["bay-1"],
    seen: 7,
  };
  const given: Record<string, Answer> = {
    "GET /me": ME,
    "POST /login": [200, fixtureText("logged-in")],
    "POST /logout": [204, ""],
    "POST /screens": [201, fixtureText("screen")],
    ...answers,
  };
  const fetchIt = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const path = String(url).replace("/api/v1", "");
    const method = init.method ?? "GET";
    requests.push({ method, path, body: init.body == null ? null : JSON.parse(String(init.body)) });
    const [status, body] = given[`${method} ${path}`] ?? [204, ""];
    return new Response(status === 204 ? null : body, { status });
  };
  const station = createStation({
    fetch: fetchIt as typeof fetch,
    newCommandId: () => "id",
    nowMs: () => nowMs,
    look: () => look,
    screenName: () => "Desk",
    changed: (now) => standings.push(now),
  });
  const go = async (ms: number): Promise<void> => {
    nowMs += ms;
    station.check();
    // Answers come by microtasks and by the body's reading; one turn of the loop is enough.
    for (let i = 0; i < 5; i++) await new Promise((done) => setImmediate(done));
  };
  return { station, answers: given, requests, standings, look, go };
}

const asked = (requests: readonly Request[], method: string, path: string): Request[] =>
  requests.filter((r) => r.method === method && r.path === path);
const LEASE = "/screens/0199-5c/lease";

test("a page whose log-in stands opens its screen and renews its lease", async () => {
  // Goal: alarms 9.1. The lease goes every 2 s of real time, with what was painted.
  const { station, requests, look, go } = page();
  await go(0);
  assert.equal(station.standing().kind, "in");
  assert.deepEqual(asked(requests, "POST", "/screens")[0]?.body, {
    name: "Desk",
    kind: "station",
    command_id: "id",
  });
  assert.deepEqual(asked(requests, "POST", LEASE)[0]?.body, look);
  await go(LEASE_EVERY_MS - 1);
  assert.equal(asked(requests, "POST", LEASE).length, 1);
  await go(1);
  assert.equal(asked(requests, "POST", LEASE).length, 2);
});

test("a paired board opens its screen as a board, by the name that it was paired by", async () => {
  // Goal: contract 6; alarms 9.1. The service then knows it from a nurse's station.
  const { station, answers, requests, go } = page({ "GET /me": OUT });
  await go(0);
  const code = "PBXLLF93J2SC";
  answers["POST /screens/pair"] = [401, problem("/problems/wrong-code")];
  assert.match((await station.pair(code, "hall-2")) ?? "", /code is not good/);
  assert.equal(station.standing().kind, "out");
  answers["POST /screens/pair"] = [201, JSON.stringify({ name: "board.hall-2" })];
  const board = { name: "token:board.hall-2", role: "viewer", display_only: true, csrf: "c0ffee" };
  answers["GET /me"] = [200, JSON.stringify(board)];
  assert.equal(await station.pair(code, "hall-2"), null);
  assert.deepEqual(asked(requests, "POST", "/screens/pair")[1]?.body, { code, name: "hall-2" });
  await go(0);
  assert.deepEqual(asked(requests, "POST", "/screens")[0]?.body, {
    name: "hall-2",
    kind: "board",
    command_id: "id",
  });
});

test("a page without a log-in shows no ward and holds no screen", async () => {
  // Goal: safety:X1. Nothing but the question is sent.
  const { station, requests, go } = page({ "GET /me": OUT });
  await go(0);
  await go(60_000);
  assert.deepEqual(station.standing(), { kind: "out", ended: false });
  assert.deepEqual(
    requests.map((r) => r.path),
    ["/me"],
  );
});

test("a service that does not answer is asked again, and takes nobody out", async () => {
  // Goal: a restart of the service is no log-out.
  const { station, answers, go } = page({ "GET /me": [503, problem("/problems/busy")] });
  await go(0);
  assert.equal(station.standing().kind, "asking");
  answers["GET /me"] = ME;
  await go(2_000);
  assert.equal(station.standing().kind, "in");
  answers["GET /me"] = [503, problem("/problems/busy")];
  await go(30_000);
  assert.equal(station.standing().kind, "in");
});

test("a log-in that timed out goes on showing, one that ended does not", async () => {
  // Goal: safety:X4. Time-out logs out control, never the display of alarms.
  const { station, answers, requests, go } = page();
  await go(0);
  answers["GET /me"] = DISPLAY_ONLY;
  await go(30_000);
  const timedOut = station.standing();
  assert.equal(timedOut.kind === "in" && timedOut.person.displayOnly, true);
  const leases = asked(requests, "POST", LEASE).length;
  await go(LEASE_EVERY_MS);
  assert.equal(asked(requests, "POST", LEASE).length, leases + 1, "it goes on watching");
  answers[`POST ${LEASE}`] = OUT;
  answers["GET /me"] = OUT;
  await go(LEASE_EVERY_MS);
  assert.deepEqual(station.standing(), { kind: "out", ended: true });
  const before = requests.length;
  await go(60_000);
  assert.equal(requests.length, before, "a page without a log-in asks for nothing");
});

test("logging in again keeps the screen, another person opens one", async () => {
  // Goal: alarms 9.6: no screen is missed that was only taken over; a screen is its person's.
  const { station, answers, requests, standings, go } = page({ "GET /me": DISPLAY_ONLY });
  await go(0);
  assert.equal(await station.logIn("kim", "correct horse"), null);
  await go(0);
  assert.equal(asked(requests, "POST", "/screens").length, 1);
  const lee = { name: "lee", role: "lead", csrf: "f00d" };
  answers["POST /login"] = [200, JSON.stringify(lee)];
  assert.equal(await station.logIn("lee", "correct horse"), null);
  await go(0);
  assert.equal(asked(requests, "POST", "/screens").length, 2);
  assert.ok(
    standings.every((s) => s.kind === "in"),
    "the ward was shown all the while",
  );
});

test("another page's log-in is noticed at the next lease", async () => {
  // Goal: nobody acts, or watches, under a name that this browser has no log-in of any more.
  const { station, answers, requests, go } = page();
  await go(0);
  answers[`POST ${LEASE}`] = [403, problem("/problems/csrf")];
  const me = { ...(JSON.parse(fixtureText("me")) as object), name: "lee" };
  answers["GET /me"] = [200, JSON.stringify(me)];
  await go(LEASE_EVERY_MS);
  const standing = station.standing();
  assert.equal(standing.kind === "in" && standing.person.name, "lee");
  answers[`POST ${LEASE}`] = [204, ""];
  await go(LEASE_EVERY_MS);
  const opened = asked(requests, "POST", "/screens").length;
  assert.ok(opened >= 2);
  await go(LEASE_EVERY_MS);
  assert.equal(asked(requests, "POST", "/screens").length, opened, "and then it holds");
});

test("a log-out closes the screen first; a refused one opens it again", async () => {
  // Goal: alarms 12: whoever is responsible stays, and goes on watching.
  const { station, answers, requests, go } = page();
  await go(0);
  answers["POST /logout"] = [409, problem("/problems/responsible")];
  assert.match((await station.logOut()) ?? "", /^Not logged out/);
  await go(0);
  assert.equal(station.standing().kind, "in");
  assert.equal(asked(requests, "POST", "/screens").length, 2);
  answers["POST /logout"] = [204, ""];
  assert.equal(await station.logOut(), null);
  assert.deepEqual(station.standing(), { kind: "out", ended: false });
  assert.deepEqual(
    requests.slice(-2).map((r) => `${r.method} ${r.path}`),
    ["DELETE /screens/0199-5c", "POST /logout"],
  );
});

test("a screen that the service does not know any more is opened again", async () => {
  // Goal: a restart of the service leaves no station unwatched.
  const { answers, requests, go } = page();
  await go(0);
  answers[`POST ${LEASE}`] = [404, problem("/problems/unknown-screen")];
  await go(LEASE_EVERY_MS);
  answers[`POST ${LEASE}`] = [204, ""];
  await go(LEASE_EVERY_MS);
  assert.equal(asked(requests, "POST", "/screens").length, 2);
});

test("a page that goes says so, and its sound test is recorded at its screen", async () => {
  // Goal: alarms 9.6 and 3.
  const { station, requests, go } = page();
  await go(0);
  assert.equal((await station.screen.soundTest(true)).kind, "done");
  assert.deepEqual(asked(requests, "POST", "/screens/0199-5c/sound-test")[0]?.body, {
    heard: true,
    command_id: "id",
  });
  station.screen.leave();
  assert.equal(asked(requests, "DELETE", "/screens/0199-5c").length, 1);
});
