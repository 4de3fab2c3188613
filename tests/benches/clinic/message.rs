//! Payloads of bedside monitors (`vitals-json` 1), one monitor per bed.

/// One publish: of which bed, with its number.
pub(crate) struct Message {
    pub(crate) bed: u32,
    pub(crate) seq: u32,
    pub(crate) readings: u64,
    pub(crate) text: String,
}

/// What a message tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    /// Four values within their limits: hr, spo2, pulse, resp.
    State,
    /// One of the four.
    One(u32),
    Resp(u32),
    Cuff {
        sys: u32,
        dia: u32,
        map: u32,
    },
}

impl Tells {
    /// Above the limit of a very high cuff reading (B1).
    pub(crate) const CUFF_HIGH: Self = Self::Cuff { sys: 205, dia: 122, map: 150 };
    /// Below the limit of a very low one (B10).
    pub(crate) const CUFF_LOW: Self = Self::Cuff { sys: 72, dia: 40, map: 51 };
    /// Respiration 0 of a device that says its value is good (R1).
    pub(crate) const APNOEA: Self = Self::Resp(0);
    pub(crate) const BREATHING: Self = Self::Resp(14);

    fn readings(self) -> u64 {
        match self {
            Self::State => 4,
            Self::One(_) | Self::Resp(_) => 1,
            Self::Cuff { .. } => 3,
        }
    }

    fn observations(self) -> String {
        let hr = r#"{"sig":"hr","val":72,"unit":"/min","src":"ecg"}"#;
        let spo2 = r#"{"sig":"spo2","val":97,"unit":"%"}"#;
        let pulse = r#"{"sig":"pr","val":72,"unit":"/min"}"#;
        let resp = |rate: u32| format!(r#"{{"sig":"rr","val":{rate},"unit":"/min"}}"#);
        match self {
            Self::State => format!("{hr},{spo2},{pulse},{}", resp(14)),
            Self::One(which) => match which % 3 {
                0 => hr.to_owned(),
                1 => spo2.to_owned(),
                _ => pulse.to_owned(),
            },
            Self::Resp(rate) => resp(rate),
            Self::Cuff { sys, dia, map } => {
                format!(r#"{{"sig":"nibp","sys":{sys},"dia":{dia},"map":{map},"unit":"mmHg"}}"#)
            }
        }
    }
}

impl Message {
    pub(crate) fn new(bed: u32, seq: u32, tells: Tells) -> Self {
        let ts = jiff::Timestamp::now();
        let observations = tells.observations();
        let head =
            format!(r#"{{"v":1,"device":{{"id":"monitor-{bed}"}},"seq":{seq},"ts":"{ts:.3}""#);
        let text = format!(r#"{head},"obs":[{observations}]}}"#);
        Self { bed, seq, readings: tells.readings(), text }
    }

    pub(crate) fn topic(&self) -> String {
        let bed = self.bed;
        format!("vitals/v1/bench/bay-{bed}/monitor-{bed}/obs")
    }
}
