"""A department of sixty people that spends 5440 万元, and the same with some of its amounts in another unit."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

from sized_departments import sized_context

from perfeval.checks.context import Context

Filing = dict[str, Any]
Place = tuple[str, str, str]  # sheet, row, column
COLUMNS = ("年初预算数", "调整后预算数", "决算数")
AMOUNTS = ("收支", "压减", "控制支出", "支出进度", "管理数据", "项目")
NAMES = {"控制支出": "支出名称", "支出进度": "截止月份", "项目": "项目名称"}
MONEY = {
    "收入合计": "5440 5440 5400",
    "财政拨款收入": "5340 5340 5300",
    "上年结转": "40 40 40",
    "单位资金收入": "60 60 60",
    "其他资金收入": "0 0 0",
    "支出合计": "5440 5440 5362",
    "基本支出": "1240 1240 1232",
    "项目支出": "4200 4200 4130",
    "支出来源：财政拨款": "5340 5340 5262",
    "支出来源：上年结转": "40 40 40",
}
FINAL = {"收回或注销数": "38", "年末结转结余": "40", "全年下达单位计划数": "5440", "全年单位实际支付数": "5362"}


def sixty_people() -> Filing:
    """The clean sheets."""
    return {
        "基本情况": {"部门名称": "示例县水务局", "指标体系": "sichuan-dept-65-35", "年末实有人数": "60"},
        "收支": {label: dict(zip(COLUMNS, row.split(), strict=True)) for label, row in MONEY.items()}
        | {label: {"决算数": value} for label, value in FINAL.items()},
        "压减": {
            "一般性支出年初预算": {"上年": "350", "本年": "320"},
            "一般性支出执行数": {"上年": "340", "本年": "300"},
        },
        "控制支出": [
            {"支出名称": "公务接待费", "本年预算数": "3", "本年执行数": "2.1"},
            {"支出名称": "公务用车运行维护费", "本年预算数": "24", "本年执行数": "22"},
            {"支出名称": "会议费", "本年预算数": "0.5", "本年执行数": "0.3"},
        ],
        "支出进度": [{"截止月份": "6", "累计支出数": "2500"}, {"截止月份": "10", "累计支出数": "4400"}],
        "管理数据": {
            "资产系统账面原值": {"数值": "9800"},
            "财务账面资产原值": {"数值": "9800"},
            "采购预算金额": {"数值": "600"},
            "实际采购金额": {"数值": "560"},
            "面向中小企业采购金额": {"数值": "300"},
        },
        "项目": [
            project("农村供水", "860", "860", "840", 收回或注销数="20"),
            project("河道治理", "2000", "2000", "1990"),
            project("水库除险", "1310", "1310", "1272", 收回或注销数="18"),
            project("节水宣传", "30", "30", "28"),
        ],
    }


def project(name: str, initial: str, adjusted: str, executed: str, **more: str) -> dict[str, str]:
    """A row of 项目."""
    amounts = {"年初预算数": initial, "调整后预算数": adjusted, "执行数": executed}
    return {"项目名称": name, "项目类型": "常年", **amounts, **more}


def projects_alone(*rows: dict[str, str], indicators: tuple[dict[str, str], ...] = ()) -> Context:
    """项目支出: these projects and nothing beside them."""
    basic = {"部门名称": "示例县水务局", "指标体系": "cn-project-10-90"}
    return sized_context({"基本情况": basic, "项目": list(rows), "指标": list(indicators)}, "项目支出")


def places(filing: Filing) -> Iterator[tuple[Place, str]]:
    """Every amount that is filled in and not 0."""
    for sheet in AMOUNTS:
        for name, row in _rows(filing, sheet):
            for column, text in row.items():
                if column not in ("项目类型", "偏差原因", "说明", NAMES.get(sheet)) and Decimal(text or 0):
                    yield (sheet, name, column), text


def typed(filing: Filing, *changes: tuple[Place, str]) -> Filing:
    """The filing with these texts in these places."""
    changed = deepcopy(filing)
    for (sheet, name, column), text in changes:
        dict(_rows(changed, sheet))[name][column] = text
    return changed


def in_another_unit(filing: Filing, times: str, *sheets: str) -> Filing:
    """The filing with all amounts of these sheets times so much."""
    mine = [(place, text) for place, text in places(filing) if place[0] in sheets]
    return typed(filing, *((place, times_of(text, times)) for place, text in mine))


def times_of(text: str, times: str) -> str:
    """“1240” × “10000” → “12400000”"""
    return f"{(Decimal(text) * Decimal(times)).normalize():f}"


def _rows(filing: Filing, sheet: str) -> list[tuple[str, dict[str, str]]]:
    rows = filing[sheet]
    return list(rows.items()) if isinstance(rows, dict) else [(row[NAMES[sheet]], row) for row in rows]
