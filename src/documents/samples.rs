//! Papers to draw in tests.

use super::sheet::*;

/// A value.
pub fn value(text: &str, span: u16, lines: u16) -> Cell {
    Cell {
        text: text.into(),
        span,
        label: false,
        lines,
    }
}

/// A label.
pub fn label(text: &str) -> Cell {
    Cell {
        text: text.into(),
        span: 1,
        label: true,
        lines: 1,
    }
}

/// A paragraph of a letter.
pub fn paragraph(text: &str) -> Block {
    Block::Text {
        text: text.into(),
        indent: true,
        right: false,
        large: false,
    }
}

fn signature(label: &str, name: &str, date: &str) -> Signature {
    Signature {
        label: label.into(),
        name: name.into(),
        date: date.into(),
    }
}

fn imprint() -> Imprint {
    Imprint {
        clauses: "篇5 4.4.1".into(),
        version: Some(1),
        issued: "2026-03-02 10:15 周一".into(),
        check: "7K3M-Q9TD".into(),
        mark: String::new(),
    }
}

fn paper(title: &str, number: &str, blocks: Vec<Block>) -> Sheet {
    Sheet {
        name: "sample".into(),
        company: "金色家园物业服务中心".into(),
        title: title.into(),
        number: number.into(),
        imprint: imprint(),
        blocks,
        ..Sheet::default()
    }
}

/// 维修单, three copies on A5 across.
pub fn slip() -> Sheet {
    let rows = vec![
        vec![
            label("报修人"),
            value("王镕堃", 1, 1),
            label("房号"),
            value("3栋2单元1201", 1, 1),
            label("电话"),
            value("13800138000", 1, 1),
        ],
        vec![
            label("报修内容"),
            value(
                "厨房洗菜盆下水管漏水，地面已有积水，业主要求尽快处理；另客厅插座无电。",
                5,
                2,
            ),
        ],
        vec![label("维修情况"), value("", 5, 3)],
        vec![
            label("材料"),
            value("", 3, 1),
            label("费用"),
            value("", 1, 1),
        ],
    ];
    let boxes = vec![
        signature("客户签字", "", ""),
        signature("维修人签字", "李强", "2026-03-02 15:40"),
        signature("服务中心签字", "", ""),
    ];
    let mut sheet = paper(
        "维修单",
        "W-2026-00123",
        vec![
            Block::Form {
                widths: vec![3, 5, 3, 6, 3, 5],
                rows,
            },
            Block::Signatures { boxes },
            Block::Text {
                text: "客户对维修结果：☐ 满意　☐ 基本满意　☐ 不满意".into(),
                indent: false,
                right: false,
                large: false,
            },
        ],
    );
    sheet.page = Page {
        size: Size::A5,
        landscape: true,
    };
    sheet.copies = ["业主联", "服务中心联", "工程部联"]
        .map(String::from)
        .to_vec();
    sheet
}

/// 停电公告 for a door, still a draft.
pub fn notice() -> Sheet {
    let text = |text: &str, indent, right| Block::Text {
        text: text.into(),
        indent,
        right,
        large: true,
    };
    let mut sheet = paper(
        "停电公告",
        "O-2026-00007",
        vec![
            text("尊敬的各位业主、住户：", false, false),
            text(
                "接供电局通知，因 10kV 线路检修，本小区定于 2026年3月5日（星期四）8:00 至 18:00 停电。\n停电期间电梯停止运行，请提前储水。",
                true,
                false,
            ),
            text("金色家园物业服务中心\n2026年3月2日", false, true),
        ],
    );
    sheet.imprint = Imprint {
        clauses: "篇1 4.1.2".into(),
        mark: "草稿".into(),
        ..Imprint::default()
    };
    sheet
}

/// 维修登记表 across, with `rows` rows.
pub fn list(rows: usize) -> Sheet {
    let column = |label: &str, width, right| Column {
        label: label.into(),
        width,
        right,
    };
    let columns = vec![
        column("编号", 5, false),
        column("时间", 4, false),
        column("报修内容", 9, false),
        column("维修人", 3, false),
        column("费用（元）", 4, true),
    ];
    let row = |n: usize| {
        let content = "厨房洗菜盆下水管漏水，地面积水；".repeat(1 + n % 3);
        let fields = [
            format!("W-2026-{n:05}"),
            format!("03-{:02} 09:15", n % 28 + 1),
            content,
            "李强".to_owned(),
            format!("{}.00", n * 7 % 500),
        ];
        fields.to_vec()
    };
    let mut sheet = paper(
        "维修登记表",
        "2026-03",
        vec![
            Block::Heading {
                text: "一、给排水".into(),
            },
            Block::Grid {
                columns,
                rows: (1..=rows).map(row).collect(),
            },
            Block::Signatures {
                boxes: vec![signature("制表", "", ""), signature("审核", "", "")],
            },
        ],
    );
    sheet.page.landscape = true;
    sheet
}
