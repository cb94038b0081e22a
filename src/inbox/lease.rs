//! Whether somebody has a file open for writing, asked of the kernel.
//!
//! A read lease is refused while any process has the file open for writing, or has it mapped
//! shared and writable. It is given back at once. Whoever opens the file in between waits for
//! microseconds, and this process gets `SIGIO`, which must be handled or ignored: its default ends
//! the process. The service handles it.

use std::os::fd::{AsFd, AsRawFd as _};

use rustix::io::Errno;

/// What the kernel said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Nobody writes.
    Quiet,
    /// Somebody has it open for writing.
    Writer,
    /// It does not say: another owner's file, or a file system without leases.
    Unknown,
}

/// Asks about a file that is open for reading only.
pub fn probe(file: impl AsFd) -> Probe {
    match set_lease(&file, libc::F_RDLCK) {
        Ok(()) => {
            // Where this fails, closing the file gives it back.
            set_lease(&file, libc::F_UNLCK).unwrap_or_default();
            Probe::Quiet
        }
        Err(Errno::AGAIN) => Probe::Writer,
        Err(_) => Probe::Unknown,
    }
}

#[expect(unsafe_code, reason = "no safe crate has F_SETLEASE")]
fn set_lease(file: &impl AsFd, kind: libc::c_int) -> Result<(), Errno> {
    let file = file.as_fd().as_raw_fd();
    // SAFETY: the descriptor is open for as long as it is borrowed, and `F_SETLEASE` takes a plain
    // number: no memory of ours is read or written.
    let answer = unsafe { libc::fcntl(file, libc::F_SETLEASE, kind) };
    if answer == 0 {
        return Ok(());
    }
    let code = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Err(Errno::from_raw_os_error(code))
}
