//! `copydesk profile …`: one file per verb.

mod cases;
mod diff;
mod disable;
mod explain;
mod grade;
mod import_ftr;
mod lint;
mod list;
mod new;
mod preview;
mod show;
mod stack;
mod test;

use clap::Subcommand;

use super::{BAD_PROFILE, Failure, SOME_FAILED, inputs, profiles};

/// The verbs below `profile`.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// List all profiles
    List(list::ListArgs),
    /// Print a profile's file, or all that holds in it
    Show(show::ShowArgs),
    /// Learn the draft of a profile from captures of a site
    New(new::NewArgs),
    /// Compare a profile with the one that it hides or extends
    Diff(diff::DiffArgs),
    /// Switch a rule off, in your own file of that profile
    Disable(disable::DisableArgs),
    /// Check profile files; 0 clean, 1 warnings, 78 errors
    Lint(lint::LintArgs),
    /// Run the cases of profiles
    Test(test::TestArgs),
    /// Say why a capture comes out as it does
    Explain(explain::ExplainArgs),
    /// Show a capture and what became of it, as a page for a browser
    Preview(preview::PreviewArgs),
    /// Make profiles of the site configs of Full-Text RSS
    ImportFtr(import_ftr::ImportArgs),
}

pub(super) fn run(verb: &Verb) -> Result<u8, Failure> {
    match verb {
        Verb::List(args) => list::run(args),
        Verb::Show(args) => show::run(args),
        Verb::New(args) => new::run(args),
        Verb::Diff(args) => diff::run(args),
        Verb::Disable(args) => disable::run(args),
        Verb::Lint(args) => lint::run(args),
        Verb::Test(args) => test::run(args),
        Verb::Explain(args) => explain::run(args),
        Verb::Preview(args) => preview::run(args),
        Verb::ImportFtr(args) => import_ftr::run(args),
    }
}
