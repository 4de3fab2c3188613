// Texts of the first minute's guide, in the demo.

import type { GuideStep } from "../guide/steps.ts";
import { roughly } from "../format.ts";

export const GUIDE = "First steps";
export const HIDE = "Hide guide";
export const DONE = "done";
export const ALL_DONE =
  "That was it: you have seen a visit. Nothing here is real, so try all else.";

/** `bed`: its label; null: there is none such now. */
export function stepText(step: GuideStep, bed: string | null, sinceDoseS: number | null): string {
  switch (step) {
    case "look": {
      const dosed = sinceDoseS === null ? "" : ` ${roughly(sinceDoseS)} ago`;
      return bed === null
        ? "Open a bed: its trend shows the pressure since the dose."
        : `A patient was dosed${dosed} in ${bed}. Open ${bed}: its trend shows what came of it.`;
    }
    case "pause":
      return (
        "An alarm comes within a minute or two, at the top. While it sounds, choose its bed and " +
        "pause its sound: the countdown stands on the tile."
      );
    case "acknowledge":
      return "Acknowledge an alarm: its sound stops for good, its light stays while it lasts.";
    case "start":
      return bed === null
        ? "Start a session: open a bed that is free."
        : `A patient comes to ${bed}. Open ${bed}, and start a session.`;
    case "end":
      return `End it again${bed === null ? "" : ` in ${bed}`}: Discharge, “not dosed”.`;
  }
}

/** What a step is called in the row of all. */
export const STEP_NAME: Readonly<Record<GuideStep, string>> = {
  look: "Look at a bed",
  acknowledge: "Acknowledge",
  pause: "Pause the sound",
  start: "Start a session",
  end: "End it",
};
