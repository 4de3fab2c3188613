// From how far a digit can be read (alarms, Dashboard HMI 4): pure.

/** Of the eye: what reads easily, 20 to 22 minutes of arc; the larger, so that nobody strains. */
const EASY_ARCMIN = 22;
/** At the most 200 times the height, about 17 minutes of arc. */
const MOST_HEIGHTS = 200;
const MM_PER_M = 1000;
const ARCMIN = Math.PI / (180 * 60);
const LINE_MM = { min: 20, max: 2000 } as const;

export type Readable = {
  readonly heightMm: number;
  readonly easyM: number;
  readonly mostM: number;
};

/** What was measured of the line, in mm; null: it can't be its length. */
export function lineMm(typed: string): number | null {
  const mm = typed.trim() === "" ? Number.NaN : Number(typed.replace(",", "."));
  return mm >= LINE_MM.min && mm <= LINE_MM.max ? mm : null;
}

export function readable(heightMm: number): Readable {
  const easyM = heightMm / Math.tan(EASY_ARCMIN * ARCMIN) / MM_PER_M;
  return { heightMm, easyM, mostM: (heightMm * MOST_HEIGHTS) / MM_PER_M };
}
