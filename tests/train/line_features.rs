//! Writes the features of captures' lines as a table: what `tests/train/train.py` learns from.
//!
//! Takes files of flattened text, or with `-` a list of such files on standard input; gives one
//! row per block on standard output, columns separated by tabs, the text of the block last.
//! With `--verdict` a row also has the score, whether the line is kept, and whether the page is
//! left alone.

use std::io::{BufRead as _, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use copydesk::model::document::Document;
use copydesk::parse::text::parse;
use copydesk::strip::generic;

fn main() -> anyhow::Result<()> {
    let mut with_verdict = false;
    let mut files = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--verdict" => with_verdict = true,
            "-" => {
                for line in std::io::stdin().lock().lines() {
                    files.push(PathBuf::from(line?));
                }
            }
            file => files.push(PathBuf::from(file)),
        }
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let names: Vec<&str> = generic::feature_names().collect();
    let verdict = if with_verdict { "score\tkept\talone\t" } else { "" };
    writeln!(out, "page\tline\tlines\twords\t{}\t{verdict}text", names.join("\t"))?;
    for file in files {
        write_page(&file, with_verdict, &mut out)?;
    }
    Ok(out.flush()?)
}

fn write_page(file: &Path, with_verdict: bool, out: &mut dyn std::io::Write) -> anyhow::Result<()> {
    let bytes = std::fs::read(file)?;
    let document: Document = parse(&String::from_utf8_lossy(&bytes));
    let page = file.file_stem().unwrap_or_default().to_string_lossy();
    let verdict = with_verdict.then(|| generic::classify(&document, &|_| true));
    let mut rows = Vec::with_capacity(document.blocks.len());
    generic::features(&document, &mut |words, values| rows.push((words, values.to_vec())));
    for (index, (block, (words, values))) in document.blocks.iter().zip(rows).enumerate() {
        write!(out, "{page}\t{}\t{}\t{words}", block.line, block.lines)?;
        for value in values {
            write!(out, "\t{value}")?;
        }
        if let Some(verdict) = &verdict {
            let (kept, alone) = (verdict.is_kept(index), verdict.is_left_alone());
            write!(out, "\t{}\t{}\t{}", verdict.score(index), u8::from(kept), u8::from(alone))?;
        }
        writeln!(out, "\t{}", document.block_text(index))?;
    }
    Ok(())
}
