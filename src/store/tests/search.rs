//! Search: any word of two characters or more, wherever it stands, and only where it stands.

use super::*;

/// Records with these texts, numbered from 1.
fn texts(texts: &[&str]) -> File {
    let mut file = File::new();
    let made = texts.iter().zip(1..);
    let made: Vec<Rows> = made
        .map(|(words, id)| rows(id, &format!("L-2026-{id:05}"), "noted", text(words)))
        .collect();
    file.put(&made);
    file
}

/// Which of the texts are found, oldest first.
fn found(file: &File, typed: &str) -> Vec<i64> {
    let search = Some(typed);
    let mut ids: Vec<i64> = file
        .store
        .page(&PageQuery { search, ..all() })
        .unwrap()
        .iter()
        .map(|row| row.id)
        .collect();
    ids.reverse();
    ids
}

#[test]
fn a_word_is_found_wherever_it_stands() {
    let file = texts(&[
        "3栋1203厨房水龙头漏水",
        "漏水：地下室",
        "水漏了",
        "Pump room B-2 leaks",
        "漏，水",
    ]);
    for (typed, expected) in [
        ("漏水", vec![1, 2]),
        ("水漏", vec![3]),
        ("水龙头", vec![1]),
        ("龙头水", vec![]),
        // One character is found at the beginning, in the middle and at the end of a word.
        ("水", vec![1, 2, 3, 5]),
        ("漏", vec![1, 2, 3, 5]),
        ("1203", vec![1]),
        ("203", vec![1]),
        ("pump", vec![4]),
        ("LEAK", vec![4]),
        ("B-2", vec![4]),
        // Every word must occur, in any order.
        ("漏水 厨房", vec![1]),
        ("厨房 地下", vec![]),
        // Signs ask for nothing and break nothing.
        ("漏水\"", vec![1, 2]),
        ("漏水 OR 水漏", vec![]),
        ("漏水*", vec![1, 2]),
        ("NEAR(漏水)", vec![]),
        ("\"", vec![]),
    ] {
        assert_eq!(found(&file, typed), expected, "{typed}");
    }
}

#[test]
fn letters_and_digits_of_full_width_are_the_same_words() {
    let file = texts(&["Ｂ座１２０３电梯", "b座1203电梯", "B\u{200b}座电梯"]);
    for typed in ["Ｂ座", "ｂ座", "B座", "b座", "b\u{feff}座"] {
        assert_eq!(found(&file, typed), [1, 2, 3], "{typed}");
    }
    for typed in ["1203", "１２０３", "座１２", "03电"] {
        assert_eq!(found(&file, typed), [1, 2], "{typed}");
    }
}

#[test]
fn what_a_record_says_no_more_is_not_found() {
    let mut file = texts(&["漏水", "漏水"]);
    file.put(&[rows(1, "L-2026-00001", "noted", text("漏气"))]);
    assert_eq!(found(&file, "漏水"), [2]);
    assert_eq!(found(&file, "漏气"), [1]);
    file.raw("DELETE FROM search WHERE rowid = 2");
    assert_eq!(found(&file, "漏水"), [0_i64; 0]);
}

#[test]
fn the_index_is_read_back_word_by_word_in_its_places() {
    let file = texts(&["漏水", "Ⅱ段é"]);
    let mut indexed: Vec<(i64, i64, String)> = Vec::new();
    file.store
        .each_word(|word, record, place| indexed.push((record, place, word.to_owned())))
        .unwrap();
    indexed.sort();
    let of = |id: i64| -> Vec<(i64, String)> {
        let mine = indexed.iter().filter(|(record, ..)| *record == id);
        mine.map(|(_, place, word)| (*place, word.clone()))
            .collect()
    };
    let mut sizes = Vec::new();
    file.store
        .each_indexed(|id, n| sizes.push((id, n as usize)))
        .unwrap();
    assert_eq!(sizes, [(1, of(1).len()), (2, of(2).len())]);
    // A text is told as the index folds it, and asking leaves no trace in the file.
    for (id, words) in [(1, "漏水"), (2, "Ⅱ段é")] {
        let mut told = Vec::new();
        let grams = words::grams([text(words).to_string().as_str()]);
        let take = |word: &str, place: i64| told.push((place, word.to_owned()));
        file.store.words_as_indexed(&grams, take).unwrap();
        told.sort();
        assert_eq!(told, of(id), "{words}");
    }
    assert_eq!(found(&file, "漏水"), [1]);
}
