//! Benchmarks of what a person would feel, on a demonstration file of 20,000 records, or on the file that
//! `DUTYDESK_BENCH_FILE` names (a million, say: `dutydesk demo --records 1000000 --file big.db --no-open`).
//!
//! Run with `cargo bench`. Beside each of the three that a person feels most stands its floor on the same machine in the
//! same run: the bare SQLite statements, without the desk.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]

use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

use divan::Bencher;
use dutydesk::base::i18n::Voice;
use dutydesk::base::time::{Instant, Zone};
use dutydesk::demo::{Recipe, fill};
use dutydesk::desk::Desk;
use dutydesk::desk::view::{ListQuery, Order, Request, Target};
use dutydesk::record::request::Operator;
use dutydesk::rules::ruleset::Rules;
use dutydesk::store::Mode;
use dutydesk::tui::still::Still;

fn main() {
    divan::main();
}

fn now() -> Instant {
    Zone::default()
        .parse("2026-03-02T09:42")
        .unwrap_or_default()
}

struct Site {
    desk: Desk,
    _folder: tempfile::TempDir,
}

/// One file for all benchmarks: a copy, so that adding to it harms nothing.
static SITE: LazyLock<Mutex<Site>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("bench.db");
    let given = std::env::var_os("DUTYDESK_BENCH_FILE");
    if let Some(given) = &given {
        std::fs::copy(given, &path).unwrap();
    }
    let mut desk = Desk::open(&path, Mode::Create, Rules::built_in().unwrap()).unwrap();
    if given.is_none() {
        let recipe = Recipe {
            records: 20_000,
            seed: 1,
            now: now(),
            zone: Zone::default(),
        };
        fill(&mut desk, &recipe, |_, _| {}).unwrap();
    }
    Mutex::new(Site {
        desk,
        _folder: folder,
    })
});

fn with<T>(work: impl FnOnce(&mut Desk) -> T) -> T {
    work(&mut SITE.lock().unwrap().desk)
}

fn list(search: Option<&str>, order: Order) -> ListQuery {
    ListQuery {
        register: Some("work-order".into()),
        search: search.map(str::to_owned),
        order,
        limit: 50,
        ..ListQuery::default()
    }
}

#[divan::bench]
fn one_durable_add(bencher: Bencher) {
    let data = serde_json::json!({"content": "厨房水龙头漏水", "place": "3栋1203", "team": "水工班", "reporter": "李女士"});
    let request = Request {
        target: Target::New("work-order".into()),
        action: None,
        data: data.as_object().unwrap().clone(),
    };
    let who = Operator {
        name: "陈文员".into(),
        role: None,
    };
    bencher.bench(|| with(|desk| desk.act(&request, &who, now()).unwrap().view.record.head.no));
}

