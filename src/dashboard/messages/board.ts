// Texts of the wall board: pairing it, and what stands on it.

export const THIS_IS_A_BOARD = "Make this screen a wall board";
export const TITLE = "Wall board";
export const ABOUT =
  "A wall board shows the ward and sounds its alarms. Nothing can be done at it, and it stays " +
  "on until it is unpaired. An admin gets the code on the page Setup; it is good for 10 minutes.";
export const CODE = "Code";
export const NAME = "Name of this board";
export const NAME_HINT = "such as hall-2: letters, numbers, dots and dashes";
export const PAIR = "Pair this board (turns sound on)";
export const NOT_PAIRED = "Not paired";
export const CODE_MISSING = "Type the code first.";
export const NAME_MISSING = "Give this board a name first.";
export const TO_LOG_IN = "To the log-in";
export const TO_WARD = "Back to the ward";
export const BOARD_WORD = "board";
export const BOARD_VIEW_ONLY = "WALL BOARD: view only";
export const UNPAIR = "Unpair this board";
export const UNPAIR_ABOUT =
  "This screen is a wall board. Unpaired, it shows no alarms until somebody logs in or pairs it " +
  "again.";

/** Somebody is logged in where a board is to be paired. */
export function replacesLogIn(name: string): string {
  return `${name} is logged in here. Pairing ends that; until then this page shows no alarms.`;
}

/** Why the service refused, in an admin's words. */
export const REFUSED: Readonly<Record<string, string>> = {
  "/problems/wrong-code":
    "the code is not good, or was used, or is older than 10 minutes. Get a new one on Setup.",
  "/problems/name-taken": "a board had this name before. Choose another; the code stays good.",
};
