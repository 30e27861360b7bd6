-- The journal is the truth. Everything below it is derived and can be rebuilt.
CREATE TABLE journal (
    seq  INTEGER PRIMARY KEY,
    no   TEXT NOT NULL,
    line TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX journal_by_record ON journal (no, seq);
CREATE TRIGGER journal_keeps_its_lines BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_loses_nothing BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

-- Numbers given, per register, desk and year, without gaps.
CREATE TABLE series (
    register TEXT NOT NULL,
    desk     TEXT NOT NULL,
    year     INTEGER NOT NULL,
    last     INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (register, desk, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    id          INTEGER PRIMARY KEY,
    no          TEXT NOT NULL UNIQUE,
    register    TEXT NOT NULL,
    state       TEXT NOT NULL,
    class       TEXT,
    open        INTEGER NOT NULL CHECK (open IN (0, 1)),
    received    INTEGER NOT NULL,
    place       TEXT,
    paper_no    TEXT,
    title       TEXT NOT NULL,
    -- CHECK passes on NULL, so the empty reason is asked for by its length.
    void_reason TEXT CHECK (state <> 'void' OR coalesce(length(void_reason), 0) > 0),
    due_rank    INTEGER,
    due_at      INTEGER,
    late_from   INTEGER,
    duty        TEXT,
    body        TEXT NOT NULL,
    CHECK ((due_rank IS NULL) = (due_at IS NULL))
) STRICT;
CREATE INDEX record_newest ON record (register, id);
CREATE INDEX record_by_state ON record (register, state, id);
CREATE INDEX record_by_class ON record (register, class, id) WHERE class IS NOT NULL;
CREATE INDEX record_open ON record (register, id) WHERE open = 1;
CREATE INDEX record_due ON record (register, due_rank, due_at, id) WHERE due_rank IS NOT NULL;
CREATE INDEX record_late ON record (register, late_from, id) WHERE late_from IS NOT NULL;
CREATE INDEX record_by_place ON record (register, place, received) WHERE place IS NOT NULL;
CREATE UNIQUE INDEX record_paper ON record (register, paper_no) WHERE paper_no IS NOT NULL AND state <> 'void';

-- What is owed now, by anybody: only open duties, so it stays small.
CREATE TABLE duty (
    record INTEGER NOT NULL REFERENCES record (id) ON DELETE CASCADE,
    ord    INTEGER NOT NULL,
    rank   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    data   TEXT NOT NULL,
    PRIMARY KEY (record, ord)
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_by_time ON duty (rank, at, record, ord);
CREATE INDEX duty_by_kind ON duty (kind, at);

CREATE TABLE link (
    from_no TEXT NOT NULL,
    to_no   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    PRIMARY KEY (from_no, to_no, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_back ON link (to_no);

-- How many records stand where: counting a million rows on every screen would be felt.
CREATE TABLE tally (
    register TEXT NOT NULL,
    state    TEXT NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (register, state)
) STRICT, WITHOUT ROWID;

-- Overlapping pairs of characters, so that any two-character word is found; the text itself is in the record.
CREATE VIRTUAL TABLE search USING fts5 (grams, content = '', contentless_delete = 1, tokenize = 'unicode61');

-- Words typed before, for completion in forms.
CREATE TABLE word (
    list TEXT NOT NULL,
    word TEXT NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (list, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX word_recent ON word (list, used DESC);

-- Half-filled forms: no part of the journal, kept until saved or thrown away.
CREATE TABLE draft (
    form  TEXT PRIMARY KEY,
    saved INTEGER NOT NULL,
    data  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What this desk remembers: who is acting, whether the file is a demonstration.
CREATE TABLE memo (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
