"""Two small regulations made by hand, for tests that need a regulation but not its contents."""

from decimal import Decimal

from perfeval.model.regulation import (
    Confidence,
    GradeBand,
    IndicatorRules,
    Item,
    Method,
    Provenance,
    Regulation,
    Rounding,
)

PROVENANCE = Provenance("测试条款", Confidence.UNCONFIRMED)
INDICATOR_RULES = IndicatorRules(
    weight_sum=Decimal(90),
    at_least="ratio",
    at_most="ratio",
    equal="as_up",
    late="zero",
    late_days=None,
    scale={"优": Decimal(1)},
    bands={},
    over_fulfilment=(),
    splits=(),
    blank_weight="error",
    rounding=Rounding.HALF_UP_2,
    provenance=PROVENANCE,
)


def item(item_id: str, name: str, points: str, method: Method | None = None, **more) -> Item:
    parent = item_id.rpartition(".")[0] or None
    return Item(item_id, name, parent, item_id.count(".") + 1, Decimal(points), method, PROVENANCE, **more)


def regulation(
    regulation_id: str, title: str, kind: str, items: tuple[Item, ...], project_regulation: Regulation | None = None
) -> Regulation:
    return Regulation(
        id=regulation_id,
        title=title,
        issuer="测试",
        document_number="",
        kind=kind,
        effective_from=None,
        effective_to=None,
        items=items,
        grades=(GradeBand("优", Decimal(90)), GradeBand("差", Decimal(0))),
        indicators=INDICATOR_RULES,
        rounding=Rounding.HALF_UP_2,
        thresholds={},
        entry_deadline=None,
        progress_marks=(),
        severities={},
        provenance=PROVENANCE,
        source_note="",
        project_regulation=project_regulation,
    )


PROJECT = regulation("test-project", "项目支出测试体系", "项目支出", (item("E", "预算执行率", "10", Method.RATIO),))
DEPARTMENT = regulation(
    "test-department",
    "部门整体测试体系",
    "部门整体",
    (
        item("A", "总体绩效", "60"),
        item("A.1", "履职效能", "20", Method.DECLARED, inputs={"declared": "duties"}),
        item("A.2", "预算管理", "40"),
        item("A.2.1", "预算编制", "25", Method.DECLARED),
        item("A.2.2", "预算执行", "15", Method.RATIO),
        item("B", "项目绩效", "40", Method.SHARE),
    ),
    PROJECT,
)
REGULATIONS = {PROJECT.id: PROJECT, DEPARTMENT.id: DEPARTMENT}
