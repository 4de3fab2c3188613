//! Monitors in one MQTT connection, QoS 1. The packets are written straight to the socket and the
//! broker's acknowledgements only counted: what is left of two cores belongs to those under test.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use rumqttc::QoS;
use rumqttc::mqttbytes::v4::{Connect, Publish};

use super::message::Message;

/// Bytes of a ConnAck.
const CONNACK: usize = 4;

pub(crate) struct Publisher {
    stream: TcpStream,
    buffer: bytes::BytesMut,
    packet: u16,
}

impl Publisher {
    pub(crate) fn connect(port: u16) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the broker answers");
        stream.set_nodelay(true).expect("a TCP socket");
        let mut buffer = bytes::BytesMut::new();
        let mut connect = Connect::new("monitors");
        connect.keep_alive = 0;
        connect.write(&mut buffer).expect("a small packet");
        stream.write_all(&buffer).expect("the broker reads");
        let mut connack = [0; CONNACK];
        stream.read_exact(&mut connack).expect("the broker answers");
        assert_eq!(connack[3], 0, "the broker takes us");
        let mut answers = stream.try_clone().expect("a TCP socket");
        // Ends with the connection.
        thread::spawn(move || {
            let mut ignored = [0; 64 * 1024];
            while answers.read(&mut ignored).is_ok_and(|bytes| bytes > 0) {}
        });
        buffer.clear();
        Self { stream, buffer, packet: 0 }
    }

    /// Takes a message for the next `flush`.
    pub(crate) fn queue(&mut self, message: &Message) {
        self.packet = self.packet.checked_add(1).unwrap_or(1);
        let mut publish = Publish::new(message.topic(), QoS::AtLeastOnce, message.text.as_bytes());
        publish.pkid = self.packet;
        publish.write(&mut self.buffer).expect("a small packet");
    }

    pub(crate) fn flush(&mut self) {
        self.stream.write_all(&self.buffer).expect("the broker reads");
        self.buffer.clear();
    }

    pub(crate) fn publish(&mut self, message: &Message) {
        self.queue(message);
        self.flush();
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        // Ends the thread that reads; a connection that is gone already is as good.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}
