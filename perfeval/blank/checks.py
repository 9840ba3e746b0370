"""The live checks beside the tables: what an official sees while typing. The reader never reads them."""

from collections.abc import Iterable
from decimal import Decimal

from perfeval.blank.arithmetic import HALF_CENT, CheckCell, Figure, balance, sum_cells, verdict, verdict_formula
from perfeval.blank.layout import (
    FIRST_ROW,
    LAST_ROW,
    Filling,
    Record,
    address,
    check_column,
    column_of,
    column_range,
    on_sheet,
    prepared_table,
    row_of,
)
from perfeval.model.form import (
    DUTIES,
    GRAND_TOTAL_LABEL,
    INDICATORS,
    MONEY,
    PROJECTS,
    SCORES,
    Sheet,
)
from perfeval.model.numbers import total
from perfeval.model.regulation import METHOD_NAMES, Item, NotApplicable, Regulation
from perfeval.model.submission import DEPARTMENT_KIND, WHOLE_DEPARTMENT

SUM_HEADERS = ("核对内容", "实际合计", "应为", "核对结果")
MONEY_HEADERS = ("核对内容", "核对：年初", "核对：调整后", "核对：决算")
SCORE_HEADERS = ("计分方式", "核对结果")
CHECK_WIDTHS = {"核对内容": 42, "实际合计": 12, "应为": 12, "核对结果": 14, "计分方式": 30}
NOT_APPLICABLE_WORDS = {
    NotApplicable.FULL: "不涉及的计满分",
    NotApplicable.EXCLUDE_AND_RESCALE: "不涉及的剔除后折算",
    NotApplicable.ZERO: "不涉及的计0分",
}


def check_cells(
    sheet: Sheet, kind: str, regulation: Regulation, filling: Filling
) -> tuple[tuple[str, ...], list[CheckCell]]:
    """The check columns of a sheet: their headers and their cells; none for most sheets."""
    if sheet is MONEY:
        return MONEY_HEADERS, list(_money(filling))
    if sheet is DUTIES:
        return SUM_HEADERS, list(_duties(regulation, filling))
    if sheet is PROJECTS:
        return SUM_HEADERS, list(_projects(kind, filling))
    if sheet is INDICATORS:
        return SUM_HEADERS, list(_indicators(kind, regulation, filling))
    if sheet is SCORES:
        return SCORE_HEADERS, list(_scores(regulation, filling))
    return (), []


MONEY_COLUMNS = {"initial": "initial_budget", "adjusted": "adjusted_budget", "final": "executed"}
MONEY_SUMS = {
    "income_total": ("收入合计 = 各项收入之和", ("appropriation", "opening_carryover", "unit_funds", "other_funds")),
    "expenditure_total": ("支出合计 = 基本支出 + 项目支出", ("basic_expenditure", "project_expenditure")),
}


def _money_figure(filling: Filling, row: str, column: str) -> Figure:
    return Figure(address(row_of(MONEY, row), column_of(MONEY, column)), filling.amount(MONEY, row, column))


def _money(filling: Filling) -> Iterable[CheckCell]:
    """收支平衡: income and expenditure against their parts, the closing balance, and 项目支出 against the 项目 sheet."""
    words = check_column(MONEY)
    for key, (label, parts) in MONEY_SUMS.items():
        yield CheckCell(row_of(MONEY, key), words, label)
        for number, column in enumerate(MONEY_COLUMNS, start=1):
            figures = [_money_figure(filling, part, column) for part in parts]
            yield CheckCell(row_of(MONEY, key), words + number, *balance(_money_figure(filling, key, column), figures))
    row = row_of(MONEY, "project_expenditure")
    yield CheckCell(row, words, "项目支出 = “项目”表合计")
    for number, (column, project_column) in enumerate(MONEY_COLUMNS.items(), start=1):
        stated = _money_figure(filling, "project_expenditure", column)
        yield CheckCell(
            row,
            words + number,
            *_projects_agree(
                stated, filling, project_column, on_sheet(PROJECTS, column_range(PROJECTS, project_column))
            ),
        )
    row = row_of(MONEY, "closing_carryover")
    yield CheckCell(row, words, "年末结转结余 = 调整后预算 − 决算 − 收回或注销")
    budget = _money_figure(filling, "expenditure_total", "adjusted")
    spent = [_money_figure(filling, key, "final") for key in ("expenditure_total", "taken_back")]
    closing = balance(_money_figure(filling, "closing_carryover", "final"), [budget], spent)
    yield CheckCell(row, words + len(MONEY_COLUMNS), *closing)


def _projects_agree(stated: Figure, filling: Filling, project_column: str, cells: str) -> tuple[str, str | None]:
    """Formula and value of: a figure of 收支 against the sum of a column of 项目."""
    tolerance = f"ROUND({HALF_CENT}*(COUNT({cells})+1),6)"
    judged = verdict_formula(f"{stated.reference}-SUM({cells})", tolerance)
    formula = f'=IF(OR(COUNT({cells})=0,COUNT({stated.reference})=0),"",{judged})'
    addends = filling.amounts(PROJECTS, project_column)
    if not addends or stated.value is None:
        return formula, None
    return formula, verdict(stated.value - total(addends), HALF_CENT * (len(addends) + 1))


def _duties(regulation: Regulation, filling: Filling) -> Iterable[CheckCell]:
    """履职分值合计 against the item it fills, and the sum of the declared scores."""
    item, first = regulation.duty_item, check_column(DUTIES)
    labels = {"max_points": "分值合计", "declared": "自评得分合计"}
    for row, (key, label) in enumerate(labels.items(), start=FIRST_ROW):
        expected = item.max_points if item and key == "max_points" else None
        yield from sum_cells(row, first, label, column_range(DUTIES, key), filling.amounts(DUTIES, key), expected)


