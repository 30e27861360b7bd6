//! How the copies of the file stand is seen without asking, and what went wrong is said.

use std::ops::ControlFlow;

use serde_json::json;

use super::{NOW, Stage};
use crate::base::i18n::{Lang, Msg};
use crate::desk::Error;
use crate::store::FileTrouble;
use crate::tui::message::Message;

#[test]
fn the_last_copy_is_told_on_the_first_screen_and_where_the_operator_is_asked() {
    for (lang, told) in [
        (Lang::Zh, "备份 今天 09:42"),
        (Lang::En, "Backup today 09:42"),
    ] {
        let mut stage = Stage::new(lang, (80, 24));
        let slip = json!({"content": "漏水", "place": "3栋1203", "team": "水工班"});
        stage.record(NOW, "work-order", None, slip);
        let mut go = |_| ControlFlow::Continue(());
        stage
            .desk
            .back_up(stage.room.now, &mut go)
            .unwrap()
            .unwrap();
        let state = stage.desk.backup_state(stage.room.now).unwrap();
        stage.send(Message::Copies(Ok(Some(state))));
        stage.sees(told).keys("2").sees_no(told);
        stage.keys("F9").sees(told);
    }
}

#[test]
fn a_copy_that_could_not_be_made_is_said() {
    let mut stage = Stage::new(Lang::Zh, (80, 24));
    let error = Error::File(FileTrouble {
        path: "/backups".into(),
        reason: Msg::new("file.full"),
    });
    stage.send(Message::Copies(Err(error)));
    stage.sees("磁盘已满");
}
