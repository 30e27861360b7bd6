//! What is corrected, struck or typed late.

use proptest::prelude::*;

use super::*;

#[test]
fn what_was_typed_wrongly_is_put_right_or_struck() {
    let mut slip = slip(json!({"promised_arrival": t("03-02 10:00")}));
    slip.ok(&["10:05 arrive technician=甲"]).owes(
        "03-02 12:00",
        &["sign_for#1 open", "arrival#1 late 03-02 10:00:00"],
    );
    let right = json!({"entry": 2, "changes": {"at": t("03-02 09:55")}, "reason": "看错钟", "at": t("03-02 12:00")});
    slip.0.act("correct", &right).unwrap();
    slip.owes("03-02 12:00", &["sign_for#1 open"])
        .ok(&["12:10 strike entry=3 reason=没错"])
        .owes(
            "03-02 12:10",
            &["sign_for#1 open", "arrival#1 late 03-02 10:00:00"],
        )
        .ok(&["12:20 finish result=好", "12:30 accept signed_by=李"])
        // What the acceptance rests on cannot be taken out from under it.
        .no("12:40 strike entry=5 reason=误录", "before at -")
        .ok(&[
            "12:40 strike entry=6 reason=误录",
            "12:50 strike entry=5 reason=误录",
        ])
        .state("on_site");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same facts, typed in any order, leave the same slip, duties and breaches.
    #[test]
    fn the_order_of_typing_means_nothing(order in Just((0..LIFE.len()).collect::<Vec<_>>()).prop_shuffle()) {
        let lived = |order: &[usize]| {
            let mut slip = slip(json!({"promised_arrival": t("03-02 10:00")}));
            for index in order {
                slip.ok(&[LIFE[*index]]);
            }
            let seen = slip.0.evaluated();
            let duties: Vec<_> = seen.deadlines.iter().map(|d| (d.code.clone(), d.round, d.due, d.outcome.clone())).collect();
            (seen.record().unwrap(), duties)
        };
        let in_order: Vec<usize> = (0..LIFE.len()).collect();
        prop_assert_eq!(lived(&order), lived(&in_order));
    }
}

/// Steps of one repair, each at its own instant.
const LIFE: &[&str] = &[
    "09:10 sign_for technician=甲",
    "09:50 arrive technician=甲 admitted=no reason=无人 next_visit=03-02_13:00",
    "12:50 wait_material materials=阀芯 next_visit=03-02_15:00",
    "15:10 arrive technician=乙",
    "15:20 quote amount_fen=5000",
    "16:00 finish result=好 cleaned=yes",
];
