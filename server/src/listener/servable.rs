//! What a server can serve at the path of a hub.

use hubcast_protocol::contract::{Client, HubDefinition, NoClient};

use crate::http::HubService;
use crate::options::HubOptions;
use crate::raw::RawService;

/// A hub, or connections without one: what [`Server::hub`](crate::Server::hub) takes.
///
/// A [`HubDefinition`] gets the options of the server; a [`HubService`] and a [`RawService`] keep their own.
pub trait Servable<C: Client + ?Sized>: sealed::Sealed {
    /// Makes the service; `defaults` are the options of the server.
    fn into_service(self, defaults: &HubOptions) -> HubService<C>;
}

impl<C: Client + ?Sized> Servable<C> for HubDefinition<C> {
    fn into_service(self, defaults: &HubOptions) -> HubService<C> {
        HubService::with_options(self, defaults.clone())
    }
}

impl<C: Client + ?Sized> Servable<C> for HubService<C> {
    fn into_service(self, _: &HubOptions) -> Self {
        self
    }
}

impl Servable<dyn NoClient> for RawService {
    fn into_service(self, _: &HubOptions) -> HubService {
        self.into()
    }
}

mod sealed {
    use super::{Client, HubDefinition, HubService, RawService};

    #[expect(unnameable_types, reason = "nobody else implements it")]
    pub trait Sealed {}

    impl<C: Client + ?Sized> Sealed for HubDefinition<C> {}
    impl<C: Client + ?Sized> Sealed for HubService<C> {}
    impl Sealed for RawService {}
}
