//! Certificates that change while the server runs.

use std::path::PathBuf;
use std::time::Duration;

use hubcast::{HubProtocol, Tls, TlsError};
use serde_json::json;
use tokio::task::yield_now;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tracing::Level;

use crate::support::{Fixture, Http1, HubClient, Setup, Wire, connect_tls, eventually, measured, soon};

#[tokio::test]
async fn new_connections_get_the_new_certificate_and_old_ones_stay() {
    let files = Files::new("reload");
    let first = files.write("first");
    let tls = files.tls();
    let server = serving(&tls).await;
    assert_eq!(presented(&server).await, first);
    let socket = connect_tls(server.tls_address(), &["http/1.1"]).await;
    let old = Http1::on(Wire::Socket(Box::new(socket))).upgrade("/hub", &[]).await.unwrap();
    let mut old = HubClient::open(old, HubProtocol::Json).await;
    let second = files.write("second");
    assert_eq!(presented(&server).await, first);
    tls.reload().unwrap();
    assert_eq!(presented(&server).await, second);
    assert_eq!(old.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_file_that_cannot_be_used_keeps_the_certificate_from_before() {
    let files = Files::new("unusable-reload");
    let first = files.write("first");
    let tls = files.tls();
    let server = serving(&tls).await;
    files.put("certificate.pem", "nothing");
    assert!(matches!(tls.reload().unwrap_err(), TlsError::Unreadable { .. }));
    let other = rcgen::generate_simple_self_signed(["other".to_owned()]).unwrap();
    files.put("certificate.pem", &other.cert.pem());
    assert!(matches!(tls.reload().unwrap_err(), TlsError::Rejected(_)));
    assert_eq!(presented(&server).await, first);
    let made = Tls::self_signed(["localhost"]).unwrap();
    assert!(matches!(made.reload().unwrap_err(), TlsError::NoFiles));
}

#[tokio::test]
async fn watched_files_are_reloaded_when_they_are_written_and_a_bad_one_is_told() {
    let files = Files::new("watched");
    let first = files.write("first");
    let tls = files.tls().reload_every(Duration::from_millis(10));
    let setup = Setup::new().expects_errors().log(Level::INFO);
    let (server, meters) = measured(setup.server(|server| server.listen_tls(([127, 0, 0, 1], 0), tls))).await;
    assert_eq!(presented(&server).await, first);

    files.put("certificate.pem", "nothing");
    eventually(|| meters.read("hubcast_certificate_reloads_total failed") == 1.0).await;
    let errors = server.log.lines(Level::ERROR);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0].contains("the certificate cannot be reloaded: the one from before stays"),
        "{errors:?}"
    );
    assert_eq!(presented(&server).await, first);

    let second = files.write("second");
    soon(async {
        while presented(&server).await != second {
            yield_now().await;
        }
    })
    .await;
    eventually(|| meters.read("hubcast_certificate_reloads_total done") >= 1.0).await;
    server.stop().await;
}

async fn serving(tls: &Tls) -> Fixture {
    let tls = tls.clone();
    Setup::new().server(|server| server.listen_tls(([127, 0, 0, 1], 0), tls)).start().await
}

async fn presented(server: &Fixture) -> CertificateDer<'static> {
    let socket = connect_tls(server.tls_address(), &["h2"]).await;
    socket.get_ref().1.peer_certificates().unwrap()[0].clone()
}

/// A certificate and its key in a folder of this test alone, removed with it.
struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hubcast-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a certificate for that name, the key first.
    fn write(&self, name: &str) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        self.put("key.pem", &made.signing_key.serialize_pem());
        self.put("certificate.pem", &made.cert.pem());
        made.cert.der().clone()
    }

    fn put(&self, file: &str, content: &str) {
        std::fs::write(self.0.join(file), content).unwrap();
    }

    fn tls(&self) -> Tls {
        Tls::from_pem_files(self.0.join("certificate.pem"), self.0.join("key.pem")).unwrap()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let removed = std::fs::remove_dir_all(&self.0);
        assert!(removed.is_ok() || std::thread::panicking());
    }
}
