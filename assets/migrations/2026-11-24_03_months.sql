-- Records by their time of receipt: a month's book is read in this order, from the index alone.
CREATE INDEX record_by_receipt ON record (register, received, no);
-- Sealed months, found by their name.
CREATE INDEX record_sealed ON record (json_extract(body, '$.body.month')) WHERE register = 'log' AND state = 'sealed';
-- Entries that moved a record to another time of receipt, or came after the month they speak of was sealed. A quotation
-- mark inside a text is escaped in the line, so the plain search cannot be misled by what somebody typed.
CREATE INDEX journal_moved ON journal (seq) WHERE
    CASE WHEN instr(line, '"closed_month":"') > 0 THEN 1
         WHEN instr(line, '"action":"amend"') > 0 AND json_valid(line)
         THEN json_extract(line, '$.found.changes.received') IS NOT NULL
         ELSE 0 END;
-- Every paper number that an entry ever gave, so that a number missing in a pad is looked for in the whole file.
CREATE INDEX journal_paper ON journal (
    CASE WHEN json_valid(line)
         THEN coalesce(json_extract(line, '$.found.changes.paper_no'), json_extract(line, '$.data.paper_no')) END
) WHERE instr(line, '"paper_no":"') > 0;
