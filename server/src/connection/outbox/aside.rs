//! What an outbox keeps beside its queue, if anything: what was sent and may be needed again, or what may be dropped.
//!
//! Never both, so that the two share one pointer: on a connection that retains, what may be dropped is dropped when it comes.

use super::droppable::Droppable;
use super::retained::Retained;

/// Nothing most of the time.
#[derive(Default)]
pub(super) struct Aside(Option<Box<Kind>>);

enum Kind {
    Retained(Retained),
    Droppable(Droppable),
}

impl Aside {
    pub(super) fn retain(&mut self, retained: Retained) {
        self.0 = Some(Box::new(Kind::Retained(retained)));
    }

    pub(super) fn retained(&self) -> Option<&Retained> {
        match self.0.as_deref() {
            Some(Kind::Retained(retained)) => Some(retained),
            Some(Kind::Droppable(_)) | None => None,
        }
    }

    pub(super) fn retained_mut(&mut self) -> Option<&mut Retained> {
        match self.0.as_deref_mut() {
            Some(Kind::Retained(retained)) => Some(retained),
            Some(Kind::Droppable(_)) | None => None,
        }
    }

    /// Retains nothing from here on.
    pub(super) fn forget_retained(&mut self) {
        if self.retained().is_some() {
            self.0 = None;
        }
    }

    pub(super) fn has_droppable(&self) -> bool {
        matches!(self.0.as_deref(), Some(Kind::Droppable(_)))
    }

    pub(super) fn take_droppable(&mut self) -> Option<Droppable> {
        if !self.has_droppable() {
            return None;
        }
        match *self.0.take()? {
            Kind::Droppable(droppable) => Some(droppable),
            Kind::Retained(_) => None,
        }
    }

    /// Keeps what may be dropped, if there is any. The connection retains nothing.
    pub(super) fn put_droppable(&mut self, droppable: Droppable) {
        debug_assert!(self.0.is_none(), "what is kept was taken before");
        if !droppable.is_empty() {
            self.0 = Some(Box::new(Kind::Droppable(droppable)));
        }
    }

    /// Keeps nothing.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }
}
