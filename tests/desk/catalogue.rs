//! Every sentence is there in both languages, and nothing on a screen is a raw key.

use std::collections::BTreeSet;

use dutydesk::base::i18n::{Lang, Voice, keys, lookup};
use dutydesk::record::action::ActionSet;
use dutydesk::record::common::CommonAction;
use dutydesk::record::field::{Field, Kind};
use dutydesk::record::request::ENVELOPE;
use dutydesk::registers::{REGISTERS, label};
use dutydesk::rules::ruleset::Rules;

#[test]
fn both_languages_have_the_same_sentences_with_the_same_arguments() {
    let zh = keys(Lang::Zh);
    let en = keys(Lang::En);
    assert!(zh.len() > 400, "the catalogue was read: {}", zh.len());
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (zh.iter().collect(), en.iter().collect());
    assert_eq!(
        a.symmetric_difference(&b).collect::<Vec<_>>(),
        Vec::<&&String>::new()
    );
    let arguments = |text: &str| -> BTreeSet<String> {
        text.split("%{")
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            // A name given in both languages: each uses its own.
            .filter(|name| name != "zh" && name != "en")
            .collect()
    };
    for key in &zh {
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| lookup(lang, key).unwrap());
        assert!(!zh.trim().is_empty() || key.starts_with("punct"), "{key}");
        assert!(!en.trim().is_empty() || key.starts_with("punct"), "{key}");
        // A language may leave an argument out (a plural), but may not name one that the other does not know.
        assert!(
            arguments(&en).is_subset(&arguments(&zh)) || arguments(&zh).is_subset(&arguments(&en)),
            "{key}: {zh} / {en}"
        );
    }
}

fn every_field(fields: &'static [Field], out: &mut Vec<&'static Field>) {
    for field in fields {
        out.push(field);
        if let Kind::Items(inner) = field.kind {
            every_field(inner, out);
        }
    }
}

#[test]
fn every_label_of_every_register_is_in_both_languages() {
    let rules = Rules::built_in().unwrap();
    let mut missing = BTreeSet::new();
    for lang in Lang::ALL {
        let voice = Voice {
            lang,
            lexicon: rules.lexicon(),
            ..Voice::default()
        };
        let mut check = |key: &str, text: String| {
            if text == key || text.ends_with(key) && text.contains('.') {
                missing.insert(format!("{} {key}", lang.locale()));
            }
        };
        for register in REGISTERS {
            let code = register.spec().code;
            check(
                &format!("register.{code}"),
                voice.text(&format!("register.{code}")),
            );
            for state in register.states().codes.iter().chain(&["void"]) {
                check(
                    &format!("state.{code}.{state}"),
                    label::state(&voice, code, state),
                );
            }
            for action in register.actions().iter().chain(CommonAction::ALL) {
                check(
                    &format!("action.{}", action.name),
                    label::action(&voice, code, action.name),
                );
                let mut fields = Vec::new();
                every_field(action.fields, &mut fields);
                every_field(ENVELOPE, &mut fields);
                for field in fields {
                    check(
                        &format!("field.{}", field.key),
                        label::field(&voice, code, field.key),
                    );
                    // Refusals name fields by the common label.
                    check(
                        &format!("field.{}", field.key),
                        voice.text(&format!("field.{}", field.key)),
                    );
                    if let Kind::Choice(set) = field.kind {
                        set.codes.iter().for_each(|choice| {
                            check(&set.label_key(choice), voice.text(&set.label_key(choice)))
                        });
                    }
                }
            }
            for column in register.spec().columns {
                check(
                    &format!("field.{column}"),
                    label::field(&voice, code, column),
                );
            }
        }
        for procedure in rules.procedures() {
            for duty in &procedure.duties {
                let code = duty.code.get_ref();
                let register = if REGISTERS.iter().any(|r| r.spec().code == procedure.name) {
                    procedure.name.as_str()
                } else {
                    "complaint"
                };
                check(&format!("duty.{code}"), label::duty(&voice, register, code));
            }
            procedure.class_codes().for_each(|class| {
                check(
                    &format!("class.{class}"),
                    voice.text(&format!("class.{class}")),
                )
            });
            procedure.facts.iter().for_each(|fact| {
                let key = format!("fact.{}", fact.key.get_ref());
                check(&key, voice.text(&key));
            });
        }
        for procedure in rules.complaint_procedures() {
            check(
                &format!("procedure.{procedure}"),
                voice.text(&format!("procedure.{procedure}")),
            );
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_clause_a_duty_cites_has_its_words() {
    let rules = Rules::built_in().unwrap();
    let mut missing = BTreeSet::new();
    for procedure in rules.procedures() {
        for duty in &procedure.duties {
            let cited = duty.clause.0.split_whitespace();
            missing.extend(
                cited
                    .filter(|id| id.starts_with('S') && rules.clause_text(&(*id).into()).is_none())
                    .map(str::to_owned),
            );
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

fn flatten(prefix: &str, table: &toml::Table, file: &str, out: &mut Vec<(String, String)>) {
    for (key, value) in table {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            toml::Value::Table(inner) if !inner.contains_key("zh-CN") => {
                flatten(&name, inner, file, out)
            }
            toml::Value::Table(_) => out.push((name, file.to_owned())),
            _ => {}
        }
    }
}

#[test]
fn no_sentence_is_given_twice() {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/locales")).unwrap()
    {
        let path = entry.unwrap().path();
        let table: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        flatten(
            "",
            &table,
            &path.file_name().unwrap().to_string_lossy(),
            &mut all,
        );
    }
    all.sort();
    let twice: Vec<_> = all
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
