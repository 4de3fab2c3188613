//! What a nurse may count on, one file per behaviour, on the ward under fake time (`support`).
//!
//! `reference` is a slow model of the physiological families, compared with the ward over random
//! histories; `properties` are laws that hold for every history.

mod device_growth;
mod device_status;
mod feed;
mod history;
mod support;
mod timeline;

mod acknowledge;
mod battery;
mod broker_down;
mod clearing;
mod default_limits;
mod device_clock;
mod device_conflict;
mod failed_cuff;
mod frozen_value;
mod golden_trace;
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
mod pulse_delay;
mod rates_differ;
mod reference;
mod reference_cuff;
mod repeat_advised;
mod repeat_decides;
mod required_signals;
mod resent_cuff;
mod restart;
mod retired_device;
mod same_limb;
mod sensor_off;
mod service_faults;
mod spot_pulse;
mod timed_reading;
mod very_high_cuff_reading;
mod very_low_values;
mod watching;
