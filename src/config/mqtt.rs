//! `[[mqtt]]` → `MqttConfig`: where the broker is, how it is reached safely (safety X8, X11), and
//! its topics (`topic`). Reads no secret, and repeats no URL that may hold one.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::error::Findings;
use super::raw::{RawConfig, RawMqtt, RawTls};
use super::site::Folder;
use super::structure::At;
use super::{MqttConfig, MqttTls, topic};
use crate::domain::ids::DeviceId;

/// contract 3.1: `keep_alive_s`, `max_packet_bytes`.
const KEEP_ALIVE_S_DEFAULT: u64 = 5;
const MAX_PACKET_BYTES_DEFAULT: usize = 262_144;

/// Longest client id or user name, in bytes.
const CLIENT_TEXT_BYTES_MAX: usize = 64;

pub(super) fn resolve(
    raw: &RawConfig,
    folder: &Folder<'_>,
    findings: &mut Findings<'_>,
) -> Vec<MqttConfig> {
    let mut brokers: Vec<MqttConfig> = Vec::new();
    for (place, mqtt) in raw.mqtt.iter().enumerate() {
        let key = format!("mqtt[{place}]");
        check_names(&key, mqtt, raw, &brokers, findings);
        let address = url(&format!("{key}.url"), &mqtt.url, findings);
        let Address { tls, host, port } = address.unwrap_or_default();
        check_plain(&key, mqtt, tls, &host, findings);
        let packet = mqtt.max_packet_bytes.as_ref();
        brokers.push(MqttConfig {
            name: mqtt.name.get().as_str().into(),
            host: host.into(),
            port,
            tls: tls_of(&key, mqtt, tls, folder, findings),
            client_id: mqtt.client_id.get().as_str().into(),
            username: mqtt.username.as_ref().map(|name| name.get().as_str().into()),
            password_file: password_file(&key, mqtt, folder, findings),
            keep_alive: Duration::from_secs(
                mqtt.keep_alive_s
                    .as_ref()
                    .map_or(KEEP_ALIVE_S_DEFAULT, |at| at.get().unsigned_abs()),
            ),
            max_packet_bytes: packet
                .and_then(|at| usize::try_from(*at.get()).ok())
                .unwrap_or(MAX_PACKET_BYTES_DEFAULT),
            topics: topic::resolve(&key, mqtt, &raw.bed, findings),
        });
    }
    brokers
}

fn check_names(
    key: &str,
    mqtt: &RawMqtt,
    raw: &RawConfig,
    before: &[MqttConfig],
    findings: &mut Findings<'_>,
) {
    let name = mqtt.name.get();
    let name_key = format!("{key}.name");
    if let Err(error) = DeviceId::try_new(name) {
        findings.meaning(&name_key, mqtt.name.span(), format!("a source's name {error}"));
    }
    let serial = raw.serial.iter().any(|serial| serial.name.get() == name);
    if serial || before.iter().any(|other| *other.name == **name) {
        findings.meaning(&name_key, mqtt.name.span(), format!("the source {name:?} stands twice"));
    }
    let id_key = format!("{key}.client_id");
    short("a client id", &id_key, &mqtt.client_id, findings);
    if before.iter().any(|other| *other.client_id == **mqtt.client_id.get()) {
        let reason = format!("{:?} stands twice: a broker drops the other", mqtt.client_id.get());
        findings.meaning(&id_key, mqtt.client_id.span(), reason);
    }
    if let Some(username) = &mqtt.username {
        short("a user name", &format!("{key}.username"), username, findings);
    }
}

fn short(what: &str, key: &str, at: &At<String>, findings: &mut Findings<'_>) {
    let text = at.get();
    if !(1..=CLIENT_TEXT_BYTES_MAX).contains(&text.len()) || text.chars().any(char::is_control) {
        let reason =
            format!("{what} must be 1 to {CLIENT_TEXT_BYTES_MAX} bytes without control characters");
        findings.meaning(key, at.span(), reason);
    }
}

/// Whether a URL asks for TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Transport {
    #[default]
    Plain,
    Tls,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Address {
    tls: Transport,
    /// Without the brackets of an IPv6 address.
    host: String,
    port: u16,
}

fn url(key: &str, at: &At<String>, findings: &mut Findings<'_>) -> Option<Address> {
    match parse_url(at.get()) {
        Ok(address) => Some(address),
        Err(reason) => {
            findings.meaning(key, at.span(), reason);
            None
        }
    }
}

