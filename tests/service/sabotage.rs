//! T30: with a safety taken away the campaign fails. Each row runs a test of this binary on a
//! service without that safety.

use std::process::{Command, Stdio};

use super::rig::{say, slow};

/// The safety, and the test that notices.
const ROWS: [(&str, &str); 8] = [
    ("no_intent", "kills::t1_a_crash_at_each_step_loses_nothing_and_doubles_nothing"),
    ("no_file_fsync", "disk::t2_a_power_cut_leaves_nothing_torn_and_nothing_lost"),
    ("no_lease", "arrival::t12_slow_writers_are_waited_for"),
    ("no_post_fstat", "arrival::t12_a_capture_that_is_rewritten_while_it_is_read_is_read_again"),
    ("watch_after_list", "arrival::t8_trees_that_are_moved_in_and_folders_that_appear_at_once"),
    ("attempts_after", "kills::t17_poison_is_given_up_and_the_others_are_not"),
    ("replace", "kills::a_strangers_file_under_our_name_is_not_overwritten"),
    ("blocking_callback,no_rescan", "arrival::t7_lost_events_are_made_up_for"),
];

#[test]
fn t30_without_a_safety_the_campaign_fails() {
    if !slow() {
        say("T30: the model's rows only; SLOW_TESTS=1 runs the service's");
        return;
    }
    let mut unnoticed = Vec::new();
    for (safety, test) in ROWS {
        let status = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env("COPYDESK_SABOTAGE", safety)
            .env("COPYDESK_TEST_PATIENCE_S", "15")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        let noticed = !status.success();
        say(&format!("T30 {safety:<28} {}", if noticed { "noticed" } else { "NOT NOTICED" }));
        if !noticed {
            unnoticed.push(safety);
        }
    }
    assert_eq!(unnoticed, Vec::<&str>::new());
}
