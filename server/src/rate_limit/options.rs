//! The options of a hub that limit rates.

use super::RateLimit;
use crate::options::HubOptions;

impl HubOptions {
    /// Adds a limit on how fast clients may call, send or connect; all that are added hold. Default: none.
    #[must_use]
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limits.push(limit);
        self
    }

    /// Sets how many users or addresses each rate limit remembers at once, at least 1. Default: 100,000.
    ///
    /// Who has used nothing for a while is forgotten. When as many are remembered, newcomers are counted together.
    #[must_use]
    pub fn maximum_rate_keys(mut self, count: usize) -> Self {
        self.maximum_rate_keys = count.max(1);
        self
    }
}
