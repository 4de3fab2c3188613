//! Named tasks and what their end means: a task that ends before it was told to, or panics, ends
//! the process non-zero; a restart then resumes from the journal (style 2.3).

use std::sync::Arc;

use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// Tasks that belong together; stopped together.
#[derive(Debug)]
pub struct Supervisor {
    tasks: JoinSet<Arc<str>>,
    /// Cancelled when these tasks are to end.
    pub stop: CancellationToken,
}

/// A task that did not end as it should.
#[derive(Debug, thiserror::Error)]
pub enum Fallen {
    #[error("{0} ended by itself")]
    Ended(Arc<str>),
    #[error("a task panicked")]
    Panicked(#[source] JoinError),
}

impl Default for Supervisor {
    fn default() -> Self {
        Self { tasks: JoinSet::new(), stop: CancellationToken::new() }
    }
}

impl Supervisor {
    pub fn spawn<F>(&mut self, name: impl Into<Arc<str>>, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let name = name.into();
        self.tasks.spawn(async move {
            task.await;
            name
        });
    }

    /// Waits until a task falls; for ever while all is well, or when there is none.
    pub async fn fallen(&mut self) -> Fallen {
        match self.tasks.join_next().await {
            Some(Ok(name)) => Fallen::Ended(name),
            Some(Err(error)) => Fallen::Panicked(error),
            None => std::future::pending().await,
        }
    }

    /// Tells all tasks to end and waits for them.
    ///
    /// # Errors
    /// When one of them panicked.
    pub async fn end(mut self) -> Result<(), Fallen> {
        self.stop.cancel();
        let mut outcome = Ok(());
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                outcome = Err(Fallen::Panicked(error));
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_by_itself_is_named() {
        let mut supervisor = Supervisor::default();
        supervisor.spawn("engine", async {});
        assert_eq!(supervisor.fallen().await.to_string(), "engine ended by itself");
    }

    #[tokio::test]
    async fn tasks_that_end_when_told_to_are_no_failure_and_a_panic_is() {
        let mut calm = Supervisor::default();
        let stop = calm.stop.clone();
        calm.spawn("source", async move { stop.cancelled().await });
        assert!(calm.end().await.is_ok());
        let mut broken = Supervisor::default();
        let stop = broken.stop.clone();
        broken.spawn("source", async move {
            stop.cancelled().await;
            panic!("broken invariant");
        });
        assert!(matches!(broken.end().await, Err(Fallen::Panicked(_))));
    }
}
