//! Fan-out to the dashboards: one bounded broadcast, filled by the engine alone.
//!
//! A reader that falls more than 256 events behind is told so once (`resync`), then sent away
//! (`bye`); it is never waited for (safety P6).

use std::sync::Arc;

use tokio::sync::broadcast;

use super::lane::Published;

/// Events that a browser may be behind (contract 7).
pub const QUEUE: usize = 256;

/// The sending side; cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub(broadcast::Sender<Arc<Published>>);

impl Default for Hub {
    fn default() -> Self {
        Self(broadcast::channel(QUEUE).0)
    }
}

impl Hub {
    /// Reaches everybody who listens now; nobody listening is no error.
    pub fn publish(&self, event: Published) {
        let _nobody_listens = self.0.send(Arc::new(event));
    }

    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Published>> {
        self.0.subscribe()
    }

    /// How many streams are open.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.0.receiver_count()
    }
}
