//! Chance from a seed, the same on every run.

use simulators::noise::mix;

pub(crate) struct Luck {
    seed: u64,
    drawn: u64,
}

impl Luck {
    pub(crate) const fn of(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }

    /// A number below `n`.
    pub(crate) const fn below(&mut self, n: u64) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        mix(self.seed ^ mix(self.drawn)) % n
    }

    /// True once in `n`.
    pub(crate) const fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::try_from(high - low + 1).expect("low is not above high");
        low + i32::try_from(self.below(span)).expect("a small number")
    }
}
