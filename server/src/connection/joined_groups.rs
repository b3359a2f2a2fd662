//! Which groups a connection is in. Without any it owns no memory.

use std::sync::Arc;

/// The groups that a connection has joined.
#[derive(Default)]
pub(crate) enum JoinedGroups {
    #[default]
    None,
    #[expect(clippy::box_collection, reason = "16 bytes in every connection instead of 32")]
    Some(Box<Vec<Arc<str>>>),
    /// It has left them all for good.
    Over,
}

impl JoinedGroups {
    /// The names of the groups.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        match self {
            Self::Some(names) => names,
            Self::None | Self::Over => &[],
        }
    }

    /// Whether another may be joined.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Over)
    }

    pub(crate) fn add(&mut self, name: Arc<str>) {
        match self {
            Self::Some(names) => names.push(name),
            Self::None => *self = Self::Some(Box::new(vec![name])),
            Self::Over => {}
        }
    }

    /// Forgets a group; `false` if it was not joined.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let Self::Some(names) = self else { return false };
        let Some(at) = names.iter().position(|known| **known == *name) else { return false };
        names.swap_remove(at);
        if names.is_empty() {
            *self = Self::None;
        }
        true
    }

    /// Leaves them all for good.
    pub(crate) fn end(&mut self) -> Vec<Arc<str>> {
        match std::mem::replace(self, Self::Over) {
            Self::Some(names) => *names,
            Self::None | Self::Over => Vec::new(),
        }
    }
}
