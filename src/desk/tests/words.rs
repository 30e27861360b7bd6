//! What the person is told when something is wrong: which file, which record, which field, and what to do.

use serde_json::{Value, json};

use super::Stage;
use crate::base::i18n::{Lang, Voice};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::Error;
use crate::desk::json::{Json, fields};
use crate::desk::view::Target;
use crate::registers::register;
use crate::rules::ruleset::Rules;
use crate::store::{FileTrouble, Mode};

fn voices() -> [Voice; 2] {
    Lang::ALL.map(|lang| Voice {
        lang,
        ..Voice::default()
    })
}

#[test]
fn a_refusal_names_its_clause_and_a_file_its_place() {
    let mut stage = Stage::new();
    let refused = stage.refused(
        Target::On("W-2026-00099".into()),
        "remark",
        json!({"text": "x"}),
    );
    let clause = "S2.1".into();
    let cited = Refusal {
        clause: Some(clause),
        ..refused.clone()
    };
    let trouble = FileTrouble {
        path: "/u盘/desk.db".into(),
        reason: crate::base::i18n::Msg::new("file.not_ours"),
    };
    for voice in voices() {
        let words = Error::from(refused.clone()).message(&voice);
        assert!(words.contains("W-2026-00099"), "{words}");
        let words = Error::from(cited.clone()).message(&voice);
        assert!(words.ends_with("(S2.1)"), "{words}");
        let words = Error::from(trouble.clone()).message(&voice);
        assert!(words.contains("/u盘/desk.db"), "{words}");
        assert!(!words.contains("file."), "{words}");
    }
    assert_eq!(Error::from(refused).exit_code(), 1);
    assert_eq!(Error::from(trouble).exit_code(), 3);
}

#[test]
fn every_trouble_of_a_file_has_its_words_in_both_languages() {
    let path = std::path::Path::new("/x/desk.db");
    use rusqlite::ffi;
    let mut told = std::collections::BTreeSet::new();
    for (code, key) in [
        (ffi::SQLITE_BUSY, "file.busy"),
        (ffi::SQLITE_LOCKED, "file.busy"),
        (ffi::SQLITE_FULL, "file.full"),
        (ffi::SQLITE_READONLY, "file.read_only"),
        (ffi::SQLITE_CANTOPEN, "file.cannot_open"),
        (ffi::SQLITE_NOTADB, "file.not_a_database"),
        (ffi::SQLITE_CORRUPT, "file.corrupt"),
        (ffi::SQLITE_IOERR, "file.io"),
        (ffi::SQLITE_PERM, "file.permission"),
        (ffi::SQLITE_MISUSE, "file.other"),
    ] {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let trouble = crate::store::explain(path, &error);
        assert_eq!(trouble.reason.key, key);
        for voice in voices() {
            let words = voice.say(&trouble.reason);
            assert!(!words.contains("file."), "{words}");
            told.insert(words);
        }
    }
    assert_eq!(told.len(), 18, "each says what it is");
    for (kind, key) in [
        (std::io::ErrorKind::StorageFull, "file.full"),
        (std::io::ErrorKind::PermissionDenied, "file.permission"),
        (std::io::ErrorKind::ReadOnlyFilesystem, "file.read_only"),
        (std::io::ErrorKind::NotFound, "file.cannot_open"),
        (std::io::ErrorKind::TimedOut, "file.io"),
    ] {
        let trouble = crate::store::io_trouble(path, &kind.into());
        assert_eq!(trouble.reason.key, key);
    }
}

#[test]
fn a_damaged_entry_is_named_by_its_place_and_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = Stage::of(&path, Mode::Create);
    let slip = json!({"content": "漏水", "place": "3栋", "team": "水工班"});
    let no = stage.open("work-order", "issue", slip.clone());
    let sound = stage.open("work-order", "issue", slip);
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(
        "DROP TRIGGER journal_keeps_its_lines; UPDATE journal SET line = '{' WHERE seq = 2",
    )
    .unwrap();
    let target = Target::On(no.clone());
    let request = crate::desk::view::Request {
        target,
        action: Some("remark".into()),
        data: super::house::map(json!({"text": "x"})),
    };
    let (who, now) = (Stage::who(), stage.now);
    let acted = stage.desk.act(&request, &who, now).err();
    let viewed = stage.desk.view(&no).err();
    let past = stage.desk.past(None).unwrap().record(&no).err();
    for error in [acted, viewed, past] {
        let Some(Error::File(trouble)) = error else {
            panic!("{error:?}")
        };
        assert_eq!(trouble.path, path);
        let words = Voice::default().say(&trouble.reason);
        assert!(words.contains('2'), "{words}");
    }
    assert!(
        stage.desk.view(&sound).unwrap().is_some(),
        "the others can be worked on"
    );
}

