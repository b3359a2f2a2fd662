//! From an invocation to the hub method and back to its completion.

mod calls;
mod failure;
mod filtered;
mod hooks;
mod method_table;
mod outbox_sink;
mod panics;
mod questions;
mod running;
mod trace;
mod uploads;

use std::pin::Pin;
use std::sync::Arc;

use hubcast_protocol::contract::{
    BoxFuture, CallError, Connection, DisconnectReason, Requirement, RunningCall, SchemaHash, UploadSink,
};
use hubcast_protocol::{BindError, Invocation};

pub(crate) use calls::Calls;
pub(crate) use failure::{CloseText, Failed};
pub(crate) use filtered::InnerCall;
pub(crate) use hooks::{
    authentication_refreshed, connected, disconnected, disconnected_after, note_refreshed,
};
pub(crate) use method_table::{MethodIndex, MethodTable};
pub(crate) use panics::caught;
use panics::panic_text;
pub(crate) use questions::{Questions, Unasked, question_id};
pub(crate) use running::refuse_call;

/// A call that has its arguments and was not polled yet, and where the items of its uploads go.
pub(crate) struct Started {
    pub(crate) call: Pin<Box<dyn RunningCall>>,
    pub(crate) uploads: Vec<Box<dyn UploadSink>>,
}

/// A hub's methods and hooks, whatever its client contract is.
pub(crate) trait Dispatch: Send + Sync {
    /// What is asked of whoever connects.
    fn requirements(&self) -> &[Requirement];

    fn hub_name(&self) -> &'static str;

    /// What stands for the contract, if it is known.
    fn schema(&self) -> Option<SchemaHash>;

    /// The method that a client means; case and underscores do not count.
    fn find(&self, target: &str) -> Option<MethodIndex>;

    fn method_name(&self, method: MethodIndex) -> &'static str;

    fn is_stream(&self, method: MethodIndex) -> bool;

    /// Whether the caller meets what hub and method ask.
    fn allows(&self, method: MethodIndex, connection: &dyn Connection) -> bool;

    fn start(
        &self,
        method: MethodIndex,
        connection: &Arc<dyn Connection>,
        invocation: &Invocation<'_>,
        upload_buffer: usize,
    ) -> Result<Started, BindError>;

    fn connected(&self, connection: Arc<dyn Connection>) -> BoxFuture<Result<(), CallError>>;

    fn disconnected(
        &self,
        connection: Arc<dyn Connection>,
        reason: DisconnectReason,
    ) -> BoxFuture<Result<(), CallError>>;

    fn authentication_refreshed(&self, connection: Arc<dyn Connection>) -> BoxFuture<Result<(), CallError>>;
}