/// No reason repeats the URL or a part of it.
fn parse_url(url: &str) -> Result<Address, &'static str> {
    const FORM: &str = "must be mqtt://host:port or mqtts://host:port";
    let (scheme, rest) = url.split_once("://").ok_or(FORM)?;
    if rest.contains('@') {
        return Err("must not hold a user or password: use username and password_file");
    }
    let (tls, default_port) = match scheme {
        "mqtt" => (Transport::Plain, 1883),
        "mqtts" => (Transport::Tls, 8883),
        _ => return Err(FORM),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or(FORM)?;
            host.parse::<std::net::Ipv6Addr>().map_err(|_| "holds a bad IPv6 address")?;
            (host, port)
        }
        None => rest.split_at(rest.find(':').unwrap_or(rest.len())),
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => default_port,
        None => return Err(FORM),
        Some(digits) => match digits.parse() {
            Ok(port) if port > 0 => port,
            Ok(_) | Err(_) => return Err("the port must be 1 to 65535"),
        },
    };
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || !host.chars().all(known) {
        return Err(FORM);
    }
    Ok(Address { tls, host: host.to_owned(), port })
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// X8: without TLS only on loopback, or where the file says that the network is isolated.
fn check_plain(key: &str, raw: &RawMqtt, tls: Transport, host: &str, findings: &mut Findings<'_>) {
    if tls == Transport::Plain && !is_loopback(host) && raw.plain_mqtt.is_none() {
        let reason = "mqtt:// off loopback is readable by anyone on the way: use mqtts://, \
                      or set plain_mqtt = \"isolated-network\" where nobody else can reach it";
        findings.meaning(&format!("{key}.url"), raw.url.span(), reason);
    }
}

fn tls_of(
    key: &str,
    raw: &RawMqtt,
    tls: Transport,
    folder: &Folder<'_>,
    findings: &mut Findings<'_>,
) -> Option<MqttTls> {
    if tls == Transport::Tls && cfg!(not(feature = "mqtt-tls")) {
        let reason = "this build has no TLS for MQTT (feature mqtt-tls)";
        findings.meaning(&format!("{key}.url"), raw.url.span(), reason);
    }
    let key = format!("{key}.tls");
    if let (Transport::Plain, Some(at)) = (tls, &raw.tls) {
        findings.meaning(&key, at.span(), "only an mqtts:// url has TLS");
    }
    let none = RawTls { ca_file: None, cert_file: None, key_file: None };
    let files = raw.tls.as_ref().map_or(&none, At::get);
    let cert_key = format!("{key}.cert_file");
    let key_key = format!("{key}.key_file");
    match (&files.cert_file, &files.key_file) {
        (Some(at), None) => findings.meaning(&cert_key, at.span(), "needs key_file too"),
        (None, Some(at)) => findings.meaning(&key_key, at.span(), "needs cert_file too"),
        (Some(_), Some(_)) | (None, None) => {}
    }
    let mut path = |key: &str, at: &Option<At<String>>, content: Content| {
        at.as_ref().and_then(|at| existing(key, at, content, folder, findings))
    };
    let ca_file = path(&format!("{key}.ca_file"), &files.ca_file, Content::Public);
    let cert = path(&cert_key, &files.cert_file, Content::Public);
    let private = path(&key_key, &files.key_file, Content::Secret);
    (tls == Transport::Tls).then(|| MqttTls { ca_file, client: cert.zip(private) })
}

fn password_file(
    key: &str,
    raw: &RawMqtt,
    folder: &Folder<'_>,
    findings: &mut Findings<'_>,
) -> Option<PathBuf> {
    let at = raw.password_file.as_ref()?;
    let key = format!("{key}.password_file");
    if raw.username.is_none() {
        findings.meaning(&key, at.span(), "needs username too");
    }
    existing(&key, at, Content::Secret, folder, findings)
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Public,
    /// X11: the owner only.
    Secret,
}

/// A file that must be there before the service starts.
fn existing(
    key: &str,
    at: &At<String>,
    content: Content,
    folder: &Folder<'_>,
    findings: &mut Findings<'_>,
) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.path(key, at, findings)?;
    match std::fs::metadata(&path) {
        Err(error) => {
            findings.meaning(key, at.span(), format!("names no file that can be read: {error}"));
        }
        Ok(about) if !about.is_file() => {
            findings.meaning(key, at.span(), "names no file");
        }
        Ok(about) if content == Content::Secret && about.permissions().mode() & 0o077 != 0 => {
            let reason = "others can read this file: it must be its owner's only (chmod 600)";
            findings.meaning(key, at.span(), reason);
        }
        Ok(_) => {}
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_named_by_scheme_host_and_port() {
        let table = [
            ("mqtt://127.0.0.1:1883", Transport::Plain, "127.0.0.1", 1883),
            ("mqtt://localhost", Transport::Plain, "localhost", 1883),
            ("mqtts://broker.clinic.example", Transport::Tls, "broker.clinic.example", 8883),
            ("mqtts://10.0.0.7:9000/", Transport::Tls, "10.0.0.7", 9000),
            ("mqtt://[::1]:1884", Transport::Plain, "::1", 1884),
        ];
        for (url, tls, host, port) in table {
            let address = Address { tls, host: host.to_owned(), port };
            assert_eq!(parse_url(url), Ok(address), "{url}");
        }
    }

    #[test]
    fn anything_else_is_no_broker() {
        let table = [
            "",
            "mqtt://",
            "mqtt://:1883",
            "http://127.0.0.1",
            "mqtt://h:0",
            "mqtt://h:65536",
            "mqtt://h:1883/path",
            "mqtt://h?x",
            "mqtt://[::1",
            "mqtt://[nope]:1883",
            "mqtt://a b",
            "mqtt://user:secret@h",
            "127.0.0.1:1883",
            "mqtt://::1:1883",
        ];
        for url in table {
            let reason = parse_url(url).expect_err(url);
            assert!(!reason.contains("secret"), "{url}");
        }
    }
}
