"""Filled workbooks of two sizes, made from the completed example: as many projects and indicators as wanted, all of
them 示例构造."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from perfeval.blank.examples import completed_sheets, completed_workbook, filling_of
from perfeval.blank.workbook import filled_template
from perfeval.model.regulation import Regulation
from perfeval.model.submission import DEPARTMENT_KIND
from perfeval.rules.load import load_regulations

REGULATION = "sichuan-dept-65-35"
PER_PROJECT = 9  # indicators of a project that has any; 10 points each make the 90 of its regulation
PER_FORM = 10  # indicators of a form that is read in
ALL_POINTS = Decimal(90)
NUMERIC = ("产出指标", "质量指标")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a workbook is, and whether it is one to be returned."""

    projects: int
    indicators: int
    faulty: bool = False


SMALL, LARGE = Size(20, 60), Size(200, 2000)


def write_workbooks(folder: Path, regulations: Mapping[str, Regulation], count: int, size: Size) -> list[Path]:
    """Writes `count` workbooks of different departments into `folder`, each reported, so that all stages are gone
    through; of a `faulty` size each returned."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"部门{number:05}.xlsx" for number in range(1, count + 1)]
    for number, path in enumerate(paths, start=1):
        path.write_bytes(workbook(regulations, number, size))
    return paths


def write_sources(folder: Path, projects: int) -> list[Path]:
    """What a department has filled in already: the forms of its projects, one a sheet, its list of payments, last
    year's filing workbook."""
    folder.mkdir(parents=True, exist_ok=True)
    forms, payments, last = folder / "自评表.xlsx", folder / "支付清单.csv", folder / "去年.xlsx"
    with Workbook(forms) as book:
        for number in range(1, projects + 1):
            page = book.add_worksheet(f"项目{number}")
            for row, cells in enumerate(_form(number)):
                page.write_row(row, 0, cells)
    lines = [f"项目{number},{5100000 + number},250000,237500" for number in range(1, projects + 1) for _ in range(4)]
    payments.write_text("\n".join(["项目名称,项目编码,指标金额（元）,已支付金额（元）", *lines]), encoding="gb18030")
    last.write_bytes(completed_workbook(load_regulations()))
    return [forms, payments, last]


def _form(number: int) -> list[tuple[object, ...]]:
    """One form in the national layout, with ten indicators."""
    points = [(f"第{n}项工作", f"≥{n}个", f"{n + 1}个", 9, 9) for n in range(1, PER_FORM + 1)]
    return [
        ("2026年度项目支出绩效自评表（示例构造）",),
        ("项目名称", f"项目{number}"),
        ("项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        ("年度资金总额", 100, 100, 95, 10, "95%", 9.5),
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
        *(("产出指标", "数量指标", *row) for row in points),
        ("总分", "", "", "", "", 100, 99.5),
    ]


def workbook(regulations: Mapping[str, Regulation], number: int, size: Size) -> bytes:
    """One workbook of the wanted size; `number` makes its department and its figures its own."""
    sheets = completed_sheets()
    sheets["基本情况"] = {**sheets["基本情况"], "部门名称": f"示例构造第{number:05}局", "部门简称": f"第{number:05}局"}
    sheets["项目"] = _projects(sheets["项目"], size.projects, number)
    sheets["指标"] = _indicators([row["项目名称"] for row in sheets["项目"]], size.indicators, number)
    total = sum((Decimal(row["执行数"]) for row in sheets["项目"]), Decimal(0))
    sheets["收支"] = _money(sheets["收支"], total)
    if size.faulty:
        _plant(sheets)
    return filled_template(
        DEPARTMENT_KIND,
        regulations,
        REGULATION,
        2025,
        filling_of(sheets, regulations[REGULATION], ("示例构造，测速用",)),
    )


def _plant(sheets: dict[str, Any]) -> None:
    """Faults as officials make them: one cell in ten of what is asked for is blank, amounts that contradict others."""
    for row in sheets["项目"][::10]:
        row["执行数"] = "9999.99"
    for row in sheets["指标"][::10]:
        row["实际完成值"] = ""


def _projects(examples: list[Row], count: int, number: int) -> list[Row]:
    rows = []
    for index, example in enumerate(islice(cycle(examples), count), start=1):
        amount = f"{index % 7 + 1}.{number % 100:02}"
        money = {"年初预算数": amount, "调整后预算数": amount, "执行数": amount, "收回或注销数": "0"}
        rows.append(
            {**example, "项目编码": f"示例构造{index:03}", "项目名称": f"{example['项目名称']}（{index}）", **money}
        )
    return rows


def _indicators(projects: list[str], count: int, number: int) -> list[Row]:
    """A fifth of them for the department, the rest nine a project as far as there are projects."""
    with_own = min(len(projects), count * 4 // 5 // PER_PROJECT)
    rows = _group("部门整体", count - with_own * PER_PROJECT, number)
    for project in projects[:with_own]:
        rows += _group(project, PER_PROJECT, number)
    return rows


def _group(subject: str, count: int, number: int) -> list[Row]:
    points = (ALL_POINTS / count).quantize(Decimal("0.01"))
    weights = [points] * (count - 1) + [ALL_POINTS - points * (count - 1)]
    return [
        {
            "适用对象": subject,
            "一级指标": NUMERIC[0],
            "二级指标": ("数量指标", "质量指标", "时效指标")[index % 3],
            "三级指标": f"示例构造任务{index + 1}完成数量",
            "指标性质": "≥",
            "指标值": str(10 + index % 5),
            "计量单位": "件",
            "权重": str(weight),
            "实际完成值": str(10 + index % 5 + number % 2),
        }
        for index, weight in enumerate(weights)
    ]


def _money(money: Mapping[str, Mapping[str, Any]], projects: Decimal) -> Mapping[str, Mapping[str, Any]]:
    """收支 made to agree with the projects."""
    basic = Decimal("100.00")
    whole = {column: str(basic + projects) for column in ("年初预算数", "调整后预算数", "决算数")}
    of_projects = dict.fromkeys(whole, str(projects))
    of_basic = dict.fromkeys(whole, str(basic))
    nothing = dict.fromkeys(whole, "0")
    return {
        "收入合计": whole, "财政拨款收入": whole, "上年结转": nothing, "单位资金收入": nothing, "其他资金收入": nothing,
        "支出合计": whole, "基本支出": of_basic, "项目支出": of_projects, "支出来源：财政拨款": whole, "支出来源：上年结转": nothing,
        "收回或注销数": {"决算数": "0"}, "年末结转结余": {"决算数": "0"},
        "全年下达单位计划数": {"决算数": whole["决算数"]}, "全年单位实际支付数": {"决算数": whole["决算数"]},
    }  # fmt: skip
