-- By what entries are looked up besides their record: the entry that brought them about, the paper number they give, the
-- record they may move to another time of receipt. Written beside the entry; indexes over the text of every entry were
-- slow to keep and slower to prove.
CREATE TABLE entry_key (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    seq  INTEGER NOT NULL,
    PRIMARY KEY (kind, key, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO entry_key (kind, key, seq) SELECT 'moved', no, seq FROM journal INDEXED BY journal_moved WHERE
    instr(line, '"closed_month":"') > 0 OR instr(line, '"action":"strike"') > 0 OR instr(line, '"changes":{') > 0;
INSERT INTO entry_key (kind, key, seq)
    SELECT kind, key, seq FROM (
        SELECT 'paper' AS kind, seq,
               CASE WHEN json_valid(line)
                    THEN coalesce(json_extract(line, '$.data.changes.paper_no'), json_extract(line, '$.found.changes.paper_no'),
                                  json_extract(line, '$.data.paper_no')) END AS key
        FROM journal WHERE instr(line, '"paper_no":"') > 0
    ) WHERE typeof(key) = 'text';
INSERT INTO entry_key (kind, key, seq)
    SELECT kind, CAST(key AS TEXT), seq FROM (
        SELECT 'cause' AS kind, seq, CASE WHEN json_valid(line) THEN json_extract(line, '$.cause') END AS key
        FROM journal WHERE instr(line, '"cause":') > 0
    ) WHERE typeof(key) = 'integer';
DROP INDEX journal_moved;
DROP INDEX journal_paper;
DROP INDEX journal_cause;
DROP INDEX journal_rules;
