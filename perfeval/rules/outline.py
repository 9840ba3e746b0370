"""`[outline]` of a regulation: how its report is called, and the sections that tell its items and the projects. What it
leaves out is that of regulations/common."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from perfeval.model.regulation import Item, Method, Outline, Regulation, Section
from perfeval.model.submission import PROJECT_KIND
from perfeval.rules.faults import Table, one_of
from perfeval.rules.library import library

Fault = Callable[[str, str, str], None]  # key, what is there, what is expected


def read_outline(table: Table) -> Outline:
    """As it is written; "" and () where nothing is."""
    sections = tuple(_section(entry) for entry in table.tables("sections"))
    outline = Outline(table.text("report", ""), table.text("projects", ""), sections)
    table.close()
    return outline


def _section(table: Table) -> Section:
    items = table.take("items")
    if items is not None and (not isinstance(items, list) or not all(isinstance(one, str) for one in items)):
        table.fault("items", '一组指标编号，如 ["A", "B"]')
        items = None
    section = Section(table.text("title"), tuple(items or ()), table.flag("projects", False))
    table.close()
    return section


def check_outline(regulation: Regulation, fault: Fault) -> None:
    """Every item is reported in one section, the projects at most in one."""
    sections = regulation.outline.sections
    if regulation.kind == PROJECT_KIND and regulation.outline != Outline():
        fault("outline", "有", "不写：只有部门整体才写自评报告")
    ids = [item.id for item in regulation.items]
    unknown = [
        (n, one) for n, section in enumerate(sections, 1) for one in dict.fromkeys(section.items) if one not in ids
    ]
    for number, one in unknown:
        fault(f"outline 的 sections 第 {number} 个 的 items", f"有没有的编号“{one}”", one_of(ids))
    if sum(section.projects for section in sections) > 1:
        fault("outline 的 sections", "有几节写了 projects = true", "项目只在一节里写")
    if sections and not unknown:
        _check_listed_once(regulation, fault)


def _check_listed_once(regulation: Regulation, fault: Fault) -> None:
    listed = [one for section in regulation.outline.sections for one in section.items]
    for leaf in (item for item in regulation.items if not regulation.children(item.id)):
        times = sum(listed.count(one) for one in _with_those_above(leaf, regulation))
        if times != 1:
            found = f"指标 {leaf.id} {'没有写到' if not times else f'写了 {times} 次'}"
            fault("outline 的 sections", found, "每个指标在一节里写一次：写它的编号，或者它上级的编号")
            return


def _with_those_above(item: Item, regulation: Regulation) -> Sequence[str]:
    above = [] if item.parent is None else _with_those_above(regulation.item(item.parent), regulation)
    return [item.id, *above]


def report_name(regulation: Regulation) -> str:
    """How the report is called, behind the year."""
    return regulation.outline.report or library().outline.report


def sections_of(regulation: Regulation) -> tuple[Section, ...]:
    """The sections as they are reported: those that are stated, else one for each of the highest items. The projects
    stand where that is stated, else in the first that is scored over them, else in one of their own at the end."""
    stated = regulation.outline.sections
    sections = stated or tuple(Section(item.name, (item.id,)) for item in regulation.children(None))
    if any(section.projects for section in sections):
        return sections
    for number, section in enumerate(sections):
        if any(_on_projects(regulation.item(one), regulation) for one in section.items):
            return (*sections[:number], replace(section, projects=True), *sections[number + 1 :])
    return (*sections, Section(regulation.outline.projects or library().outline.projects, (), projects=True))


def _on_projects(item: Item, regulation: Regulation) -> bool:
    """Whether the item or one below it is scored over the projects."""
    return item.method is Method.SHARE or any(_on_projects(child, regulation) for child in regulation.children(item.id))
