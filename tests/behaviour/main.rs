//! What a nurse may count on, one file per behaviour, on the ward under fake time (`support`).
//!
//! `reference` is a slow model of the physiological families, compared with the ward over random
//! histories; `properties` are laws that hold for every history.

mod device_growth;
mod device_status;
mod entering;
mod feed;
mod history;
mod support;
mod timeline;

mod acknowledge;
mod alarm_pause;
mod audio_pause;
mod baseline;
mod battery;
mod broker_down;
mod clearing;
mod coming_into_phase;
mod default_limits;
mod device_clock;
mod device_conflict;
mod entered;
mod escalation;
mod failed_cuff;
mod frozen_value;
mod gates;
mod golden_trace;
mod handover;
mod high_cuff_reading;
mod implausible;
mod invalid_data;
mod latched;
mod link_down;
mod missing_data;
mod no_value;
mod overdue;
mod phases;
mod properties;
mod properties_of_signals;
mod pulse_delay;
mod rates_differ;
mod recurring;
mod reference;
mod reference_cuff;
mod reminders;
mod repeat_advised;
mod repeat_decides;
mod required_signals;
mod resent_cuff;
mod restart;
mod retired_device;
mod same_limb;
mod sensor_off;
mod service_faults;
mod session_end;
mod session_limits;
mod spot_pulse;
mod standby;
mod timed_reading;
mod two_oximeters;
mod very_high_cuff_reading;
mod very_low_values;
mod voided_readings;
mod watching;
