//! Users and tokens on the command line, before and while the service runs (contract 2).

use std::process::{Output, Stdio};

use tokio::io::AsyncWriteExt;

use crate::clinic::Clinic;
use crate::http;
use crate::service::program;

const PASSWORD: &str = "correct horse";

impl Clinic {
    /// `dosevigil user ...`, with a line on its standard input.
    async fn user(&self, args: &[&str], line: &str) -> Output {
        let mut command = program();
        command.arg("user").args(args).arg("--config").arg(self.config());
        let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut input = child.stdin.take().expect("it is piped");
        // A command that needs no line has ended by then.
        let _unread = input.write_all(line.as_bytes()).await;
        drop(input);
        child.wait_with_output().await.expect("it ends")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn the_first_user_is_made_on_the_command_line_and_logs_in() {
    // Goal: a start without users says how; a user made meanwhile logs in at once, also at the next
    // start; a disabled one is out at once.
    // safety:X3
    let clinic = Clinic::of_beds(&["bay-1"]);
    let service = clinic.start().await;
    assert!(service.log().contains("dosevigil user add NAME --role admin"), "{}", service.log());
    let add = ["add", "ann", "--role", "admin", "--password-stdin"];
    let short = clinic.user(&add, "too short\n").await;
    assert_eq!(short.status.code(), Some(1));
    assert!(text(&short.stderr).contains("at least 12 characters"), "{}", text(&short.stderr));
    let added = clinic.user(&add, &format!("{PASSWORD}\n")).await;
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    let twice = clinic.user(&add, &format!("{PASSWORD}\n")).await;
    assert_eq!(twice.status.code(), Some(1));
    assert!(text(&twice.stderr).contains("this name is taken"), "{}", text(&twice.stderr));
    let bob = ["add", "bob", "--role", "nurse", "--password-stdin"];
    assert_eq!(clinic.user(&bob, &format!("{PASSWORD}\n")).await.status.code(), Some(0));

    let ann = http::log_in(service.address, "ann", PASSWORD).await.expect("a log-in");
    let bob = http::log_in(service.address, "bob", PASSWORD).await.expect("a log-in");
    let me = http::get(service.address, "/api/v1/me", &ann).await.expect("an answer").json();
    assert_eq!((&me["name"], &me["role"]), (&"ann".into(), &"admin".into()));
    let disabled = clinic.user(&["disable", "bob"], "").await;
    assert_eq!(disabled.status.code(), Some(0), "{}", text(&disabled.stderr));
    let out = http::get(service.address, "/api/v1/beds", &bob).await.expect("an answer");
    assert_eq!(out.status, 401);
    let list = clinic.user(&["list"], "").await;
    assert_eq!(text(&list.stdout), "ann admin\nbob nurse disabled\n");
    service.stop().await;

    let service = clinic.start().await;
    assert!(!service.log().contains("no users"), "{}", service.log());
    let kept = http::get(service.address, "/api/v1/me", &ann).await.expect("an answer");
    assert_eq!(kept.status, 200, "a log-in outlives a restart");
    service.stop().await;
}
