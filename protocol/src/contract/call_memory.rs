//! The memory of calls that have ended, kept by their thread for the next calls of the same method.
//!
//! A method that never waits then costs no allocation. What is kept holds nothing of the application: whoever keeps a
//! place has emptied it before.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::pin::Pin;

/// Places that are kept for one method: as many as its calls that end while others run.
const PLACES_OF_ONE_METHOD: usize = 8;

/// Bytes that a thread keeps in all.
const KEPT_BYTES: usize = 128 * 1024;

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

/// A place for a call of type `C`, if one is kept.
pub(super) fn take<C: 'static>() -> Option<Pin<Box<C>>> {
    KEPT.try_with(|kept| kept.borrow_mut().take()).ok().flatten()
}

/// Keeps a place, which is empty, or frees it if enough are kept.
pub(super) fn keep<C: 'static>(place: Pin<Box<C>>) {
    // Without the thread's memory, which goes first when it ends, the place is freed.
    let _ = KEPT.try_with(|kept| kept.borrow_mut().keep(place));
}

#[derive(Default)]
struct Kept {
    places: HashMap<TypeId, Box<dyn Any>, BuildHasherDefault<TypeHasher>>,
    bytes: usize,
}

type Places<C> = Vec<Pin<Box<C>>>;

impl Kept {
    fn take<C: 'static>(&mut self) -> Option<Pin<Box<C>>> {
        let places = self.places.get_mut(&TypeId::of::<C>())?.downcast_mut::<Places<C>>()?;
        let place = places.pop()?;
        self.bytes -= size_of::<C>();
        Some(place)
    }

    fn keep<C: 'static>(&mut self, place: Pin<Box<C>>) {
        let bytes = self.bytes + size_of::<C>();
        if bytes > KEPT_BYTES {
            return;
        }
        let places = self.places.entry(TypeId::of::<C>()).or_insert_with(|| Box::new(Places::<C>::new()));
        if let Some(places) = places.downcast_mut::<Places<C>>()
            && places.len() < PLACES_OF_ONE_METHOD
        {
            places.push(place);
            self.bytes = bytes;
        }
    }
}

/// A type's id is a hash already.
#[derive(Default)]
struct TypeHasher(u64);

impl Hasher for TypeHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_once_and_to_its_type_alone() {
        keep(Box::pin([1_u8; 3]));
        assert_eq!(take::<[u8; 4]>(), None);
        assert_eq!(take::<[u8; 3]>(), Some(Box::pin([1; 3])));
        assert_eq!(take::<[u8; 3]>(), None);
    }

    #[test]
    fn no_more_is_kept_than_the_bounds_allow() {
        for _ in 0..=PLACES_OF_ONE_METHOD {
            keep(Box::pin(1_u16));
        }
        keep(Box::pin([0_u8; KEPT_BYTES]));
        let kept = std::iter::from_fn(take::<u16>).count();
        assert_eq!(kept, PLACES_OF_ONE_METHOD);
        assert!(take::<[u8; KEPT_BYTES]>().is_none());
        assert_eq!(KEPT.with_borrow(|kept| kept.bytes), 0);
    }
}
