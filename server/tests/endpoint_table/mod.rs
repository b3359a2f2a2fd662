//! The endpoint table and the error texts of a SignalR server, one line of data for each row.
//!
//! A row is a request or a message and the exact answer to it, over both HTTP versions. What takes more than one exchange
//! to see has tests of its own: `long_polling`, `events`, `post` (a body that breaks off gets 400), `stateful`.

mod hub;
mod messages;
mod requests;
