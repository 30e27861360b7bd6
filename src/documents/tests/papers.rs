//! When papers can be printed, of what, and how they stand.

use serde_json::json;

use super::lives::lived;
use super::*;
use crate::desk::Error;

fn refusal(desk: &Desk, no: &str, document: &str, item: Option<&str>) -> (String, String) {
    match desk.draw(no, document, item) {
        Err(Error::Refused(refusal)) => {
            let field = refusal.field.clone().unwrap_or_default();
            (
                field,
                crate::base::i18n::Voice::default().say(&refusal.message),
            )
        }
        other => panic!("{document} of {no}: {other:?}"),
    }
}

#[test]
fn a_paper_without_the_facts_it_lives_by_is_refused_naming_the_first() {
    let (desk, numbers) = lived();
    for (paper, life, fact) in [
        ("restoration_checklist", "still out", "恢复时间"),
        ("operation_ticket", "fresh plan", "操作票"),
        ("meter_start_slip", "estimated", "电表启用记录"),
        ("meter_stop_slip", "rejected", "电表停用记录"),
        ("electricity_bill", "rejected", "电费单"),
        ("reply_letter", "minor", "书面回复·内容"),
        ("penalty_notice", "pretext", "批准·奖罚、同意·批准人"),
        ("maker_letter", "pretext", "品牌"),
    ] {
        let (_, said) = refusal(&desk, &numbers[life], paper, None);
        assert!(said.ends_with(&format!("没有{fact}")), "{paper}: {said}");
    }
}

#[test]
fn a_paper_is_offered_only_to_records_of_its_kind() {
    let (desk, numbers) = lived();
    let offered = |life: &str| -> Vec<String> {
        let view = desk.view(&numbers[life]).unwrap().unwrap();
        let offers = desk.paper_offers(&view).unwrap().into_iter();
        offers.map(|offer| offer.name).collect()
    };
    let has = |life: &str, paper: &str| offered(life).iter().any(|name| name == paper);
    for (life, yes, no) in [
        ("planned", "outage_notice", "explanation_letter"),
        ("accident", "special_report", "outage_plan"),
        ("product", "grievance_form", "complaint_form"),
        ("major", "complaint_form", "maker_letter"),
        ("shift", "shift_handover", "repair_slip"),
    ] {
        assert!(
            has(life, yes) && !has(life, no),
            "{life}: {:?}",
            offered(life)
        );
    }
    assert!(!has("line", "shift_handover"));
}

#[test]
fn the_last_item_is_meant_unless_another_is_named() {
    let (desk, numbers) = lived();
    let no = &numbers["metered"];
    let number = |paper: &str, item: Option<&str>| desk.draw(no, paper, item).unwrap().sheet.number;
    assert_eq!(number("electricity_bill", None), format!("{no}-02"));
    assert_eq!(
        number("electricity_bill", Some(&format!("{no}-01"))),
        format!("{no}-01")
    );
    assert_eq!(number("meter_stop_slip", None), format!("{no}-T2"));
    assert_eq!(
        number("meter_stop_slip", Some("LS00123")),
        format!("{no}-T1")
    );
    assert_eq!(
        number("meter_start_slip", Some("LS00123")),
        format!("{no}-Q1")
    );
    let (field, said) = refusal(&desk, no, "electricity_bill", Some("9"));
    assert_eq!(
        (field.as_str(), said.as_str()),
        ("bills", "《电费单》没有 9 这一项")
    );
}

#[test]
fn each_bill_has_its_own_versions() {
    let (mut desk, numbers) = lived();
    let no = numbers["metered"].clone();
    let first = format!("{no}-01");
    let at = now("2026-09-11T09:00");
    for item in [None, Some(first.as_str())] {
        let printed = desk
            .print(&no, "electricity_bill", item, &who(), at)
            .unwrap();
        assert!(printed.issued);
        assert_eq!(printed.sheet.imprint.version, Some(1));
    }
}

