//! What is repaired in 阳光广场, team by team.

/// Where a kind of repair turns up.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Spot {
    /// A flat.
    #[default]
    Home,
    /// An office.
    Office,
    /// A shop of the mall.
    Shop,
    /// Public places.
    Public(&'static [&'static str]),
}

/// A kind of repair.
#[derive(Clone, Copy, Default)]
pub(super) struct Repair {
    /// Where it turns up.
    pub(super) spot: Spot,
    /// Category of the slip.
    pub(super) category: &'static str,
    /// What was reported.
    pub(super) content: &'static str,
    /// What was done.
    pub(super) result: &'static str,
    /// Material it takes, and may have to be waited for.
    pub(super) material: &'static str,
    /// Price by the user manual's list, yuan; 0: free.
    pub(super) yuan: i64,
}

/// A team with its people and what it repairs.
pub(super) struct Team {
    /// Name.
    pub(super) name: &'static str,
    /// Technicians.
    pub(super) people: &'static [&'static str],
    /// Repairs.
    pub(super) repairs: &'static [Repair],
}

const fn repair(
    spot: Spot,
    category: &'static str,
    content: &'static str,
    result: &'static str,
    material: &'static str,
    yuan: i64,
) -> Repair {
    Repair {
        spot,
        category,
        content,
        result,
        material,
        yuan,
    }
}

/// The teams of engineering.
pub(super) const TEAMS: [Team; 5] = [WATER, POWER, AIR, WOOD, WEAK];
/// How many of a hundred slips each gets.
pub(super) const TEAM_SHARE: [i64; 5] = [32, 28, 18, 14, 8];

