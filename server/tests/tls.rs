//! TLS: ALPN, certificates from files, and hubs over both HTTP versions.

use std::path::PathBuf;

use hubcast::{HubProtocol, Tls, TlsError};
use serde_json::json;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, Wire, connect_tls};

#[tokio::test]
async fn alpn_prefers_http2_and_takes_what_the_client_has() {
    let server = Setup::new().tls().start().await;
    let cases: [(&[&str], Option<&[u8]>); 4] = [
        (&["http/1.1", "h2"], Some(b"h2")),
        (&["h2"], Some(b"h2")),
        (&["http/1.1"], Some(b"http/1.1")),
        (&[], None),
    ];
    for (offered, chosen) in cases {
        let socket = connect_tls(server.tls_address(), offered).await;
        assert_eq!(socket.get_ref().1.alpn_protocol(), chosen, "{offered:?}");
    }
}

#[tokio::test]
async fn without_alpn_http1_is_spoken() {
    let server = Setup::new().tls().start().await;
    let socket = connect_tls(server.tls_address(), &[]).await;
    let mut connection = Http1::on(Wire::Socket(Box::new(socket)));
    assert_eq!(connection.ask("POST", "/hub/negotiate", &[]).await.status, 200);
}

#[tokio::test]
async fn a_hub_is_reached_over_both_versions_and_in_both_protocols() {
    let server = Setup::new().tls().start().await;
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut connection = Http2::connect_tls(server.tls_address()).await;
        let sockets = [
            Http1::connect_tls(server.tls_address()).await.upgrade("/hub", &[]).await,
            connection.websocket("/hub", &[]).await,
        ];
        for (socket, version) in sockets.into_iter().zip(["HTTP/1.1", "HTTP/2.0"]) {
            let mut client = HubClient::open(socket.unwrap(), protocol).await;
            let described = format!("{protocol:?} over WebSockets on {version}");
            assert_eq!(client.invoke("Describe", json!([])).await, Ok(json!(described)));
            let text = "x".repeat(20_000);
            assert_eq!(client.invoke("Echo", json!([text])).await, Ok(json!(text)));
            client.socket.send_close(1000).await;
            assert_eq!(client.message().await, "close 1000");
            assert_eq!(client.message().await, "end");
        }
    }
}

#[tokio::test]
async fn clear_text_and_tls_listeners_share_one_hub() {
    let server = Setup::new().tls().start().await;
    let mut clear = HubClient::connect(&server).await;
    let socket = Http1::connect_tls(server.tls_address()).await.upgrade("/hub", &[]).await.unwrap();
    let mut secure = HubClient::open(socket, HubProtocol::Json).await;
    clear.send("Broadcast", json!(["to all"])).await;
    assert_eq!(clear.received().await, ["to all"]);
    assert_eq!(secure.received().await, ["to all"]);
}

#[tokio::test]
async fn clear_text_to_the_tls_port_is_closed() {
    let server = Setup::new().tls().start().await;
    let mut wire = Wire::connect(server.tls_address()).await;
    wire.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    wire.until_end().await;
    assert_still_serving(&server).await;
}

#[tokio::test]
async fn a_certificate_comes_from_pem_files() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = Folder::new("pem");
    let certificate = folder.file("certificate.pem", &made.cert.pem());
    let key = folder.file("key.pem", &made.signing_key.serialize_pem());
    let tls = Tls::from_pem_files(&certificate, &key).unwrap();
    let server = Setup::new().server(|server| server.listen_tls(([127, 0, 0, 1], 0), tls)).start().await;
    let socket = connect_tls(server.tls_address(), &["h2"]).await;
    let presented = socket.get_ref().1.peer_certificates().unwrap();
    assert_eq!(presented, [made.cert.der().clone()]);
}

#[tokio::test]
async fn unusable_certificates_are_refused_by_name() {
    let folder = Folder::new("unusable");
    let (one, other) = (
        rcgen::generate_simple_self_signed(["one".to_owned()]).unwrap(),
        rcgen::generate_simple_self_signed(["other".to_owned()]).unwrap(),
    );
    let certificate = folder.file("certificate.pem", &one.cert.pem());
    let key = folder.file("key.pem", &one.signing_key.serialize_pem());
    let foreign_key = folder.file("foreign.pem", &other.signing_key.serialize_pem());
    let nothing = folder.file("nothing.pem", "nothing");
    let missing = folder.0.join("missing.pem");
    for (chain, key, unreadable) in
        [(&missing, &key, &missing), (&nothing, &key, &nothing), (&certificate, &nothing, &nothing)]
    {
        let error = Tls::from_pem_files(chain, key).unwrap_err();
        let TlsError::Unreadable { path, .. } = error else { panic!("{error}") };
        assert_eq!(path, *unreadable);
    }
    let error = Tls::from_pem_files(&certificate, &foreign_key).unwrap_err();
    assert!(matches!(error, TlsError::Rejected(_)), "{error}");
}

async fn assert_still_serving(server: &Fixture) {
    let mut connection = Http1::connect_tls(server.tls_address()).await;
    assert_eq!(connection.ask("POST", "/hub/negotiate", &[]).await.status, 200);
}

/// A folder of this test alone, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hubcast-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let removed = std::fs::remove_dir_all(&self.0);
        assert!(removed.is_ok() || std::thread::panicking());
    }
}
