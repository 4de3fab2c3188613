//! The record of a session: each form under its own type, the page under a policy of its own.

use super::sample;
use super::support::Service;
use crate::shell::http::Limits;

#[tokio::test]
async fn a_session_s_record_comes_in_each_form() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let session = sample::SESSION;
    let table = [
        ("report", "text/html; charset=utf-8", "Html"),
        ("export.csv", "text/csv; charset=utf-8", "Csv"),
        ("export.fhir.json", "application/fhir+json; charset=utf-8", "Fhir"),
    ];
    for (form, kind, word) in table {
        let answer = service.get(&format!("/api/v1/sessions/{session}/{form}")).await;
        assert_eq!((answer.status, answer.body), (200, format!("{word} of {session}")), "{form}");
        assert!(answer.head.contains(&format!("\r\ncontent-type: {kind}\r\n")), "{}", answer.head);
        let kept = if form == "export.csv" { "attachment" } else { "inline" };
        let name = format!("SIMULATED-{word}").to_lowercase();
        let named = format!("\r\ncontent-disposition: {kept}; filename=\"{name}\"\r\n");
        assert!(answer.head.contains(&named), "{}", answer.head);
        assert!(answer.head.contains("\r\ncache-control: no-store"), "{}", answer.head);
    }
}

#[tokio::test]
async fn the_report_runs_nothing_and_takes_its_own_style_alone() {
    // safety:X6
    let service = Service::start(9, Limits::CONTRACT).await;
    let answer = service.get(&format!("/api/v1/sessions/{}/report", sample::SESSION)).await;
    let policy = "\r\ncontent-security-policy: default-src 'none'; style-src 'sha256-x'; \
        frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n";
    assert!(answer.head.contains(policy), "{}", answer.head);
    assert_eq!(answer.head.matches("content-security-policy").count(), 1);
}

#[tokio::test]
async fn a_session_that_the_journal_does_not_have_is_unknown() {
    let service = Service::start(9, Limits::CONTRACT).await;
    for id in ["01998f3e-0000-7000-8000-00000000dead", "not-an-id", "%ff"] {
        for form in ["report", "export.csv", "export.fhir.json"] {
            let answer = service.get(&format!("/api/v1/sessions/{id}/{form}")).await;
            let told = (answer.status, answer.problem());
            assert_eq!(told, (404, "unknown-session".to_owned()), "{id} {form}");
            // It need not run.
            assert!(!answer.body.contains("running"), "{}", answer.body);
        }
    }
}
