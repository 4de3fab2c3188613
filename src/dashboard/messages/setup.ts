// Texts of the page Setup: limits in force, devices, screens, pairing, viewing distance.

import { delay, duration, roughly, STARS } from "../format.ts";
import { NOT_APPROVED, PHASE_WORD, PRIORITY_WORD } from "../messages.ts";
import type { Readable } from "../setup/readable.ts";
import type { Preset, PresetLimit } from "../wire-preset.ts";
import type { Occurrence } from "../wire.ts";
import type { OpenScreen } from "../wire-setup.ts";

export const TITLE = "Setup";
export const NOT_YOURS = "Only a lead or an admin can read the setup. Ask one of them.";
export const LIMITS = "Limits";
export const PRESETS = "Presets";
export const HOW_TO_APPROVE =
  "The clinic approves them in the preset's file (approved_by, approved_on), not on this page.";
export const IN_FORCE = "in force for every bed";
export const COLUMNS: readonly string[] = [
  "Rule",
  "Signal",
  "Limit",
  "Above 65 y",
  "Waits for",
  "Priority",
  "Phases",
  "Source",
];
export const ABOUT_COLUMNS =
  "Rule: its name in the preset's file. Waits for: how long a value must stay there, or that it " +
  "is repeated. Source: [brackets] name a published work; where it says not confirmed, nobody " +
  "has found the number in one.";

export const DEVICES = "Devices and links";
export const NO_LINKS = "no device seen";
export const SOURCES = "Sources";

export const DELAY = "How fast alarms go out";
export const NO_DELAY = "No alarm has come from a reading since this page was opened.";
export const DELAY_ABOUT =
  "From the last byte of the reading to the alarm's going out to the screens. Wanted: 100 ms, " +
  "and 1 s until it is painted; 2 s at most, and later is an alarm itself. What comes on top: " +
  "the monitor's own delay, the time until the next cuff reading, and a limit's own waiting time.";
const ms = (n: number): string => `${n < 10 ? n.toFixed(1) : Math.round(n)} ms`;
export function newestDelay(of: NonNullable<Occurrence["latency_us"]>, all: number): string {
  const part = (us: number): string => ms(us / 1000);
  const steps = [
    `read ${part(of.decode)}`,
    `judged ${part(of.step)}`,
    `written down ${part(of.commit)}`,
    `sent ${part(of.publish)}`,
  ];
  return `Newest: ${ms(all)} (${steps.join(", ")}).`;
}
export function delayFigures(count: number, middle: number, longest: number): string {
  return `Newest ${count}: median ${ms(middle)}, longest ${ms(longest)}.`;
}

export const SCREENS = "Screens that are open";
export const SCREENS_TAB = "Screens and boards";
export const NO_SCREENS = "No screen is open: nobody watches.";
export const SCREEN_COLUMNS: readonly string[] = [
  "Screen",
  "Who",
  "Watching",
  "Sound",
  "Test sounds",
  "Last seen",
];

export const PAIRING = "Pair a wall board";
export const PAIRING_ABOUT =
  "Open /board in the browser of the screen on the wall, and type the code there. It is good " +
  "once. A board only shows and sounds; it can do nothing.";
export const PAIRING_ADMIN = "An admin gets the code here.";
export const GET_CODE = "Get a code";
export const CODE_NOT_GIVEN = "No code";
export const CODE_OVER = "The code is no longer good. Get a new one.";

export const RULER = "How far away can it be read?";
export const RULER_ABOUT =
  "Hold a real ruler to the screen and measure this line from end to end; a browser does not " +
  "know how large its screen is. Full screen, at the zoom that you use.";
export const LINE_MM = "Length of the line in mm";
export const NO_LINE = "Type a length from 20 to 2000 mm.";
export const NO_TILES = "The ward has no tile to measure.";

export const THIS_SCREEN = "This computer";
export const COMPUTER: readonly string[] = [
  "Sleep: set the computer and its screen to never sleep, also with the lid closed. The page " +
    "asks the browser to keep the screen on, which a browser may refuse. A sleeping or hidden " +
    "page watches nothing, and the service counts it so.",
  "Sound: a browser keeps a page silent until somebody taps or types in it. So each start has " +
    "the button that turns the sound on. On a managed station allow it by policy: " +
    "AutoplayAllowed or " +
    "AutoplayAllowlist with this address (Chrome, Edge), or a kiosk started with " +
    "--autoplay-policy=no-user-gesture-required.",
  "Loudspeaker: no page can know whether it is on. Turn it up, and say yes to the test sounds " +
    "only when you heard them where you stand.",
];
export const EFFECTIVE = "Effective configuration";

