use std::sync::Arc;

use super::*;
use crate::profile::fault::{Origin, SourceFile};

fn file(text: &str) -> Arc<SourceFile> {
    let (path, text) = ("copydesk.toml".to_owned(), text.to_owned());
    Arc::new(SourceFile { path, text, origin: Origin::User })
}

#[test]
fn what_is_printed_reads_the_same() {
    let config = Config {
        inbox: "/srv/in".into(),
        spool: "/srv/\"out\"".into(),
        retention: Retention::Archive,
        with: vec!["html".to_owned()],
        favor: Favor::Recall,
        metrics: "127.0.0.1:9000".to_owned(),
        ..Config::default()
    };
    assert_eq!(read(&[file(&config.to_toml())]), Ok(config));
}

#[test]
fn all_faults_are_shown_with_their_place() {
    let text = "inbox = 1\nspool = \"/s\"\nretentoin = \"keep\"\n[arrival]\nsettle_ms = -1\n\
                [metrics]\nlisten = \"0.0.0.0:80\"\n";
    let faults = read(&[file(text)]).unwrap_err();
    let mut shown: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}:{} {}", fault.place().0, fault.place().1, fault.problem.code()))
        .collect();
    shown.sort();
    assert_eq!(shown, ["1:9 wrong-type", "3:1 unknown-key", "5:13 bad-value", "7:10 bad-value"]);
    let help = faults.iter().find_map(|fault| fault.problem.help()).unwrap();
    assert_eq!(help, "did you mean `retention`?");
}

#[test]
fn both_folders_are_needed_and_apart() {
    assert_eq!(read(&[file("")]).unwrap_err().len(), 2);
    let nested = read(&[file("inbox = \"/a\"\nspool = \"/a/b\"")]).unwrap_err();
    assert_eq!(nested[0].problem.code(), "bad-value");
    let later = [file("inbox = \"/a\"\nspool = \"/b\""), file("spool = \"/c\"")];
    assert_eq!(read(&later).unwrap().spool, PathBuf::from("/c"));
}
