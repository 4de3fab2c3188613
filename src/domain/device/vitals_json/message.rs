//! The objects of `vitals-json` 1 around the observations: message, device, alarms, tech, and the
//! document of a `/status` topic. What an observation means is `obs`.

use serde::de::MapAccess;

use super::document::{Context, Object, Value};
use super::obs::Obs;
use super::{Crc, Presence};
use crate::domain::alarm::Priority;
use crate::domain::device::{BedsideAlarm, DeviceStatus, Message, Reject, StatusCode};
use crate::domain::ids::DeviceId;
use crate::domain::reading::Measured;
use crate::domain::time::WallTime;

/// Longest code of a bedside alarm that is kept, in characters (`BedsideAlarm::code`).
const ALARM_CODE_MAX: usize = 32;

/// The codes that `tech` may name (`vitals-json` 1); the other statuses are of other protocols.
const TECH: [StatusCode; 11] = [
    StatusCode::SensorOff,
    StatusCode::SensorFault,
    StatusCode::LowPerfusion,
    StatusCode::Motion,
    StatusCode::CuffLeak,
    StatusCode::CuffLoose,
    StatusCode::Overpressure,
    StatusCode::Timeout,
    StatusCode::Aborted,
    StatusCode::LowBattery,
    StatusCode::CommsLost,
];

/// Reads one message and nothing after it.
pub(super) fn read_message(text: &str, crc: Crc) -> Result<Message, Reject> {
    let context = Context::new();
    let top: Top = context.read(text)?;
    match (top.crc, crc) {
        (Member::Present, Crc::NotLast) => return Err(Reject::Checksum),
        (Member::Present, Crc::Verified) | (Member::Missing, _) => {}
    }
    let (Member::Present, Some(device), Some(sent)) = (top.version, top.device, top.message.sent)
    else {
        return Err(Reject::Schema);
    };
    let mut message = Message { device: Some(device), ..top.message };
    message.unknown_keys = context.unknown();
    for reading in &mut message.readings {
        // Without `at` a value was measured when the message was sent (`vitals-json` 1).
        if reading.measured == Measured::AtReceipt {
            reading.measured = Measured::DeviceClock(sent);
        }
    }
    Ok(message)
}

/// Reads the document of a `/status` topic, where no other key may stand.
pub(super) fn read_status(text: &str) -> Result<Presence, Reject> {
    let context = Context::new();
    let status: Status = context.read(text)?;
    match (status.online, context.unknown()) {
        (Some(presence), 0) => Ok(presence),
        (Some(_) | None, _) => Err(Reject::Schema),
    }
}

/// RFC 3339 and nothing that only ISO 8601 allows.
pub(super) fn wall_time(text: &str) -> Result<WallTime, Reject> {
    let bytes = text.as_bytes();
    let offset = matches!(bytes, [.., b'Z' | b'z'] | [.., b'+' | b'-', _, _, b':', _, _]);
    let shaped = matches!(
        bytes,
        [_, _, _, _, b'-', _, _, b'-', _, _, b'T' | b't' | b' ', _, _, b':', _, _, b':', ..]
    );
    match text.parse::<jiff::Timestamp>() {
        Ok(time) if shaped && offset => Ok(WallTime::from_micros(time.as_microsecond())),
        Ok(_) | Err(_) => Err(Reject::Schema),
    }
}

/// Whether a member that is only checked stands in the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Member {
    #[default]
    Missing,
    Present,
}

#[derive(Debug, Default)]
struct Top {
    version: Member,
    crc: Member,
    device: Option<DeviceId>,
    /// What the other members give.
    message: Message,
}

#[derive(Clone, Copy)]
enum TopKey {
    Version,
    Bed,
    Device,
    Seq,
    Ts,
    Obs,
    Alarms,
    Tech,
    Crc,
}

