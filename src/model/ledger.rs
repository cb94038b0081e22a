//! The ledger: what became of every block, and why.
//!
//! Conservation (DESIGN §2.3) holds by construction: a document has one fate per block, and a fate
//! that is set is never changed.

use std::sync::Arc;

/// What became of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Not decided yet; `settle` leaves none.
    Open,
    /// Kept in the text of piece `n`, counted from 1.
    Kept(u32),
    /// Moved into the metadata field of that name, by a rule.
    Field(&'static str, Arc<str>),
    /// Removed by the rule of that id.
    Removed(Arc<str>),
}

/// The fates of all blocks of a document.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    fates: Vec<Fate>,
}

impl Ledger {
    /// A ledger for `blocks` blocks, all open.
    pub fn new(blocks: usize) -> Self {
        Self { fates: vec![Fate::Open; blocks] }
    }

    /// What became of block `index`.
    pub fn fate(&self, index: usize) -> &Fate {
        self.fates.get(index).unwrap_or(&Fate::Open)
    }

    /// Whether block `index` is still open.
    pub fn is_open(&self, index: usize) -> bool {
        matches!(self.fate(index), Fate::Open)
    }

    /// Removes block `index` by `rule`, unless it is decided already. Says whether it was open.
    pub fn remove(&mut self, index: usize, rule: &Arc<str>) -> bool {
        self.set(index, || Fate::Removed(Arc::clone(rule)))
    }

    /// Moves block `index` into `field` by `rule`, unless it is decided already.
    pub fn into_field(&mut self, index: usize, field: &'static str, rule: &Arc<str>) -> bool {
        self.set(index, || Fate::Field(field, Arc::clone(rule)))
    }

    /// Keeps block `index` in piece `piece`, unless it is decided already.
    pub fn keep(&mut self, index: usize, piece: u32) -> bool {
        self.set(index, || Fate::Kept(piece))
    }

    fn set(&mut self, index: usize, fate: impl FnOnce() -> Fate) -> bool {
        match self.fates.get_mut(index) {
            Some(slot @ Fate::Open) => {
                *slot = fate();
                true
            }
            _ => false,
        }
    }

    /// All fates, in block order.
    pub fn fates(&self) -> &[Fate] {
        &self.fates
    }
}
