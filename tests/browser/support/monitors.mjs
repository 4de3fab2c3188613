// Bedside monitors on MQTT, written from the protocols alone: a publisher (MQTT 3.1.1, QoS 1) and
// documents of vitals-json v1. Every publish waits for the broker's acknowledgement.

import { connect } from "node:net";
import { SITE, WITHIN_MS } from "./process.mjs";

const CONNECT = 0x10;
const PUBLISH_QOS_1 = 0x32;
const CONNACK = 2;
const PUBACK = 4;

export async function openMonitors(brokerPort) {
  const socket = connect(brokerPort, "127.0.0.1");
  const waiting = new Map();
  let received = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    // CONNACK and PUBACK are four bytes each, and nothing else is sent to a publisher.
    for (; received.length >= 4; received = received.subarray(4)) {
      const key = received[0] >> 4 === CONNACK ? "connect" : received.readUInt16BE(2);
      if (received[0] >> 4 === CONNACK || received[0] >> 4 === PUBACK) waiting.get(key)?.();
      waiting.delete(key);
    }
  });

  function send(first, body, key) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the broker is silent")), WITHIN_MS);
      waiting.set(key, () => {
        clearTimeout(timer);
        resolve();
      });
      socket.write(Buffer.concat([Buffer.from([first]), lengthOf(body), body]));
    });
  }

  const session = [text("MQTT"), Buffer.from([4, 2, 0, 0]), text(`monitors-${process.pid}`)];
  await send(CONNECT, Buffer.concat(session), "connect");

  let packet = 0;
  let seq = 0;
  function publish(topic, document) {
    packet = (packet % 0xffff) + 1;
    const id = Buffer.from([packet >> 8, packet & 0xff]);
    const body = Buffer.concat([text(topic), id, Buffer.from(JSON.stringify(document))]);
    return send(PUBLISH_QOS_1, body, packet);
  }

  function sendOne(bed, device, obs, { off_ms: offMs = 0, ...more } = {}) {
    seq += 1;
    const ts = new Date(Date.now() + offMs).toISOString();
    const document = { v: 1, device: { id: device }, seq, ts, obs, ...more };
    return publish(`vitals/v1/${SITE}/${bed}/${device}/obs`, document);
  }
  const measure = (bed, ...values) => sendOne(bed, `cuff-${bed}`, [cuff(...values)]);

  return {
    /** One document of a device; `off_ms` shifts its clock. */
    send: sendOne,
    /** By the bed's own cuff, as `cuff`. */
    measure,
    /** So high a pressure: from 200 on HIGH at once. */
    high: (bed, sys) => measure(bed, sys, 100),
    /** So low a one, and again, which confirms it: below 90 MEDIUM. */
    low: async (bed, sys) => {
      for (const agoS of [40, 20]) await measure(bed, sys, 60, agoS);
    },
    /** One that ends both. */
    calm: (bed) => measure(bed, 120, 70),
    /** What a monitor gives of somebody who is well. */
    signals: (bed, saturation = 97) =>
      sendOne(bed, `monitor-${bed}`, [spo2(saturation), heartRate(72)]),
    /** What a gateway's last will would say. */
    status: (bed, device, online) =>
      publish(`vitals/v1/${SITE}/${bed}/${device}/status`, { online }),
    close: () => socket.destroy(),
  };
}

/** A cuff's reading, measured `agoS` seconds ago. */
export function cuff(sys, dia, agoS = 0) {
  const at = new Date(Date.now() - agoS * 1000).toISOString();
  return { sig: "nibp", sys, dia, map: Math.round((sys + 2 * dia) / 3), unit: "mmHg", at };
}

export const spo2 = (val) => ({ sig: "spo2", val, unit: "%" });
export const heartRate = (val) => ({ sig: "hr", val, unit: "/min", src: "ecg" });

function text(string) {
  const bytes = Buffer.from(string);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** The remaining length, seven bits a byte. */
function lengthOf(body) {
  const bytes = [];
  let rest = body.length;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}
