-- Places that a record touches, by their identity key: a neighbour is found whichever of its places is named.
DROP INDEX record_by_place;
CREATE TABLE place (
    register TEXT NOT NULL,
    key      TEXT NOT NULL,
    no       TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (register, key, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_by_record ON place (no);
CREATE INDEX place_by_receipt ON place (register, key, received, no);
-- Paper numbers are compared by their identity key.
DROP INDEX record_paper;
ALTER TABLE record RENAME COLUMN paper_no TO paper_key;
CREATE INDEX record_paper ON record (register, paper_key) WHERE paper_key IS NOT NULL AND state <> 'void';
-- Entries that may have moved a record to another time of receipt, or came after the month they speak of was sealed.
DROP INDEX journal_moved;
CREATE INDEX journal_moved ON journal (seq) WHERE
    instr(line, '"closed_month":"') > 0 OR instr(line, '"action":"strike"') > 0 OR instr(line, '"changes":{') > 0;
-- Entries that gave a record a paper number.
DROP INDEX journal_paper;
CREATE INDEX journal_paper ON journal (
    CASE WHEN json_valid(line)
         THEN coalesce(json_extract(line, '$.data.changes.paper_no'), json_extract(line, '$.found.changes.paper_no'),
                       json_extract(line, '$.data.paper_no')) END
) WHERE instr(line, '"paper_no":"') > 0;
-- Entries by the entry that brought them about.
CREATE INDEX journal_cause ON journal (
    CASE WHEN json_valid(line) THEN json_extract(line, '$.cause') END
) WHERE instr(line, '"cause":') > 0;
-- Procedures, settings and holiday lists as they were taken up.
CREATE INDEX journal_rules ON journal (seq) WHERE no >= 'R-' AND no < 'R.';