#[rustfmt::skip]
const WATER: Team = Team {
    name: "水工班",
    people: &["老周", "张水根", "何海涛"],
    repairs: &[
        repair(Spot::Home, "漏水", "卫生间天花滴水，楼下住户反映", "查明为楼上地漏密封老化，更换密封圈后不再滴水", "地漏密封圈", 0),
        repair(Spot::Home, "漏水", "厨房水龙头关不严，一直滴水", "更换陶瓷阀芯，试水正常", "陶瓷阀芯", 45),
        repair(Spot::Home, "漏水", "洗手盆下水弯管漏水，柜内积水", "更换S弯及密封垫，试水半小时无渗漏", "S弯、密封垫", 60),
        repair(Spot::Home, "漏水", "马桶水箱进水不停，水费偏高", "更换进水阀，水位调至标线", "马桶进水阀", 85),
        repair(Spot::Home, "堵塞", "卫生间地漏堵塞，洗澡时水漫出", "机械疏通，清出头发及水泥块", "", 80),
        repair(Spot::Home, "堵塞", "厨房下水管堵塞，排水很慢", "疏通机疏通至主管，排水畅通", "", 100),
        repair(
            Spot::Public(&[
                "A座12层公共卫生间",
                "商场2层公共卫生间",
                "商场4层公共卫生间",
            ]),
            "堵塞",
            "公共卫生间蹲便器堵塞",
            "疏通，清出纸巾一团",
            "",
            0,
        ),
        repair(
            Spot::Public(&["B2车库A区", "B2车库B区"]),
            "堵塞",
            "雨天地下车库集水井溢水",
            "清理潜水泵滤网，水泵自动启停正常",
            "",
            0,
        ),
        repair(Spot::Home, "水压", "水压很小，热水器打不着火", "清洗入户过滤网，水压恢复", "", 0),
        repair(Spot::Home, "水压", "高层晚上七点后停水，水压不足", "变频泵压力传感器漂移，重新标定", "压力传感器", 0),
        repair(Spot::Home, "阀门", "水表前阀门拧不动，关不住水", "更换DN20铜闸阀", "DN20铜闸阀", 120),
        repair(
            Spot::Public(&["2栋9层楼道", "B座货梯厅", "商场3层东侧通道"]),
            "阀门",
            "消防栓箱内阀门渗水",
            "更换阀杆填料，试压合格",
            "盘根填料",
            0,
        ),
        repair(Spot::Home, "洁具", "花洒软管爆裂", "更换1.5米软管", "花洒软管", 55),
        repair(
            Spot::Public(&["A座8层公共卫生间", "商场1层公共卫生间"]),
            "洁具",
            "小便斗感应器不出水",
            "更换感应器电池并清洗电磁阀",
            "感应器电池",
            0,
        ),
    ],
};
#[rustfmt::skip]
const POWER: Team = Team {
    name: "强电班",
    people: &["刘电工", "谢永康", "孙志强"],
    repairs: &[
        repair(Spot::Home, "跳闸", "全屋跳闸，推上去又跳", "厨房插座进水短路，更换插座并烘干线盒", "五孔插座", 65),
        repair(Spot::Home, "跳闸", "开空调就跳闸", "空开容量不足且触点烧蚀，更换C32空开", "C32空气开关", 120),
        repair(Spot::Shop, "跳闸", "商铺晚间营业时总开关跳闸", "灯箱线路绝缘破损，重新包扎并分路", "", 0),
        repair(
            Spot::Public(&["1栋6层楼道", "3栋11层楼道", "5栋2层楼道", "6栋17层楼道"]),
            "照明",
            "楼道灯不亮，老人出入不便",
            "更换LED声控灯",
            "LED声控灯",
            0,
        ),
        repair(
            Spot::Public(&["3栋电梯厅", "A座19层电梯厅"]),
            "照明",
            "电梯厅筒灯三只不亮",
            "更换镇流器两只、灯管三支",
            "镇流器",
            0,
        ),
        repair(
            Spot::Public(&["B2车库B区"]),
            "照明",
            "地下车库B区一排灯不亮",
            "更换时控开关，照明恢复",
            "时控开关",
            0,
        ),
        repair(Spot::Home, "照明", "客厅吸顶灯闪烁", "更换驱动电源", "LED驱动电源", 75),
        repair(Spot::Home, "插座", "厨房插座没电，其他正常", "零线接头松脱，重新压接", "", 40),
        repair(Spot::Office, "插座", "办公区地插盖板损坏，人踩上去晃", "更换地插面板", "地插面板", 90),
        repair(Spot::Home, "电表", "电表箱有焦味", "进线端子松动发热，更换端子并紧固", "接线端子", 0),
        repair(Spot::Home, "电表", "电表读数不走", "表计故障，报供电部门更换", "", 0),
        repair(
            Spot::Public(&["B1层水泵房"]),
            "设备",
            "生活水泵房控制箱报警",
            "热继电器误动作，复位并调整整定值",
            "",
            0,
        ),
        repair(Spot::Shop, "设备", "商场卷帘门按下没反应", "行程开关卡死，清洁并调整限位", "行程开关", 0),
    ],
};
#[rustfmt::skip]
const AIR: Team = Team {
    name: "空调班",
    people: &["冯师傅", "曾庆涛"],
    repairs: &[
        repair(Spot::Office, "不制冷", "办公室风机盘管不制冷，室内30度", "清洗过滤网及表冷器，出风14度", "", 0),
        repair(Spot::Office, "不制冷", "会议室空调吹热风", "电动二通阀卡死，更换执行器", "二通阀执行器", 0),
        repair(Spot::Shop, "不制冷", "商铺空调不冷，顾客投诉", "风机电容失效，更换电容", "风机电容", 0),
        repair(Spot::Office, "漏水", "空调出风口滴水，办公桌打湿", "冷凝水盘堵塞，清洗疏通并加保温", "保温棉", 0),
        repair(
            Spot::Public(&["A座16层走廊", "B座7层走廊"]),
            "漏水",
            "走廊吊顶空调管滴水，有水渍",
            "保温破损，重做保温两米",
            "橡塑保温管",
            0,
        ),
        repair(Spot::Office, "噪音", "空调风机响声很大，无法开会", "更换风机轴承，噪音消除", "风机轴承", 0),
        repair(
            Spot::Public(&["A座21层新风机房"]),
            "噪音",
            "新风机房震动传到楼上",
            "更换减震弹簧四只",
            "减震弹簧",
            0,
        ),
        repair(Spot::Office, "温控", "温控器黑屏，开不了机", "更换温控面板", "温控面板", 130),
        repair(Spot::Office, "异味", "空调一开有霉味", "清洗风盘及回风箱，消毒", "", 0),
        repair(Spot::Office, "加时", "周末加班申请开空调后仍不送风", "楼层分区阀未联动，手动开启并修改时间表", "", 0),
    ],
};
#[rustfmt::skip]
const WOOD: Team = Team {
    name: "木工班",
    people: &["罗木匠", "邓师傅"],
    repairs: &[
        repair(Spot::Home, "门锁", "入户门锁芯转不动，钥匙断在里面", "取出断匙，更换B级锁芯", "B级锁芯", 150),
        repair(Spot::Office, "门锁", "办公室玻璃门地锁锁不上", "调整地弹簧及锁位", "", 0),
        repair(Spot::Home, "门窗", "阳台推拉门滑轮脱落，推不动", "更换滑轮两只，轨道清洁", "推拉门滑轮", 70),
        repair(Spot::Home, "门窗", "窗户把手断裂，台风前请尽快", "更换传动把手", "传动把手", 60),
        repair(
            Spot::Public(&["商场2层消防通道", "A座10层消防通道"]),
            "门窗",
            "消防通道防火门关不上",
            "更换闭门器，关闭严密",
            "闭门器",
            0,
        ),
        repair(
            Spot::Public(&["A座大堂", "1栋大堂"]),
            "墙面",
            "大堂石材一角松动",
            "云石胶重新粘贴，打围两小时",
            "云石胶",
            0,
        ),
        repair(
            Spot::Public(&["B座货梯厅", "4栋1层过道"]),
            "墙面",
            "过道墙角被推车撞坏",
            "修补并刷漆",
            "乳胶漆",
            0,
        ),
        repair(
            Spot::Public(&["商场1层中庭", "B座大堂"]),
            "天花",
            "石膏板天花开裂有坠落危险",
            "拆除松动部分，重做二平方米",
            "石膏板",
            0,
        ),
        repair(Spot::Office, "家具", "前台柜门铰链坏", "更换铰链两只", "液压铰链", 40),
        repair(
            Spot::Public(&["2栋电梯厅", "6栋电梯厅"]),
            "地面",
            "电梯口地砖空鼓翘起",
            "起砖重铺三块",
            "800地砖",
            0,
        ),
    ],
};
#[rustfmt::skip]
const WEAK: Team = Team {
    name: "弱电班",
    people: &["潘工", "叶俊杰"],
    repairs: &[
        repair(
            Spot::Public(&["1栋单元门", "3栋单元门", "5栋单元门"]),
            "门禁",
            "单元门禁刷卡没反应",
            "读卡器进水，更换读卡器",
            "门禁读卡器",
            0,
        ),
        repair(Spot::Home, "对讲", "可视对讲有声音没图像", "更换室内机排线", "排线", 50),
        repair(
            Spot::Public(&["B2车库"]),
            "监控",
            "地库B2-15号摄像机黑屏",
            "更换电源适配器",
            "12V适配器",
            0,
        ),
        repair(
            Spot::Public(&["车库南出口"]),
            "道闸",
            "车库出口道闸抬杆后不落",
            "地感线圈断线，重新敷设",
            "地感线圈",
            0,
        ),
        repair(
            Spot::Public(&["A座14层弱电井"]),
            "网络",
            "弱电井交换机告警，一层没网",
            "更换光模块",
            "光模块",
            0,
        ),
        repair(
            Spot::Public(&["消防中心", "商场3层东侧通道"]),
            "消防",
            "烟感误报两次",
            "清洗探头，测试正常",
            "",
            0,
        ),
        repair(Spot::Home, "电视", "客厅电视没信号", "更换分支器，信号68dB", "分支器", 35),
    ],
};

