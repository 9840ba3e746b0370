"""What a generated department did: its projects, its money, its duties, its housekeeping, all adding up."""

from decimal import Decimal
from typing import Any

from department_indicators import PLACES, REASONS, Draw, Row, portions

SUBJECTS = ("水务", "农业农村", "教育和体育", "交通运输", "民政", "文化和旅游", "卫生健康", "林业", "商务", "统计")
TOPICS = (
    "校舍维修", "农村供水", "公路养护", "文化惠民", "困难群众救助", "信息系统运维", "执法办案", "技能培训", "森林防火", "疫病防控",
    "机关运行保障", "设备购置", "规划编制", "河道治理", "人居环境整治", "老年助餐", "安全生产检查", "招商服务",
)  # fmt: skip
DUTIES = (
    ("行业监管职责", (("开展监督检查", "次"), ("办结群众投诉", "件"), ("排查风险隐患", "处"))),
    ("项目建设职责", (("新建改造管网", "公里"), ("完成改造户数", "户"), ("建成示范站点", "个"))),
    ("公共服务职责", (("组织集中培训", "期"), ("发放宣传资料", "份"), ("服务困难群众", "人次"))),
    ("规划编制职责", (("编制专项规划", "项"), ("编发工作简报", "期"), ("收集整理数据", "条"))),
    ("综合保障职责", (("办理人大建议", "件"), ("清理规范文件", "件"), ("化解矛盾纠纷", "起"))),
)
CENT = Decimal("0.01")


def money(value: Decimal) -> str:
    return f"{value:.2f}" if value else "0"


def share_of(rng: Draw, value: Decimal, low: int, high: int) -> Decimal:
    """So many per cent of an amount, to the cent, never more than it below 100."""
    return (value * rng.randint(low, high) / 100).quantize(CENT, rounding="ROUND_FLOOR")


def projects_of(rng: Draw, count: int, year: int, *, executed_only: bool = False) -> list[Row]:
    """The rows of 项目 except for what their indicators decide."""
    names: set[str] = set()
    return [_project(rng, number, _name(rng, names), year, executed_only) for number in range(1, count + 1)]


def _name(rng: Draw, taken: set[str]) -> str:
    for _ in range(20):
        name = rng.choice(("", *PLACES)) + rng.choice(TOPICS) + rng.choice(("项目", "经费", "专项资金", "工程"))
        if name not in taken:
            break
    else:
        name = f"{rng.choice(TOPICS)}项目（第{len(taken) + 1}批）"
    taken.add(name)
    return name


def _project(rng: Draw, number: int, name: str, year: int, executed_only: bool) -> Row:
    initial = Decimal(rng.choice((rng.randint(100, 5000), rng.randint(5000, 900000)))) / 100
    fate = (
        rng.choice(("slow", "slow", "slow" if executed_only else "idle"))
        if rng.slips(0.25)
        else rng.choice(("plain", "plain", "adjusted"))
    )
    adjusted, taken_back, reason = initial, Decimal(0), ""
    needed = fate in ("adjusted", "slow") and rng.random() < 0.7
    if fate == "adjusted":
        adjusted = max(CENT, share_of(rng, initial, 60, 150))
        executed = share_of(rng, adjusted, 100 if rng.spotless else 92, 100)
        needed = needed and adjusted != initial
    elif fate == "slow":
        executed = share_of(rng, adjusted, 30, 89)
        taken_back = share_of(rng, adjusted - executed, 50, 100)
        needed = needed and taken_back > 0
        reason = rng.choice(REASONS)
    elif fate == "idle":
        executed, taken_back, reason = Decimal(0), adjusted, "项目选址变更，当年没有实施，资金已全部收回"
        needed = True
    else:
        executed = share_of(rng, adjusted, 92 if rng.slips(0.5) else 100, 100)
    late = rng.slips(0.1)
    reason = reason or ("上级当年追加下达，年中补办入库" if late else "")
    entered = (
        f"{year}-0{rng.randint(1, 6)}-15"
        if late
        else f"{year - 1}-0{rng.randint(1, 9)}-{rng.choice(('01', '15', '28', '30' if rng.random() < 0.5 else '20'))}"
    )
    if entered.endswith("-02-30"):
        entered = f"{year - 1}-09-30"
    return {
        "项目编码": f"示例构造{number:03}",
        "项目名称": name,
        "项目类型": rng.choice(("常年", "阶段", "一次性")),
        "主要内容": f"用于{name}的各项支出（示例构造）",
        "年初预算数": money(initial),
        "调整后预算数": money(adjusted),
        "执行数": money(executed),
        "收回或注销数": money(taken_back) if taken_back or rng.random() < 0.8 else "",
        "入库日期": entered,
        "事前评估": "否" if rng.slips(0.2) else rng.choice(("是", "是", "不涉及")),
        "列支与目标相符": "否" if rng.slips(0.1) else "是",
        "需要调整": "是" if needed else "否",
        "已采取调整措施": "是" if needed else rng.choice(("不涉及", "否")),
        "偏差原因": f"{name}：{reason}" if reason else "",
        "改进措施": "加强前期准备，按季度调度" if fate in ("slow", "idle") else "",
    }


