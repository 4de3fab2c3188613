//! What monitors send to a `TestWard`: values in one call, streams at one a second, and real bytes
//! through the decoders.

use dosevigil::domain::device::ge_dinamap_ascii::GeDinamapAscii;
use dosevigil::domain::device::{Decoded, Event, Frames, Message, Reject, vitals_json};
use dosevigil::domain::ids::SourceIndex;
use dosevigil::domain::input::{Input, LinkChange};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{
    Absent, Measured, Quantity, Reading, Validity, ValueSource, check_pair, plausible,
};

use crate::support::{BED, BROKER, CUFF_LINE, OXIMETER_LINE, TestWard, device, seconds};

/// Decoders of the two serial lines, fresh for each opening.
pub(crate) struct Decoders {
    cuff: GeDinamapAscii,
}

impl Decoders {
    pub(crate) fn new() -> Self {
        Self { cuff: GeDinamapAscii::new(Frames::All) }
    }
}

/// A cuff determination to send.
#[derive(Clone, Copy)]
pub(crate) struct Cuff {
    pub(crate) sys: i32,
    pub(crate) dia: i32,
    pub(crate) map: Option<i32>,
    pub(crate) pulse: Option<i32>,
    pub(crate) validity: Validity,
    pub(crate) measured: Measured,
    pub(crate) source: ValueSource,
}

impl Cuff {
    pub(crate) fn new(sys: i32, dia: i32) -> Self {
        Self {
            sys,
            dia,
            map: None,
            pulse: None,
            validity: Validity::Good,
            measured: Measured::AtReceipt,
            source: ValueSource::Nibp,
        }
    }

    pub(crate) fn message(self) -> Message {
        let of = |metric, value| Reading {
            validity: self.validity,
            measured: self.measured,
            ..reading(metric, value, self.source)
        };
        let mut readings = vec![of(Metric::NibpSys, self.sys), of(Metric::NibpDia, self.dia)];
        readings.extend(self.map.map(|map| of(Metric::NibpMap, map)));
        readings.extend(self.pulse.map(|pulse| of(Metric::PulseRate, pulse)));
        check_pair(&mut readings, Metric::NibpSys, Metric::NibpDia);
        Message { readings, ..Message::default() }
    }
}

/// A reading as decoders make it: outside its plausible band it is absent.
pub(crate) fn reading(metric: Metric, value: i32, source: ValueSource) -> Reading {
    Reading::new(metric, plausible(metric, value.into()), source)
}

pub(crate) fn pulse(bpm: i32) -> Reading {
    reading(Metric::PulseRate, bpm, ValueSource::Pleth)
}

pub(crate) fn heart(bpm: i32) -> Reading {
    reading(Metric::HeartRate, bpm, ValueSource::Ecg)
}

pub(crate) fn spo2(percent: i32) -> Reading {
    reading(Metric::SpO2, percent, ValueSource::Pleth)
}

pub(crate) fn resp(per_minute: i32) -> Reading {
    reading(Metric::RespRate, per_minute, ValueSource::Ecg)
}

/// The device says that it has no value.
pub(crate) fn absent(metric: Metric, source: ValueSource) -> Reading {
    Reading::new(metric, Err(Absent::Unavailable), source)
}

pub(crate) fn questionable(reading: Reading) -> Reading {
    Reading { validity: Validity::Questionable, ..reading }
}

pub(crate) fn value(metric: Metric, value: i32, source: ValueSource) -> Reading {
    Reading::new(metric, Ok(Quantity(value)), source)
}

impl TestWard {
    pub(crate) fn message(&mut self, source: SourceIndex, from: &str, message: Message) {
        self.input(&Input::Message { bed: BED, source, device: device(from), message });
    }

    /// One determination of the cuff on its serial line.
    pub(crate) fn cuff(&mut self, sys: i32, dia: i32) {
        self.determination(Cuff::new(sys, dia));
    }

    pub(crate) fn determination(&mut self, cuff: Cuff) {
        self.message(CUFF_LINE, "cuff", cuff.message());
    }

    /// A pressure taken by hand.
    pub(crate) fn by_hand(&mut self, sys: i32, dia: i32) {
        let cuff = Cuff { source: ValueSource::Manual, ..Cuff::new(sys, dia) };
        self.message(BROKER, "hand", cuff.message());
    }

    /// These readings from the oximeter's line, now.
    pub(crate) fn sends(&mut self, readings: &[Reading]) {
        let message = Message { readings: readings.to_vec(), ..Message::default() };
        self.message(OXIMETER_LINE, "oximeter", message);
    }

    /// One message with these readings a second, the first now; ends a second after the last.
    pub(crate) fn stream(&mut self, samples: u64, readings: &[Reading]) {
        for _ in 0..samples {
            self.sends(readings);
            self.advance(seconds(1));
        }
    }

    pub(crate) fn link(&mut self, source: SourceIndex, change: LinkChange) {
        let bed = (source != BROKER).then_some(BED);
        self.input(&Input::Link { bed, source, device: None, change });
    }

    pub(crate) fn link_lost(&mut self, source: SourceIndex, why: &str) {
        let since = self.now;
        self.link(source, LinkChange::Lost { since, why: why.into() });
    }

    pub(crate) fn link_online(&mut self, source: SourceIndex) {
        self.link(source, LinkChange::Online);
    }

    pub(crate) fn reject(&mut self, source: SourceIndex, reason: Reject) {
        self.input(&Input::Rejected { bed: Some(BED), source, reason });
    }

    /// Bytes of the DINAMAP on the cuff's line, through its decoder.
    pub(crate) fn serial_bytes(&mut self, bytes: &[u8]) {
        let mut decoded = Vec::new();
        self.decoders.cuff.push(bytes, &mut decoded);
        for Decoded { event, .. } in decoded {
            match event {
                Event::Message(message) => self.message(CUFF_LINE, "cuff", message),
                Event::Rejected { reason, .. } => self.reject(CUFF_LINE, reason),
            }
        }
    }

    /// A vitals-json payload from the broker, through its decoder.
    pub(crate) fn mqtt_payload(&mut self, payload: &str) {
        match vitals_json::decode(payload.as_bytes()) {
            Ok(message) => {
                let from = message.device.clone().expect("the payload names its device");
                self.message(BROKER, from.as_str(), message);
            }
            Err(reason) => self.reject(BROKER, reason),
        }
    }
}

/// A DINAMAP's answer to "read NIBP" (`ge-dinamap-ascii` 4): a determination of `age_s` ago.
pub(crate) fn dinamap_cuff(age_s: u32, sys: u32, dia: u32, map: u32) -> Vec<u8> {
    dinamap(&format!(" NA110{age_s:04}{sys:03}{dia:03}{map:03}"))
}

/// A DINAMAP's answer to "read pulse": from its cuff (`ge-dinamap-ascii` 5).
pub(crate) fn dinamap_cuff_pulse(bpm: u32) -> Vec<u8> {
    dinamap(&format!(" RA3{bpm:03}"))
}

pub(crate) fn dinamap(body: &str) -> Vec<u8> {
    let mut bytes = body.as_bytes().to_vec();
    let sum = simulators::device::dinamap::checksum(&bytes);
    bytes.extend(sum);
    bytes.push(b'\r');
    bytes
}