impl<'de> Object<'de> for Top {
    type Key = TopKey;
    const KEYS: &'static [(&'static str, TopKey)] = &[
        ("v", TopKey::Version),
        ("bed", TopKey::Bed),
        ("device", TopKey::Device),
        ("seq", TopKey::Seq),
        ("ts", TopKey::Ts),
        ("obs", TopKey::Obs),
        ("alarms", TopKey::Alarms),
        ("tech", TopKey::Tech),
        ("crc", TopKey::Crc),
    ];

    fn take<A: MapAccess<'de>>(
        &mut self,
        key: TopKey,
        map: &mut A,
        context: &Context,
    ) -> Result<(), A::Error> {
        let message = &mut self.message;
        match key {
            TopKey::Version => self.version = context.parse(map, version)?,
            TopKey::Bed => message.bed = context.parse(map, bed)?,
            TopKey::Device => self.device = context.object::<Device, A>(map)?.id,
            TopKey::Seq => message.seq = context.parse(map, seq)?,
            TopKey::Ts => message.sent = context.parse(map, time)?,
            TopKey::Obs => {
                let readings = &mut message.readings;
                context.each(map, |obs: Obs<'de>| obs.append_to(readings, context))?;
            }
            TopKey::Alarms => {
                let alarms = &mut message.bedside_alarms;
                context.each(map, |alarm: Alarm| alarm.append_to(alarms))?;
            }
            TopKey::Tech => {
                let statuses = &mut message.statuses;
                context.each(map, |tech: Tech| tech.append_to(statuses, context))?;
            }
            TopKey::Crc => {
                context.value(map)?;
                self.crc = Member::Present;
            }
        }
        Ok(())
    }
}

/// `make` and `model` are known and not kept.
#[derive(Default)]
struct Device {
    id: Option<DeviceId>,
}

#[derive(Clone, Copy)]
enum DeviceKey {
    Id,
    Description,
}

impl<'de> Object<'de> for Device {
    type Key = DeviceKey;
    const KEYS: &'static [(&'static str, DeviceKey)] = &[
        ("id", DeviceKey::Id),
        ("make", DeviceKey::Description),
        ("model", DeviceKey::Description),
    ];

    fn take<A: MapAccess<'de>>(
        &mut self,
        key: DeviceKey,
        map: &mut A,
        context: &Context,
    ) -> Result<(), A::Error> {
        match key {
            DeviceKey::Id => self.id = Some(context.parse(map, device_id)?),
            DeviceKey::Description => drop(context.value(map)?),
        }
        Ok(())
    }
}

/// One entry of `alarms`: the bedside monitor's own.
#[derive(Default)]
struct Alarm {
    code: Option<Box<str>>,
    priority: Option<Priority>,
    active: Option<bool>,
}

#[derive(Clone, Copy)]
enum AlarmKey {
    Code,
    Priority,
    Active,
}

impl<'de> Object<'de> for Alarm {
    type Key = AlarmKey;
    const KEYS: &'static [(&'static str, AlarmKey)] =
        &[("code", AlarmKey::Code), ("prio", AlarmKey::Priority), ("active", AlarmKey::Active)];

    fn take<A: MapAccess<'de>>(
        &mut self,
        key: AlarmKey,
        map: &mut A,
        context: &Context,
    ) -> Result<(), A::Error> {
        match key {
            AlarmKey::Code => self.code = context.parse(map, alarm_code)?,
            AlarmKey::Priority => self.priority = context.parse(map, priority)?,
            AlarmKey::Active => self.active = Some(context.parse(map, Value::flag)?),
        }
        Ok(())
    }
}

impl Alarm {
    fn append_to(self, alarms: &mut Vec<BedsideAlarm>) -> Result<(), Reject> {
        let Self { code: Some(code), priority: Some(priority), active: Some(active) } = self else {
            return Err(Reject::Schema);
        };
        alarms.push(BedsideAlarm { code, priority, active });
        Ok(())
    }
}

/// One entry of `tech`.
#[derive(Default)]
struct Tech {
    code: Option<TechCode>,
    active: Option<bool>,
}

enum TechCode {
    Known(StatusCode),
    Unknown,
}

#[derive(Clone, Copy)]
enum TechKey {
    Code,
    Active,
}

