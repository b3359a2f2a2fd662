//! Payloads with .NET's names, by option, in everything that carries one.

use futures_util::{StreamExt as _, stream};
use hubcast::{
    Context, HubError, HubOptions, HubProtocol, HubService, PayloadNames, SendError, Server, Stream, Upload,
};
use hubcast_protocol::InvocationHead;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{Http1, HubClient};

#[derive(Clone, Serialize, Deserialize)]
struct Player {
    user_name: String,
    state: State,
}

#[derive(Clone, Serialize, Deserialize)]
enum State {
    Ready,
    InProgress,
}

#[hubcast::client]
trait Table {
    async fn joined(&self, player: Player);
    async fn choose(&self, player: Player) -> Player;
}

#[hubcast::hub(client = Table)]
trait Game {
    async fn start(&self, player: Player) -> Player;
    fn turns(&self, player: Player) -> impl Stream<Item = Player>;
    async fn gather(&self, players: Upload<Player>) -> Vec<Player>;
    async fn announce(&self, cx: &Context<dyn Table>, player: Player) -> Result<(), SendError>;
    async fn swap(&self, cx: &Context<dyn Table>, player: Player) -> Result<Player, HubError>;
}

struct Chess;

impl Game for Chess {
    async fn start(&self, player: Player) -> Player {
        Player { state: State::InProgress, ..player }
    }

    fn turns(&self, player: Player) -> impl Stream<Item = Player> {
        stream::iter([player])
    }

    async fn gather(&self, players: Upload<Player>) -> Vec<Player> {
        players.filter_map(async |player| player.ok()).collect().await
    }

    async fn announce(&self, cx: &Context<dyn Table>, player: Player) -> Result<(), SendError> {
        cx.clients().all().joined(player).await
    }

    async fn swap(&self, cx: &Context<dyn Table>, player: Player) -> Result<Player, HubError> {
        Ok(cx.caller().choose(player).await?)
    }
}

#[tokio::test]
async fn whatever_carries_a_payload_has_the_names_of_dotnet() {
    let options = HubOptions::new().payload_names(PayloadNames::DotNet);
    let server = Server::new()
        .hub("/hub", HubService::with_options(Chess.into_hub(), options))
        .listen(([127, 0, 0, 1], 0))
        .start()
        .await
        .unwrap();
    let address = server.addresses()[0].socket;
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let (ready, playing) = match protocol {
            HubProtocol::Json => {
                (json!({"userName": "Ada", "state": 0}), json!({"userName": "Ada", "state": 1}))
            }
            HubProtocol::MessagePack => (
                json!({"UserName": "Ada", "State": "Ready"}),
                json!({"UserName": "Ada", "State": "InProgress"}),
            ),
        };
        let socket = Http1::connect(address).await.upgrade("/hub", &[]).await.unwrap();
        let mut client = HubClient::open(socket, protocol).await;

        assert_eq!(client.invoke("Start", json!([ready])).await, Ok(playing.clone()));

        client.send("Announce", json!([ready])).await;
        let call = json!({"type": 1, "target": "Joined", "arguments": [ready]});
        assert_eq!(parsed(&mut client).await, call);

        client.start("1", "Swap", json!([ready])).await;
        let question = client.question("Choose", json!([ready])).await;
        client.answer(&question, &playing).await;
        assert_eq!(parsed(&mut client).await, json!({"type": 3, "invocationId": "1", "result": playing}));

        let mut out = Vec::new();
        let head = InvocationHead { invocation_id: Some("s"), ..InvocationHead::to("Turns") };
        protocol.write_stream_invocation(&mut out, &head, &json!([playing])).unwrap();
        let head =
            InvocationHead { invocation_id: Some("2"), stream_ids: &["u"], ..InvocationHead::to("Gather") };
        client.send_bytes(&out).await;
        assert_eq!(parsed(&mut client).await, json!({"type": 2, "invocationId": "s", "item": playing}));
        assert_eq!(parsed(&mut client).await, json!({"type": 3, "invocationId": "s"}));

        out.clear();
        protocol.write_invocation(&mut out, &head, &json!([])).unwrap();
        protocol.write_stream_item(&mut out, "u", &ready).unwrap();
        protocol.write_stream_item(&mut out, "u", &playing).unwrap();
        protocol.write_void(&mut out, "u");
        client.send_bytes(&out).await;
        let gathered = json!({"type": 3, "invocationId": "2", "result": [ready, playing]});
        assert_eq!(parsed(&mut client).await, gathered);
    }
    server.stop().await;
}

async fn parsed(client: &mut HubClient) -> Value {
    let message = client.message().await;
    serde_json::from_str(&message).unwrap_or_else(|_| panic!("{message}"))
}
