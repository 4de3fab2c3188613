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
mod baseline;
mod broker_down;
mod clearing;
mod coming_into_phase;
mod default_limits;
mod entered;
mod gates;
mod golden_trace;
mod high_cuff_reading;
mod invalid_data;
mod latched;
mod link_down;
mod missing_data;
mod no_value;
mod overdue;
mod phases;
mod properties;
mod pulse_delay;
mod reference;
mod reference_cuff;
mod repeat_advised;
mod repeat_decides;
mod resent_cuff;
mod restart;
mod session_limits;
mod spot_pulse;
mod two_oximeters;
mod very_high_cuff_reading;
mod very_low_values;
mod voided_readings;
mod watching;