/// The floor of a durable add: one row of a kilobyte in a transaction of its own, with the settings of the desk's file.
#[divan::bench]
fn floor_one_durable_insert(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let conn = rusqlite::Connection::open(folder.path().join("floor.db")).unwrap();
    conn.pragma_update(None, "journal_mode", "WAL").unwrap();
    conn.pragma_update(None, "synchronous", "FULL").unwrap();
    conn.execute_batch("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
        .unwrap();
    let text = "x".repeat(1024);
    bencher.bench_local(|| {
        conn.prepare_cached("INSERT INTO line (text) VALUES (?)")
            .unwrap()
            .execute([&text])
            .unwrap()
    });
}

/// The length of every text that a statement reads from the file of the benchmarks.
fn bare(bencher: Bencher, sql: &str) {
    let path = with(|desk| desk.path().to_owned());
    let conn = rusqlite::Connection::open(path).unwrap();
    bencher.bench_local(|| {
        let mut statement = conn.prepare_cached(sql).unwrap();
        let lengths = statement.query_map([], |row| Ok(row.get::<_, String>(0)?.len()));
        lengths.unwrap().map(Result::unwrap).sum::<usize>()
    });
}

/// The floor of a page: its rows read, not understood.
#[divan::bench]
fn floor_page_of_50(bencher: Bencher) {
    let sql = "SELECT body FROM record WHERE register = 'work-order' ORDER BY id DESC LIMIT 51";
    bare(bencher, sql);
}

/// The floor of the due list: its rows read, not understood.
#[divan::bench]
fn floor_due_list(bencher: Bencher) {
    let sql = "SELECT no, register, title, data, parts FROM duty ORDER BY rank, at, record, ord LIMIT 200";
    bare(bencher, sql);
}

/// A plan whose notice was delivered to 500 users one by one, on an outage register of the file's own size.
static DELIVERED: LazyLock<String> = LazyLock::new(|| {
    let users: Vec<String> = (0..500).map(|n| format!("T{n}")).collect();
    let plan = serde_json::json!({
        "source": "building", "form": "outage", "reason": "检修", "areas": ["1栋"], "users": users,
        "plan_start": "2026-03-06T09:00", "plan_end": "2026-03-06T12:00",
    });
    let yes =
        serde_json::json!({"gate": "notice", "decision": "yes", "name": "总经理", "role": "gm"});
    with(|desk| {
        let opened = Target::New("outage".into());
        let no = acted(desk, opened, Some("plan"), plan);
        for (action, data) in [("approve", yes), ("issue_notice", serde_json::json!({}))] {
            acted(desk, Target::On(no.clone()), Some(action), data);
        }
        for user in &users {
            let data = serde_json::json!({"paper": "notice", "users": [user]});
            acted(desk, Target::On(no.clone()), Some("deliver"), data);
        }
        no
    })
});

fn acted(desk: &mut Desk, target: Target, action: Option<&str>, data: serde_json::Value) -> String {
    let request = Request {
        target,
        action: action.map(str::to_owned),
        data: data.as_object().unwrap().clone(),
    };
    let who = Operator {
        name: "王建国".into(),
        role: None,
    };
    desk.act(&request, &who, now()).unwrap().view.record.head.no
}

/// One more act on it: it writes each time, so the outage grows by one entry a time.
#[divan::bench(sample_count = 60, sample_size = 1)]
fn act_on_an_outage_of_500_deliveries(bencher: Bencher) {
    let no = DELIVERED.clone();
    bencher.bench(|| {
        let again = serde_json::json!({"paper": "notice", "users": ["T499"]});
        let target = Target::On(no.clone());
        with(|desk| acted(desk, target, Some("deliver"), again))
    });
}

#[divan::bench]
fn page_of_50(bencher: Bencher) {
    bencher.bench(|| {
        with(|desk| {
            desk.page(&list(None, Order::Newest), now())
                .unwrap()
                .items
                .len()
        })
    });
}

#[divan::bench]
fn page_of_50_by_due(bencher: Bencher) {
    bencher.bench(|| {
        with(|desk| {
            desk.page(&list(None, Order::Due), now())
                .unwrap()
                .items
                .len()
        })
    });
}

#[divan::bench]
fn last_page_of_50(bencher: Bencher) {
    let last = ListQuery {
        before: Some(String::new()),
        ..list(None, Order::Newest)
    };
    bencher.bench(|| with(|desk| desk.page(&last, now()).unwrap().items.len()));
}

#[divan::bench]
fn due_list(bencher: Bencher) {
    bencher.bench(|| with(|desk| desk.due(None, 200, now()).unwrap().len()));
}

#[divan::bench(args = ["漏水", "尾随", "空调"])]
fn search_a_two_character_word(bencher: Bencher, word: &str) {
    let query = ListQuery {
        register: None,
        ..list(Some(word), Order::Newest)
    };
    bencher.bench(|| with(|desk| desk.page(&query, now()).unwrap().items.len()));
}

#[divan::bench]
fn open_the_file(bencher: Bencher) {
    let path = with(|desk| desk.path().to_owned());
    bencher.bench(|| {
        Desk::open(&path, Mode::Existing, Rules::built_in().unwrap())
            .unwrap()
            .path()
            .exists()
    });
}

/// The journal read, hashed and replayed, record by record (some 100,000 entries of the 20,000 records).
#[divan::bench(sample_count = 1, sample_size = 1)]
fn audit_by_replay(bencher: Bencher) {
    bencher.bench(|| with(|desk| desk.audit(|_, _| {}).unwrap().entries));
}

#[divan::bench]
fn working_days_5000_terms(bencher: Bencher) {
    let rules = Rules::built_in().unwrap();
    bencher.bench(|| {
        (0..5000_u32)
            .filter_map(|n| {
                let from = now().plus_hours(i64::from(n));
                dutydesk::rules::worktime::due_working_days(
                    &rules.calendar,
                    &rules.hours,
                    from,
                    n % 30,
                )
                .ok()
            })
            .count()
    });
}

#[divan::bench]
fn one_frame_at_120x40(bencher: Bencher) {
    let mut frame = with(|desk| Still::of(desk, Voice::default(), now(), (120, 40)).unwrap());
    bencher.bench_local(|| frame.draw());
}
