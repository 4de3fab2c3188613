// The code that pairs a wall board: an admin gets it, reads it out or copies it, and it runs out.

import { make, write, writeOrHide } from "../dom.ts";
import { refusal } from "../messages.ts";
import * as say from "../messages/setup.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { checkPairing } from "../wire-setup.ts";

const CODE = { method: "POST", path: "/screens/pairings", body: {} } as const;

export type PairingPart = { readonly element: HTMLElement; readonly update: (seen: Seen) => void };

export function createPairing({ acts, tell }: Pick<ViewParts, "acts" | "tell">): PairingPart {
  const get = make("button", { type: "button", class: "send" }, [say.GET_CODE]);
  const who = make("p", {}, [say.PAIRING_ADMIN]);
  const code = make("p", { class: "pairing-code" });
  const left = make("p", { class: "pairing-left" });
  const why = make("p", { class: "why", role: "status" });
  const inside = [
    make("h3", {}, [say.PAIRING]),
    make("p", {}, [say.PAIRING_ABOUT]),
    make("div", { class: "send-row" }, [get, why]),
    who,
    code,
    left,
  ];
  const element = make("section", { class: "setup-part" }, inside);
  /** On this page's own clock: the service's runs faster in a simulation. */
  let endsMs: number | null = null;

  async function ask(): Promise<void> {
    get.disabled = true;
    const answer = await acts.send(CODE);
    get.disabled = false;
    if (answer.kind !== "done") return writeOrHide(why, refusal(say.CODE_NOT_GIVEN, answer));
    const given = checkPairing(answer.body);
    if (given.kind === "fault") return writeOrHide(why, `${say.CODE_NOT_GIVEN}: ${given.why}`);
    writeOrHide(why, "");
    endsMs = performance.now() + given.value.valid_s * 1000;
    write(code, say.codeText(given.value.code));
    tell(say.codeText(given.value.code));
    paintLeft();
  }

  function paintLeft(): void {
    const leftMs = endsMs === null ? 0 : endsMs - performance.now();
    code.hidden = leftMs <= 0;
    const told = leftMs > 0 ? say.codeLeft(leftMs / 1000) : say.CODE_OVER;
    writeOrHide(left, endsMs === null ? "" : told);
  }

  get.addEventListener("click", () => void ask());
  return {
    element,
    update: ({ person }) => {
      const isAdmin = person?.role === "admin";
      get.hidden = !isAdmin;
      who.hidden = isAdmin;
      paintLeft();
    },
  };
}
