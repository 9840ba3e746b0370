"""A report says the blocks of its own scheme: 投入, 过程, 产出, 效果, and not those of another; the regulation's outline names
and orders the sections."""

import re
from datetime import date
from pathlib import Path

import pytest
from example_county import CASES, FOLDER, county, workbook
from report_texts import body_of, errors
from rule_workbooks import saved

from perfeval.documents.evaluation import Settings
from perfeval.documents.report.write import load_report_templates
from perfeval.errors import RegulationError
from perfeval.model.regulation import Section
from perfeval.rules.load import load_folder, load_regulations
from perfeval.rules.outline import sections_of
from perfeval.run.pipeline import evaluate

BLOCKS = ("投入", "过程", "产出", "效果")
OF_OTHERS = ("部门预算总体绩效", "履职效能")
OUTLINE = """
[outline]
report = "部门整体支出绩效评价报告"
projects = "项目支出情况"

[[outline.sections]]
title = "管理情况"
items = ["B", "A"]
projects = true

[[outline.sections]]
title = "成效"
items = ["C", "D"]
"""


def written(root: Path, regulations: Path) -> list[str]:
    """The report's paragraphs, of the first worked case under the scheme in that folder."""
    path = saved(workbook(CASES["算例1"]["sheets"]), root)
    evaluation = evaluate(path, path.name, Settings(today=date(2026, 3, 1), regulations=regulations))
    content = load_report_templates().render(evaluation)
    assert errors(content) == []
    return body_of(content)


def chapter(lines: list[str]) -> list[str]:
    """The headings of the third chapter, （一）… and 1. …"""
    first, last = (next(n for n, line in enumerate(lines) if line.startswith(f"{word}、")) for word in "三四")
    return [line for line in lines[first:last] if re.match(r"（[一二三四五六七八九十]+）|\d+\. ", line)]


def changed(root: Path, more: str) -> Path:
    """The county's scheme with an outline."""
    folder = root / "scheme"
    folder.mkdir()
    text = (FOLDER / "regulation.toml").read_text(encoding="utf-8")
    (folder / "regulation.toml").write_text(f"{text}\n{more}", encoding="utf-8")
    return folder


def test_each_of_the_highest_items_is_a_section_with_its_own_blocks(tmp_path: Path) -> None:
    lines = written(tmp_path, FOLDER)
    headings = chapter(lines)
    sections = [line for line in headings if line.startswith("（")]
    assert sections[:5] == [
        f"（{n}）{name}分析" for n, name in zip("一二三四五", (*BLOCKS, "部门预算项目绩效"), strict=True)
    ]
    blocks = [re.sub(r"^\d+\. |（.*", "", line) for line in headings if not line.startswith("（")]
    assert blocks == [leaf.name for top in BLOCKS for leaf in _leaves(top)]
    assert any(
        line.startswith("按照本单位适用的") and "待核" in line and "投入开展逐项分析与评分，总分20分" in line
        for line in lines
    )
    assert [word for word in OF_OTHERS if any(word in line for line in lines)] == []


def _leaves(top: str) -> list:
    (item,) = [item for item in county().items if item.name == top]
    return list(county().children(item.id))


def test_the_outline_names_and_orders_the_sections(tmp_path: Path) -> None:
    lines = written(tmp_path, changed(tmp_path, OUTLINE))
    assert lines[0].replace("\n", "").endswith("2025年度部门整体支出绩效评价报告")
    headings = chapter(lines)
    assert [line for line in headings if line.startswith("（")][:2] == ["（一）管理情况分析", "（二）成效分析"]
    assert [re.sub(r"（.*", "", line) for line in headings if line.startswith(("1.", "2."))][:4] == [
        "1. 过程", "2. 投入", "1. 产出", "2. 效果",
    ]  # fmt: skip
    projects = next(n for n, line in enumerate(lines) if "年度预算项目共" in line)
    assert lines.index("（一）管理情况分析") < projects < lines.index("（二）成效分析")


def test_without_a_section_on_projects_one_is_added(tmp_path: Path) -> None:
    made = load_folder(changed(tmp_path, OUTLINE.replace("projects = true\n", "")))[county().id]
    assert sections_of(made)[-1] == Section("项目支出情况", (), projects=True)
    shipped = load_regulations()["sichuan-dept-65-35"]
    assert [(s.title, s.projects) for s in sections_of(shipped)] == [
        ("部门预算总体绩效", False),
        ("部门预算项目绩效", True),
    ]


@pytest.mark.parametrize(
    ("was", "now", "key", "found"),
    [
        ('["B", "A"]', '["B", "Z"]', "sections 第 1 个 的 items", "没有的编号“Z”"),
        ('["B", "A"]', '["B"]', "outline 的 sections", "指标 A1 没有写到"),
        ('["C", "D"]', '["C", "D", "D1"]', "outline 的 sections", "指标 D1 写了 2 次"),
        ('["C", "D"]', '["C", "D"]\nprojects = true', "outline 的 sections", "有几节写了 projects = true"),
        ('["C", "D"]', '"C"', "sections 第 2 个 的 items", "“C”"),
        ('title = "成效"\n', "", "sections 第 2 个 的 title", "没有填"),
        ("report =", "reprot =", "outline 的 reprot", "是否为 report"),
    ],
)
def test_a_fault_of_the_outline_names_its_key(was: str, now: str, key: str, found: str, tmp_path: Path) -> None:
    with pytest.raises(RegulationError) as error:
        load_folder(changed(tmp_path, OUTLINE.replace(was, now)))
    assert key in str(error.value)
    assert found in str(error.value)


def test_a_scheme_that_extends_another_with_items_of_its_own_keeps_no_sections_of_it(tmp_path: Path) -> None:
    changed(tmp_path, OUTLINE)
    own = tmp_path / "own"
    own.mkdir()
    items = '[[items]]\nid = "X"\nname = "成果"\nmax_points = 100\nmethod = "declared"\nclause = "待核"\nconfidence = "待核"'
    head = f'id = "某镇"\nextends = "{county().id}"\ntitle = "某镇"\ninputs = []\nfacts = []\ncaps = []\n{items}\n'
    (own / "regulation.toml").write_text(head, encoding="utf-8")
    made = load_folder(tmp_path)["某镇"]
    assert (made.outline.report, made.outline.sections) == ("部门整体支出绩效评价报告", ())
