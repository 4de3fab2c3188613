//! A service to ask: the real router, accept loop and users (in a file of their own), a fake engine
//! and journal, a small client with a token for each role.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::fakes::{fake_engine, fake_journal};
use super::sample;
pub(crate) use super::senders::As;
use super::senders::people;
use crate::domain::act::{Act, Refused};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::role::Role;
use crate::domain::screens::{Lease, ScreenId, ScreenOrder, ScreenRefused};
use crate::domain::time::WallTime;
use crate::shell::http::{AppState, Limits, ServeError, router, serve};
use crate::shell::hub::Hub;
use crate::shell::identity::{AccountName, Author, Identity, NewPassword};
use crate::shell::lane::{EngineHandle, HistoryHandle, Published, WardView};

/// Longest wait for anything in these tests.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A limit that a test need not wait long for. Only for what is to be too late: a machine that
/// stands still makes anything else too late as well.
pub(crate) const QUICK: Duration = Duration::from_millis(300);

/// What the fake engine and journal know.
#[derive(Debug)]
pub(crate) struct Ward {
    pub(crate) view: WardView,
    /// In order; the first need not be 1.
    pub(crate) log: Vec<Transition>,
    pub(crate) not_ready: Vec<String>,
    pub(crate) refusal: Option<Refused>,
    pub(crate) acts: Vec<Act>,
    pub(crate) orders: Vec<ScreenOrder>,
    pub(crate) leases: Vec<(ScreenId, Arc<str>, Lease)>,
    pub(crate) screen_refusal: Option<ScreenRefused>,
    pub(crate) mood: Mood,
    /// So many transitions are committed right after each view, before who asked can run.
    pub(crate) commits_after_view: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Answering,
    Silent,
}

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) hub: Hub,
    pub(crate) shutdown: CancellationToken,
    ward: Arc<Mutex<Ward>>,
    engine: EngineHandle,
    served: JoinHandle<Result<(), ServeError>>,
    pub(crate) identity: Identity,
    /// By role, in the order of `Role::ALL`.
    tokens: [String; 4],
    now: Arc<Mutex<WallTime>>,
    pub(crate) folder: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A live event as a browser sees it.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: Option<u64>,
    pub(crate) data: Value,
}

pub(crate) struct Live(BufReader<TcpStream>);

impl Service {
    /// A service whose ward stands at transition `seq`, all of which the journal holds.
    pub(crate) async fn start(seq: u64, limits: Limits) -> Self {
        let ward = Arc::new(Mutex::new(Ward {
            view: sample::ward(seq),
            log: (1..=seq).map(sample::transition).collect(),
            not_ready: Vec::new(),
            refusal: None,
            acts: Vec::new(),
            orders: Vec::new(),
            leases: Vec::new(),
            screen_refusal: None,
            mood: Mood::Answering,
            commits_after_view: 0,
        }));
        let (engine, commands) = mpsc::channel(64);
        let engine = EngineHandle::new(engine);
        let (history, questions) = mpsc::channel(64);
        let (hub, shutdown) = (Hub::default(), CancellationToken::new());
        tokio::spawn(fake_engine(Arc::clone(&ward), hub.clone(), commands));
        tokio::spawn(fake_journal(Arc::clone(&ward), questions));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let now = Arc::new(Mutex::new(sample::at(0).wall));
        let (identity, tokens) = people(&folder, &now).await;
        let state = AppState::new(
            sample::site(),
            engine.clone(),
            HistoryHandle::new(history),
            hub.clone(),
            identity.clone(),
            limits,
            shutdown.clone(),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let served = tokio::spawn(serve(listener, router(state), limits, shutdown.clone()));
        Self { address, hub, shutdown, ward, engine, served, identity, tokens, now, folder }
    }

    /// Time passes for log-ins.
    pub(crate) fn pass(&self, time: Duration) {
        let mut now = self.now.lock().expect("no holder panics");
        *now = now.plus(time);
    }

    /// A user with the password `<name>'s password`.
    pub(crate) async fn add_user(&self, name: &str, role: Role) {
        let password = NewPassword::try_new(&format!("{name}'s password")).expect("long enough");
        let name = AccountName::try_new(name).expect("a name");
        let added = self.identity.add_user(Author::on_command_line(), name, role, password).await;
        added.expect("a new user");
    }

    /// Waits until what nobody waits for is written, too: changes are made one after another.
    pub(crate) async fn settle(&self) {
        let nobody = AccountName::try_new("nobody").expect("a name");
        let refused = self.identity.revoke_token(Author::on_command_line(), nobody).await;
        refused.expect_err("there is no such token");
    }

    /// Who, what, from where and the detail of each line.
    pub(crate) async fn audit(&self) -> Vec<[String; 4]> {
        self.settle().await;
        self.identity.audit().await.expect("it is read")
    }

    fn lines(&self, sender: As<'_>) -> String {
        match sender {
            As::Nobody => String::new(),
            As::Token(role) => {
                let place = Role::ALL.iter().position(|one| *one == role).expect("one of four");
                format!("Authorization: Bearer {}\r\n", self.tokens[place])
            }
            As::Headers(lines) => lines.to_owned(),
        }
    }

    /// The header line of a nurse's token.
    pub(crate) fn nurse(&self) -> String {
        self.lines(As::Token(Role::Nurse))
    }

    pub(crate) fn ward(&self) -> MutexGuard<'_, Ward> {
        self.ward.lock().expect("no holder panics")
    }

