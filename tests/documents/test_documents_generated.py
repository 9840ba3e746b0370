"""The Word documents of generated departments, one project to 200, five indicators to 400: the standard's format, and
no number but the model's."""

from dataclasses import replace
from functools import cache

import pytest
from departments import Department, department, project_workbook
from report_packages import fill, package
from report_texts import errors, text_of, unknown_numbers

from perfeval.documents.report.write import load_report_templates

SIZES = [
    *((1, 5), (1, 400), (2, 6), (3, 12), (4, 9), (5, 40), (6, 20), (7, 100), (8, 20), (9, 33)),
    *((10, 50), (12, 24), (15, 60), (20, 30), (30, 90), (50, 150), (80, 200), (120, 100), (200, 5), (200, 400)),
]
SCHEMES = ("sichuan-dept-65-35", "pidu-dept-40-50-10")
RARE = "龘〇㐀𠮷&<甲>〔〕“引号”"


@cache
def generated(number: int) -> Department:
    """The twenty departments, by turns under each scheme."""
    return department(number, *SIZES[number], SCHEMES[number % 2])


def report(made) -> bytes:
    return load_report_templates().render(made)


@pytest.mark.parametrize("number", range(len(SIZES)), ids=str)
def test_a_generated_department_meets_the_standard_and_holds_only_the_models_numbers(number: int) -> None:
    made = generated(number).package
    content = report(made)
    assert errors(content) == []
    assert unknown_numbers(made, content) == set()


@pytest.mark.parametrize("number", range(len(SIZES)), ids=str)
def test_long_and_strange_names_are_whole_in_the_report(number: int) -> None:
    filed = generated(number).submission
    basic = fill(filed.basic, department=f"{RARE}{'很长的名称' * 6}局", short_name=f"{RARE}局")
    names = {p.name.value: f"{RARE}{p.name.value}{'长' * (row * 7 % 60)}" for row, p in enumerate(filed.projects)}
    indicators = [
        fill(i, subject=names.get(i.subject.value, i.subject.value), name=f"{i.name.value}{RARE}{'长' * (row % 50)}")
        for row, i in enumerate(filed.indicators)
    ]
    projects = [fill(p, name=names[p.name.value]) for p in filed.projects]
    made = package(replace(filed, basic=basic, projects=tuple(projects), indicators=tuple(indicators)))
    content = report(made)
    assert errors(content) == []
    text = text_of(content)
    assert [
        name
        for name in (basic.department.value, *(i.name.value for i in made.submission.indicators))
        if name not in text
    ] == []


@pytest.mark.parametrize("regulation", ["cn-project-10-90", "hubei-project-20-80", "sichuan-project-10-90"])
@pytest.mark.parametrize(("projects", "indicators"), [(1, 6), (12, 100)])
def test_a_generated_project_workbook_does_too(regulation: str, projects: int, indicators: int) -> None:
    made = project_workbook(7, projects, indicators, regulation).package
    content = report(made)
    assert errors(content) == []
    assert unknown_numbers(made, content) == set()
