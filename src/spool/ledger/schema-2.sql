-- What each of the last captures of a profile gave: at most 200 rows for its pages, and 200 for its texts.
CREATE TABLE yield (
  number INTEGER PRIMARY KEY,
  profile TEXT NOT NULL,
  -- 1 for a page, 0 for a text.
  page INTEGER NOT NULL,
  -- Of the profile and its parents.
  hash TEXT NOT NULL,
  pieces INTEGER NOT NULL,
  words INTEGER NOT NULL,
  -- The rules that acted, one a line.
  rules TEXT NOT NULL,
  -- Milliseconds since 1970.
  at INTEGER NOT NULL
);
CREATE INDEX yield_profile ON yield (profile, page, number);
