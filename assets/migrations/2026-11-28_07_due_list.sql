-- What is owed stands in the order of the due list, with what the list says of its record, so that the list is read from
-- neighbouring pages however large the file is. Made anew from the journal when the file is opened.
DROP TABLE duty;
CREATE TABLE duty (
    rank     INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    record   INTEGER NOT NULL REFERENCES record (id) ON DELETE CASCADE,
    ord      INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    no       TEXT NOT NULL,
    register TEXT NOT NULL,
    title    TEXT NOT NULL,
    data     TEXT NOT NULL,
    parts    TEXT,
    PRIMARY KEY (rank, at, record, ord)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX duty_by_record ON duty (record, ord);
CREATE INDEX duty_by_kind ON duty (kind, at);
-- A fingerprint of the words by which a record is found: while it stays, so do its words in the search index.
ALTER TABLE record ADD COLUMN found_by INTEGER;
-- The few duties that are owed from an instant on: counting what is owed looks at each of them.
CREATE INDEX duty_with_opening ON duty (record) WHERE instr(data, '"opens":') > 0;