impl<'de> Object<'de> for Tech {
    type Key = TechKey;
    const KEYS: &'static [(&'static str, TechKey)] =
        &[("code", TechKey::Code), ("active", TechKey::Active)];

    fn take<A: MapAccess<'de>>(
        &mut self,
        key: TechKey,
        map: &mut A,
        context: &Context,
    ) -> Result<(), A::Error> {
        match key {
            TechKey::Code => self.code = context.parse(map, tech_code)?,
            TechKey::Active => self.active = Some(context.parse(map, Value::flag)?),
        }
        Ok(())
    }
}

impl Tech {
    fn append_to(self, out: &mut Vec<DeviceStatus>, context: &Context) -> Result<(), Reject> {
        match (self.code, self.active) {
            (Some(TechCode::Known(code)), Some(active)) => out.push(DeviceStatus { code, active }),
            (Some(TechCode::Unknown), Some(_)) => context.count_unknown(),
            (None, _) | (_, None) => return Err(Reject::Schema),
        }
        Ok(())
    }
}

/// The document of a `/status` topic.
#[derive(Default)]
struct Status {
    online: Option<Presence>,
}

#[derive(Clone, Copy)]
enum StatusKey {
    Online,
}

impl<'de> Object<'de> for Status {
    type Key = StatusKey;
    const KEYS: &'static [(&'static str, StatusKey)] = &[("online", StatusKey::Online)];

    fn take<A: MapAccess<'de>>(
        &mut self,
        key: StatusKey,
        map: &mut A,
        context: &Context,
    ) -> Result<(), A::Error> {
        match key {
            StatusKey::Online => {
                let online = context.parse(map, Value::flag)?;
                self.online = Some(if online { Presence::Online } else { Presence::Offline });
            }
        }
        Ok(())
    }
}

fn version(value: &Value<'_>) -> Result<Member, Reject> {
    match value {
        Value::Whole(1) => Ok(Member::Present),
        Value::Whole(_) | Value::Decimal(_) => Err(Reject::Version),
        Value::Absent | Value::Null | Value::Bool(_) | Value::Text(_) | Value::Compound => {
            Err(Reject::Schema)
        }
    }
}

fn bed(value: &Value<'_>) -> Result<Option<Box<str>>, Reject> {
    Ok(value.text()?.map(Box::from))
}

fn device_id(value: &Value<'_>) -> Result<DeviceId, Reject> {
    let name = value.text()?.ok_or(Reject::Schema)?;
    DeviceId::try_new(name).map_err(|_| Reject::Schema)
}

fn seq(value: &Value<'_>) -> Result<Option<u32>, Reject> {
    match value {
        Value::Whole(number) => u32::try_from(*number).map(Some).map_err(|_| Reject::Schema),
        Value::Absent | Value::Null => Ok(None),
        Value::Decimal(_) | Value::Bool(_) | Value::Text(_) | Value::Compound => {
            Err(Reject::Schema)
        }
    }
}

fn time(value: &Value<'_>) -> Result<Option<WallTime>, Reject> {
    value.text()?.map(wall_time).transpose()
}

/// A long or odd code is cut, not refused: it is shown beside the bed and decides nothing.
fn alarm_code(value: &Value<'_>) -> Result<Option<Box<str>>, Reject> {
    let kept = |text: &str| -> Box<str> {
        text.chars().filter(|c| !c.is_control()).take(ALARM_CODE_MAX).collect()
    };
    Ok(value.text()?.map(kept))
}

fn priority(value: &Value<'_>) -> Result<Option<Priority>, Reject> {
    let by_name = |name: &str| {
        let known = Priority::ALL.into_iter().find(|priority| priority.name() == name);
        known.ok_or(Reject::Schema)
    };
    value.text()?.map(by_name).transpose()
}

fn tech_code(value: &Value<'_>) -> Result<Option<TechCode>, Reject> {
    let by_name = |name: &str| {
        let known = TECH.into_iter().find(|code| code.name() == name);
        known.map_or(TechCode::Unknown, TechCode::Known)
    };
    Ok(value.text()?.map(by_name))
}
