//! Where and why power goes off in 阳光广场, and who is affected.

/// A part of the building that is fed together.
#[derive(Clone, Copy, Default)]
pub(super) struct Feed {
    /// Areas.
    pub(super) areas: &'static [&'static str],
    /// Users who get letters and notices.
    pub(super) users: &'static [&'static str],
    /// Its lift cars.
    pub(super) cars: &'static [&'static str],
}

/// The feeds of the site.
pub(super) const FEEDS: [Feed; 6] = [
    Feed {
        areas: &["A座1-15层"],
        users: &["恒信会计师事务所", "蓝海软件", "南方人寿营业部", "优学教育"],
        cars: &["A座1号梯", "A座2号梯", "A座3号梯"],
    },
    Feed {
        areas: &["A座16-30层"],
        users: &["中远货代", "明德律师事务所", "锐科设计"],
        cars: &["A座4号梯", "A座5号梯"],
    },
    Feed {
        areas: &["B座低区", "B座高区"],
        users: &["华盛贸易", "康宁口腔", "启明投资", "云帆旅行社"],
        cars: &["B座1号梯", "B座货梯"],
    },
    Feed {
        areas: &["商场1层", "商场2层"],
        users: &["百佳超市", "星点咖啡", "优衣服饰", "周记珠宝", "小鹿童装"],
        cars: &["商场观光梯"],
    },
    Feed {
        areas: &["商场3层", "商场4层"],
        users: &["海底鲜火锅", "星光影城", "动力健身", "湘味馆"],
        cars: &["商场观光梯", "商场货梯"],
    },
    Feed {
        areas: &["1栋", "2栋", "3栋"],
        users: &["1栋业主", "2栋业主", "3栋业主"],
        cars: &["1栋客梯", "2栋客梯", "3栋客梯"],
    },
];

/// Faults inside the building.
pub(super) const FAULTS: [&str; 7] = [
    "低压柜总开关过载跳闸",
    "母线槽接头进水短路",
    "电缆头发热击穿",
    "商铺私拉乱接导致越级跳闸",
    "变压器温控误动作",
    "双电源切换装置卡滞",
    "施工挖断出线电缆",
];
/// Faults of the utility.
pub(super) const GRID: [&str; 4] = [
    "供电局10kV线路故障",
    "区变电站跳闸，正在倒电",
    "雷击线路，供电局抢修",
    "市政施工挖断电缆",
];
/// Work for which power is cut.
pub(super) const WORKS: [&str; 6] = [
    "高低压配电柜年度预防性试验",
    "更换二段母线断路器",
    "变压器清扫紧固",
    "增容改造接入新电缆",
    "电表集抄改造",
    "应急照明系统切换试验",
];
/// What the utility announces.
pub(super) const NOTICES: [&str; 3] = [
    "供电局线路检修停电",
    "供电局配网改造转电",
    "迎峰度夏错峰限电",
];
/// What an inspection finds and puts right.
pub(super) const ABNORMAL: [(&str, &str); 4] = [
    ("pump_room", "2号生活泵未自动启动，手动启动后正常"),
    ("hvac_room", "冷冻水泵变频器报故障，复位后正常"),
    ("lift_room", "3号梯主板报码，复位后正常"),
    ("fire_centre", "主机备电电压低，已充电"),
];
/// The five places looked at afterwards.
pub(super) const ROOMS: [&str; 5] = [
    "switch_room",
    "hvac_room",
    "pump_room",
    "lift_room",
    "fire_centre",
];
/// Who calls first.
pub(super) const INFORMANTS: [&str; 5] = [
    "监控中心小邓",
    "A座前台",
    "商场店长",
    "3栋业主",
    "巡逻岗阿辉",
];
