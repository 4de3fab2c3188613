//! Starts that must be refused, each with its exit code and a path that helps (contract 2).

use std::fs;

use crate::clinic::Clinic;

#[tokio::test]
async fn a_second_service_on_the_same_data_is_refused() {
    // Goal: two processes never share a journal; the first goes on.
    // safety:P5
    let clinic = Clinic::of_beds(&["bay-1"]);
    let service = clinic.start().await;
    let ended = clinic.refused().await;
    assert_eq!(ended.code, Some(3), "{}", ended.errors);
    let path = clinic.database().display().to_string();
    assert!(ended.errors.contains(&path), "{}", ended.errors);
    assert_eq!(service.get("/livez").await.status, 200);
    service.stop().await;
    clinic.start().await.stop().await;
}

#[tokio::test]
async fn a_broken_configuration_is_refused_with_file_line_key_and_reason() {
    // Goal: a misspelt key stops the start, and nothing is made on the disk.
    // safety:P8
    let clinic = Clinic::of_beds(&["bay-1"]).with("\n[alarm]\npreset = \"none\"\n");
    let ended = clinic.refused().await;
    assert_eq!(ended.code, Some(2), "{}", ended.errors);
    for part in ["monitor.toml", "alarm", ":2"] {
        assert!(ended.errors.contains(part), "{part} in {}", ended.errors);
    }
    assert!(!clinic.database().exists());
}

#[tokio::test]
async fn a_damaged_database_is_refused_and_not_overwritten() {
    // Goal: never a silent empty start. Method: three kinds of damage to a journal that was made
    // by a clean run; the file must stay as it is, byte for byte.
    // safety:P5
    let clinic = Clinic::of_beds(&["bay-1"]);
    clinic.start().await.stop().await;
    let path = clinic.database();
    let whole = fs::read(&path).expect("the journal is there");
    let mut overwritten = whole.clone();
    overwritten[..4096].fill(0x5A);
    let cut = whole[..100].to_vec();
    for (what, damaged) in [("overwritten", overwritten), ("cut", cut), ("empty", Vec::new())] {
        fs::write(&path, &damaged).expect("writable");
        let ended = clinic.refused().await;
        assert_eq!(ended.code, Some(3), "{what}: {}", ended.errors);
        let named = path.display().to_string();
        assert!(ended.errors.contains(&named), "{what}: {}", ended.errors);
        assert_eq!(fs::read(&path).expect("it is there"), damaged, "{what}");
    }
    fs::write(&path, &whole).expect("writable");
    clinic.start().await.stop().await;
}
