// What a view of the page is, and what it is given. The alarm strip, the clock, the sound and the
// bars stand around every view; a view fills the place below them.

import type { Acts } from "./acts.ts";
import type { Checked } from "./check.ts";
import type { Now } from "./clock.ts";
import type { TimeOfDay } from "./format.ts";
import type { Person } from "./person.ts";
import type { Ward } from "./store.ts";
import type { WireMessage } from "./wire.ts";

/** What is known at one moment. */
export type Seen = {
  /** Null: nothing is known, or not any more. */
  readonly ward: Ward | null;
  /** False: the connection is lost; no number may be shown as if it were live. */
  readonly isLive: boolean;
  /** The service's time; 0 while it is not known. */
  readonly serverMs: number;
  readonly time: TimeOfDay;
  readonly now: Now;
  readonly person: Person | null;
};

export type Read<T> =
  | { readonly kind: "good"; readonly value: T }
  /** Not found, not allowed, no answer or not readable: in a person's words. */
  | { readonly kind: "refused"; readonly status: number | null; readonly why: string };

export type ViewParts = {
  readonly acts: Acts;
  /** GET below `/api/v1`. */
  readonly read: <T>(path: string, check: (body: unknown) => Checked<T>) => Promise<Read<T>>;
  readonly go: (path: string) => void;
  /** Reads out politely; for what a person did, never for an alarm. */
  readonly tell: (text: string) => void;
};

export type PageView = {
  /** For the window's title and the heading that gets the focus when the view opens. */
  readonly title: string;
  readonly element: HTMLElement;
  /** At most once per frame, and four times a second. */
  readonly update: (seen: Seen) => void;
  /** Each live event, after it was taken in. */
  readonly hear: (message: WireMessage) => void;
  /** An address named a part of it, such as a drawer: opens that. */
  readonly turnTo?: (part: string) => void;
  /** It is left: nothing that it asked for may write any more. */
  readonly close: () => void;
};

export type OpenView<P> = (place: P, parts: ViewParts) => PageView;
