//! What a connection to a broker needs: options from the configuration, and the secrets from their
//! files, read at each attempt so that a changed one needs no restart (safety S3, X8, X11).
//!
//! Secrets and their text appear in no message: only the path and what is wrong with it do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rumqttc::{MqttOptions, NetworkOptions};

use crate::config::MqttConfig;

/// What we publish un-acknowledged at once; nothing is published yet.
const INFLIGHT: u16 = 100;
/// Until a connection stands, and for a write. Real seconds.
const NETWORK_LIMIT_S: u64 = 5;
/// A password or key is shorter; a wrong path must not fill memory.
const SECRET_MAX_BYTES: u64 = 64 * 1024;

/// The options that never change.
pub(super) fn options(config: &MqttConfig) -> MqttOptions {
    // An IPv6 address needs brackets before `:port`; under TLS the bare one is the server's name.
    let host = match &config.tls {
        None if config.host.contains(':') => format!("[{}]", config.host),
        None | Some(_) => config.host.to_string(),
    };
    let mut options = MqttOptions::new(&*config.client_id, host, config.port);
    options
        .set_keep_alive(config.keep_alive)
        .set_clean_session(false)
        .set_manual_acks(true)
        .set_inflight(INFLIGHT)
        .set_max_packet_size(config.max_packet_bytes, config.max_packet_bytes);
    options
}

pub(super) fn network() -> NetworkOptions {
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    network.set_connection_timeout(NETWORK_LIMIT_S);
    network
}

/// Reads the secrets of the next attempt.
///
/// # Errors
/// In plain words, for the link's `why`.
pub(super) fn unlock(config: &MqttConfig, options: &mut MqttOptions) -> Result<(), String> {
    if let Some(username) = &config.username {
        let password = match &config.password_file {
            Some(path) => password(path)?,
            None => String::new(),
        };
        options.set_credentials(&**username, password);
    }
    if let Some(tls) = &config.tls {
        options.set_transport(transport(tls)?);
    }
    Ok(())
}

fn password(path: &Path) -> Result<String, String> {
    let text =
        String::from_utf8(secret(path)?).map_err(|_| format!("{} is not UTF-8", path.display()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The content of a file that nobody but its owner may read.
fn secret(path: &Path) -> Result<Vec<u8>, String> {
    let shown = path.display();
    let meta = fs::metadata(path).map_err(|error| format!("{shown} can't be read: {error}"))?;
    if !meta.is_file() || meta.len() > SECRET_MAX_BYTES {
        return Err(format!("{shown} is not a file of at most {SECRET_MAX_BYTES} bytes"));
    }
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!("{shown} may be read by others (mode {mode:04o}): make it 0600"));
    }
    fs::read(path).map_err(|error| format!("{shown} can't be read: {error}"))
}

#[cfg(not(feature = "mqtt-tls"))]
fn transport(_: &crate::config::MqttTls) -> Result<rumqttc::Transport, String> {
    Err("mqtts:// needs a build with the feature mqtt-tls".to_owned())
}

#[cfg(feature = "mqtt-tls")]
use tls::transport;

#[cfg(feature = "mqtt-tls")]
mod tls {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use rumqttc::{TlsConfiguration, Transport};
    use rustls::{ClientConfig, RootCertStore};
    use rustls_pki_types::pem::PemObject;
    use rustls_pki_types::{CertificateDer, PrivateKeyDer};

    use super::secret;
    use crate::config::MqttTls;

    /// Where distributions keep the roots that they trust, in one file.
    const SYSTEM_ROOTS: [&str; 4] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    pub(super) fn transport(tls: &MqttTls) -> Result<Transport, String> {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS can't be set up: {error}"))?
            .with_root_certificates(roots(tls)?);
        let config = match &tls.client {
            None => config.with_no_client_auth(),
            Some((cert_file, key_file)) => {
                let key = PrivateKeyDer::from_pem_slice(&secret(key_file)?)
                    .map_err(|error| format!("{}: {error}", key_file.display()))?;
                config
                    .with_client_auth_cert(certificates(cert_file)?, key)
                    .map_err(|error| format!("{}: {error}", cert_file.display()))?
            }
        };
        Ok(Transport::tls_with_config(TlsConfiguration::Rustls(Arc::new(config))))
    }

    fn roots(tls: &MqttTls) -> Result<RootCertStore, String> {
        let system = || SYSTEM_ROOTS.iter().map(PathBuf::from).find(|path| path.is_file());
        let path = tls.ca_file.clone().or_else(system);
        let path = path.ok_or("this system has no file of root certificates: set tls.ca_file")?;
        let mut roots = RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(certificates(&path)?);
        if added == 0 {
            return Err(format!("{} holds no usable certificate", path.display()));
        }
        Ok(roots)
    }

    fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
        let shown = path.display();
        let wrong = |error| format!("{shown} can't be read: {error}");
        CertificateDer::pem_file_iter(path).map_err(wrong)?.collect::<Result<_, _>>().map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_others_may_read_is_refused_without_its_text() {
        // Goal: only the owner may read it, and no message repeats it.
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("mqtt");
        fs::write(&path, "hunter2\n").expect("writable");
        for (mode, accepted) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("ours");
            let read = password(&path);
            assert_eq!(read.is_ok(), accepted, "{mode:o}");
            match read {
                Ok(text) => assert_eq!(text, "hunter2"),
                Err(why) => assert!(why.contains("0600") && !why.contains("hunter2"), "{why}"),
            }
        }
        let absent = password(&folder.path().join("absent")).expect_err("no such file");
        assert!(absent.contains("can't be read"), "{absent}");
    }
}
