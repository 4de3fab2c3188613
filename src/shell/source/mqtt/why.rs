//! Errors of the MQTT client in, plain words for a link's `why` out. Never a secret: the client's
//! errors hold none.

use rumqttc::mqttbytes::Error as PacketError;
use rumqttc::{ConnectionError, StateError};

pub(super) fn why_lost(error: &ConnectionError) -> String {
    if let ConnectionError::MqttState(state) = error {
        return why_state(state);
    }
    if let ConnectionError::Io(io) = error {
        let refused = io.kind() == std::io::ErrorKind::ConnectionRefused;
        return if refused {
            "no broker answers there".into()
        } else {
            format!("can't connect: {io}")
        };
    }
    if let ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout = error {
        return "the broker does not answer".to_owned();
    }
    if let ConnectionError::ConnectionRefused(code) = error {
        return format!("the broker refuses us: {code:?}");
    }
    format!("{error}")
}

pub(super) fn why_state(error: &StateError) -> String {
    if let StateError::AwaitPingResp = error {
        return "the broker does not answer our ping".to_owned();
    }
    if let StateError::ConnectionAborted = error {
        return "the broker closed the connection".to_owned();
    }
    if let StateError::Deserialization(PacketError::Io(io)) = error {
        return format!("the connection failed: {io}");
    }
    format!("the connection failed: {error}")
}