export function approval(preset: Pick<Preset, "approved_by" | "approved_on">): string {
  return preset.approved_by === null
    ? NOT_APPROVED
    : `Approved by ${preset.approved_by} on ${preset.approved_on ?? "-"}`;
}

const REQUIRED_WORD: Readonly<Record<string, string>> = {
  nibp: "cuff pressure",
  heart_rate: "heart rate",
  spo2: "SpO₂",
  resp: "respiration",
};

/** What a preset is, under its name. */
export function presetFacts(preset: Preset): string {
  const times = (span: Preset["active"]): string =>
    `${span.min} min after ${span.after === "dose_end" ? "the dose's end" : "the dose's start"}`;
  const left = preset.not_in_force.join(", ");
  return [
    `${preset.drug}, ${preset.routes.join(", ")}, version ${preset.version}`,
    ...(preset.in_force ? [IN_FORCE] : []),
    `needs ${preset.requires.map((name) => REQUIRED_WORD[name] ?? name).join(", ")}`,
    `active until ${times(preset.active)}`,
    `no discharge before ${times(preset.observe)}`,
    ...preset.due.map(
      (due) => `a cuff reading at ${due.at_min} min, late from ${due.alarm_min} min`,
    ),
    ...(left === "" ? [] : [`rules left out: ${left}`]),
  ].join(" · ");
}

/** The file's own mark for what is from memory, in words. */
export function sourceText(limit: PresetLimit): string {
  return limit.source.replaceAll("(M)", "not confirmed");
}

export function priorityText(limit: PresetLimit): string {
  return `${STARS[limit.priority]} ${PRIORITY_WORD[limit.priority]}`;
}

export function waitText(limit: PresetLimit): string {
  const held = limit.delay_s === 0 ? [] : [delay(limit.delay_s)];
  const again = limit.confirm_s === null ? [] : [`repeat within ${delay(limit.confirm_s)}`];
  return [...held, ...again, ...(limit.with_symptom ? ["a symptom"] : [])].join(", ");
}

export function phasesText(limit: PresetLimit): string {
  const words: Readonly<Record<string, string>> = PHASE_WORD;
  return limit.phases.length >= 5
    ? "all"
    : limit.phases.map((phase) => (words[phase] ?? phase).toLowerCase()).join(", ");
}

export function watchingText(screen: OpenScreen): string {
  const words: Readonly<Record<string, string>> = {
    visible: "watching",
    hidden: "hidden: does not count",
    lost: "LOST",
    silent: "just opened",
  };
  const beds = screen.beds === null ? "" : `, ${screen.beds.length} beds`;
  return (words[screen.state] ?? screen.state) + (screen.state === "visible" ? beds : "");
}

/** A board is nobody. */
export function ownerText(screen: OpenScreen): string {
  return screen.kind === "board" ? "-" : screen.owner;
}

export function soundText(screen: OpenScreen): string {
  switch (screen.audio) {
    case "unlocked":
      return "on";
    case "locked":
      return "OFF";
    case "muted":
      return "NOT HEARD";
    case null:
      return "-";
  }
}

/** In the footer, of this screen. */
export function heardBy(name: string, at: string): string {
  return `Sound heard by ${name} ${at}`;
}

export function soundTestText(
  { sound_test: test }: OpenScreen,
  clockTime: (ms: number) => string,
): string {
  if (test === null) return "nobody has said";
  const told = test.heard ? "heard by" : "NOT HEARD by";
  return `${told} ${test.by} ${clockTime(test.at)}`;
}

export function ageText(seconds: number): string {
  return `${roughly(seconds)} ago`;
}

/** In groups, as it is read out. */
export function codeText(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1 ");
}

export function codeLeft(seconds: number): string {
  return `good for ${duration(seconds)}`;
}

/** "Pressures: 24 mm high, easy to read from up to 3.7 m, at the most from 4.8 m." */
export function readableLine(what: string, readable: Readable): string {
  const [mm, easy, most] = [readable.heightMm, readable.easyM, readable.mostM].map((n) =>
    n.toFixed(1),
  );
  return `${what}: ${mm} mm high, easy to read from up to ${easy} m, at the most from ${most} m.`;
}

export const PRESSURES = "Pressures on the ward";
export const SIGNALS = "Rates and saturation";
