-- Rows of files that were imported, so that the same row is not taken twice. Derived from the entries' source.
CREATE TABLE imported (
    row TEXT PRIMARY KEY,
    no  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
