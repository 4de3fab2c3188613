// What the session's panel is made of: one drawer for each thing a nurse does, one open at a time.

import type { Seen, ViewParts } from "../page-view.ts";
import type { Bed } from "../wire.ts";
import type { SessionDetail } from "../wire-session.ts";

/** What a drawer is painted from. `session` null: none runs, or it is not read yet. */
export type About = {
  readonly bed: Bed;
  readonly session: SessionDetail | null;
  readonly seen: Seen;
};

export type SectionParts = Pick<ViewParts, "acts" | "read" | "go" | "tell"> & {
  readonly bed: string;
  /** Reads the session again: after an act, its gates and tasks are others. */
  readonly refresh: () => void;
  /** Closes this drawer, or opens another, as soon as that is offered; a person asked for it. */
  readonly openDrawer: (name: SectionName | null) => void;
};

export type SectionName =
  | "conflict"
  | "start"
  | "baseline"
  | "dose"
  | "vitals"
  | "observation"
  | "intervention"
  | "limits"
  | "handover"
  | "standby"
  | "preset"
  | "move"
  | "discharge";

export type Section = {
  readonly name: SectionName;
  /** The word on its button; null: not offered now. */
  readonly label: (about: About) => string | null;
  /** What stands in the drawer; made once. */
  readonly element: HTMLElement;
  readonly update: (about: About) => void;
  /** It was opened: read what is needed; where a person opened it, take the focus. */
  readonly opened: (about: About, byPerson: boolean) => void;
};

export type OpenSection = (parts: SectionParts) => Section;
