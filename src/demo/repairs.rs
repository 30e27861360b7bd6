//! Repair slips of the past: most went well, some did not.

use serde_json::{Value, json};

use super::Town;
use super::calendar::{office_hours, on_day};
use super::life::{Life, Story, instant};
use super::people::{
    CLERK, DUTY, RECEPTION, SYSTEM_ENGINEER, Staff, flat, office, owner, person, phone, shop,
};
use super::words::{self, Repair, Spot, TEAM_SHARE, TEAMS};
use crate::base::time::Instant;

/// A slip as it was issued.
pub(super) struct Slip {
    /// What it is about.
    pub(super) repair: Repair,
    /// Its technician.
    pub(super) technician: &'static str,
    /// Who reported it.
    pub(super) reporter: String,
    /// The fields of `issue`.
    pub(super) data: Value,
}

/// Thinks up a slip reported at `at`.
pub(super) fn slip(town: &mut Town, at: Instant) -> Slip {
    let team = &TEAMS[town.dice.weighted(&TEAM_SHARE) % TEAMS.len()];
    let repair = town.dice.pick(team.repairs);
    let (place, public) = match repair.spot {
        Spot::Public(places) => (town.dice.pick(places).to_owned(), true),
        Spot::Home => (flat(&mut town.dice), false),
        Spot::Office => (office(&mut town.dice), false),
        Spot::Shop => (shop(&mut town.dice), false),
    };
    let reporter = owner(&mut town.dice);
    let source = match (public, town.dice.range(0, 9)) {
        (true, 0..=5) => "patrol",
        (true, _) => "duty_log",
        (false, 0..=6) => "phone",
        _ => "counter",
    };
    let mut data = json!({
        "paper_no": town.paper(),
        "content": repair.content,
        "place": place,
        "reporter": reporter,
        "phone": phone(&mut town.dice),
        "team": team.name,
        "category": repair.category,
        "source": source,
        "promised_arrival": instant(at.plus_minutes(town.dice.pick(&[30, 60, 60, 120, 240]))),
    });
    if let Some(map) = data.as_object_mut() {
        if public {
            map.remove("phone");
        }
        if town.dice.chance(12) {
            map.remove("promised_arrival");
        }
        if repair.category == "跳闸" || town.dice.chance(6) {
            map.insert("urgent".into(), true.into());
        }
    }
    Slip {
        technician: town.dice.pick(team.people),
        repair,
        reporter,
        data,
    }
}

/// Who sits at the desk.
pub(super) fn desk_at(town: &mut Town, at: Instant) -> Staff {
    match office_hours(town.zone, at) {
        true => town.dice.pick(&[CLERK, CLERK, RECEPTION]),
        false => town.dice.pick(&DUTY),
    }
}

/// A finished slip that was reported at `at`, and its double when it was reported twice.
pub(super) fn past(town: &mut Town, at: Instant) -> Vec<Life> {
    let slip = slip(town, at);
    let mut story = Story::new("work-order", at, town.now);
    let who = desk_at(town, at);
    story.tell(&mut town.dice, who, "issue", slip.data.clone());
    match town.dice.range(1, 100) {
        1..=3 => {
            let minutes = town.dice.range(2, 90);
            let reason = town.dice.pick(&words::VOIDED);
            story
                .wait(minutes)
                .tell(&mut town.dice, CLERK, "void", json!({"reason": reason}));
            return vec![story.end()];
        }
        4..=6 => {
            let changes = json!({"phone": phone(&mut town.dice)});
            story.wait(12).tell(
                &mut town.dice,
                CLERK,
                "amend",
                json!({"changes": changes, "reason": "电话号码记错，回拨不通，已核对"}),
            );
        }
        _ => {}
    }
    on_the_spot(town, &mut story, &slip);
    papers(town, &mut story, &slip);
    let mut lives = Vec::new();
    if slip.repair.category == "漏水" && town.dice.chance(14) {
        let name = town.name();
        story.named(name.clone());
        lives.push(story.end());
        lives.push(double(town, at, &slip, &name));
    } else {
        lives.push(story.end());
    }
    lives
}

