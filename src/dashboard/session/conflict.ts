// Drawer "conflict": offered while a device conflict stands (alarms 13; safety S8). Each device
// that claims the same is a choice, with its link and newest values beside it; at two beds, each
// bed is one.

import { createActForm, type ActForm, type Field } from "../act-form.ts";
import { make, write } from "../dom.ts";
import * as say from "../messages/conflict.ts";
import { AS_LAST_KNOWN } from "../messages/views.ts";
import { checkReadings, type Reading } from "../wire-reading.ts";
import { inWords, quickRow, typed } from "./body.ts";
import { claimsOf, isToChoose, latestOf, type Claim } from "./claims.ts";
import { REASON } from "./override.ts";
import type { About, OpenSection, SectionParts } from "./section.ts";

/** Real time. Ours. */
const READ_EVERY_MS = 3_000;
/** Of 200 readings: between two of a cuff there are a monitor's. Ours. */
const PAGES_MAX = 5;

export const createConflict: OpenSection = (parts) => {
  let claims: readonly Claim[] = [];
  let known = "";
  const readings = createReadings(parts);
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: fieldsOf([]),
    send: say.SEND_KEEP,
    notDone: say.NOT_CHOSEN,
    act: (values) => {
      const chosen = claims.find(({ key }) => key === values["keep"]);
      if (chosen === undefined) return say.REFUSED["unknown-device"] ?? "";
      const body = { keep: chosen.device, ...typed(values, "reason") };
      return { method: "POST", path: `/beds/${chosen.bed.id}/devices`, body };
    },
    done: (_, values) => {
      const chosen = claims.find(({ key }) => key === values["keep"]);
      if (chosen !== undefined) parts.tell(say.keptLine(chosen.device, chosen.bed.label));
      parts.refresh();
      parts.openDrawer(null);
      return undefined;
    },
    refused: (type) => refused(type),
  });
  const refused = inWords(() => form, say.NOT_CHOSEN, say.REFUSED);
  const why = quickRow(REASON.label, say.KEEP_REASONS, (text) => form.set("reason", text));
  form.element.lastElementChild?.before(why);

  function paint({ bed, seen }: About): void {
    if (seen.ward === null) return;
    claims = claimsOf(seen.ward, bed);
    const key = JSON.stringify(claims.map((one) => [one.key, one.bed.label]));
    if (key !== known) form.setFields(fieldsOf(claims));
    known = key;
    for (const claim of claims) {
      const { given, newestMs } = latestOf(claim, bed.conflicts, readings.at(claim.bed.id));
      const ageS = newestMs === null ? null : (seen.serverMs - newestMs) / 1000;
      const line = say.claimLine(given, ageS, claim.link, seen.serverMs);
      write(besideOf(form.element, claim), seen.isLive ? line : AS_LAST_KNOWN);
    }
  }

  return {
    name: "conflict",
    label: ({ bed, seen }) => (isToChoose(seen.ward, bed) ? say.WHICH_DEVICE : null),
    element: make("div", { class: "care conflict-care" }, [
      make("p", { class: "hint" }, [say.ABOUT]),
      form.element,
    ]),
    update: (now) => {
      paint(now);
      const beds = [now.bed.id, ...claims.map(({ bed }) => bed.id)];
      readings.follow([...new Set(beds)], claims);
    },
    opened: (_, byPerson) => {
      form.say("");
      if (byPerson) form.focus();
    },
  };
};

function fieldsOf(claims: readonly Claim[]): readonly Field[] {
  const choices = claims.map(({ key, bed, device, isShared }) => ({
    value: key,
    label: isShared ? say.deviceAtBed(device, bed.label) : device,
  }));
  return [{ kind: "choice", name: "keep", label: say.CHOOSE, choices }, REASON];
}

/** Its line within its choice: written anew, while the choice itself stays as it is. */
function besideOf(form: HTMLElement, { key }: Claim): HTMLElement {
  const box = [...form.querySelectorAll("input")].find(({ value }) => value === key);
  const choice = box?.closest("label") ?? form;
  const found = choice.querySelector<HTMLElement>(".claim-line");
  if (found !== null) return found;
  const line = make("span", { class: "claim-line", dir: "auto" });
  choice.append(line);
  return line;
}

type Readings = {
  /** Newest first. */
  readonly at: (bed: string) => readonly Reading[];
  readonly follow: (beds: readonly string[], claims: readonly Claim[]) => void;
};

/** What can't be read now is read again; until then the link alone is told. */
function createReadings(parts: Pick<SectionParts, "read">): Readings {
  const known = new Map<string, readonly Reading[]>();
  let [readMs, isReading] = [Number.NEGATIVE_INFINITY, false];

  /** Back until each device has something. */
  async function readBed(bed: string, devices: readonly string[]): Promise<void> {
    let [all, next]: [readonly Reading[], string | null] = [[], ""];
    for (let page = 0; page < PAGES_MAX && next !== null; page += 1) {
      const cursor: string = next === "" ? "" : `&next=${encodeURIComponent(next)}`;
      const answer = await parts.read(`/beds/${bed}/readings?limit=200${cursor}`, checkReadings);
      if (answer.kind === "refused") return;
      all = [...all, ...answer.value.items];
      known.set(bed, all);
      next = answer.value.next;
      if (devices.every((one) => all.some(({ device }) => device === one))) return;
    }
  }

  return {
    at: (bed) => known.get(bed) ?? [],
    follow: (beds, claims) => {
      if (isReading || performance.now() - readMs < READ_EVERY_MS) return;
      [isReading, readMs] = [true, performance.now()];
      const theirs = (bed: string): readonly string[] =>
        claims.filter((one) => one.bed.id === bed).map(({ device }) => device);
      const all = beds.map((bed) => readBed(bed, theirs(bed)));
      void Promise.all(all).finally(() => {
        isReading = false;
      });
    },
  };
}
