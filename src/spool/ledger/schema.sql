-- The ledger of a spool. Readable with `sqlite3 -readonly ledger.db`.
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  -- 1, and one more for each redrive.
  revision INTEGER NOT NULL,
  path BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('waiting','working','suspect','intent','committed','quarantined','conflict','dropped','moved')),
  -- Unclean stops at which it was alone in flight.
  charges INTEGER NOT NULL DEFAULT 0,
  -- Of the result: the folder and the hash, from `intent` on.
  place TEXT,
  result BLOB,
  reason TEXT,
  detail TEXT,
  profile TEXT,
  records INTEGER,
  -- What is to be done with the input once it is committed: 'archive' or 'delete'; NULL when done.
  retention TEXT,
  -- Milliseconds since 1970.
  accepted_at INTEGER NOT NULL,
  finished_at INTEGER
);
CREATE INDEX job_open ON job (state) WHERE state NOT IN ('committed','quarantined','dropped','moved');
CREATE INDEX job_quarantined ON job (finished_at) WHERE state = 'quarantined';
CREATE INDEX job_retention ON job (id) WHERE retention IS NOT NULL;
CREATE INDEX job_path ON job (path);
-- Where captures were seen, and which job they became.
CREATE TABLE seen (
  path BLOB PRIMARY KEY,
  device INTEGER NOT NULL, inode INTEGER NOT NULL, bytes INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL, changed_ns INTEGER NOT NULL,
  job TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX seen_inode ON seen (inode, device);
-- Texts seen so far, for near-duplicates; `place` is their age.
CREATE TABLE near (
  place INTEGER PRIMARY KEY,
  record TEXT NOT NULL, capture TEXT NOT NULL, number INTEGER NOT NULL,
  depth INTEGER NOT NULL, shingles BLOB NOT NULL,
  at INTEGER NOT NULL
);
CREATE TABLE shingle (
  hash INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (hash, place)
) WITHOUT ROWID;
