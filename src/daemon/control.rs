//! The control socket: `control.sock` in the spool, one JSON object a line in, one a line out.
//!
//! Owns the form of requests and the sockets; the loop gives the answers.

use std::io::{BufRead as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{Semaphore, oneshot};

/// Name of the socket in the spool.
const SOCKET: &str = "control.sock";

/// Longest request, in bytes.
const LONGEST: u64 = 64 << 10;

/// Connections that are served at once.
const CONNECTIONS: usize = 16;

/// Longest time for one request.
const PATIENCE: Duration = Duration::from_mins(2);

/// What can be asked of a running service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// How it is.
    Status {},
    /// Where a capture is, and why.
    Why {
        /// A path relative to the inbox, a job, or the name of a result.
        key: String,
    },
    /// Scan the inbox.
    Rescan {},
    /// Read configuration and profiles again.
    Reload {
        /// Whether to answer when it is done.
        wait: bool,
    },
    /// Look at, clean again or forget captures of the quarantine.
    Quarantine {
        /// What to do.
        what: What,
        /// Only this job.
        job: Option<String>,
        /// Only those of this reason.
        reason: Option<String>,
    },
    /// Counters in the text format of Prometheus.
    Metrics {},
}

/// What to do with captures of the quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Name them.
    List,
    /// Clean them again.
    Redrive,
    /// Forget them.
    Drop,
}

/// The way of an answer.
pub type Reply = oneshot::Sender<Value>;

/// Where the socket of a spool can be reached, however long the spool's path is: names of sockets
/// have 107 bytes at most, so it goes by the folder's descriptor.
fn socket(spool: &Path) -> std::io::Result<(std::fs::File, PathBuf)> {
    let folder = std::fs::File::open(spool)?;
    let path = PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd()));
    Ok((folder, path))
}

/// Serves the control socket. The lock of the spool is held, so a socket that is there is a dead
/// one.
///
/// # Errors
/// The socket cannot be made.
pub fn serve(
    spool: &Path,
    ask: impl Fn(Request, Reply) + Send + Sync + 'static,
) -> std::io::Result<()> {
    let (folder, path) = socket(spool)?;
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o660))?;
    drop(folder);
    let (ask, permits) = (Arc::new(ask), Arc::new(Semaphore::new(CONNECTIONS)));
    tokio::spawn(async move {
        while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let ask = Arc::clone(&ask);
            tokio::spawn(async move {
                // Whoever does not read the answer has no use for it.
                tokio::time::timeout(PATIENCE, converse(stream, &*ask)).await.ok();
                drop(permit);
            });
        }
    });
    Ok(())
}

async fn converse(
    mut stream: tokio::net::UnixStream,
    ask: &(impl Fn(Request, Reply) + Sync),
) -> std::io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    tokio::io::BufReader::new(reader).take(LONGEST).read_line(&mut line).await?;
    let value = match serde_json::from_str(&line) {
        Ok(request) => {
            let (reply, answer) = oneshot::channel();
            ask(request, reply);
            answer.await.unwrap_or_else(|_| json!({ "error": "the service ends" }))
        }
        Err(error) => json!({ "error": format!("bad request: {error}") }),
    };
    writer.write_all(format!("{value}\n").as_bytes()).await
}

/// Asks a running service; `None` where none runs.
///
/// # Errors
/// The socket is there and does not answer.
pub fn ask(spool: &Path, request: &Request) -> std::io::Result<Option<Value>> {
    use std::io::ErrorKind;
    let (folder, path) = match socket(spool) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut stream = match std::os::unix::net::UnixStream::connect(&path) {
        Ok(stream) => stream,
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    drop(folder);
    stream.set_read_timeout(Some(PATIENCE))?;
    let line = serde_json::to_string(request).map_err(std::io::Error::other)?;
    stream.write_all(line.as_bytes())?;
    stream.write_all(b"\n")?;
    let mut answer = String::new();
    std::io::BufReader::new(stream).read_line(&mut answer)?;
    serde_json::from_str(&answer).map(Some).map_err(std::io::Error::other)
}

/// Serves `/metrics` and `/health` by HTTP on a loopback address or a UNIX socket.
///
/// # Errors
/// The socket cannot be made.
pub fn serve_metrics(
    listen: &str,
    ask: impl Fn(Request, Reply) + Send + Sync + 'static,
) -> std::io::Result<()> {
    let ask = Arc::new(ask);
    if let Some(path) = listen.strip_prefix("unix:") {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(path)?;
        tokio::spawn(async move {
            loop {
                if let Ok((stream, _)) = listener.accept().await {
                    // One after another: a scrape is short.
                    tokio::time::timeout(PATIENCE / 12, http(stream, &*ask)).await.ok();
                }
            }
        });
        return Ok(());
    }
    let listener = std::net::TcpListener::bind(listen)?;
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    tokio::spawn(async move {
        loop {
            if let Ok((stream, _)) = listener.accept().await {
                tokio::time::timeout(PATIENCE / 12, http(stream, &*ask)).await.ok();
            }
        }
    });
    Ok(())
}

async fn http(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    ask: &(impl Fn(Request, Reply) + Sync),
) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut reader = tokio::io::BufReader::new(&mut stream).take(LONGEST);
    while !head.ends_with(b"\r\n\r\n") && reader.read_until(b'\n', &mut head).await? > 0 {}
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let (reply, answer) = oneshot::channel();
    let (status, body) = match path.as_str() {
        "/metrics" => {
            ask(Request::Metrics {}, reply);
            let text = answer.await.unwrap_or_default();
            ("200 OK", text.as_str().unwrap_or_default().to_owned())
        }
        "/health" => {
            ask(Request::Status {}, reply);
            let value = answer.await.unwrap_or_default();
            let healthy = value.get("healthy").and_then(Value::as_bool).unwrap_or(false);
            (if healthy { "200 OK" } else { "503 Service Unavailable" }, format!("{value}\n"))
        }
        _ => ("404 Not Found", "there are /metrics and /health\n".to_owned()),
    };
    let length = body.len();
    let kind = if path == "/health" { "application/json" } else { "text/plain; version=0.0.4" };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
