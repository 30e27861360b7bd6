//! Many at once: all or nothing, and nothing of a rehearsal.

use serde_json::{Value, json};

use super::house::{house, map, said};
use super::{Stage, refusal};
use crate::base::refusal::RefusalCode;
use crate::desk::bulk::Step;
use crate::record::entry::Origin;

fn steps(stage: &Stage, acts: &[(&'static str, Value)]) -> Vec<Step> {
    let step = |(action, data): &(&'static str, Value)| Step {
        action,
        data: map(data.clone()),
        who: Stage::who(),
        now: stage.now,
    };
    acts.iter().map(step).collect()
}

fn origin(row: &str) -> Origin {
    Origin {
        file: "f".into(),
        row: row.into(),
        imported: None,
    }
}

fn slip(content: &str) -> (&'static str, Value) {
    let data = json!({"content": content, "place": "3栋", "team": "水工班"});
    ("issue", data)
}

#[test]
fn a_life_put_in_at_once_is_the_one_typed_step_by_step() {
    let life = [
        slip("漏水"),
        ("sign_for", json!({"technician": "小王"})),
        ("arrive", json!({})),
        ("remark", json!({"text": "见 {no}"})),
        ("finish", json!({"result": "换垫"})),
    ];
    let mut at_once = Stage::new();
    let steps = steps(&at_once, &life);
    let now = at_once.now;
    let no = at_once
        .desk
        .bulk(now, |bulk| bulk.record("work-order", &steps));
    let no = no.unwrap().unwrap();
    let remarks = &at_once.view(&no).record.head.remarks;
    assert_eq!(remarks[0].text, "见 W-2026-00001", "its own number");
    let mut by_step = Stage::new();
    for step in &steps {
        let target = match step.action {
            "issue" => crate::desk::view::Target::New("work-order".into()),
            _ => crate::desk::view::Target::On(no.clone()),
        };
        let mut data = step.data.clone();
        if let Some(text) = data.get_mut("text") {
            *text = json!("见 W-2026-00001");
        }
        let request = crate::desk::view::Request {
            target,
            action: Some(step.action.into()),
            data,
        };
        by_step.desk.act(&request, &step.who, step.now).unwrap();
    }
    assert_eq!(at_once.view(&no).record, by_step.view(&no).record);
    let head = |stage: &Stage| stage.desk.store.chain_head().unwrap();
    assert_eq!(
        head(&at_once),
        head(&by_step),
        "the same entries, the same chain"
    );
    at_once.proves();
}

#[test]
fn one_step_that_is_refused_takes_everything_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = house(&path);
    let before = said(&path).unwrap();
    let good = steps(&stage, &[slip("漏水")]);
    let bad = steps(&stage, &[slip("漏水"), ("archive", json!({}))]);
    let unknown = steps(&stage, &[slip("漏水"), ("fly", json!({}))]);
    for (steps, code) in [
        (bad, RefusalCode::NotNow),
        (unknown, RefusalCode::UnknownAction),
    ] {
        let now = stage.now;
        let done = stage.desk.bulk(now, |bulk| {
            bulk.record("work-order", &good)?;
            bulk.record("work-order", &steps)
        });
        assert_eq!(refusal(done).code, code);
        assert_eq!(said(&path).unwrap(), before);
    }
    let now = stage.now;
    let none = stage.desk.bulk(now, |bulk| bulk.record("work-order", &[]));
    assert_eq!(none.unwrap(), None);
}

#[test]
fn a_rehearsal_tells_what_would_be_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = house(&path);
    let before = said(&path).unwrap();
    let good = steps(&stage, &[slip("漏水")]);
    let now = stage.now;
    let rehearsed = stage.desk.rehearse(now, |bulk| {
        let no = bulk.record("work-order", &good)?.unwrap_or_default();
        Ok(bulk
            .find(&no)?
            .map(|record| (no, record.body["content"].clone())))
    });
    let expected = Some(("W-2026-00011".to_owned(), json!("漏水")));
    assert_eq!(rehearsed.unwrap(), expected);
    let refused = stage.desk.rehearse(now, |bulk| {
        bulk.record("work-order", &good)?;
        bulk.record("garden", &good)
    });
    assert_eq!(refusal(refused).code, RefusalCode::BadValue);
    assert_eq!(said(&path).unwrap(), before);
    // The number is still there to be given.
    let (action, data) = slip("漏水");
    assert_eq!(stage.open("work-order", action, data), "W-2026-00011");
}

#[test]
fn of_many_rows_the_bad_ones_are_left_out_whole() {
    let mut stage = Stage::new();
    let rows = [
        ("a", vec![slip("一")], Some("W-2026-00004"), None),
        (
            "b",
            vec![slip("二"), ("archive", json!({}))],
            Some("W-2026-00005"),
            Some(RefusalCode::NotNow),
        ),
        (
            "c",
            vec![slip("三")],
            Some("W-2026-00004"),
            Some(RefusalCode::Duplicate),
        ),
        (
            "d",
            vec![slip("四")],
            Some("无号"),
            Some(RefusalCode::Duplicate),
        ),
        ("e", vec![slip("五")], None, None),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(row, acts, no, refused)| (row, steps(&stage, &acts), no, refused))
        .collect();
    let now = stage.now;
    let taken = stage.desk.bulk(now, |bulk| {
        let mut taken = Vec::new();
        for (row, steps, no, refused) in &rows {
            let made = bulk.imported("work-order", steps, *no, &origin(row));
            match refused {
                Some(code) => assert_eq!(refusal(made).code, *code, "{row}"),
                None => taken.extend(made?),
            }
            let known = bulk.row_taken(row)?;
            assert_eq!(known.is_some(), refused.is_none(), "{row}");
        }
        Ok(taken)
    });
    // Its series goes on after the number that was brought along.
    assert_eq!(taken.unwrap(), ["W-2026-00004", "W-2026-00005"]);
    let (action, data) = slip("六");
    assert_eq!(stage.open("work-order", action, data), "W-2026-00006");
    assert_eq!(stage.view("W-2026-00005").record.body["content"], "五");
    stage.proves();
}

#[test]
fn what_is_imported_says_by_its_origin_why_it_comes_late() {
    let mut stage = Stage::new();
    let old = json!({"content": "旧", "place": "1栋", "team": "电工班", "at": super::at("2026-01-05T09:00")});
    let steps = steps(&stage, &[("issue", old)]);
    let now = stage.now;
    let no = stage.desk.bulk(now, |bulk| {
        bulk.imported("work-order", &steps, None, &origin("a"))
    });
    let view = stage.view(&no.unwrap().unwrap());
    let entry = &view.history[0].entry;
    assert_eq!(entry.source, Some(origin("a")));
    assert_eq!(entry.at, super::at("2026-01-05T09:00"));
    assert!(entry.late_entry);
}