    pub(crate) fn commit_next(&self) {
        self.ward().commit_next(&self.hub);
    }

    /// Asks past the web: the engine then answers what it left unanswered, too.
    pub(crate) async fn ask_engine(&self) {
        in_time(self.engine.view()).await.expect("it answers");
    }

    /// As a nurse.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, As::Token(Role::Nurse), "").await
    }

    /// As a nurse.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, As::Token(Role::Nurse), body).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        sender: As<'_>,
        body: &str,
    ) -> Answer {
        let (length, mut sender) = (body.len(), self.lines(sender));
        if method == "DELETE" && body.is_empty() && !sender.contains("Command-Id") {
            // An id is good for one kind of request.
            let kind = if path.contains("/screens/") { 'e' } else { 'd' };
            sender += &format!("Command-Id: 01998f3e-0000-7000-8000-00000000000{kind}\r\n");
        }
        self.ask(&format!(
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\n{sender}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// Sends the bytes of a request and reads until the service closes.
    pub(crate) async fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut bytes = Vec::new();
        in_time(stream.read_to_end(&mut bytes)).await.expect("it answers");
        Answer::parse(&String::from_utf8(bytes).expect("UTF-8"))
    }

    /// As a nurse.
    pub(crate) async fn live(&self, path: &str, headers: &str) -> Live {
        self.live_as(path, As::Headers(&(self.nurse() + headers))).await
    }

    pub(crate) async fn live_as(&self, path: &str, sender: As<'_>) -> Live {
        let headers = self.lines(sender);
        let stream = TcpStream::connect(self.address).await.expect("it listens");
        let mut stream = BufReader::new(stream);
        let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n{headers}\r\n");
        stream.get_mut().write_all(request.as_bytes()).await.expect("it reads");
        let mut live = Live(stream);
        let status = live.line().await.expect("a status line");
        assert!(status.contains(" 200 "), "{status}");
        while !live.line().await.expect("a header").is_empty() {}
        live
    }

    /// Ends the service as SIGTERM does.
    pub(crate) async fn stop(self) -> Result<(), ServeError> {
        self.shutdown.cancel();
        in_time(self.served).await.expect("no panic")
    }
}

impl Ward {
    /// Commits the next transition and publishes it, as the engine does: at once for everybody.
    pub(super) fn commit_next(&mut self, hub: &Hub) {
        let next = sample::transition(self.view.seq.0 + 1);
        self.view.seq = next.seq;
        self.view.at = next.at;
        self.log.push(next.clone());
        hub.publish(published(next));
    }
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Self { status: status.unwrap_or(0), head: head.to_lowercase(), body: body.into() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The last part of a problem's `type`.
    pub(crate) fn problem(&self) -> String {
        assert!(self.head.contains("application/problem+json"), "{} {}", self.head, self.body);
        let kind = self.json()["type"].as_str().expect("a type").to_owned();
        kind.strip_prefix("/problems/").expect("a problem").to_owned()
    }
}

impl Live {
    /// The next event; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        let (mut name, mut id, mut data) = (None, None, None);
        loop {
            let line = self.line().await?;
            match line.split_once(": ") {
                Some(("event", value)) => name = Some(value.to_owned()),
                Some(("id", value)) => id = Some(value.parse().expect("a number")),
                Some(("data", value)) => data = serde_json::from_str(value).ok(),
                Some(_) => {}
                None => {
                    let Some(name) = name.take() else { continue };
                    return Some(Event { name, id, data: data.expect("JSON data") });
                }
            }
        }
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = in_time(self.0.read_line(&mut line)).await.expect("a readable stream");
        (read > 0).then(|| line.trim_end().to_owned())
    }
}

/// What the future gives, or a failed test.
pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("it happens in time")
}

fn published(transition: Transition) -> Published {
    match &transition.subject {
        Subject::Alarm { change, occurrence } => Published::Alarm {
            change: *change,
            seq: Some(transition.seq),
            at: transition.at,
            occurrence: Arc::new((**occurrence).clone()),
            latency: None,
        },
        Subject::Session { .. } => Published::Session { transition: Arc::new(transition) },
    }
}
