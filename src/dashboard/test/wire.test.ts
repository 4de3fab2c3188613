import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bedOfFaulty,
  checkAcknowledgement,
  checkEvent,
  checkLoggedIn,
  checkMe,
  checkProblem,
  checkScreen,
  EVENT_NAMES,
} from "../wire.ts";
import { fixtureText } from "./samples.ts";

type Raw = Record<string, unknown>;

test("every event of the service is read", () => {
  // Goal: each fixture follows the wire; none may need a special case.
  for (const name of EVENT_NAMES) {
    const result = checkEvent(name, fixtureText(name));
    assert.equal(result.kind, "good", `${name}: ${result.kind === "fault" ? result.why : ""}`);
  }
});

test("a malformed message is a fault that names its path", () => {
  // Goal: nothing half-right gets through; each row breaks one field of a good message.
  const table: readonly [
    event: "snapshot" | "vitals" | "alarm" | "heartbeat",
    (m: Raw) => void,
    RegExp,
  ][] = [
    ["alarm", (m) => delete m["priority"], /^priority: wanted low\|medium\|high, got nothing/],
    [
      "alarm",
      (m) => {
        m["priority"] = "urgent";
      },
      /^priority:/,
    ],
    [
      "alarm",
      (m) => {
        m["revision"] = -1;
      },
      /^revision: wanted a count/,
    ],
    [
      "alarm",
      (m) => {
        m["onset"] = "2026-11-22 10:18";
      },
      /^onset: wanted a UTC time/,
    ],
    [
      "alarm",
      (m) => {
        m["onset"] = "2026-11-22T10:18:22+01:00";
      },
      /^onset:/,
    ],
    [
      "alarm",
      (m) => {
        m["text"] = null;
      },
      /^text:/,
    ],
    [
      "alarm",
      (m) => {
        m["acknowledged"] = { by: "Kim" };
      },
      /^acknowledged\.at:/,
    ],
    [
      "vitals",
      (m) => {
        (m["vitals"] as Raw[])[0]!["value"] = "142";
      },
      /^vitals\[0\]\.value: wanted a number/,
    ],
    [
      "vitals",
      (m) => {
        (m["vitals"] as Raw[])[1]!["state"] = "fresh";
      },
      /^vitals\[1\]\.state:/,
    ],
    [
      "vitals",
      (m) => {
        (m["vitals"] as Raw[])[0]!["metric"] = "nibp";
      },
      /^vitals\[0\]\.metric:/,
    ],
    [
      "snapshot",
      (m) => {
        m["beds"] = {};
      },
      /^beds: wanted a list/,
    ],
    [
      "snapshot",
      (m) => delete (m["occurrences"] as Raw[])[0]!["signal"],
      /^occurrences\[0\]\.signal:/,
    ],
    [
      "heartbeat",
      (m) => {
        m["server_time"] = 1;
      },
      /^server_time:/,
    ],
    [
      "heartbeat",
      (m) => {
        (m["sources"] as Raw[])[0]!["rejects"] = { schema: -2 };
      },
      /^sources\[0\]\.rejects\.schema:/,
    ],
  ];
  for (const [event, spoil, wanted] of table) {
    const message = JSON.parse(fixtureText(event)) as Raw;
    spoil(message);
    const result = checkEvent(event, JSON.stringify(message));
    assert.equal(result.kind, "fault");
    assert.match(result.kind === "fault" ? result.why : "", wanted);
  }
});

test("what is no JSON object is a fault", () => {
  // Goal: no text from the stream can throw.
  for (const data of ["", "{", "null", "[]", "7", '"x"']) {
    assert.equal(checkEvent("vitals", data).kind, "fault", data);
  }
});

test("a bed with an arterial line is read like any other", () => {
  // Goal: a metric that comes only with its monitor does not make a fault of the whole bed.
  for (const metric of ["art_sys", "art_dia", "art_map", "temp"]) {
    const bed = JSON.parse(fixtureText("vitals")) as { vitals: Raw[] };
    bed.vitals.push({ ...bed.vitals[0], metric });
    assert.equal(checkEvent("vitals", JSON.stringify(bed)).kind, "good", metric);
  }
});

test("a field of a newer service is let through", () => {
  // Goal: an added field does not blank the ward.
  const message = { ...(JSON.parse(fixtureText("alarm")) as Raw), escalated_to: ["Lee"] };
  assert.equal(checkEvent("alarm", JSON.stringify(message)).kind, "good");
});

test("an alarm shown before its commit has no seq", () => {
  // Goal: absent and null both read as "not yet logged".
  const message = JSON.parse(fixtureText("alarm")) as Raw;
  delete message["seq"];
  const result = checkEvent("alarm", JSON.stringify(message));
  assert.equal(
    result.kind === "good" && result.value.event === "alarm" && result.value.data.seq,
    null,
  );
});

test("a faulty message still tells its bed where it can", () => {
  // Goal: only that bed is distrusted.
  assert.equal(bedOfFaulty("vitals", '{"id":"bay-2","vitals":7}'), "bay-2");
  assert.equal(bedOfFaulty("alarm", '{"bed":"bay-3"}'), "bay-3");
  assert.equal(bedOfFaulty("alarm", '{"bed":null}'), null);
  assert.equal(bedOfFaulty("vitals", "{"), null);
});

test("answers to an acknowledgement are read", () => {
  // Goal: both shapes of the answer, and neither taken for the other.
  const good: unknown = JSON.parse(fixtureText("acknowledged"));
  const problem: unknown = JSON.parse(fixtureText("problem"));
  assert.equal(checkAcknowledgement(good).kind, "good");
  assert.equal(checkProblem(problem).kind, "good");
  assert.equal(checkAcknowledgement(problem).kind, "fault");
});

test("answers about people and screens are read, and never one for another", () => {
  // Goal: each shape of contract 6 that this page asks for.
  const me: unknown = JSON.parse(fixtureText("me"));
  const loggedIn: unknown = JSON.parse(fixtureText("logged-in"));
  assert.equal(checkMe(me).kind, "good");
  assert.equal(checkLoggedIn(loggedIn).kind, "good");
  assert.equal(checkMe(loggedIn).kind, "fault", "whether it only displays must be said");
  assert.equal(checkLoggedIn({ ...(loggedIn as Raw), role: "root" }).kind, "fault");
  assert.equal(checkScreen(JSON.parse(fixtureText("screen"))).kind, "good");
  assert.equal(checkScreen({ id: 7 }).kind, "fault");
});
