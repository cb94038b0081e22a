//! Cleans captures with the forest that has not seen their site, as `copydesk clean` would: platform
//! profiles, no profile of a site, no address.
//!
//! Takes the folder that `tests/train/forest.py` leaves its folds in (`N.json`, a forest, and
//! `N.txt`, the pages that it has not seen), and the folder of the captures (`.html` or `.txt`);
//! writes the texts to the file that is the third argument, in the format of the bench's predictions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use copydesk::decode;
use copydesk::model::capture::{CaptureKind, Hints};
use copydesk::model::record::RecordType;
use copydesk::parse::text;
use copydesk::pipeline::{self, Options};
use copydesk::profile::set::{self, Lint};
use copydesk::strip::generic::{Favor, Forest, Judge};
use rayon::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folds = arguments.next().context("no folder of folds")?;
    let captures = arguments.next().context("no folder of captures")?;
    let out = arguments.next().context("no file to write to")?;
    let favor = match arguments.next().as_deref().and_then(Path::to_str) {
        None | Some("balance") => Favor::Balance,
        Some("precision") => Favor::Precision,
        Some("recall") => Favor::Recall,
        Some(other) => bail!("`{other}` is none of precision, balance, recall"),
    };
    let files = set::built_in().into_iter().filter(|file| !file.path.contains("/site/")).collect();
    let (set, faults) = set::load(files, &[], Lint::Own, text::parse);
    let set = set.with_context(|| format!("{} faults in the profiles", faults.len()))?;
    let mut texts = serde_json::Map::new();
    for fold in 0.. {
        let forest = folds.join(format!("{fold}.json"));
        if !forest.exists() {
            break;
        }
        let forest = Forest::parse(&std::fs::read_to_string(forest)?)?;
        let judge = Judge { favor, forest: Some(Arc::new(forest)) };
        let options = Options { judge, ..Options::default() };
        let pages = std::fs::read_to_string(folds.join(format!("{fold}.txt")))?;
        let pages: Vec<&str> = pages.lines().collect();
        let cleaned = pages.par_iter().map(|page| clean(&captures.join(page), &set, &options));
        texts.extend(cleaned.collect::<anyhow::Result<Vec<_>>>()?);
    }
    std::fs::write(out, serde_json::json!({ "text": texts, "errors": {} }).to_string())?;
    Ok(())
}

fn clean(
    page: &Path,
    set: &set::ProfileSet,
    options: &Options,
) -> anyhow::Result<(String, serde_json::Value)> {
    let id = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // As the bench hands pages over: read as UTF-8.
    let (kind, bytes) = match std::fs::read(page.with_extension("html")) {
        Ok(bytes) => (CaptureKind::Html, bytes),
        Err(_) => (CaptureKind::Text, std::fs::read(page.with_extension("txt"))?),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let capture = decode::from_text(&id, text, kind, Hints::default(), decode::MAX_CAPTURE_BYTES)?;
    let outcome = pipeline::clean(&capture, set, options, &mut |_| {});
    let records = outcome.records.iter().filter(|record| record.kind != RecordType::Thread);
    let texts: Vec<&str> = records.map(|record| record.text.as_str()).collect();
    Ok((id, texts.join("\n\n").into()))
}
