//! What people complain about in 阳光广场, and what came of it.

/// A complaint that has a cause and a remedy.
#[derive(Clone, Copy, Default)]
pub(super) struct Grievance {
    /// What was said.
    pub(super) content: &'static str,
    /// The facts that decide its class, besides none.
    pub(super) facts: &'static [&'static str],
    /// The department it goes to; empty: customer service itself.
    pub(super) department: &'static str,
    /// Cause found.
    pub(super) cause: &'static str,
    /// Measures, or for what cannot be done, the words of the explanation.
    pub(super) measures: &'static str,
    /// How it ended.
    pub(super) result: &'static str,
}

const fn of(
    facts: &'static [&'static str],
    department: &'static str,
    content: &'static str,
    cause: &'static str,
    measures: &'static str,
    result: &'static str,
) -> Grievance {
    Grievance {
        content,
        facts,
        department,
        cause,
        measures,
        result,
    }
}

const SPOT: &[&str] = &["settled_on_the_spot"];
const DAY: &[&str] = &["solvable_within_one_working_day"];

/// 轻微: soon done.
#[rustfmt::skip]
pub(super) const MINOR: [Grievance; 17] = [
    of(SPOT, "", "前台电话占线，打了五次才接通", "中午只有一人当值", "增加午间分机转接", "已致歉并告知服务热线，业主接受"),
    of(SPOT, "", "快递柜旁堆放纸箱，轮椅过不去", "保洁未及时清运", "通知保洁当场清走", "十分钟内清理完毕"),
    of(SPOT, "", "停车费多扣了一小时", "进场时间识别错误", "当场核对录像退费", "退费6元，业主无异议"),
    of(SPOT, "", "门岗不让网约车进来接老人", "岗位不了解老人接送规定", "当场放行并对岗位说明", "业主表示满意"),
    of(DAY, "保洁部", "楼道三天没拖，垃圾桶有异味", "当班保洁请假未安排顶岗", "安排顶岗并补做清洁", "当天下午清洁完毕，照片发业主"),
    of(DAY, "保洁部", "电梯轿厢内有宠物尿渍", "夜间无人巡检", "清洗消毒，增加晚间巡检", "已清洗消毒"),
    of(DAY, "秩序部", "消防通道被电动车占用", "临停车辆未劝离", "联系车主移车，加装禁停标识", "车辆已移走"),
    of(DAY, "秩序部", "有人在楼下打球到晚上十一点", "夜间巡逻未劝阻", "22点后清场", "已连续三晚清场"),
    of(DAY, "秩序部", "陌生人尾随进单元门发小广告", "门禁未关严", "调整闭门器并加强巡查", "广告已清理，门禁正常"),
    of(DAY, "工程部", "报修后两天没人来", "维修单漏派", "当天派单修复", "已修复，业主签名"),
    of(DAY, "工程部", "电梯按钮灯坏了两个", "按钮微动开关老化", "更换按钮", "已更换"),
    of(DAY, "工程部", "地下车库太暗看不清车位", "灯管损坏未及时更换", "更换灯管八支", "照度恢复"),
    of(DAY, "绿化班", "树枝伸到二楼窗户，虫子飞进来", "修剪周期过长", "当天修剪", "修剪完毕，业主满意"),
    of(DAY, "客服部", "装修押金退得太慢", "财务资料缺验收单", "补交验收单", "次日到账"),
    of(DAY, "客服部", "水费单没有收到，直接算滞纳金", "邮箱登记错误", "减免滞纳金，更正邮箱", "已减免12元"),
    of(DAY, "保洁部", "中庭地面水渍未放警示牌，差点滑倒", "保洁未按规程放牌", "现场教育，配足警示牌", "已整改"),
    of(DAY, "秩序部", "装卸货平台司机大声吵闹", "卸货时间未管理", "限定时段并派人值守", "商户表示改善"),
];