#[test]
fn a_void_item_prints_as_void() {
    let (mut desk, numbers) = lived();
    let mut mark = |life: &str, paper: &str, item: String| {
        let at = now("2026-08-13T09:00");
        let printed = desk.print(&numbers[life], paper, Some(&item), &who(), at);
        printed.unwrap().sheet.imprint.mark
    };
    let bill = format!("{}-01", numbers["estimated"]);
    let ticket = |n: u32| format!("2026{n:04}");
    assert_eq!(mark("estimated", "electricity_bill", bill), "作废");
    assert_eq!(mark("planned", "operation_ticket", ticket(1)), "作废");
    assert_eq!(mark("planned", "operation_ticket", ticket(2)), "");
}

fn standing(desk: &Desk, no: &str, paper: &str) -> Standing {
    desk.draw(no, paper, None).unwrap().standing
}

#[test]
fn a_notice_with_an_amended_fact_prints_as_the_next_version() {
    let (mut desk, numbers) = lived();
    let no = numbers["fresh plan"].clone();
    let on = || Target::On(no.clone());
    let yes = json!({"gate": "notice", "decision": "yes", "name": "陈总", "role": "gm"});
    act(&mut desk, on(), "approve", yes, "2026-08-05T10:00");
    act(
        &mut desk,
        on(),
        "issue_notice",
        json!({}),
        "2026-08-05T11:00",
    );
    let print = |desk: &mut Desk, at: &str| {
        let printed = desk
            .print(&no, "outage_notice", None, &who(), now(at))
            .unwrap();
        (printed.issued, printed.sheet.imprint.version)
    };
    assert_eq!(print(&mut desk, "2026-08-05T11:05"), (true, Some(1)));
    amend(
        &mut desk,
        &no,
        json!({"reason": "母线检修"}),
        "2026-08-05T12:00",
    );
    assert!(desk.view(&no).unwrap().unwrap().record.head.papers[0].outdated);
    assert_eq!(print(&mut desk, "2026-08-05T12:01"), (true, Some(2)));
    assert_eq!(print(&mut desk, "2026-08-05T12:02"), (false, Some(2)));
}

#[test]
fn a_moved_plan_makes_the_notice_a_draft_until_it_is_issued_again() {
    let (mut desk, numbers) = lived();
    let no = numbers["fresh plan"].clone();
    let draft = |desk: &Desk| {
        let drawn = desk.draw(&no, "outage_notice", None).unwrap();
        matches!(drawn.standing, Standing::Draft(_)) && drawn.sheet.imprint.mark == "草稿"
    };
    assert!(draft(&desk));
    let on = || Target::On(no.clone());
    let yes = json!({"gate": "notice", "decision": "yes", "name": "陈总", "role": "gm"});
    act(&mut desk, on(), "approve", yes, "2026-08-05T10:00");
    act(
        &mut desk,
        on(),
        "issue_notice",
        json!({}),
        "2026-08-05T11:00",
    );
    let at = now("2026-08-05T11:05");
    let printed = desk.print(&no, "outage_notice", None, &who(), at).unwrap();
    assert!(printed.issued && !draft(&desk));
    assert_eq!(printed.sheet.imprint.version, Some(1));
    let said = |desk: &Desk| {
        super::built_in::text_of(&desk.draw(&no, "outage_notice", None).unwrap().sheet)
    };
    assert!(!said(&desk).contains("作废"));

    let move_to = json!({"plan_start": "2026-08-21T09:00", "reason": "供电局改期"});
    act(&mut desk, on(), "reschedule", move_to, "2026-08-06T09:00");
    assert!(draft(&desk));
    let again = desk
        .print(&no, "outage_notice", None, &who(), now("2026-08-06T09:05"))
        .unwrap();
    assert!(!again.issued && again.sheet.imprint.check.is_empty());

    act(
        &mut desk,
        on(),
        "issue_notice",
        json!({}),
        "2026-08-06T10:00",
    );
    let second = desk
        .print(&no, "outage_notice", None, &who(), now("2026-08-06T10:05"))
        .unwrap();
    assert_eq!(second.sheet.imprint.version, Some(2));
    assert!(said(&desk).contains("前发通知书所定时间（2026年8月20日9时00分）作废"));
}

