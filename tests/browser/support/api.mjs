// The API beside the page: somebody who reads and acts without one.

import { randomUUID } from "node:crypto";
import { PASSWORD, until } from "./process.mjs";

const BUSY = 503;
const JSON_ONLY = { "content-type": "application/json" };

/** Logs a person in. Paths are below /api/v1; `get` and `post` throw what was refused, `ask` gives
 * the answer as it came. An act gets a command's number of its own. */
export async function openApi(address, name = "nurse") {
  const api = `${address}/api/v1`;
  const person = JSON.stringify({ name, password: PASSWORD });
  const login = { method: "POST", headers: JSON_ONLY, body: person };
  const entered = await bodyOf(await fetch(`${api}/login`, login), name);
  const headers = { ...JSON_ONLY, cookie: entered.cookie, "x-csrf-token": entered.came.csrf };
  const ask = (path, more) => fetch(`${api}${path}`, { headers, ...more });
  /** A busy service is asked again: by the number it is the same act. */
  async function answerTo(path, more) {
    let answer;
    await until(`an answer to ${path}`, async () => {
      answer = await ask(path, more);
      return answer.status !== BUSY;
    });
    return (await bodyOf(answer, path)).came;
  }
  const acting = (act) => ({
    method: "POST",
    body: JSON.stringify({ ...act, command_id: randomUUID() }),
  });
  return {
    ask,
    get: (path) => answerTo(path),
    post: (path, act) => answerTo(path, acting(act)),
  };
}

/** What starts an infusion at this bed, for somebody new. `more`: of the patient. */
export const infusion = (bed, reference, more) => ({
  bed,
  patient: { reference, initials: "NN", birth_year: 1980, weight_kg: 70, ...more },
  new_patient: true,
  drug: "ketamine",
  route: "iv",
  preset: "ketamine-iv",
});

async function bodyOf(answer, what) {
  const came = await answer.json();
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${JSON.stringify(came)}`);
  const cookie = answer.headers.getSetCookie().map((it) => it.split(";")[0]).join("; ");
  return { came, cookie };
}

/** A lead sends home whoever a demo found in these beds. */
export async function emptyBeds(address, ...beds) {
  const lead = await openApi(address, "lead");
  const end = { disposition: "transferred", checks: {}, reason: "to the ward" };
  for (const bed of beds) {
    // The demo's story goes on meanwhile: a HIGH alarm of it is acknowledged first.
    let why = null;
    await until(`${bed} is empty`, async () => {
      const { session } = await lead.get(`/beds/${bed}`);
      if (session === null) return true;
      const { items } = await lead.get(`/alarms?state=present&bed=${bed}`);
      for (const { occurrence, revision } of items)
        await lead.post(`/alarms/${occurrence}/acknowledge`, { revision }).catch(() => {});
      await lead.post(`/sessions/${session.id}/end`, end).catch((error) => (why = error));
      return false;
    }).catch((error) => {
      throw new Error(`${error.message}: ${why}`);
    });
  }
}
