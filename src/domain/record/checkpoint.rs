//! tmp
use super::RecordError;
use crate::domain::ward::{Ward, WardPlan};
impl Ward {
    pub fn save(&self) -> Vec<u8> {
        Vec::new()
    }
    pub fn load(plan: WardPlan, _state: &[u8]) -> Result<Self, RecordError> {
        Ok(Ward::new(plan, Default::default()))
    }
}
