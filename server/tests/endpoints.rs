//! Where a server listens: IPv6, Unix sockets, listeners that the application or systemd opened.

use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv6Addr, SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream as StdUnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use h2::client::Builder;
use hubcast::{Endpoint, HubProtocol, Server, Tls};
use serde_json::json;
use tokio::net::{TcpStream, UnixStream};

use crate::support::{Http1, Http2, HubClient, Setup, Wire, soon};

#[tokio::test]
async fn ipv6_is_listened_at_and_told_in_brackets() {
    let server = Server::new().page("/", "text/plain", "page").listen((Ipv6Addr::LOCALHOST, 0));
    let running = server.start().await.unwrap();
    let [address] = running.addresses() else { panic!("there is one") };
    assert_eq!(address.to_string(), format!("http://[::1]:{}", address.socket.port()));
    assert_eq!(Http1::connect(address.socket).await.ask("GET", "/", &[]).await.text(), "page");
    running.stop().await;
}

#[tokio::test]
async fn the_address_of_nobody_takes_both_families_unless_it_is_told_not_to() {
    let both = Endpoint::tcp((Ipv6Addr::UNSPECIFIED, 0));
    let server = Setup::new().server(|server| server.listen_on(both)).start().await;
    let port = server.addresses()[1].port();
    for (host, seen) in [("127.0.0.1", "127.0.0.1"), ("::1", "::1")] {
        let address = SocketAddr::new(host.parse().unwrap(), port);
        let socket = Http1::connect(address).await.upgrade("/hub", &[]).await.unwrap();
        let client = HubClient::open(socket, HubProtocol::Json).await;
        let remote = server.hub.connections()[0].remote_address.unwrap();
        assert_eq!(remote.ip().to_string(), seen);
        drop(client);
        server.has_open(0).await;
    }
    let one = Endpoint::tcp((Ipv6Addr::UNSPECIFIED, 0)).ipv6_only(true);
    let running = Server::new().page("/", "text/plain", "page").listen_on(one).start().await.unwrap();
    let port = running.addresses()[0].socket.port();
    assert_eq!(
        Http1::connect((Ipv6Addr::LOCALHOST, port).into()).await.ask("GET", "/", &[]).await.text(),
        "page"
    );
    assert_eq!(
        soon(TcpStream::connect(("127.0.0.1", port))).await.unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
    running.stop().await;
}

#[tokio::test]
async fn a_hub_is_reached_through_a_unix_socket_over_every_version() {
    let folder = Folder::new("reached");
    let (clear, secure) = (folder.path("clear"), folder.path("secure"));
    let tls = Tls::self_signed(["localhost"]).unwrap();
    let endpoints = (Endpoint::unix(&clear).mode(0o600), Endpoint::unix(&secure).tls(tls));
    let server =
        Setup::new().server(|server| server.listen_on(endpoints.0).listen_on(endpoints.1)).start().await;
    let file = fs::metadata(&clear).unwrap();
    assert!(file.file_type().is_socket());
    assert_eq!(file.permissions().mode() & 0o777, 0o600);

    let mut http1 = Http1::on(Wire::Socket(Box::new(connect(&clear).await)));
    assert_eq!(http1.ask("POST", "/hub/negotiate", &[]).await.status, 200);
    let mut http2 = Http2::on(connect(&clear).await, &Builder::new()).await;
    let socket = crate::support::connect_tls_on(connect(&secure).await, &["http/1.1"]).await;
    let https1 = Http1::on(Wire::Socket(Box::new(socket)));
    let sockets = [
        http1.upgrade("/hub", &[]).await.unwrap(),
        http2.websocket("/hub", &[]).await.unwrap(),
        https1.upgrade("/hub", &[]).await.unwrap(),
    ];
    for socket in sockets {
        let mut client = HubClient::open(socket, HubProtocol::Json).await;
        let text = "x".repeat(200_000);
        // Several pieces at once, which leave in one write.
        client.start("a", "Echo", json!(["short"])).await;
        client.start("b", "Fill", json!([200_000])).await;
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"a","result":"short"}"#);
        assert_eq!(
            client.message().await,
            format!("{{\"type\":3,\"invocationId\":\"b\",\"result\":\"{text}\"}}")
        );
        assert_eq!(server.hub.connections()[0].remote_address, None);
        drop(client);
        server.has_open(0).await;
    }
    drop(http2);
    server.stop().await;
    assert!(!clear.exists() && !secure.exists());
}

