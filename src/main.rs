//! The `copydesk` command.

use std::process::ExitCode;

/// The allocator: a parse is many small allocations, and mimalloc took a fifth off it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    copydesk::cli::run()
}
