//! HTTP beside the hub: an axum router that lists connections, asks one of them, and closes one.
//!
//! Rule: nobody is asked who they are here. A server that others reach puts its own authentication in front.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use hubcast::{ClientResultError, ConnectionId, ConnectionInfo, HubHandle};
use serde::Serialize;

use crate::corners_hub::CornersClient;

/// How long a client may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

type Hub = State<HubHandle<dyn CornersClient>>;
type Refusal = (StatusCode, String);

pub(crate) fn router(hub: HubHandle<dyn CornersClient>) -> Router {
    Router::new()
        .route("/online", get(online))
        .route("/ask/{connection_id}", post(ask))
        .route("/close/{connection_id}", post(close))
        .with_state(hub)
}

/// One connection, for whoever looks.
#[derive(Serialize)]
struct Online {
    connection_id: ConnectionId,
    user: Option<String>,
    transport: &'static str,
    seconds: u64,
}

impl From<ConnectionInfo> for Online {
    fn from(info: ConnectionInfo) -> Self {
        Self {
            connection_id: info.id,
            user: info.user,
            transport: info.transport.name(),
            seconds: info.age.as_secs(),
        }
    }
}

async fn online(State(hub): Hub) -> Json<Vec<Online>> {
    Json(hub.connections().into_iter().map(Online::from).collect())
}

/// Asks one connection the question in the body, and answers with what its client says: `true` or `false`.
async fn ask(State(hub): Hub, Path(id): Path<String>, question: String) -> Result<Json<bool>, Refusal> {
    let answer = hub.clients().client(connection_id(&id)?).confirm(question).within(PATIENCE).await;
    answer.map(Json).map_err(|error| (status_of(&error), error.to_string()))
}

/// Closes one connection; its client reads the reason in the body.
async fn close(State(hub): Hub, Path(id): Path<String>, reason: String) -> Result<StatusCode, Refusal> {
    let id = connection_id(&id)?;
    if hub.close(id, &reason) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err((StatusCode::NOT_FOUND, format!("Connection '{id}' does not exist.")))
    }
}

fn connection_id(text: &str) -> Result<ConnectionId, Refusal> {
    text.parse().map_err(|error| (StatusCode::BAD_REQUEST, format!("{error}")))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what a later version adds is the client's fault, too")]
fn status_of(error: &ClientResultError) -> StatusCode {
    match error {
        ClientResultError::NotConnected(_) => StatusCode::NOT_FOUND,
        ClientResultError::Disconnected(_) => StatusCode::GONE,
        ClientResultError::TimedOut(_) => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    }
}