#[test]
fn delivering_a_notice_outruns_nothing() {
    let (mut desk, numbers) = lived();
    let no = numbers["unstarted"].clone();
    let on = || Target::On(no.clone());
    let yes = json!({"gate": "notice", "decision": "yes", "name": "陈总", "role": "gm"});
    act(&mut desk, on(), "approve", yes, "2026-08-06T14:00");
    act(
        &mut desk,
        on(),
        "issue_notice",
        json!({}),
        "2026-08-06T14:01",
    );
    desk.print(&no, "outage_notice", None, &who(), now("2026-08-06T14:02"))
        .unwrap();
    let delivered = json!({"paper": "notice", "users": "all", "signed_by": "店长"});
    act(&mut desk, on(), "deliver", delivered, "2026-08-06T14:10");
    let papers = desk.view(&no).unwrap().unwrap().record.head.papers;
    assert!(papers.iter().all(|paper| !paper.outdated), "{papers:?}");
}

#[test]
fn a_letter_drafted_anew_is_another_version() {
    let (mut desk, numbers) = lived();
    let no = numbers["still out"].clone();
    assert!(matches!(
        standing(&desk, &no, "explanation_letter"),
        Standing::Draft(_)
    ));
    let on = || Target::On(no.clone());
    act(
        &mut desk,
        on(),
        "draft_letter",
        json!({"text": "供电局线路跳闸。"}),
        "2026-08-15T16:00",
    );
    let first = desk
        .print(
            &no,
            "explanation_letter",
            None,
            &who(),
            now("2026-08-15T16:05"),
        )
        .unwrap();
    act(
        &mut desk,
        on(),
        "draft_letter",
        json!({"text": "供电局线路遭雷击跳闸。"}),
        "2026-08-15T17:00",
    );
    let second = desk
        .print(
            &no,
            "explanation_letter",
            None,
            &who(),
            now("2026-08-15T17:05"),
        )
        .unwrap();
    let version = |printed: &crate::desk::papers::Printed| printed.sheet.imprint.version;
    assert_eq!((version(&first), version(&second)), (Some(1), Some(2)));
    let view = desk.view(&no).unwrap().unwrap();
    let outdated: Vec<bool> = view
        .record
        .head
        .papers
        .iter()
        .map(|paper| paper.outdated)
        .collect();
    assert_eq!(outdated, [true, false]);
}

#[test]
fn printing_does_not_outrun_the_paper_that_tells_the_history() {
    let (mut desk, numbers) = lived();
    let no = &numbers["accident"];
    desk.print(no, "special_report", None, &who(), now("2026-08-05T09:00"))
        .unwrap();
    let again = desk
        .print(no, "special_report", None, &who(), now("2026-08-05T09:10"))
        .unwrap();
    assert!(!again.issued);
}

#[test]
fn what_stood_around_a_shift_is_what_stood_when_it_was_handed_over() {
    let (desk, numbers) = lived();
    let sheet = desk
        .draw(&numbers["shift"], "shift_handover", None)
        .unwrap()
        .sheet;
    let lists: Vec<Vec<&str>> = sheet
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Grid { rows, .. } => Some(
                rows.iter()
                    .map(|row| row[3].as_str())
                    .filter(|text| !text.is_empty())
                    .collect(),
            ),
            _ => None,
        })
        // The third list is what was read out.
        .take(2)
        .collect();
    // An item dealt with after the hand-over was handed over.
    assert_eq!(
        lists,
        [
            vec!["1号变压器温度68度", "B座水泵异响，待厂家"],
            vec!["3号梯对讲待修", "B座水泵异响，待厂家"]
        ]
    );
}
