//! The features of a few blocks, feature by feature, so that trees can judge them at once.

use super::{COUNT, Row};

/// Blocks of a batch: 32 numbers of 16 bits are four vectors of the oldest processors, two of newer
/// ones. More would stand empty at the end of most captures.
pub(in super::super) const LANES: usize = 32;

/// Features of up to [`LANES`] blocks in a row.
pub(in super::super) struct Batch {
    /// How many there are.
    pub(in super::super) rows: usize,
    columns: [[i16; LANES]; COUNT],
}

impl Default for Batch {
    fn default() -> Self {
        Self { rows: 0, columns: [[0; LANES]; COUNT] }
    }
}

impl Batch {
    /// The values of a feature; zeros where there is no such feature.
    #[inline]
    pub(in super::super) fn column(&self, column: u8) -> &[i16; LANES] {
        self.columns.get(usize::from(column)).unwrap_or(&[0; LANES])
    }

    /// Writes a value.
    #[inline]
    pub(in super::super) fn put(&mut self, column: usize, lane: usize, value: i32) {
        let slot = self.columns.get_mut(column).and_then(|column| column.get_mut(lane));
        if let Some(slot) = slot {
            *slot = narrow(value);
        }
    }

    /// Writes the value of the lane before; before the first one stands the last one of the batch
    /// before.
    #[inline]
    pub(super) fn repeat(&mut self, column: usize, lane: usize) {
        if let Some(column) = self.columns.get_mut(column) {
            let before = column.get((lane + LANES - 1) % LANES).copied().unwrap_or(0);
            if let Some(slot) = column.get_mut(lane) {
                *slot = before;
            }
        }
    }

    /// Writes the same value for all blocks.
    pub(super) fn fill(&mut self, column: usize, value: i32) {
        (0..LANES).for_each(|lane| self.put(column, lane, value));
    }

    /// Writes the values of all blocks, as many as there are.
    pub(super) fn put_all(&mut self, column: usize, values: &[i32]) {
        if let Some(column) = self.columns.get_mut(column) {
            column.iter_mut().zip(values).for_each(|(slot, value)| *slot = narrow(*value));
        }
    }

    /// Copies some values of a block of another batch.
    #[inline]
    pub(in super::super) fn copy(&mut self, lane: usize, from: (&Self, usize), columns: &[u8]) {
        let (other, other_lane) = from;
        for column in columns {
            let column = usize::from(*column);
            let slot = self.columns.get_mut(column).and_then(|column| column.get_mut(lane));
            if let (Some(slot), Some(values)) = (slot, other.columns.get(column)) {
                *slot = values.get(other_lane).copied().unwrap_or(0);
            }
        }
    }

    /// All features of a block.
    pub(in super::super) fn row(&self, lane: usize) -> Row {
        self.columns.map(|column| column.get(lane).copied().unwrap_or(0))
    }
}

/// A value beyond 16 bits counts as the largest, or as the smallest.
#[inline]
fn narrow(value: i32) -> i16 {
    let value = value.clamp(i16::MIN.into(), i16::MAX.into());
    i16::try_from(value).unwrap_or(i16::MAX)
}
