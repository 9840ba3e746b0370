"""The page that walks a bureau through writing a regulation is run as it is, and names everything there is."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from own_data import with_own_data
from places import ROOT
from submissions import submission

from perfeval.cli.commands import main
from perfeval.model.numbers import show_number
from perfeval.model.regulation import DUTIES, METHOD_NAMES, NotApplicable
from perfeval.rules.engine import score
from perfeval.rules.library import library
from perfeval.rules.load import load_regulations
from perfeval.rules.methods import SHAPES
from perfeval.rules.numbers import built_in_kinds
from perfeval.rules.read import THRESHOLDS
from perfeval.rules.read_indicators import ACTIONS, SETTINGS
from perfeval.schemes.new import questions
from perfeval.schemes.words import INPUT_NAMES

PAGE = (ROOT / "docs" / "编写指标体系.md").read_text(encoding="utf-8")
FILES = re.findall(r"保存为 `([^`]+)`：\n\n```toml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
EXAMPLE = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"


def test_the_page_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command ends with 0."""
    monkeypatch.chdir(tmp_path)
    Path("input").mkdir()
    shutil.copy(EXAMPLE, "input")
    assert len(FILES) == PAGE.count("```toml") == 3
    write_files()
    said: dict[str, str] = {}
    for command in COMMANDS:
        program, *words = shlex.split(command)
        assert program == "perfeval"
        assert main(words) == 0, command
        said[command] = said[" ".join(words[:2])] = capsys.readouterr().out
    assert "没有发现问题，共 1 个指标体系" in said["perfeval regulation lint 某县/部门"]
    assert "没有发现问题，共 4 个指标体系" in said["perfeval regulation lint 某县"]
    assert "的分值" not in said["regulation diff"]
    assert "重算了 1 份工作簿，没有一份的总分或等级会变" in said["regulation whatif"]
    assert set(load_regulations(Path("某县"))) >= {
        "某县-部门整体-2026",
        "某县-项目-2026",
        "某县-新部门-2026",
        "某县-自己的数据-2026",
    }
    assert list(Path("output").rglob("*_自评报告.docx"))


def write_files() -> None:
    for name, text in FILES:
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text(text, encoding="utf-8")


def test_the_questions_of_regulation_new_are_on_the_page() -> None:
    asked = [[question.label, f"`--{question.name}`"] for question in questions(load_regulations())]
    assert [row[:2] for row in table("问题")] == asked


def test_the_figures_on_the_page_are_those_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files()
    own = load_regulations(Path("某县"))
    for first, adjusted, final, *points in table("年初预算数"):
        money = {"年初预算数": first, "调整后预算数": adjusted, "决算数": final}
        card = score(submission({"收支": {"支出合计": money}}), own["某县-新部门-2026"])
        assert [show_number(card.item(item).score) for item in ("A1", "A2")] == points
    for before, now, rate, points in table("上年决算数"):
        sheets = {"控制支出": [{"支出名称": "公务接待费", "本年执行数": now}]}
        filed = with_own_data(sheets, "部门整体", {"visits_cost_last_year": before})
        item = score(filed, own["某县-自己的数据-2026"]).item("A2.5")
        assert (show_number(item.score), rate in item.explanation) == (points, True), item.explanation


def table(head: str) -> list[list[str]]:
    """The cells of the table whose first column has this head."""
    rows = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)[1].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize(
    "words",
    [
        [*built_in_kinds("部门整体"), *built_in_kinds("项目支出"), *library().shortcomings, DUTIES],
        [str(method) for method in SHAPES],
        [
            name
            for shape in SHAPES.values()
            for name in (*shape.inputs, *shape.optional_inputs, *(shape.required or {}), *(shape.optional or {}))
        ],
        list(SETTINGS),
        list(THRESHOLDS),
    ],
    ids=["data", "methods", "roles and parameters", "settings", "limits"],
)
def test_everything_there_is_is_on_the_page(words: list[str]) -> None:
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_words_on_the_page() -> None:
    assert [word for word in (*ACTIONS, *NotApplicable) if f'`"{word}"`' not in PAGE] == []
    assert [name for name in (*METHOD_NAMES.values(), *INPUT_NAMES.values()) if f"| {name} |" not in PAGE] == []


def test_no_data_name_on_the_page_that_does_not_exist() -> None:
    listed = re.findall(r"^\| `([^`]+)` \| ", PAGE.partition("## 七")[2].partition("## 八")[0], re.MULTILINE)
    assert sorted(listed) == sorted(INPUT_NAMES)
