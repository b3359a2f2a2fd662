//! Credentials that are to take the place of a connection's own, as the application's policy sees them.
//!
//! The policy is asked wherever that may happen: at the refresh endpoint, at polls, and at stateful reconnects.

use hubcast_protocol::ConnectionId;
use hubcast_protocol::contract::Principal;

/// New credentials for a connection: what
/// [`HubOptions::on_authentication_refresh`](crate::HubOptions::on_authentication_refresh) decides about.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AuthenticationRefresh<'a> {
    /// The public id of the connection.
    pub connection_id: ConnectionId,
    /// Who the connection is so far; `None` if it is anonymous.
    pub previous: Option<&'a Principal>,
    /// Who it would be.
    pub new: &'a Principal,
}