def _projects(kind: str, filling: Filling) -> Iterable[CheckCell]:
    """项目合计; in a department's workbook against 项目支出 of 收支."""
    first = check_column(PROJECTS)
    for row, (money_column, key) in enumerate(MONEY_COLUMNS.items(), start=FIRST_ROW):
        cells = column_range(PROJECTS, key)
        yield from sum_cells(
            row, first, f"{PROJECTS.field(key).label}合计", cells, filling.amounts(PROJECTS, key), None
        )
        if kind != DEPARTMENT_KIND:
            continue
        reference = on_sheet(
            MONEY, address(row_of(MONEY, "project_expenditure"), column_of(MONEY, money_column), absolute=True)
        )
        stated = Figure(reference, filling.amount(MONEY, "project_expenditure", money_column))
        yield CheckCell(row, first + 2, f'=IF(COUNT({reference})=0,"",{reference})', stated.value)
        yield CheckCell(row, first + 3, *_projects_agree(stated, filling, key, cells))


def subject_list(kind: str) -> str:
    """The drop-down of 适用对象: the subjects of the check table of 指标, as many as are filled in."""
    top = address(FIRST_ROW, check_column(INDICATORS), absolute=True)
    column, own = column_of(PROJECTS, "name"), 1 if kind == DEPARTMENT_KIND else 0
    last = FIRST_ROW + PROJECTS.prepared_rows - 1
    names = on_sheet(PROJECTS, f"{address(FIRST_ROW, column, absolute=True)}:{address(last, column, absolute=True)}")
    return f"=OFFSET({top},0,0,MAX(1,{own}+COUNTA({names})),1)"


def _subjects(kind: str, filling: Filling) -> Iterable[tuple[str, str]]:
    """Formula (or words) and value of each 适用对象: the department itself, then the rows of 项目 by their place, which
    survives sorting and inserting."""
    if kind == DEPARTMENT_KIND:
        yield WHOLE_DEPARTMENT, WHOLE_DEPARTMENT
    names = [str(record.get("name") or "") for record in filling.tables.get(PROJECTS.key, ())]
    column = address(1, column_of(PROJECTS, "name"), absolute=True)
    cells = on_sheet(PROJECTS, f"{column}:{address(LAST_ROW, column_of(PROJECTS, 'name'), absolute=True)}")
    for number in range(PROJECTS.prepared_rows):
        cell = f"INDEX({cells},{FIRST_ROW + number})"
        yield f'=IF({cell}="","",{cell})', names[number] if number < len(names) else ""


def weight_sum(regulation: Regulation) -> Decimal:
    """What the weights of one 适用对象 add up to, in points."""
    return (regulation.project_regulation or regulation).indicators.weight_sum


def _indicators(kind: str, regulation: Regulation, filling: Filling) -> Iterable[CheckCell]:
    """权重合计 of each 适用对象 against the regulation's sum."""
    first, expected = check_column(INDICATORS), weight_sum(regulation)
    subjects, weights = column_range(INDICATORS, "subject"), column_range(INDICATORS, "weight")
    for row, (content, name) in enumerate(_subjects(kind, filling), start=FIRST_ROW):
        subject, found = address(row, first), address(row, first + 1)
        added = _weight_of(name, filling) or None  # nothing is shown before a weight is there
        weighed = f"SUMPRODUCT(--({subjects}={subject}),{weights})"
        yield CheckCell(row, first, content, name or None)
        yield CheckCell(row, first + 1, f'=IF({subject}="","",IF({weighed}=0,"",{weighed}))', added)
        yield CheckCell(row, first + 2, f'=IF({found}="","",{expected})', expected if added else None)
        difference = verdict_formula(f"{found}-{expected}", str(HALF_CENT))
        yield CheckCell(
            row, first + 3, f'=IF({found}="","",{difference})', verdict(added - expected, HALF_CENT) if added else None
        )


def _weight_of(subject: str, filling: Filling) -> Decimal:
    rows = filling.tables.get(INDICATORS.key, ()) if subject else ()
    return total(w for r in rows if r.get("subject") == subject and isinstance(w := r.get("weight"), Decimal))


def _scores(regulation: Regulation, filling: Filling) -> Iterable[CheckCell]:
    """How each item is scored; each declared parent against its children, and 综合得分 against the leaves."""
    first = check_column(SCORES)
    rows = prepared_table(SCORES, regulation, filling)
    figures = {
        key: _declared(record, row)
        for row, record in enumerate(rows, start=FIRST_ROW)
        if (key := record.get("item_id") or record["item_name"])
    }
    for row, item in enumerate(regulation.items, start=FIRST_ROW):
        yield CheckCell(row, first, _method_words(item))
        if not item.is_leaf:
            children = [figures[child.id] for child in regulation.children(item.id)]
            yield CheckCell(row, first + 1, *balance(figures[item.id], children, tolerance=HALF_CENT))
    row = FIRST_ROW + len(regulation.items)
    yield CheckCell(row, first, "各末级指标得分之和")
    leaves = [figures[item.id] for item in regulation.leaves()]
    yield CheckCell(row, first + 1, *balance(figures[GRAND_TOTAL_LABEL], leaves, tolerance=HALF_CENT))


def _declared(record: Record, row: int) -> Figure:
    value = record.get("declared")
    return Figure(address(row, column_of(SCORES, "declared")), value if isinstance(value, Decimal) else None)


def _method_words(item: Item) -> str:
    """比率分值；不涉及的计满分"""
    return (
        f"{METHOD_NAMES[item.method]}；{NOT_APPLICABLE_WORDS[item.not_applicable]}"
        if item.method
        else "下级指标得分之和"
    )