/// Why nobody was let in.
pub(super) const NOT_ADMITTED: [&str; 5] = [
    "敲门无人应答，电话未接",
    "家中只有老人，请晚上子女回来再来",
    "用户开会，请下午再来",
    "租户换锁，业主不在本地",
    "孩子午睡，请四点后再来",
];
/// Why a price was refused.
pub(super) const DECLINED: [&str; 4] = [
    "嫌价格高，自行找人维修",
    "业主认为应在保修期内免费",
    "租户要先问房东",
    "用户自己网上购买配件更换",
];
/// Equipment that is the customer's own.
pub(super) const OWN: [&str; 4] = [
    "用户自购净水器漏水，已说明须联系厂家维修",
    "用户自购热水器主板故障，由用户联系售后",
    "用户自装智能锁死机，由用户联系供应商",
    "商户自购冷柜跳闸，由商户联系厂家",
];
/// How the surroundings were protected.
pub(super) const PROTECTION: [&str; 4] = [
    "铺防尘布，家具遮盖",
    "穿鞋套，地面铺保护膜",
    "设围栏及警示牌",
    "电脑及文件移开并遮盖",
];
/// Why a slip was voided.
pub(super) const VOIDED: [&str; 5] = [
    "重复登记，前一张已派",
    "单号写错，另开一张",
    "用户来电说已自行处理",
    "登记错楼栋",
    "不属本物业范围，已告知用户",
];
