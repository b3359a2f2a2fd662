//! How many connections may be open, in all and from each address.
//!
//! A place is given back when whatever holds it is dropped, so that nothing has to be counted down by hand. Behind an HTTP
//! proxy a connection is not one client's: there each hub connection and each WebSocket without a hub
//! takes a place of its client's address.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

use crate::limits;
use crate::neighbour::Neighbour;

/// The connections that are open, and how many there may be.
pub(crate) struct Admission {
    limits: ConnectionLimits,
    open: AtomicUsize,
    addresses: DashMap<Neighbour, Arc<Tally>>,
    meters: Meters,
}

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionLimits {
    pub(crate) total: usize,
    pub(crate) per_address: usize,
}

/// There are as many as there may be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Full {
    InAll,
    OfAddress,
}

/// One connection among all, and among those of its client's address where that is known. A pointer, as every connection
/// has one.
pub(crate) struct Place(Arc<Tally>);

/// One connection among those of its client's address alone.
pub(crate) struct AddressPlace(Arc<Tally>);

/// The connections of an address, or one whose address nobody knows.
struct Tally {
    address: Option<Neighbour>,
    open: AtomicUsize,
    admission: Arc<Admission>,
}

impl Admission {
    pub(crate) fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self { limits, open: AtomicUsize::new(0), addresses: DashMap::new(), meters: Meters::new() })
    }

    /// Takes a place among all connections.
    pub(crate) fn enter(self: &Arc<Self>) -> Result<Place, Full> {
        if self.open.fetch_add(1, Ordering::Relaxed) >= self.limits.total {
            self.open.fetch_sub(1, Ordering::Relaxed);
            self.meters.refused_in_all.increment(1);
            return Err(Full::InAll);
        }
        self.meters.open.increment(1);
        Ok(Place(self.tally(None)))
    }

    /// Takes a place among the connections of an address, which may have one at least.
    pub(crate) fn enter_address(self: &Arc<Self>, address: IpAddr) -> Result<AddressPlace, Full> {
        self.count(address).map(AddressPlace)
    }

    fn count(self: &Arc<Self>, address: IpAddr) -> Result<Arc<Tally>, Full> {
        let address = Neighbour::from(address);
        let tally = self.addresses.entry(address).or_insert_with(|| self.tally(Some(address)));
        // Its shard is locked: nobody counts it up or down meanwhile. With room for one, what was just made is not refused.
        if tally.open.load(Ordering::Relaxed) >= self.limits.per_address.max(1) {
            self.meters.refused_of_address.increment(1);
            return Err(Full::OfAddress);
        }
        tally.open.fetch_add(1, Ordering::Relaxed);
        Ok(Arc::clone(&tally))
    }

    fn tally(self: &Arc<Self>, address: Option<Neighbour>) -> Arc<Tally> {
        Arc::new(Tally { address, open: AtomicUsize::new(0), admission: Arc::clone(self) })
    }
}

impl Tally {
    /// Counts one of an address down, and forgets the address with its last one.
    fn leave(&self) {
        if let Some(address) = &self.address {
            let is_last = |_: &Neighbour, tally: &Arc<Self>| tally.open.fetch_sub(1, Ordering::Relaxed) == 1;
            self.admission.addresses.remove_if(address, is_last);
        }
    }
}

impl Place {
    /// Takes a place among the connections of its client's address too.
    pub(crate) fn of_address(mut self, address: IpAddr) -> Result<Self, Full> {
        let admission = Arc::clone(&self.0.admission);
        self.0 = admission.count(address)?;
        Ok(self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.leave();
        self.0.admission.open.fetch_sub(1, Ordering::Relaxed);
        self.0.admission.meters.open.decrement(1);
    }
}

impl Drop for AddressPlace {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission").field("limits", &self.limits).finish_non_exhaustive()
    }
}

struct Meters {
    open: Gauge,
    refused_in_all: Counter,
    refused_of_address: Counter,
}

impl Meters {
    fn new() -> Self {
        describe_gauge!(
            "hubcast_open_sockets",
            "Sockets of clients that the listeners have accepted and that are open"
        );
        describe_counter!(
            "hubcast_refused_connections_total",
            "Connections over the limit of connections in all (limit=\"total\") or from one address (limit=\"address\")"
        );
        Self {
            open: gauge!("hubcast_open_sockets"),
            refused_in_all: counter!("hubcast_refused_connections_total", "limit" => "total"),
            refused_of_address: counter!("hubcast_refused_connections_total", "limit" => "address"),
        }
    }
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { total: limits::MAXIMUM_CONNECTIONS, per_address: limits::MAXIMUM_CONNECTIONS_PER_ADDRESS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn over_the_limit_in_all_nobody_enters_until_somebody_leaves() {
        let admission = of(2, 10);
        let first = admission.enter().ok();
        let _second = admission.enter().ok();
        assert_eq!(admission.enter().err(), Some(Full::InAll));
        drop(first);
        assert!(admission.enter().is_ok());
    }

    #[test]
    fn over_the_limit_of_an_address_others_enter_and_the_refused_leave_no_trace() {
        let admission = of(10, 1);
        let enter = |address| admission.enter().and_then(|place| place.of_address(address));
        let first = enter(ONE).ok();
        assert_eq!(enter(ONE).err(), Some(Full::OfAddress));
        assert!(enter(OTHER).is_ok());
        assert_eq!(admission.open.load(Ordering::Relaxed), 1);
        drop(first);
        assert!(admission.addresses.is_empty());
        assert!(enter(ONE).is_ok());
        assert!(admission.addresses.is_empty());
    }

    #[test]
    fn a_place_of_an_address_alone_counts_among_those_of_the_address() {
        let admission = of(1, 2);
        let places = [admission.enter_address(ONE).ok(), admission.enter_address(ONE).ok()];
        assert_eq!(admission.enter_address(ONE).err(), Some(Full::OfAddress));
        assert!(admission.enter().is_ok());
        drop(places);
        assert!(admission.addresses.is_empty());
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_count_as_one() {
        let admission = of(10, 1);
        let enter = |address: &str| admission.enter_address(address.parse().expect("an address"));
        let first = enter("2001:db8:1:2::1").ok();
        assert_eq!(enter("2001:db8:1:2:ffff::9").err(), Some(Full::OfAddress));
        assert!(enter("2001:db8:1:3::1").is_ok());
        let _mapped = enter("::ffff:192.0.2.1").ok();
        assert_eq!(enter("192.0.2.1").err(), Some(Full::OfAddress));
        drop(first);
        assert!(enter("2001:db8:1:2:ffff::9").is_ok());
    }

    fn of(total: usize, per_address: usize) -> Arc<Admission> {
        Admission::new(ConnectionLimits { total, per_address })
    }
}
