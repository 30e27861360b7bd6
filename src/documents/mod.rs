//! Printed papers 单据 from records: what is on them is described in files under `assets/documents`, filled from the
//! record here, and drawn by a typesetter (PDF) or as plain text. Pure: nothing is read or written.

pub mod sheet;
