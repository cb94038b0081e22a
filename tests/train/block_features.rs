//! Writes the features of captures' blocks as a matrix: what `tests/train/forest.py` learns from.
//!
//! Takes a list of files on standard input, pages (`.html`) or flattened texts; gives in the folder
//! that is its first argument `matrix.i16` (one row per block, 16-bit integers of this machine's
//! byte order), `blocks.tsv` (page, words, text) and `names.txt`. The second argument is a forest
//! whose points of words are asked; without it there are none, and `tokens.tsv` has the tokens of
//! each block, `labels.tsv` those of what the containers around it are called.

use std::io::{BufRead as _, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use copydesk::model::document::Document;
use copydesk::parse::{html, text};
use copydesk::profile::selector::Selectors;
use copydesk::strip::generic::{self, Forest};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().context("no folder to write to")?;
    let forest = match arguments.next() {
        None => None,
        Some(file) => Some(Forest::parse(&std::fs::read_to_string(file)?)?),
    };
    std::fs::create_dir_all(&folder)?;
    let create = |name: &str| std::fs::File::create(folder.join(name)).map(BufWriter::new);
    let (mut matrix, mut blocks) = (create("matrix.i16")?, create("blocks.tsv")?);
    let mut tokens = match forest {
        None => Some((create("tokens.tsv")?, create("labels.tsv")?)),
        Some(_) => None,
    };
    let forest = forest.unwrap_or_default();
    let names: Vec<&str> = generic::feature_names().collect();
    std::fs::write(folder.join("names.txt"), names.join("\n"))?;
    for line in std::io::stdin().lock().lines() {
        let file = PathBuf::from(line?);
        let document = read(&file)?;
        let page = file.file_stem().unwrap_or_default().to_string_lossy();
        let mut rows = Vec::with_capacity(document.blocks.len());
        generic::features(&document, &forest, &mut |words, values| {
            rows.push((words, values.to_vec()));
        });
        for (index, (words, values)) in rows.iter().enumerate() {
            for value in values {
                matrix.write_all(&value.to_ne_bytes())?;
            }
            let text = document.block_text(index);
            writeln!(blocks, "{page}\t{words}\t{text}")?;
            if let Some((tokens, labels)) = &mut tokens {
                writeln!(tokens, "{}", generic::tokens(text).join("\t"))?;
                writeln!(labels, "{}", generic::label_tokens(&document, index).join("\t"))?;
            }
        }
    }
    matrix.flush()?;
    if let Some((tokens, labels)) = &mut tokens {
        tokens.flush()?;
        labels.flush()?;
    }
    Ok(blocks.flush()?)
}

fn read(file: &Path) -> anyhow::Result<Document> {
    let bytes = std::fs::read(file)?;
    let content = String::from_utf8_lossy(&bytes);
    Ok(if file.extension().is_some_and(|ending| ending == "html") {
        html::parse(&content).document(&Selectors::default())
    } else {
        text::parse(&content)
    })
}