/// 重要: takes departments and days.
#[rustfmt::skip]
pub(super) const IMPORTANT: [Grievance; 14] = [
    of(&[], "工程部", "楼上装修每天早上七点开始打墙", "装修巡查不到位", "约谈装修公司，限定施工时间", "施工时间已限定，业主确认安静"),
    of(&[], "工程部", "空调主机噪音大，晚上睡不着", "减震垫老化", "更换减震垫并加隔音罩", "夜间实测42分贝"),
    of(&[], "工程部", "电梯这个月第三次停梯", "门机皮带磨损", "更换门机皮带，维保单位专项检查", "运行半月无故障"),
    of(&[], "工程部", "公共走廊漏水，把门口的鞋柜泡了", "立管接头渗漏", "更换接头并赔付鞋柜", "修复并赔付，业主签名"),
    of(&[], "工程部", "写字楼中央空调下班前一小时就关", "楼宇自控时间表设置错误", "恢复时间表", "租户确认正常"),
    of(&[], "秩序部", "固定车位被占，保安说管不了", "岗位推诿", "联系车主，岗位培训", "车位归还，书面致歉"),
    of(&[], "秩序部", "电动车在地库充电，担心起火", "充电区未启用", "启用室外充电棚，清理地库", "地库清理完毕"),
    of(&[], "秩序部", "晚上保安岗无人，快递被冒领", "换岗脱节", "调整换岗时间，协助报警", "快递公司已赔付"),
    of(&[], "保洁部", "外墙清洗把污水溅到晾晒的衣服上", "未提前通知", "赔付洗衣费，改为提前三天通知", "赔付80元"),
    of(&[], "商场运营部", "楼下餐饮油烟飘进办公室", "净化器滤芯饱和", "更换滤芯，按月检查", "检测达标"),
    of(&[], "商场运营部", "商场促销音响太大，影响楼上开会", "音量未设限", "设定65分贝上限", "租户确认"),
    of(&[], "客服部", "装修审批拖了两周没有答复", "资料在部门间滞留", "专人跟进，三日内批复", "已批复"),
    of(&[], "工程部", "小区路面塌陷，自行车摔倒但没受伤", "管沟回填不实", "围挡并重新浇筑", "路面恢复"),
    of(&[], "绿化班", "打药后没有告示，孩子碰到绿篱", "作业未公示", "建立公示制度，上门说明药性", "业主谅解"),
];

/// 重大: everything stops for it.
#[rustfmt::skip]
pub(super) const MAJOR: [Grievance; 6] = [
    of(&["injury"], "秩序部", "道闸落下砸到老人肩膀，已送医院", "防砸雷达失灵", "停用该道闸，更换防砸雷达，承担医药费", "医药费结清，道闸更换验收"),
    of(&["major_loss", "harm_continues"], "工程部", "楼上水管爆裂，全屋木地板泡水", "PPR接头爆裂", "关闭立管阀门，抽水除湿，协商赔偿", "地板重铺完成，赔偿协议签署"),
    of(&["living_severely_affected"], "工程部", "反味严重一个月，家里不能住人", "排污管透气帽堵塞", "疏通透气管，加装防臭地漏", "连续一周无异味"),
    of(&["fee_refusal"], "客服部", "房屋渗水两年没修好，从本月起拒交管理费", "外墙防水失效", "外墙防水重做，减免三个月管理费", "淋水试验合格，业主补交费用"),
    of(&["letter_to_company"], "秩序部", "来函：车辆在车库被划，监控缺失", "该区摄像机停用未报修", "增补摄像机，赔付喷漆费", "书面回函，业主签收"),
    of(&["complained_to_group", "great_inconvenience"], "工程部", "B座两台电梯停了一个周末，投诉到集团", "配件到货延误，无备用方案", "建立配件库存，周末驻点维保", "电梯恢复，集团回函结案"),
];

/// 无效: no fault of the company.
#[rustfmt::skip]
pub(super) const INVALID: [Grievance; 5] = [
    of(&["misunderstanding"], "", "管理费比上月多了，认为乱收费", "", "本月含上季度公摊水费，附明细", ""),
    of(&["not_company_fault"], "", "手机信号不好，要求物业解决", "", "属运营商基站范围，已代为反映", ""),
    of(&["not_company_fault"], "", "邻居家钢琴声太吵，要求物业罚款", "", "物业无处罚权，已上门劝导双方", ""),
    of(&["misunderstanding"], "", "认为水表跳得太快，怀疑被偷水", "", "现场关阀测试水表不走，为马桶漏水", ""),
    of(&["not_company_fault"], "", "供电局停电导致冰箱食品变质要求赔偿", "", "属供电局计划停电，已提前三天通知", ""),
];

/// 暂缓: cannot be done now.
#[rustfmt::skip]
pub(super) const DEFERRED: [Grievance; 5] = [
    of(&["design_defect"], "工程部", "车库坡道太陡，底盘低的车会刮", "坡道设计坡度偏大", "列入年度改造，先铺缓冲板", "坡道接缝改造完成"),
    of(&["developer_legacy"], "工程部", "交房时承诺的儿童乐园一直没建", "开发商遗留，土地性质待确认", "函询开发商，年底评审", "建成简易活动场地"),
    of(&["design_defect"], "工程部", "卫生间没有窗，排气道串味", "共用排气道设计缺陷", "建议加装止回阀，立项整改", "加装止回阀完成"),
    of(&["equipment_defect"], "工程部", "老电梯没有空调，夏天闷热", "轿厢不具备加装条件，随大修更换", "列入电梯大修计划", "加装轿厢空调"),
    of(&["developer_legacy"], "工程部", "外墙石材色差明显，要求更换", "开发商批次问题，保修期外", "与开发商交涉中，年底评审", "局部更换完成"),
];
/// Why an owner is not content at first.
pub(super) const UNHAPPY: [&str; 4] = [
    "问题又出现，没有根本解决",
    "只是口头道歉，没看到整改",
    "处理时间太长",
    "整改不彻底，仍有响声",
];
