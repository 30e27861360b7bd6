//! Given what was typed of a slip, when a step is asked for, then a refusal or the state, the duties, the breaches
//! (篇2, S2.1–S2.12).

use serde_json::{Value, json};

use crate::base::i18n::{Lang, lookup};
use crate::base::refusal::Refusal;
use crate::base::time::Zone;
use crate::record::field::Kind;
use crate::registers::register;
use crate::registers::testing::{Ledger, at as t};
use crate::rules::ruleset::Rules;

mod order;
mod sample;
mod work;

/// One repair slip, issued on 03-02 at 09:00.
struct Slip(Ledger);

fn slip(changes: Value) -> Slip {
    let mut issue =
        json!({"content": "厨房漏水", "place": "3-1203", "team": "水工班", "at": t("03-02 09:00")});
    for (key, value) in changes.as_object().into_iter().flatten() {
        issue[key] = value.clone();
    }
    let mut slip = Slip(Ledger::new("work-order"));
    slip.0.act("issue", &issue).unwrap();
    slip
}

/// Steps as `time action key=value key=value`, on 03-02 unless another day is given.
fn step(line: &str) -> (String, String, Value) {
    let mut words = line.split(' ');
    let mut time = words.next().unwrap().to_owned();
    if time.contains('-') {
        time = format!("{time} {}", words.next().unwrap());
    } else {
        time = format!("03-02 {time}");
    }
    let action = words.next().unwrap().to_owned();
    let mut data = json!({"at": t(&time)});
    for word in words {
        let (key, value) = word.split_once('=').unwrap();
        let value = match value {
            "yes" => json!(true),
            "no" => json!(false),
            number if number.parse::<i64>().is_ok() => json!(number.parse::<i64>().unwrap()),
            visit if key == "next_visit" => json!(t(&visit.replace('_', " "))),
            text => json!(text),
        };
        data[key] = value;
    }
    (time, action, data)
}

impl Slip {
    fn act(&mut self, line: &str) -> Result<(), Refusal> {
        let (_, action, data) = step(line);
        self.0.act(&action, &data)
    }

    #[track_caller]
    fn ok(&mut self, lines: &[&str]) -> &mut Self {
        for line in lines {
            self.act(line)
                .unwrap_or_else(|refusal| panic!("{line}: {refusal:?}"));
        }
        self
    }

    /// Refused with `code field clause`.
    #[track_caller]
    fn no(&mut self, line: &str, expected: &str) -> &mut Self {
        let refusal = self.act(line).expect_err(line);
        let field = refusal.field.as_deref().unwrap_or("-");
        let clause = refusal
            .clause
            .as_ref()
            .map_or("-", |clause| clause.0.as_str());
        assert_eq!(
            format!("{} {field} {clause}", refusal.code.code()),
            expected,
            "{line}"
        );
        self
    }

    #[track_caller]
    fn state(&mut self, state: &str) -> &mut Self {
        assert_eq!(self.0.record().head.state, state);
        self
    }

    /// What it owes at `now`: `code#round state due`; what is met is left out.
    #[track_caller]
    fn owes(&mut self, now: &str, expected: &[&str]) -> &mut Self {
        let zone = Zone::default();
        let duties = self.0.deadlines();
        let told = duties.iter().map(|duty| {
            let due = duty
                .due
                .map(|due| zone.rfc3339(due)[5..19].replace('T', " "));
            let state = duty.state(t(now)).code();
            let due = due.unwrap_or_default();
            format!("{}#{} {state} {due}", duty.code, duty.round)
                .trim_end()
                .to_owned()
        });
        let owed: Vec<String> = told.filter(|line| !line.contains(" met")).collect();
        assert_eq!(owed, expected);
        self
    }

    /// The breaches as `code reason`.
    #[track_caller]
    fn breaches(&mut self, expected: &[&str]) -> &mut Self {
        let breaches = self.0.record().head.breaches.into_iter();
        let told = breaches.map(|b| format!("{} {}", b.code, b.reason).trim_end().to_owned());
        assert_eq!(told.collect::<Vec<_>>(), expected);
        self
    }
}

/// From the customer's acceptance to the clerk's desk.
const PAPER: &[&str] = &[
    "10:40 accept signed_by=李女士",
    "11:00 tech_sign technician=张工",
    "15:00 review engineer=王工",
    "17:00 hand_in clerk=陈文员",
    "17:30 archive",
];

#[test]
fn a_paid_repair_goes_from_the_book_to_the_archive() {
    let mut paid = slip(json!({"paper_no": "0012345", "promised_arrival": t("03-02 10:00")}));
    paid.owes(
        "03-02 09:30",
        &["sign_for#1 open", "arrival#1 open 03-02 10:00:00"],
    )
    .ok(&["09:20 sign_for technician=张工"])
    .state("signed_for")
    .ok(&["10:00 arrive technician=张工"])
    .state("on_site")
    .ok(&["10:05 quote amount_fen=3500"])
    .state("quoted")
    .ok(&["10:06 consent signed_by=李女士"])
    .state("on_site")
    .ok(&["10:30 finish result=换阀芯 protection=铺布 cleaned=yes"])
    .state("done")
    .owes("03-02 10:30", &["hand_in#1 open 03-02 23:59:59"])
    .ok(PAPER)
    .state("archived")
    .owes("04-01 09:00", &[])
    .breaches(&[]);
    assert_eq!(paid.0.record().body["cleaned"], true);
    assert!(paid.0.record().head.closed.is_some());
}

