//! What a nurse may count on, one file per behaviour, on the ward under fake time (`support`).
//!
//! `reference` is a slow model of the physiological families, compared with the ward over random
//! histories; `properties` are laws that hold for every history.

mod device_growth;
mod device_status;
mod feed;
mod history;
mod model;
mod player;
mod story;
mod support;
mod timeline;

mod acknowledge;
mod broker_down;
mod clearing;
mod default_limits;
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
mod repeat_advised;
mod repeat_decides;
mod resent_cuff;
mod restart;
mod spot_pulse;
mod very_high_cuff_reading;
mod very_low_values;
mod watching;
