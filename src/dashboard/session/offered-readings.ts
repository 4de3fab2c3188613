// Which determinations a session's baseline may be made of: those of its patient, read again beside
// each new pressure and every few seconds while they are shown.

import type { Determination } from "./determinations.ts";
import { createRecentReadings } from "./recent-readings.ts";
import type { About, SectionParts } from "./section.ts";
import { readingsFrom } from "./turn-over.ts";

/** Real time. Ours. */
const READ_EVERY_MS = 10_000;

export type OfferedReadings = {
  /** Newest first. */
  readonly all: () => readonly Determination[];
  /** `busy`: more may come at once; `new`: not one read has come to its end. */
  readonly state: () => "new" | "busy" | "read";
  readonly update: (about: About) => void;
  /** Reads all again: old ones may have been voided. */
  readonly readAfresh: () => void;
};

/** `onChange`: with why they can't be read, or null. */
export function createOffered(
  parts: Pick<SectionParts, "bed" | "read">,
  onChange: (why: string | null) => void,
): OfferedReadings {
  const readings = createRecentReadings(parts.bed, parts);
  let about: About | null = null;
  let [isReading, readsAfresh, wasRead, readMs] = [false, false, false, 0];
  let newest: number | null = null;
  /** Of which session, and from when on. */
  let from = { session: "", ms: Number.POSITIVE_INFINITY };

  async function read(): Promise<void> {
    if (isReading || about === null || about.seen.serverMs === 0) return;
    const { session, seen } = about;
    const afresh = readsAfresh;
    [isReading, readsAfresh, readMs] = [true, false, performance.now()];
    if (session !== null && (afresh || from.session !== session.id))
      from = { session: session.id, ms: await readingsFrom(session, parts) };
    const why = await readings.read(seen.serverMs, afresh, () => onChange(null));
    isReading = false;
    wasRead ||= why === null;
    onChange(why);
    if (readsAfresh && why === null) void read();
  }

  return {
    all: () => {
      const session = about?.session ?? null;
      if (session === null) return [];
      const fromMs = from.session === session.id ? from.ms : session.started;
      return readings.all().filter((it) => it.measured >= fromMs);
    },
    state: () => (wasRead ? (isReading ? "busy" : "read") : "new"),
    update: (it) => {
      about = it;
      const cuff = it.bed.vitals.find(({ metric }) => metric === "nibp_sys");
      const measured = cuff?.measured ?? null;
      const isDue = performance.now() - readMs >= READ_EVERY_MS;
      if (measured !== newest || isDue) void read();
      newest = measured;
    },
    readAfresh: () => {
      readsAfresh = true;
      void read();
    },
  };
}
