//! What an application keeps with a connection: one value of each type that it asks for.
//!
//! A [`State`] is made when it is first asked for and lives as long as the connection, so that it can be lent without a
//! lock. [`Items`] come and go.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

/// What a connection keeps for the application; it costs nothing until it is used.
#[derive(Default)]
pub struct Kept {
    states: OnceLock<Box<State>>,
    items: Items,
}

/// One typed state, and the way to the next.
struct State {
    value: Box<dyn Any + Send + Sync>,
    next: OnceLock<Box<Self>>,
}

impl Kept {
    /// Lends the state of type `S`, made by `Default` when it is first asked for.
    pub fn state<S: Default + Send + Sync + 'static>(&self) -> &S {
        let mut place = &self.states;
        loop {
            match place.get() {
                Some(state) => match state.value.downcast_ref() {
                    Some(found) => return found,
                    None => place = &state.next,
                },
                // Whoever comes second at the same moment finds what the first has put there.
                None => {
                    let made = State { value: Box::new(S::default()), next: OnceLock::new() };
                    let _taken = place.set(Box::new(made));
                }
            }
        }
    }

    /// The items.
    pub fn items(&self) -> &Items {
        &self.items
    }
}

type Values = Vec<Arc<dyn Any + Send + Sync>>;

/// Values that hub methods leave with a connection, one of each type.
#[derive(Default)]
pub struct Items {
    values: Mutex<Option<Box<Values>>>,
}

impl Items {
    /// The value of type `T`, if one was left.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let values = self.values.lock();
        values.iter().flat_map(|values| values.iter()).find_map(|value| Arc::clone(value).downcast().ok())
    }

    /// Leaves a value, and gives the one of that type that was there.
    pub fn insert<T: Send + Sync + 'static>(&self, value: T) -> Option<Arc<T>> {
        let mut values = self.values.lock();
        let values = values.get_or_insert_default();
        let known = values.iter().position(|value| value.is::<T>());
        let before = known.map(|at| values.swap_remove(at));
        values.push(Arc::new(value));
        before.and_then(|before| before.downcast().ok())
    }

    /// Takes a value away.
    pub fn remove<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let mut values = self.values.lock();
        let values = values.as_mut()?;
        let at = values.iter().position(|value| value.is::<T>())?;
        values.swap_remove(at).downcast().ok()
    }
}

impl fmt::Debug for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.values.lock().as_ref().map_or(0, |values| values.len());
        f.debug_struct("Items").field("count", &count).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_state_is_made_once_for_each_type() {
        let kept = Kept::default();
        kept.state::<AtomicU32>().store(7, Ordering::Relaxed);
        assert!(kept.state::<Mutex<String>>().lock().is_empty());
        assert_eq!(kept.state::<AtomicU32>().load(Ordering::Relaxed), 7);
    }

    #[test]
    fn an_item_replaces_the_one_of_its_type() {
        let items = Items::default();
        assert_eq!(items.insert(1_u32), None);
        assert_eq!(items.insert("text"), None);
        assert_eq!(items.insert(2_u32).as_deref(), Some(&1));
        assert_eq!(items.get::<u32>().as_deref(), Some(&2));
        assert_eq!(items.remove::<u32>().as_deref(), Some(&2));
        assert_eq!(items.get::<u32>(), None);
        assert_eq!(items.get::<&str>().as_deref(), Some(&"text"));
    }
}
