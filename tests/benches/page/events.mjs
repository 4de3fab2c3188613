// What a page hears, noted beside its own script.

/** Runs in the page before its own script: counts vitals, and keeps each alarm of a cuff until
 * `painted.mjs` finds it on its tile. */
export function noteEvents() {
  globalThis.vitalsHeard = 0;
  globalThis.unpainted = new Map();
  globalThis.EventSource = class extends EventSource {
    constructor(...given) {
      super(...given);
      this.addEventListener("vitals", () => (globalThis.vitalsHeard += 1));
      this.addEventListener("alarm", ({ data }) => {
        const heardMs = Date.now();
        const alarm = JSON.parse(data);
        if (alarm.metric !== "nibp_sys" || alarm.condition !== "present" || !alarm.latency_us)
          return;
        const key = `${alarm.bed} ${alarm.text}`;
        if (!globalThis.unpainted.has(key)) globalThis.unpainted.set(key, { alarm, heardMs });
      });
    }
  };
}