#[test]
fn a_voided_slip_is_the_same_in_the_list_and_on_its_card() {
    let began = [
        "09:20 sign_for technician=张工",
        "10:00 arrive technician=张工",
    ];
    let done = ["10:30 finish result=换阀芯 protection=铺布 cleaned=yes"];
    let whole: Vec<&str> = began.iter().chain(&done).chain(PAPER).copied().collect();
    for steps in [0, 1, 2, 3, whole.len()] {
        let mut slip = slip(json!({"paper_no": "0012345"}));
        slip.ok(&whole[..steps])
            .ok(&["03-03 09:00 void reason=误登"]);
        let (ledger, listed) = (&slip.0, slip.0.evaluated());
        let card = ledger
            .register
            .deadlines(&listed.record().unwrap(), &ledger.rules);
        assert_eq!(card, listed.deadlines, "{steps} steps");
        let paper = ledger.register.paper_no(&listed.record().unwrap());
        assert_eq!(paper, listed.paper_no, "{steps} steps");
        assert_eq!(listed.head.state, "void");
    }
}

#[test]
fn each_hand_waits_for_the_one_before_it() {
    for (given, refused) in [
        (0, "11:00 tech_sign technician=张工"),
        (0, "11:00 review engineer=王工"),
        (0, "11:00 hand_in clerk=陈文员"),
        (1, "11:00 review engineer=王工"),
        (2, "15:00 hand_in clerk=陈文员"),
        (3, "17:00 archive"),
    ] {
        let mut slip = slip(json!({}));
        slip.ok(&["10:30 finish result=好"]).ok(&PAPER[..given]);
        slip.no(refused, "not_now - -");
    }
    slip(json!({})).no("08:59 sign_for technician=甲", "before at -");
}

#[test]
fn handed_in_the_same_day_or_late() {
    for (at, state) in [("03-02 23:59:59", "met"), ("03-03 00:00:00", "late")] {
        let mut slip = slip(json!({}));
        slip.ok(&[
            "22:00 finish result=好",
            "22:10 accept signed_by=李",
            "22:20 tech_sign technician=张",
        ])
        .ok(&[
            "22:30 review engineer=王",
            &format!("{at} hand_in clerk=陈 copies=customer"),
        ]);
        let duty = slip.0.duty("hand_in", 1).unwrap();
        assert_eq!(duty.state(t("03-04 09:00")).code(), state);
    }
}

#[test]
fn nobody_reviews_his_own_work_and_every_copy_has_its_place() {
    let done = &[
        "09:20 sign_for technician=甲",
        "09:30 arrive technician=乙",
        "10:00 finish result=好",
    ];
    let mut slip = slip(json!({}));
    slip.ok(done)
        .ok(&["10:10 accept signed_by=李", "10:20 tech_sign technician=丙"])
        .no("10:30 review engineer=甲", "not_allowed engineer S2.11")
        .no("10:30 review engineer=乙", "not_allowed engineer S2.11")
        .no("10:30 review engineer=丙", "not_allowed engineer S2.11")
        .ok(&["10:30 review engineer=丁"])
        .no(
            "10:40 hand_in clerk=文 copies=customer,财务部",
            "bad_value copies S2.11",
        )
        .ok(&["10:40 hand_in clerk=文 copies=customer,服务中心联,engineering"]);
    assert_eq!(
        slip.0.record().body["copies"],
        json!(["customer", "centre", "engineering"])
    );
}

#[test]
fn a_paper_number_belongs_to_one_slip_and_a_log_entry_learns_of_its_slip() {
    let mut ledger = Ledger::new("work-order");
    ledger.near.paper_no = Some("W-2026-00009".into());
    let mut issue = json!({"content": "x", "place": "y", "team": "z", "paper_no": "００１", "at": t("03-02 09:00")});
    let refusal = ledger.act("issue", &issue).unwrap_err();
    assert_eq!(
        (refusal.code.code(), refusal.field.as_deref()),
        ("duplicate", Some("paper_no"))
    );
    ledger.near.paper_no = None;
    issue["from_log"] = json!("L-2026-00001");
    assert_eq!(
        ledger.act("issue", &issue).unwrap_err().code.code(),
        "unknown_record"
    );
    let other = slip(json!({})).0.record();
    ledger.near.records.insert("L-2026-00001".into(), other);
    ledger.act("issue", &issue).unwrap();
    let link = &ledger.last.triggers[0];
    assert_eq!(
        (link.action, &link.data["kind"], &link.data["to"]),
        ("link", &json!("reissued"), &json!("W-2026-00001"))
    );
}

#[test]
fn everything_has_words_in_both_languages() {
    let register = register("work-order").unwrap();
    let said = |keys: &[String]| {
        for lang in Lang::ALL {
            let known = keys.iter().any(|key| lookup(lang, key).is_some());
            assert!(known, "{keys:?} in {lang:?}");
        }
    };
    for action in register.actions() {
        let own = format!("action.work-order.{}", action.name);
        said(&[own, format!("action.{}", action.name)]);
        for field in action.fields {
            let key = field.key;
            said(&[format!("field.work-order.{key}"), format!("field.{key}")]);
            if let Kind::Choice(set) = field.kind {
                set.codes
                    .iter()
                    .for_each(|code| said(&[set.label_key(code)]));
            }
        }
    }
    let states = register.states().codes.iter();
    states.for_each(|state| said(&[format!("state.work-order.{state}")]));
    said(&["duty.work-order.consent".to_owned()]);
    let rules = Rules::built_in().unwrap();
    for duty in &rules.procedure("work-order").duties {
        let code = duty.code.get_ref();
        said(&[format!("duty.work-order.{code}"), format!("duty.{code}")]);
        assert!(
            rules.clause_text(&duty.clause).is_some(),
            "{} has no text",
            duty.clause
        );
    }
}
