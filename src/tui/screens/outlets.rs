//! What can leave the desk from here 复制、打印、导出: the entries of the menu behind one key.

use super::list::List;
use super::menu::{Choice, Menu};
use crate::base::i18n::Msg;
use crate::desk::papers::PaperOffer;
use crate::documents::issue::Standing;
use crate::tables::Format;
use crate::tui::message::Sought;
use crate::tui::outbox::Pick;
use crate::tui::room::Room;
use crate::tui::when::short_no;

/// The formats a list goes out in, the usual one first.
const FORMATS: [(Format, &str); 3] = [
    (Format::Xlsx, "outlet.xlsx"),
    (Format::Csv, "outlet.csv"),
    (Format::Json, "outlet.json"),
];

/// For a record: its papers, each with how it stands, after copying.
pub fn of_record(no: &str, papers: &[PaperOffer], room: &Room) -> Menu {
    let copy = Choice::new(room.text("outlet.copy_card"), Pick::Copy);
    let paper = |offer: &PaperOffer| {
        let label = format!("{}  {}", room.paper(&offer.name), standing(offer, room));
        let sought = Sought {
            no: no.to_owned(),
            document: offer.name.clone(),
            item: None,
        };
        Choice::new(label, Pick::Paper(sought))
    };
    let title = format!("{} {}", short_no(no, room), room.text("outlet.title"));
    let choices = std::iter::once(copy).chain(papers.iter().map(paper));
    Menu::of(title, choices.collect())
}

/// How a paper stands, in a few words.
fn standing(offer: &PaperOffer, room: &Room) -> String {
    let version = |key: &str, version: u32| {
        let message = Msg::new(key)
            .with("version", i64::from(version))
            .with("next", i64::from(version) + 1);
        room.say(&message)
    };
    match &offer.standing {
        Ok(Standing::New) => room.text("outlet.new"),
        Ok(Standing::Draft(_)) => room.text("outlet.draft"),
        Ok(Standing::Void) => room.text("outlet.void"),
        Ok(Standing::Issued(paper)) => version("outlet.issued", paper.version),
        Ok(Standing::Stale(paper, _)) => version("outlet.stale", paper.version),
        Err(_) => room.text("outlet.lacks"),
    }
}

/// For a list: the line or the marked lines, the papers of the line, and the list into a file.
pub fn of_list(list: &List, room: &Room) -> Menu {
    let exports = list.query.register.is_some() && !list.is_empty();
    of_lines(list.selected_no(), list.marked.len(), exports, room)
}

/// For lines of which one is chosen and so many are marked; a register's list goes into a file too.
pub fn of_lines(no: Option<&str>, marked: usize, exports: bool, room: &Room) -> Menu {
    let mut choices = Vec::new();
    if marked > 0 {
        let label = room.say(&Msg::new("outlet.copy_marked").with("n", marked));
        choices.push(Choice::new(label, Pick::CopyMarked));
    }
    if let Some(no) = no {
        if marked == 0 {
            choices.push(Choice::new(room.text("outlet.copy_line"), Pick::Copy));
        }
        let message = Msg::new("outlet.papers_of").with("no", short_no(no, room));
        choices.push(Choice::new(room.say(&message), Pick::Papers(no.to_owned())));
    }
    if exports {
        let files = FORMATS
            .iter()
            .map(|(format, key)| Choice::new(room.text(key), Pick::Export(*format)));
        choices.extend(files);
    }
    for (key, pick) in [
        ("office.month_end", Pick::Month),
        ("office.import_menu", Pick::Import),
    ] {
        choices.push(Choice::new(room.text(key), pick));
    }
    Menu::of(room.text("outlet.title"), choices)
}
