// Texts of the help: the keys, and what the signs on the page mean.

export const TITLE = "Keys";
export const CLOSE = "Close";
export const SKIP = "To the alarms (s)";

export type KeyLine = { readonly keys: string; readonly does: string };

/** For who can act; who only watches has those before them, and a wall board the first. */
export const KEYS: readonly KeyLine[] = [
  { keys: "s", does: "go to the alarms; up and down move between them" },
  { keys: "b", does: "go to the beds; the arrows move between them" },
  { keys: "?", does: "this help" },
  { keys: "Enter", does: "open the bed you are on" },
  { keys: "Escape", does: "back to the ward, or out of what is open" },
  { keys: "a", does: "acknowledge the alarm you are on: its sound stops, its light stays" },
  { keys: "A", does: "(Shift and a) acknowledge it with a reason: Tab to one, Enter" },
  { keys: "p", does: "pause the sound of the bed you are on, for two minutes" },
];
export const LOOKING_KEYS: readonly KeyLine[] = KEYS.slice(0, 5);
export const BOARD_KEYS: readonly KeyLine[] = KEYS.slice(0, 3);

export const SIGNS: readonly string[] = [
  "While you type in a field, no key is a command. No key acknowledges more than one alarm.",
  "HIGH is a triangle (!!!), MEDIUM a diamond (!!), LOW a circle (!). Filled: the patient. " +
    "Outlined with a wrench: the equipment.",
  "Beside each number: its limits, the highest at the top, the tightest and the HIGH one of " +
    "each side. While an alarm stands, the limit it is about, in white, and the next one. In a " +
    "dotted box: changed for this patient. The bed's page, and a large tile, add for how long a " +
    "value must stay there; 2×: until the next cuff reading agrees, or does not come in time.",
  "verify, in a small tile ?: the value is unusual. Look at the patient and the sensor.",
  "-?- means that there is no number to trust. The bedside monitor stays the primary alarm.",
];
