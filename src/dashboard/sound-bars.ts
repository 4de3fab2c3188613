// The bars above the header about this screen's sound: that it is off, and after it was turned on,
// the question whether it was heard, recorded with the person's name (alarms 3, and Dashboard HMI
// 7). A browser can't know whether a loudspeaker is on; a person can. Where a browser lets the page
// sound without a press (a managed station), it does. Who last heard it is told in the footer.

import { part, write, writeOrHide } from "./dom.ts";
import { refusal, SOUND_NOT_HEARD, SOUND_QUESTION } from "./messages.ts";
import { LOUDSPEAKER_CHANGED, NOT_CONFIRMED } from "./messages/screen.ts";
import { heardBy } from "./messages/setup.ts";
import { isOnTheFloor, type Person } from "./person.ts";
import type { AudioWord, Screen } from "./screen.ts";
import type { Speaker } from "./speaker.ts";
import type { Standing } from "./station.ts";

/** `asked`: played, and not yet answered; `unheard`: a person said no; `changed`: it was heard on
 * what may be another loudspeaker, and nothing was played on this one. */
type Heard = "heard" | "asked" | "unheard" | "changed";

const QUESTION: Readonly<Record<Heard, string>> = {
  heard: SOUND_QUESTION,
  asked: SOUND_QUESTION,
  unheard: SOUND_NOT_HEARD,
  changed: LOUDSPEAKER_CHANGED,
};

export type SoundBarsParts = {
  readonly speaker: Speaker;
  readonly screen: Screen;
  readonly onChange: () => void;
  /** The service's time of day. */
  readonly time: () => string;
};

export type SoundBars = {
  /** Plays the test, and asks whether it was heard. */
  readonly play: () => void;
  /** This person came in without a press: the page was loaded again. */
  readonly tryAlone: (person: Person) => void;
  readonly update: (standing: Standing) => void;
  readonly word: () => AudioWord;
};

export function createSoundBars(page: Document, parts: SoundBarsParts): SoundBars {
  const off = part(page, "#sound-bar");
  const test = part(page, "#sound-test");
  const question = part(test, "#sound-question");
  const why = part(page, "#sound-why");
  const [yes, no] = [part(test, "#sound-heard"), part(test, "#sound-not-heard")];
  const told = part(page, "#sound-told");
  let heard: Heard = "heard";
  let isAsked = false;
  let [who, lastHeard] = ["", NOT_CONFIRMED];

  function play(): void {
    parts.speaker.playTest();
    if (heard !== "unheard") heard = "asked";
    parts.onChange();
  }

  /** The answer counts here at once: a "no" must not wait for the service. */
  async function say(isHeard: boolean): Promise<void> {
    heard = isHeard ? "asked" : "unheard";
    if (!isHeard) lastHeard = NOT_CONFIRMED;
    parts.onChange();
    writeOrHide(why, "");
    const by = who;
    const answer = await parts.screen.soundTest(isHeard);
    if (answer.kind !== "done") writeOrHide(why, refusal("Not recorded", answer));
    else if (heard === "asked") [heard, lastHeard] = ["heard", heardBy(by, parts.time())];
    parts.onChange();
  }

  off.addEventListener("submit", (event) => {
    event.preventDefault();
    void parts.speaker.unlock().then((isOn) => isOn && play());
  });
  test.addEventListener("submit", (event) => event.preventDefault());
  yes.addEventListener("click", () => void say(true));
  no.addEventListener("click", () => void say(false));
  part(test, "#sound-again").addEventListener("click", play);
  // Nothing is played by itself: a screen that wakes is such a change, too. Without TLS there is
  // none to listen to.
  (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener("devicechange", () => {
    if (heard !== "unheard") [heard, lastHeard] = ["changed", NOT_CONFIRMED];
    parts.onChange();
  });

  return {
    play,
    // Where nobody can be asked, a test that nobody began would only be taken for an alarm.
    tryAlone: (person) =>
      void parts.speaker.unlock().then((isOn) => isOn && isOnTheFloor(person) && play()),
    update: (standing) => {
      // Only a nurse or a lead can be asked: their answer is recorded by name.
      who = standing.kind === "in" ? standing.person.name : "";
      isAsked = standing.kind === "in" && isOnTheFloor(standing.person) && heard !== "heard";
      off.hidden = standing.kind !== "in" || parts.speaker.isOn();
      writeOrHide(told, off.hidden && who !== "" ? lastHeard : "");
      const wasHidden = test.hidden;
      test.hidden = !isAsked || !off.hidden;
      yes.hidden = no.hidden = heard === "changed";
      write(question, QUESTION[heard]);
      // Who has just logged in by keyboard is left nowhere: the log-in is gone.
      if (wasHidden && !test.hidden && isNowhere(page)) question.focus();
    },
    word: () =>
      !parts.speaker.isOn() ? "locked" : isAsked && heard === "unheard" ? "muted" : "unlocked",
  };
}

/** The focus is on nothing that can be seen: it is taken from nobody. */
function isNowhere({ activeElement: at, body }: Document): boolean {
  return at === null || at === body || at.closest("[hidden]") !== null;
}