fn json_at(stage: &Stage) -> Json {
    Json {
        voice: Voice::default(),
        now: stage.now,
    }
}

#[test]
fn json_speaks_of_instants_in_the_zone_of_the_site_and_leaves_texts_alone() {
    let mut stage = Stage::new();
    let slip = json!({"content": "2026-08-03T14:00:00Z", "place": "3栋", "team": "水工班", "promised_arrival": "2026-08-03T23:30"});
    let done = stage.ask(Target::New("work-order".into()), "issue", slip);
    let told = json_at(&stage).done(&done);
    assert_eq!(told["no"], "W-2026-00001");
    assert_eq!(told["state"], "issued");
    assert_eq!(told["opened"], "2026-08-03T22:01:00+08:00");
    let view = stage.view("W-2026-00001");
    let body = view.record.body.as_object().unwrap();
    let fields = fields(register("work-order").unwrap(), body, Voice::default().zone);
    assert_eq!(fields["promised_arrival"], "2026-08-03T23:30:00+08:00");
    assert_eq!(fields["content"], "2026-08-03T14:00:00Z");
}

#[test]
fn json_of_a_refusal_is_what_a_program_can_act_on() {
    let mut stage = Stage::new();
    let refused = stage.refused(
        Target::New("work-order".into()),
        "issue",
        json!({"content": "x"}),
    );
    assert_eq!(refused.code, RefusalCode::MissingField);
    let told = json_at(&stage).error(&Error::from(refused));
    let refused = &told["refused"];
    assert_eq!(
        (&refused["code"], &refused["field"]),
        (&json!("missing_field"), &json!("place"))
    );
    assert!(
        refused["message"]
            .as_str()
            .is_some_and(|words| !words.is_empty())
    );
    let trouble = FileTrouble {
        path: "/x.db".into(),
        reason: crate::base::i18n::Msg::new("file.full"),
    };
    let told = json_at(&stage).error(&Error::from(trouble));
    assert_eq!(told["refused"]["code"], "file");
}

#[test]
fn an_entry_is_told_as_it_stands_with_what_it_was_and_who_struck_it() {
    let mut stage = Stage::new();
    let no = stage.open(
        "work-order",
        "issue",
        json!({"content": "漏水", "place": "3栋", "team": "水工班"}),
    );
    let (_, signed) = stage.act(&no, "sign_for", json!({"technician": "小王"}));
    let data = json!({"entry": signed, "changes": {"technician": "小李"}, "reason": "看错人"});
    stage.act(&no, "correct", data);
    let (_, finish) = stage.act(&no, "finish", json!({"result": "换垫"}));
    stage.act(&no, "strike", json!({"entry": finish, "reason": "没修完"}));
    let view = stage.view(&no);
    let rules = Rules::built_in().unwrap();
    let voice = Voice::default();
    let teller = crate::desk::told::Teller {
        voice: &voice,
        rules: &rules,
        at: &|at| voice.zone.rfc3339(at),
        paper: &|name| name.to_owned(),
    };
    let told = teller.history(&view);
    let of = |seq: i64| {
        let index = view
            .history
            .iter()
            .position(|item| item.seq == seq)
            .unwrap();
        &told[index]
    };
    let signed_told = of(signed);
    assert!(
        signed_told.said.concat().contains("小李"),
        "{signed_told:?}"
    );
    assert!(
        signed_told
            .was
            .as_ref()
            .is_some_and(|was| was.contains("小王")),
        "{signed_told:?}"
    );
    let struck = of(finish).struck.clone().unwrap_or_default();
    assert!(
        struck.contains("没修完") && struck.contains("赵值班"),
        "{struck}"
    );
    let corrections = teller.corrections(&view, signed);
    assert_eq!(corrections.len(), 1);
    assert!(corrections[0].contains("看错人"), "{corrections:?}");
    let untouched: Value = json!(of(2).was);
    assert_eq!(untouched, Value::Null);
}