def money_of(rng: Draw, projects: list[Row], staff: int) -> tuple[dict[str, Row], list[Row]]:
    """收支 and 支出进度: the projects plus 基本支出 for so many people, paid from four sources."""
    columns = {"年初预算数": "年初预算数", "调整后预算数": "调整后预算数", "决算数": "执行数"}
    of_projects = {column: sum((Decimal(p[own]) for p in projects), Decimal(0)) for column, own in columns.items()}
    basic = {"年初预算数": staff * Decimal(rng.randint(800, 4000)) / 100}
    basic["调整后预算数"] = share_of(rng, basic["年初预算数"], rng.choice((100, 85)), 120)
    basic["决算数"] = share_of(rng, basic["调整后预算数"], rng.choice((95, 70)) if rng.slips(0.6) else 100, 100)
    whole = {column: basic[column] + of_projects[column] for column in columns}
    income = _income(rng, whole)
    taken_back = sum((Decimal(p["收回或注销数"] or 0) for p in projects), Decimal(0))
    rows: dict[str, dict[str, Decimal]] = {
        "收入合计": {column: sum((row[column] for row in income.values()), Decimal(0)) for column in columns},
        **income,
        "支出合计": whole,
        "基本支出": basic,
        "项目支出": of_projects,
        **_sources(income, whole["决算数"]),
        "收回或注销数": {"决算数": taken_back},
        "年末结转结余": {"决算数": whole["调整后预算数"] - whole["决算数"] - taken_back},
        "全年下达单位计划数": {"决算数": whole["调整后预算数"]},
        "全年单位实际支付数": {"决算数": whole["决算数"]},
    }
    if rng.random() < 0.5:
        rows["附表资金总额"] = {"年初预算数": rows["收入合计"]["年初预算数"]}
    written: dict[str, Row] = {
        label: {column: money(value) for column, value in row.items()} for label, row in rows.items()
    }
    written["支出合计"]["说明"] = _money_note(whole)
    return written, _progress(rng, whole)


def _income(rng: Draw, whole: dict[str, Decimal]) -> dict[str, dict[str, Decimal]]:
    """The four sources of each column's total; what was carried over stays the same all year and is never above the
    smallest total."""
    smallest = min(whole.values())
    opening = rng.choice((Decimal(0), share_of(rng, smallest, 1, 20)))
    unit = rng.choice((Decimal(0), Decimal(0), share_of(rng, smallest, 1, 10)))
    other = rng.choice((Decimal(0), share_of(rng, smallest, 1, 5)))
    received = {**whole, "决算数": rng.choice((whole["决算数"], whole["调整后预算数"]))}
    return {
        "财政拨款收入": {column: total - opening - unit - other for column, total in received.items()},
        "上年结转": dict.fromkeys(whole, opening),
        "单位资金收入": dict.fromkeys(whole, unit),
        "其他资金收入": dict.fromkeys(whole, other),
    }


def _sources(income: dict[str, dict[str, Decimal]], spent: Decimal) -> dict[str, dict[str, Decimal]]:
    """What was spent from each source, the money carried over first; a source of which there is none stays blank."""
    rows = {}
    for source in ("上年结转", "财政拨款收入", "单位资金收入", "其他资金收入"):
        part = min(income[source]["决算数"], spent)
        spent -= part
        if any(income[source].values()) or source in ("上年结转", "财政拨款收入"):
            rows[f"支出来源：{source.removesuffix('收入')}"] = {**income[source], "决算数": part}
    return rows


