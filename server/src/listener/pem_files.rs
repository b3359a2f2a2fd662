//! The files of a certificate and its key: read at the start, and again when they change.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::tls::TlsError;

/// Two files in PEM.
#[derive(Debug)]
pub(super) struct PemFiles {
    certificates: PathBuf,
    key: PathBuf,
}

/// A certificate chain, the server's own first, and its key.
pub(super) type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// By what a change of the files is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp([(SystemTime, u64); 2]);

impl PemFiles {
    pub(super) fn new(certificates: &Path, key: &Path) -> Self {
        Self { certificates: certificates.to_owned(), key: key.to_owned() }
    }

    pub(super) fn read(&self) -> Result<Pair, TlsError> {
        let unreadable = |path: &Path, source: Box<dyn std::error::Error + Send + Sync>| {
            TlsError::Unreadable { path: path.to_owned(), source }
        };
        let path = &self.certificates;
        let chain = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|source| unreadable(path, source.into()))?;
        if chain.is_empty() {
            return Err(unreadable(path, "there is no certificate in it".into()));
        }
        let path = &self.key;
        let key = PrivateKeyDer::from_pem_file(path).map_err(|source| unreadable(path, source.into()))?;
        Ok((chain, key))
    }

    /// When the files were last written, and how long they are. Links are followed, as a secret of Kubernetes is one.
    pub(super) fn stamp(&self) -> io::Result<Stamp> {
        let of = |path: &Path| {
            let metadata = path.metadata()?;
            Ok::<_, io::Error>((metadata.modified()?, metadata.len()))
        };
        Ok(Stamp([of(&self.certificates)?, of(&self.key)?]))
    }
}
