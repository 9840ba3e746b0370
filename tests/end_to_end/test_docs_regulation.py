"""The page that walks a bureau through writing a regulation is run as it is, and names everything there is."""

import re
import shlex
import shutil
from pathlib import Path

import openpyxl
import pytest
from places import ROOT

from perfeval.cli.commands import main
from perfeval.model.regulation import DUTIES, METHOD_NAMES, NotApplicable
from perfeval.rules.library import library
from perfeval.rules.load import load_regulations
from perfeval.rules.methods import SHAPES
from perfeval.rules.numbers import built_in_kinds
from perfeval.rules.read import THRESHOLDS
from perfeval.rules.read_indicators import ACTIONS, SETTINGS
from perfeval.schemes.words import INPUT_NAMES

PAGE = (ROOT / "docs" / "编写指标体系.md").read_text(encoding="utf-8")
FILES = re.findall(r"保存为 `([^`]+)`：\n\n```toml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
EXAMPLE = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"


def test_the_page_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command ends with 0; the one thing done by hand between them is what the page says: another id."""
    monkeypatch.chdir(tmp_path)
    Path("input").mkdir()
    shutil.copy(EXAMPLE, "input")
    assert len(FILES) == PAGE.count("```toml") == 3
    for name, text in FILES:
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text(text, encoding="utf-8")
    said = {}
    for command in COMMANDS:
        program, *words = shlex.split(command)
        assert program == "perfeval"
        assert main(words) == 0, command
        said[" ".join(words[:2])] = capsys.readouterr().out
        if words[1] == "export":
            _edit_as_the_page_says(Path("指标体系.xlsx"))
    assert "没有发现问题，共 4 个指标体系" in said["regulation lint"]
    assert "没有会影响评分、等级或核对的不同" in said["regulation diff"]
    assert "重算了 1 份工作簿，没有一份的总分或等级会变" in said["regulation whatif"]
    assert set(load_regulations(Path("某县"))) >= {
        "某县-部门-2026",
        "某县-项目-2026",
        "某县-新部门-2026",
        "某县-自己的数据-2026",
    }
    assert list(Path("output").rglob("*_自评报告.docx"))


def _edit_as_the_page_says(path: Path) -> None:
    assert "编号改为 `某县-部门-2026`" in PAGE
    workbook = openpyxl.load_workbook(path)
    page = workbook["基本信息"]
    next(row for row in page.iter_rows() if row[0].value == "编号")[1].value = "某县-部门-2026"
    workbook.save(path)


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
