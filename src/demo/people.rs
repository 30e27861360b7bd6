//! Who lives and works in 阳光广场.

use super::dice::Dice;
use crate::record::request::Operator;

/// Somebody of the staff.
#[derive(Clone, Copy, Default)]
pub(super) struct Staff {
    /// Name as it is signed.
    pub(super) name: &'static str,
    /// Role code of the site.
    pub(super) role: &'static str,
}

const fn staff(name: &'static str, role: &'static str) -> Staff {
    Staff { name, role }
}

/// Duty engineers, by turns.
pub(super) const DUTY: [Staff; 4] = [
    staff("赵值班", "duty_engineer"),
    staff("钱建军", "duty_engineer"),
    staff("孙志强", "duty_engineer"),
    staff("李国栋", "duty_engineer"),
];
/// The clerk of engineering.
pub(super) const CLERK: Staff = staff("陈文员", "clerk");
/// The front desk.
pub(super) const RECEPTION: Staff = staff("前台小何", "reception");
/// The customer service manager.
pub(super) const SERVICE_MANAGER: Staff = staff("林经理", "service_manager");
/// The system engineer, who reviews slips.
pub(super) const SYSTEM_ENGINEER: Staff = staff("王工", "system_engineer");
/// The customer service assistant.
pub(super) const ASSISTANT: Staff = staff("黄小敏", "assistant");
/// The manager of the service centre.
pub(super) const CENTRE_MANAGER: Staff = staff("吴经理", "centre_manager");
/// The general manager.
pub(super) const GM: Staff = staff("郑总", "gm");
/// The chief engineer.
pub(super) const CHIEF: Staff = staff("何总工", "chief_engineer");
/// The supervising engineer.
pub(super) const SUPERVISOR: Staff = staff("梁主管", "supervisor");
/// The quality department.
pub(super) const QUALITY: Staff = staff("品质部罗文", "quality");
/// Administration.
pub(super) const ADMIN: Staff = staff("管理部周婷", "admin");

/// Those who have worked at this desk, the last one to act at the end.
pub(super) const OPERATORS: [Staff; 5] =
    [CLERK, RECEPTION, SERVICE_MANAGER, SYSTEM_ENGINEER, DUTY[0]];

impl From<Staff> for Operator {
    fn from(staff: Staff) -> Self {
        Operator {
            name: staff.name.to_owned(),
            role: Some(staff.role.to_owned()),
        }
    }
}

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
    "肖", "田", "董", "潘", "袁", "蔡", "余", "叶",
];
const GIVEN: [&str; 40] = [
    "建国", "秀英", "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰",
    "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "志远", "雨桐", "子轩", "浩然",
    "欣怡", "嘉豪", "佩珊", "国华", "晓燕", "海涛", "美玲", "文博", "思琪", "俊杰", "慧珍", "永康",
];

/// A person's full name.
pub(super) fn person(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN))
}

/// How an owner is called on a slip: 王先生, or the full name.
pub(super) fn owner(dice: &mut Dice) -> String {
    match dice.range(0, 9) {
        0..=3 => format!("{}先生", dice.pick(&SURNAMES)),
        4..=7 => format!("{}女士", dice.pick(&SURNAMES)),
        _ => person(dice),
    }
}

/// A mobile number: 1, a second digit in use, nine more.
pub(super) fn phone(dice: &mut Dice) -> String {
    format!(
        "1{}{:09}",
        dice.pick(&[3, 3, 3, 5, 8]),
        dice.range(0, 999_999_999)
    )
}

/// A flat: 3栋1203.
pub(super) fn flat(dice: &mut Dice) -> String {
    format!(
        "{}栋{}{:02}",
        dice.range(1, 6),
        dice.range(2, 28),
        dice.range(1, 8)
    )
}

/// An office: A座1502, or a whole floor A座15层.
pub(super) fn office(dice: &mut Dice) -> String {
    match dice.range(0, 3) {
        0 => format!("{}座{}层", dice.pick(&["A", "B"]), dice.range(5, 30)),
        _ => format!(
            "{}座{}{:02}",
            dice.pick(&["A", "B"]),
            dice.range(5, 30),
            dice.range(1, 12)
        ),
    }
}

/// A unit whose owner may complain.
pub(super) fn unit(dice: &mut Dice) -> String {
    match dice.range(0, 9) {
        0..=6 => flat(dice),
        7..=8 => office(dice),
        _ => shop(dice),
    }
}

/// A shop of the mall.
pub(super) fn shop(dice: &mut Dice) -> String {
    format!(
        "商场{}层{}{:02}铺",
        dice.range(1, 4),
        dice.pick(&["A", "B", "C"]),
        dice.range(1, 30)
    )
}