def _money_note(whole: dict[str, Decimal]) -> str:
    initial, adjusted, spent = whole.values()
    changed = (
        f"年中调整预算，由{money(initial)}万元调整为{money(adjusted)}万元"
        if abs(adjusted - initial) * 10 > initial
        else ""
    )
    slow = f"部分项目受洪灾影响停工，全年支出{money(spent)}万元" if spent * 10 < adjusted * 9 else ""
    return "；".join(filter(None, (changed, slow)))


def _progress(rng: Draw, whole: dict[str, Decimal]) -> list[Row]:
    """Up to June and October; below the usual marks only with a word."""
    _, budget, spent = whole.values()
    rows = []
    for month, mark in ((6, 40), (10, 80)):
        done = min(spent, share_of(rng, budget, mark, mark + 10) + CENT)
        note = "" if done * 100 >= budget * mark else "受洪灾影响，工程款支付推迟"
        rows.append({"截止月份": str(month), "累计支出数": money(done), "说明": note})
    return rows if rng.random() < 0.8 else []


def finished(rng: Draw, sheets: dict[str, Any]) -> dict[str, Any]:
    """The projects' 数量指标完成, 目标偏离 and 效益指标满分 as their own indicators have it; the declared score of what is partly
    reached."""
    indicators = [_partly(row) for row in sheets["指标"]]
    missed: dict[str, list[Row]] = {}
    for row in indicators:
        missed.setdefault(row["适用对象"], []).extend([row] if _is_missed(row) else [])
    projects = []
    for project in sheets["项目"]:
        own, idle = missed.get(project["项目名称"]), project["执行数"] == "0"
        short = idle or (rng.slips(0.1) if own is None else bool(own))
        projects.append(
            {
                **project,
                "数量指标完成": "否" if idle or any(r["二级指标"] == "数量指标" for r in own or ()) else "是",
                "目标偏离": "是" if short else "否",
                "效益指标满分": "否"
                if short and (own is None or any(r["一级指标"] == "效益指标" for r in own))
                else "是",
            }
        )
    return {**sheets, "项目": projects, "指标": indicators}


def _partly(row: Row) -> Row:
    weight = Decimal(row["权重"])
    if row["实际完成值"] != "部分达成":
        return row
    if weight < 1:
        return {**row, "实际完成值": "达成", "偏差原因": "", "改进措施": ""}
    return {**row, "自评得分": f"{(weight * Decimal('0.7')).quantize(CENT):f}"}


def _is_missed(row: Row) -> bool:
    """An explained row may also be one that was surpassed: then nothing was missed, but the project may still call it a
    deviation."""
    return bool(row.get("偏差原因"))


def simple_sheets(rng: Draw, seed: int, kind: str, regulation_id: str, year: int) -> dict[str, Any]:
    """The sheets that hang on no other: who files, functions, cuts, housekeeping, duties."""
    subject = rng.choice(SUBJECTS)
    posts = [rng.randint(1, 30), rng.randint(0, 5), rng.randint(0, 60)]
    staff = rng.randint(1, sum(posts))
    basic = {
        "评价类型": kind,
        "部门名称": f"示例县{subject}局（示例构造{seed % 100000}）",
        "部门简称": f"县{subject}局",
        "评价年度": str(year),
        "指标体系": regulation_id,
        "行政编制人数": str(posts[0]),
        "机关工勤编制人数": str(posts[1]),
        "事业编制人数": str(posts[2]),
        "年末实有人数": str(staff),
        "行政区划": "四川省乐山市金口河区",
        "机构规格": "正科级",
        "内设机构": "办公室、计财股、业务股",
        "年度总体目标": "完成年度各项工作（示例构造）",
        "填报人": "张三",
        "联系电话": "0000-0000000",
        "审核人": "李四",
        "数据截止日期": f"{year}-12-31",
        "填报日期": f"{year + 1}-01-{rng.randint(10, 28)}",
    }
    if kind == "项目支出":
        return {"基本情况": basic}
    return {
        "基本情况": basic,
        "机构职能": [{"序号": str(n), "职能内容": f"{name}。"} for n, (name, _) in enumerate(DUTIES, 1)],
        "压减": _cut(rng, staff),
        "控制支出": _controlled(rng),
        "管理数据": _management(rng, staff),
        **_duties(rng),
    }