#[tokio::test]
async fn what_a_dead_server_left_is_replaced_and_nothing_else() {
    let folder = Folder::new("stale");
    let path = folder.path("socket");
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.exists(), "the standard library leaves the file");
    let running = Server::new().listen_on(Endpoint::unix(&path)).start().await.unwrap();
    assert_eq!(running.unix_sockets(), std::slice::from_ref(&path));
    let taken = Server::new().listen_on(Endpoint::unix(&path)).start().await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::AddrInUse);
    assert_eq!(
        taken.to_string(),
        format!("cannot listen on {}: another process listens there", path.display())
    );
    running.stop().await;

    fs::write(&path, "precious").unwrap();
    let precious = Server::new().listen_on(Endpoint::unix(&path)).start().await.unwrap_err();
    assert_eq!(precious.kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_file_that_another_server_has_put_there_meanwhile_stays() {
    let folder = Folder::new("replaced");
    let path = folder.path("socket");
    let running = Server::new().listen_on(Endpoint::unix(&path)).start().await.unwrap();
    fs::remove_file(&path).unwrap();
    let _next = UnixListener::bind(&path).unwrap();
    running.stop().await;
    assert!(StdUnixStream::connect(&path).is_ok());
}

#[tokio::test]
async fn listeners_of_the_application_are_served() {
    let folder = Folder::new("given");
    let path = folder.path("socket");
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = tcp.local_addr().unwrap();
    let unix = UnixListener::bind(&path).unwrap();
    let server = Server::new().page("/", "text/plain", "page").listen_on(tcp).listen_on(unix);
    let running = server.start().await.unwrap();
    assert_eq!(running.addresses()[0].socket, address);
    assert_eq!(Http1::connect(address).await.ask("GET", "/", &[]).await.text(), "page");
    let mut through_unix = Http1::on(Wire::Socket(Box::new(connect(&path).await)));
    assert_eq!(through_unix.ask("GET", "/", &[]).await.text(), "page");
    drop(through_unix);
    running.stop().await;
    assert!(path.exists(), "it is not ours to remove");
}

#[tokio::test]
async fn sockets_that_systemd_has_passed_on_are_served_by_name() {
    let folder = Folder::new("passed");
    let path = folder.path("socket");
    let (tcp, unix) = (TcpListener::bind("127.0.0.1:0").unwrap(), UnixListener::bind(&path).unwrap());
    let address = tcp.local_addr().unwrap();
    let child = passing(tcp.into(), unix.into(), "$$");
    let served = soon(tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()));
    let asks = async {
        let mut over_tcp = Http1::connect(address).await;
        assert_eq!(over_tcp.ask("GET", "/", &[]).await.text(), "web");
        assert_eq!(over_tcp.ask("GET", "/stop", &[]).await.status, 200);
        let mut over_unix = Http1::on(Wire::Socket(Box::new(connect(&path).await)));
        assert_eq!(over_unix.ask("GET", "/", &[]).await.text(), "others");
        assert_eq!(over_unix.ask("GET", "/stop", &[]).await.status, 200);
    };
    let (served, ()) = tokio::join!(served, asks);
    let served = served.unwrap();
    assert!(served.status.success(), "{}", String::from_utf8_lossy(&served.stdout));
}

#[tokio::test]
async fn sockets_for_another_process_are_not_taken() {
    let folder = Folder::new("not-ours");
    let (tcp, unix) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), UnixListener::bind(folder.path("socket")).unwrap());
    let child = passing(tcp.into(), unix.into(), "1");
    let served = soon(tokio::task::spawn_blocking(|| child.wait_with_output().unwrap())).await.unwrap();
    let said = String::from_utf8_lossy(&served.stdout).into_owned();
    let why = "cannot listen on the sockets that were passed on as \"web\": there is none, or it is taken";
    assert!(!served.status.success() && said.contains(why), "{said}");
}

/// Runs the test below in a process of its own that gets two sockets as 3 and 4, for the process `pid`.
fn passing(first: OwnedFd, second: OwnedFd, pid: &str) -> std::process::Child {
    let run = format!(
        "export LISTEN_PID={pid} LISTEN_FDS=2 LISTEN_FDNAMES=web; exec \"$0\" --exact endpoints::serves_what_was_passed \
         --nocapture 3<&0 4<&2 0</dev/null 2>&1"
    );
    Command::new("sh")
        .args(["-c", &run])
        .arg(std::env::current_exe().unwrap())
        .stdin(Stdio::from(first))
        .stderr(Stdio::from(second))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Is run by the two above, in a process that gets sockets; elsewhere there is nothing to serve.
#[tokio::test]
async fn serves_what_was_passed() {
    if std::env::var_os("LISTEN_FDNAMES").is_none() {
        return;
    }
    let start = async |endpoint, name: &'static str| {
        let (stop, stopped) = tokio::sync::mpsc::unbounded_channel::<()>();
        let end = axum::routing::get(async move || stop.send(()).unwrap());
        let fallback = axum::Router::new().route("/stop", end);
        let server = Server::new().page("/", "text/plain", name).fallback(fallback).listen_on(endpoint);
        let running = server.start().await.unwrap_or_else(|error| panic!("{error}"));
        (running, stopped)
    };
    let web = start(Endpoint::inherited_as("web"), "web").await;
    let others = start(Endpoint::inherited(), "others").await;
    for (running, mut stopped) in [web, others] {
        soon(stopped.recv()).await.unwrap();
        running.stop().await;
    }
}

async fn connect(path: &Path) -> UnixStream {
    soon(UnixStream::connect(path)).await.unwrap()
}

/// A folder of this test alone, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hubcast-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let removed = fs::remove_dir_all(&self.0);
        assert!(removed.is_ok() || std::thread::panicking());
    }
}
