//! One test for each case folder under `fixtures/`; `cargo bless` writes what is expected.

#![cfg(test)]

use std::path::Path;
use std::sync::Arc;

use copydesk::parse;
use copydesk::profile::set::{self, Lint};
use copydesk::tool::case;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let (profiles, faults) = set::load(set::built_in(), &[], Lint::Own, parse::text::parse);
    let Some(profiles) = profiles.map(Arc::new) else {
        panic!(
            "built-in profiles: {}",
            faults.iter().map(|fault| fault.render(false)).collect::<String>()
        );
    };
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let cases = case::find(&fixtures).expect("fixtures/ can be read");
    let trials = cases
        .into_iter()
        .map(|case| {
            let profiles = Arc::clone(&profiles);
            let name = case.name.clone();
            Trial::test(name, move || {
                let bless = |message| {
                    format!("{message}if it is what you meant: cargo bless {}", case.name)
                };
                case::check(&case, &profiles).map_err(|message| Failed::from(bless(message)))
            })
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
