//! Writes the lines of texts that may be headlines, with their features: what
//! `tests/train/headline.py` learns from.
//!
//! Takes the folder of folds that `tests/train/forest.py texts` leaves (so that each text is judged
//! by a forest that has not seen its site), and the folders of the pages and of their flattened
//! texts; writes in the folder that is its fourth argument `matrix.i16`, `lines.tsv` (page, line) and
//! `titles.tsv` (page, the title that the page itself names).

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use copydesk::decode;
use copydesk::model::capture::{CaptureKind, Hints};
use copydesk::parse::text;
use copydesk::pipeline::{self, Options, Outcome};
use copydesk::profile::set::{self, Lint, ProfileSet};
use copydesk::strip::generic::{self, Forest, Judge};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let mut next = |what: &'static str| arguments.next().context(what);
    let folds = next("no folder of folds")?;
    let (pages, texts) = (next("no folder of pages")?, next("no folder of texts")?);
    let out = next("no folder to write to")?;
    std::fs::create_dir_all(&out)?;
    std::fs::write(
        out.join("names.txt"),
        generic::headline_names().collect::<Vec<_>>().join("\n"),
    )?;
    let create = |name: &str| std::fs::File::create(out.join(name)).map(BufWriter::new);
    let (mut matrix, mut lines) = (create("matrix.i16")?, create("lines.tsv")?);
    let mut titles = create("titles.tsv")?;
    let files = set::built_in().into_iter().filter(|file| !file.path.contains("/site/")).collect();
    let (set, faults) = set::load(files, &[], Lint::Own, text::parse);
    let set = set.with_context(|| format!("{} faults in the profiles", faults.len()))?;
    for fold in 0.. {
        let forest = folds.join(format!("{fold}.json"));
        if !forest.exists() {
            break;
        }
        let forest = Arc::new(Forest::parse(&std::fs::read_to_string(forest)?)?);
        let judge = Judge { forest: Some(forest), ..Judge::default() };
        let of_text = Options { judge, ..Options::default() };
        for page in std::fs::read_to_string(folds.join(format!("{fold}.txt")))?.lines() {
            let html = clean(&pages.join(format!("{page}.html")), &set, &Options::default())?;
            let title = html.records.iter().find_map(|record| record.title.as_deref());
            writeln!(titles, "{page}\t{}", title.unwrap_or_default())?;
            let text = clean(&texts.join(format!("{page}.txt")), &set, &of_text)?;
            let (document, ledger) = (&text.trace.document, &text.trace.ledger);
            let mut rows = Vec::new();
            generic::headline_features(document, ledger, &mut |line, row| {
                rows.push((line, row.to_vec()));
            });
            for (line, row) in rows {
                for value in row {
                    matrix.write_all(&value.to_ne_bytes())?;
                }
                writeln!(lines, "{page}\t{}", document.block_text(line))?;
            }
        }
    }
    titles.flush()?;
    matrix.flush()?;
    Ok(lines.flush()?)
}

/// Cleans a file; bytes are read as UTF-8, as the bench hands them over.
fn clean(path: &Path, set: &ProfileSet, options: &Options) -> anyhow::Result<Outcome> {
    let bytes = std::fs::read(path)?;
    let is_page = path.extension().is_some_and(|ending| ending == "html");
    let kind = if is_page { CaptureKind::Html } else { CaptureKind::Text };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let id = path.to_string_lossy();
    let capture = decode::from_text(&id, text, kind, Hints::default(), decode::MAX_CAPTURE_BYTES)?;
    Ok(pipeline::clean(&capture, set, options, &mut |_| {}))
}
