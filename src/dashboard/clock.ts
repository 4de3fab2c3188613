// Turns the service's time, heard at each heartbeat, into "now" between two heartbeats. Clinical
// time may run faster than real time (simulation speed); what the page itself waits for (loss of
// the connection, flashing, sound) is always real time.

/** A local moment: `mono` never steps but may stand still while the machine sleeps; `wall` runs on
 * in its sleep but may step. Both in milliseconds. */
export type Now = { readonly mono: number; readonly wall: number };

export type ServerClock = {
  readonly serverMs: number;
  readonly heard: Now;
  readonly speed: number;
};

export function localNow(): Now {
  return { mono: performance.now(), wall: Date.now() };
}

/** Real milliseconds since `from`; the longer of both clocks, so that neither sleep nor a step
 * back can make something old look fresh. */
export function elapsedMs(from: Now, now: Now): number {
  return Math.max(now.mono - from.mono, now.wall - from.wall, 0);
}

export function serverNow(clock: ServerClock, now: Now): number {
  return clock.serverMs + Math.max(now.mono - clock.heard.mono, 0) * clock.speed;
}

/** Clinical seconds that passed since a message was heard. */
export function clinicalSeconds(speed: number, heard: Now, now: Now): number {
  return (elapsedMs(heard, now) / 1000) * speed;
}