def _cut(rng: Draw, staff: int) -> dict[str, Row]:
    budget = staff * Decimal(rng.randint(50, 250)) / 100
    spent = share_of(rng, budget, 70, 100)
    grown = rng.slips(0.15)
    rows = {
        "一般性支出年初预算": (budget, share_of(rng, budget, *((101, 120) if grown else (80, 99)))),
        "一般性支出执行数": (spent, share_of(rng, spent, 75, 99)),
    }
    note = {"一般性支出年初预算": "机构改革划入一个股室" if grown else ""}
    return {label: {"上年": money(a), "本年": money(b), "说明": note.get(label, "")} for label, (a, b) in rows.items()}


def _controlled(rng: Draw) -> list[Row]:
    rows = []
    for name in ("公务接待费", "公务用车运行维护费", "会议费", "培训费")[: rng.randint(0, 4)]:
        budget = Decimal(rng.randint(0, 900)) / 100
        over = rng.slips(0.1)
        spent = budget + CENT if over else share_of(rng, budget, 50, 100)
        note = "承办全市现场会，年中报批追加" if over else ""
        rows.append({"支出名称": name, "本年预算数": money(budget), "本年执行数": money(spent), "说明": note})
    return rows


def _management(rng: Draw, staff: int) -> dict[str, Row]:
    """Some housekeeping data are not supplied: then the department's own score counts."""
    ledger, budget, due = (
        Decimal(rng.randint(10000, 900000)) / 100,
        staff * Decimal(rng.randint(10, 200)) / 100,
        rng.choice((12, 13)),
    )
    bought = share_of(rng, budget, 80 if rng.slips(0.5) else 100, 100)
    values: dict[str, str] = {}
    if rng.random() < 0.8:
        values |= {"资产系统账面原值": money(ledger - (5 if rng.slips(0.3) else 0)), "财务账面资产原值": money(ledger)}
    if rng.random() < 0.8:
        values |= {"应报送资产报表次数": str(due), "按时准确报送次数": str(due - (1 if rng.slips(0.3) else 0))}
    if rng.random() < 0.8:
        values |= {
            "采购预算金额": money(budget),
            "实际采购金额": money(bought),
            "面向中小企业采购金额": money(share_of(rng, bought, 30, 100)),
        }
    return {label: {"数值": value} for label, value in values.items()}


def _duties(rng: Draw) -> dict[str, list[Row]]:
    """履职 and its data: each text states its own figures, a duty that fell short lost points and says why."""
    chosen = rng.sample(DUTIES, rng.randint(1, len(DUTIES)))
    rows, data = [], []
    for (name, matters), points in zip(chosen, portions(rng, Decimal(20), len(chosen)), strict=True):
        sentences, short = [], False
        for matter, unit in rng.sample(matters, rng.randint(1, len(matters))):
            planned = rng.randint(2, 400)
            done = (
                rng.randint(planned // 2, planned - 1)
                if rng.slips(0.15)
                else rng.choice((planned, rng.randint(planned, planned + planned // 5)))
            )
            short = short or done < planned
            data.append(
                {"职能名称": name, "指标名称": matter, "计划数": str(planned), "完成数": str(done), "计量单位": unit}
            )
            sentences.append(_reported(rng, matter, unit, planned, done))
        points_text = f"{points:f}"
        lost = (points / 10).quantize(Decimal("0.1")) or Decimal("0.1")
        rows.append(
            {
                "职能名称": name,
                "分值": points_text,
                "工作完成情况": "".join(sentences),
                "自评得分": f"{points - min(lost, points):f}" if short else points_text,
                "扣分原因": f"{name}有一项没有全部完成，受洪灾影响停工45天" if short else "",
                "佐证材料": "工作台账（示例构造）",
            }
        )
    return {"履职": rows, "履职数据": data}


def _reported(rng: Draw, matter: str, unit: str, planned: int, done: int) -> str:
    """True sentences, some with words that only look like a promise."""
    rate = f"{Decimal(done * 100) / Decimal(planned):.2f}"
    return rng.choice(
        (
            f"按计划{matter}，全年{matter}{done}{unit}。",
            f"{matter}{done}{unit}，完成计划的{rate}%。"
            if done != planned
            else f"{matter}{done}{unit}，完成年度计划。",
            f"将{matter}列入年度重点，累计{matter}{done}{unit}。",
            f"年初下达计划{planned}{unit}，截至2025年12月底已{matter}{done}{unit}。",
            f"{matter}约{done + 1}{unit}以内，目前已全部验收。" if done >= planned else f"{matter}{done}{unit}。",
        )
    )