/// From the signature in the book to the customer's.
fn on_the_spot(town: &mut Town, story: &mut Story, slip: &Slip) {
    // What takes days must have begun days ago, for the past is over.
    let long_ago = town.now.seconds_since(story.at()) > 9 * 86_400;
    let technician = slip.technician;
    let minutes = town.dice.range(3, 25);
    story.wait(minutes).tell(
        &mut town.dice,
        CLERK,
        "sign_for",
        json!({"technician": technician}),
    );
    let minutes = if town.dice.chance(12) {
        town.dice.range(70, 200)
    } else {
        town.dice.range(8, 40)
    };
    story.wait(minutes);
    if long_ago && town.dice.chance(6) {
        let next = on_day(town.zone, story.at(), 1, town.dice.range(9, 16) as u32, 0);
        let reason = town.dice.pick(&words::NOT_ADMITTED);
        story.tell(&mut town.dice, CLERK, "arrive", json!({"technician": technician, "admitted": false, "reason": reason, "next_visit": instant(next)}));
        let late = town.dice.range(-20, 25);
        story.at_time(next.plus_minutes(late));
    }
    story.tell(
        &mut town.dice,
        CLERK,
        "arrive",
        json!({"technician": technician}),
    );
    if long_ago && !slip.repair.material.is_empty() && town.dice.chance(9) {
        let days = town.dice.range(1, 4);
        let next = on_day(
            town.zone,
            story.at(),
            days,
            town.dice.range(9, 16) as u32,
            30,
        );
        story.wait(15).tell(
            &mut town.dice,
            CLERK,
            "wait_material",
            json!({"materials": slip.repair.material, "next_visit": instant(next)}),
        );
        let late = town.dice.range(-30, 60);
        story.at_time(next.plus_minutes(late)).tell(
            &mut town.dice,
            CLERK,
            "arrive",
            json!({"technician": technician}),
        );
    }
    if town.dice.chance(3) {
        let reason = town.dice.pick(&words::OWN);
        story.wait(20).tell(
            &mut town.dice,
            CLERK,
            "own_equipment",
            json!({"reason": reason, "signed_by": slip.reporter}),
        );
        return;
    }
    if slip.repair.yuan > 0 {
        let fen = slip.repair.yuan * 100;
        let quote = match slip.repair.material {
            "" => json!({"amount_fen": fen}),
            material => json!({"amount_fen": fen, "items": [
                {"name": material, "qty": 1, "price_fen": fen - 3000},
                {"name": "人工", "qty": 1, "price_fen": 3000},
            ]}),
        };
        story.wait(8).tell(&mut town.dice, CLERK, "quote", quote);
        if town.dice.chance(8) {
            let reason = town.dice.pick(&words::DECLINED);
            story.wait(4).tell(
                &mut town.dice,
                CLERK,
                "decline",
                json!({"reason": reason, "signed_by": slip.reporter}),
            );
            return;
        }
        story.wait(3).tell(
            &mut town.dice,
            CLERK,
            "consent",
            json!({"signed_by": slip.reporter}),
        );
    }
    let minutes = town.dice.range(15, 110);
    let protection = town.dice.pick(&words::PROTECTION);
    story.wait(minutes).tell(
        &mut town.dice,
        CLERK,
        "finish",
        json!({"result": slip.repair.result, "protection": protection}),
    );
    let minutes = town.dice.range(2, 15);
    story.wait(minutes).tell(
        &mut town.dice,
        CLERK,
        "accept",
        json!({"signed_by": slip.reporter}),
    );
}

/// The way of the paper: signatures, the clerk, the archive, sometimes a revisit.
fn papers(town: &mut Town, story: &mut Story, slip: &Slip) {
    let finished = story.at();
    story.wait(10).tell(
        &mut town.dice,
        CLERK,
        "tech_sign",
        json!({"technician": slip.technician}),
    );
    // Some slips came back only the next day.
    let next_day = town.dice.chance(7);
    let review = if next_day {
        on_day(town.zone, finished, 1, 9, 10)
    } else {
        story.at().plus_minutes(25)
    };
    story.at_time(review).tell(
        &mut town.dice,
        SYSTEM_ENGINEER,
        "review",
        json!({"engineer": SYSTEM_ENGINEER.name}),
    );
    story.wait(9).tell(
        &mut town.dice,
        CLERK,
        "hand_in",
        json!({"clerk": CLERK.name}),
    );
    let archive = on_day(town.zone, story.at(), 1, 10, town.dice.range(0, 59) as u32);
    story
        .at_time(archive)
        .tell(&mut town.dice, CLERK, "archive", json!({}));
    if town.dice.chance(10) {
        let days = town.dice.range(2, 6);
        let method = town.dice.pick(&["phone", "phone", "visit"]);
        let by = person(&mut town.dice);
        let revisit = on_day(town.zone, story.at(), days, 15, 20);
        if revisit < town.now && !story.told("own_equipment") && !story.told("decline") {
            // The unhappy ones get a new slip by themselves; it is told in the present.
            story.at_time(revisit).tell(
                &mut town.dice,
                SYSTEM_ENGINEER,
                "revisit",
                json!({"satisfied": true, "method": method, "by": by}),
            );
        }
    }
}

/// The same leak reported once more by somebody else: linked to the first and voided.
fn double(town: &mut Town, at: Instant, slip: &Slip, name: &str) -> Life {
    let minutes = town.dice.range(5, 50);
    let mut story = Story::new("work-order", at.plus_minutes(minutes), town.now);
    let mut data = slip.data.clone();
    if let Some(map) = data.as_object_mut() {
        map.remove("promised_arrival");
        map.insert("paper_no".into(), town.paper().into());
        map.insert("reporter".into(), owner(&mut town.dice).into());
        map.insert("phone".into(), phone(&mut town.dice).into());
    }
    story.tell(&mut town.dice, RECEPTION, "issue", data);
    story.wait(6).tell(
        &mut town.dice,
        CLERK,
        "link",
        json!({"kind": "duplicate", "to": format!("{{{name}}}")}),
    );
    story.wait(1).tell(
        &mut town.dice,
        CLERK,
        "void",
        json!({"reason": "同一漏水点重复报修，并入前一张"}),
    );
    story.end()
}
