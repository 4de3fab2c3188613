//! Whether the bed's alarms about the patient are inhibited now (alarms 4; rows 26, 32).

use super::Bed;
use crate::domain::alarm::inactivation::Inhibition;
use crate::domain::time::MonoTime;

impl Bed {
    #[must_use]
    pub const fn inhibition(&self) -> Inhibition {
        Inhibition::None
    }

    /// Since when a stand-by inside a session lasts, which may last so long only.
    #[must_use]
    pub const fn standby_in_session(&self) -> Option<MonoTime> {
        None
    }
}
