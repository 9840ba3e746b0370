"""评分, 报告文字 and 问题与建议 of a generated department: its declared scores are the computed ones, its texts say what is so."""

from decimal import Decimal
from typing import Any

from department_indicators import Draw, statements

from perfeval.model.form import GRAND_TOTAL_LABEL
from perfeval.model.numbers import show_number, show_points, show_rate, total
from perfeval.model.regulation import NotApplicable
from perfeval.model.scorecard import Basis, ItemScore, Scorecard
from perfeval.model.submission import DEPARTMENT_KIND

HALF_POINT = Decimal("0.5")
BASES = ("制度文件和会议纪要齐全", "对照年度考核要点逐项核对", "年度审计没有发现此类问题")
LOSSES = ("一季度报表迟报2天", "有1个项目年中才完成绩效目标申报", "年末有1笔往来款没有及时清理")


def with_scores_and_texts(rng: Draw, sheets: dict[str, Any], card: Scorecard, kind: str) -> dict[str, Any]:
    """The sheets with what follows from the scores. `card` is scored from the facts alone."""
    indicators = [_declared(rng, row, score.score) for row, score in zip(sheets["指标"], card.indicators, strict=True)]
    sheets = {**sheets, "指标": indicators}
    if kind != DEPARTMENT_KIND:
        return sheets
    scores, lost = _scores(rng, card)
    lost = lost or any(s.score != s.weight for s in card.indicators) or any(d["扣分原因"] for d in sheets["履职"])
    return {**sheets, "评分": scores, "报告文字": _texts(rng, sheets, card, lost), "问题与建议": _problems(rng, lost)}


def _declared(rng: Draw, row: dict[str, str], score: Any) -> dict[str, str]:
    """自评得分 stays blank or is what the rule gives."""
    if row.get("自评得分") or rng.random() < 0.4:
        return row
    return {**row, "自评得分": show_points(score)}


def _scores(rng: Draw, card: Scorecard) -> tuple[list[dict[str, str]], bool]:
    """The rows of 评分 and whether a point was lost."""
    rows, points, any_lost = [], {}, False
    for score in card.items:
        if not score.item.is_leaf:
            continue
        row = _leaf(rng, score)
        points[score.item.id] = row.get("自评得分", "")
        any_lost = any_lost or bool(row.get("扣分原因"))
        rows.append(row)
    known = [Decimal(p) for p in points.values() if p]
    whole = {r["指标编号"]: r for r in rows}
    ordered = []
    for score in card.items:
        if score.item.is_leaf:
            ordered.append(whole[score.item.id])
        else:
            ordered.append(
                {**_given(score), "自评得分": "" if len(known) < len(points) else _sum_below(card, score, points)}
            )
    grand = show_number(total(known)) if len(known) == len(points) else ""
    return [*ordered, {"指标名称": GRAND_TOTAL_LABEL, "自评得分": grand}], any_lost


def _sum_below(card: Scorecard, score: ItemScore, points: dict[str, str]) -> str:
    parents = {s.item.id: s.item.parent for s in card.items}

    def under(item_id: str | None) -> bool:
        while item_id is not None and item_id != score.item.id:
            item_id = parents[item_id]
        return item_id is not None

    return show_number(total(Decimal(value) for item_id, value in points.items() if under(item_id)))


def _given(score: ItemScore) -> dict[str, str]:
    """What the template gives of an item's row."""
    item = score.item
    return {"指标编号": item.id, "指标名称": item.name, "层级": str(item.level), "分值": show_number(item.max_points)}


def _leaf(rng: Draw, score: ItemScore) -> dict[str, str]:
    item, row = score.item, {**_given(score), "是否适用": rng.choice(("", "是"))}
    if score.basis is Basis.NOT_SCORED and rng.random() < 0.2:
        policy = {
            NotApplicable.FULL: show_number(item.max_points),
            NotApplicable.ZERO: "0",
            NotApplicable.EXCLUDE_AND_RESCALE: "",
        }
        return {**row, "是否适用": "不涉及", "自评得分": policy[item.not_applicable]}
    own_word = item.max_points - (HALF_POINT if rng.slips(0.3) else 0)
    value = own_word if score.score is None else score.score
    row |= {"自评得分": show_number(value), "得分依据": rng.choice(BASES)}
    return row if value == item.max_points else {**row, "扣分原因": f"{item.name}：{rng.choice(LOSSES)}"}


def _texts(rng: Draw, sheets: dict[str, Any], card: Scorecard, lost: bool) -> list[dict[str, str]]:
    return [
        {
            "章节": "国有资本经营预算与社保基金预算说明",
            "内容": "本部门2025年度不涉及国有资本经营预算、社会保险基金预算。",
        },
        {"章节": "重点领域绩效分析", "内容": "。".join(_facts(rng, sheets, card)) + "。"},
        {"章节": "绩效结果应用", "内容": "绩效自评结果作为编制下年预算的依据，按规定公开。"},
        {
            "章节": "评价结论补充",
            "内容": "各项工作有序推进，资金使用总体规范。" if lost else "圆满完成年度各项绩效目标。",
        },
    ]


def _facts(rng: Draw, sheets: dict[str, Any], card: Scorecard) -> list[str]:
    """True sentences with figures: money, staff, projects, indicators."""
    money, basic, projects = sheets["收支"], sheets["基本情况"], sheets["项目"]
    rate = card.measure("年初预算压减率")
    facts = [
        f"年初预算收入{money['收入合计']['年初预算数']}万元，决算支出{money['支出合计']['决算数']}万元",
        f"年末结转结余{money['年末结转结余']['决算数']}万元",
        f"行政编制{basic['行政编制人数']}名，事业编制{basic['事业编制人数']}名，年末实有人数{basic['年末实有人数']}人",
        f"全部项目{len(projects)}个，其中常年项目{sum(p['项目类型'] == '常年' for p in projects)}个",
        f"有{sum(p['效益指标满分'] == '否' for p in projects)}个项目效益指标未得满分",
        "本部门当年不涉及资产处置",
        *rng.sample(found := list(statements(sheets["指标"])), min(3, len(found))),
    ]
    if rate is not None and rate.value is not None and rate.value >= 0:
        facts.append(f"一般性支出年初预算压减率{show_rate(rate.value)}")
    return rng.sample(facts, rng.randint(1, len(facts)))


def _problems(rng: Draw, lost: bool) -> list[dict[str, str]]:
    if not lost:
        return [{"序号": "1", "存在问题": "经自评，未发现明显问题。", "改进建议": ""}]
    problems = ("项目前期准备不充分，资金下达后3个月才开工", "部分绩效指标没有逐月跟踪", "往来款清理不及时")
    return [
        {
            "序号": str(n),
            "存在问题": problem,
            "改进建议": "逐项制定时间表，按月调度",
            "责任人": "计财股张三",
            "完成时限": "2026年6月30日",
        }
        for n, problem in enumerate(rng.sample(problems, rng.randint(1, 3)), 1)
    ]
