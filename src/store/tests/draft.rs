//! Half-filled forms: the last one kept of each, until it is thrown away.

use super::*;
use crate::desk::view::Draft;

fn draft(form: &str, n: i64, said: &str) -> Draft {
    Draft {
        form: form.into(),
        values: text(said).as_object().cloned().unwrap(),
        saved: minute(n),
        by: "甲".into(),
    }
}

#[test]
fn a_form_is_kept_as_it_was_typed_last_and_the_latest_comes_first() {
    let file = File::new();
    for kept in [
        draft("new/log/entry", 1, "一"),
        draft("new/outage/occur", 2, "停"),
        draft("new/log/entry", 3, "一半"),
    ] {
        file.store.save_draft(&kept).unwrap();
    }
    let expected = [
        draft("new/log/entry", 3, "一半"),
        draft("new/outage/occur", 2, "停"),
    ];
    assert_eq!(file.store.drafts().unwrap(), expected);
    // It survives the program.
    let (path, folder) = (file.path(), file.folder);
    drop(file.store);
    let again = Store::open(&path, Mode::Existing).unwrap();
    assert_eq!(again.drafts().unwrap(), expected);
    drop(folder);
}

#[test]
fn a_form_thrown_away_takes_no_other_with_it() {
    let file = File::new();
    file.store.save_draft(&draft("a", 1, "一")).unwrap();
    file.store.save_draft(&draft("b", 2, "二")).unwrap();
    file.store.delete_draft("a").unwrap();
    file.store.delete_draft("never/there").unwrap();
    assert_eq!(file.store.drafts().unwrap(), [draft("b", 2, "二")]);
}

#[test]
fn a_form_that_cannot_be_read_hides_no_other_and_is_not_lost() {
    let file = File::new();
    file.store.save_draft(&draft("b", 2, "二")).unwrap();
    file.raw("INSERT INTO draft (form, saved, data) VALUES ('a', 1, '{\"later\":true}')");
    assert_eq!(file.store.drafts().unwrap(), [draft("b", 2, "二")]);
    let conn = rusqlite::Connection::open(file.path()).unwrap();
    let kept: i64 = conn
        .query_row("SELECT count(*) FROM draft", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 2);
}
