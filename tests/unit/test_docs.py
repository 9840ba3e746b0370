"""The pages of docs and the docstrings name only what is there, and the pages for developers are complete."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from places import ROOT

from perfeval.findings.catalogue import catalogue
from perfeval.model.regulation import METHOD_NAMES
from perfeval.rules.load import load_regulations

NAMED = re.compile(r"[\w./-]+\.md\b")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = [
    path
    for folder in ("perfeval", "tests", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
]
DEVELOPERS = ROOT / "docs" / "开发"


def page(name: str) -> str:
    return (DEVELOPERS / name).read_text(encoding="utf-8")


def first_cells(text: str) -> list[str]:
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]


def test_every_page_a_source_names_is_there() -> None:
    """By its path from the root, or by its name alone."""
    known = {path.name for path in PAGES} | {path.relative_to(ROOT).as_posix() for path in PAGES}
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
        if name not in known
    }
    assert missing == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_links_to_what_is_there(path: Path) -> None:
    assert [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()] == []


def test_the_readme_says_what_each_package_is_for_and_each_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]
    optional = (line for name in ("cluster", "sign", "page") for line in extra[name])
    packages = {re.split("[<>=]", line)[0] for line in (*project["dependencies"], *optional)}
    lines = (ROOT / "README.md").read_text(encoding="utf-8").partition("### 用到的软件包\n\n")[2].splitlines()[:2]
    assert set(re.findall(r"[a-z][a-z0-9-]+", re.sub("`.*?`", "", "".join(lines).lower()))) == packages | {"word"}
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "perfeval").rglob("*.py"))
    names = {"python-docx": "docx", "python-calamine": "python_calamine"}
    names["python-multipart"] = "starlette"  # which reads forms with it
    assert [p for p in packages if not re.search(rf'(from |import |import_module\("){names.get(p, p)}\b', code)] == []


def test_the_pages_for_developers_are_listed() -> None:
    assert set(LINK.findall(page("README.md"))) >= {
        path.name for path in DEVELOPERS.glob("*.md") if path.name != "README.md"
    }


def test_every_room_is_described() -> None:
    rooms = {f"`{path.name}/`" for path in (ROOT / "perfeval").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms <= set(first_cells(page("架构.md")))


def test_every_topic_is_raised_where_the_page_says() -> None:
    rows = re.findall(r"^\| ([A-Z]+) \| [^|]+ \| (.+) \|$", page("核对.md"), flags=re.M)
    assert {topic for topic, _ in rows} == {code.split("_")[0] for code in catalogue()}
    for topic, places in rows:
        for place in re.findall(r"`([^`]+)`", places):
            path = ROOT / "perfeval" / place
            files = path.rglob("*.py") if path.is_dir() else [path]
            assert any(f'"{topic}_' in file.read_text(encoding="utf-8") for file in files), (topic, place)


def test_every_method_and_every_scheme_is_described() -> None:
    cells = first_cells(page("评分规则.md"))
    assert {str(method) for method in METHOD_NAMES} <= set(cells)
    assert set(load_regulations()) <= set(cells)


@pytest.mark.parametrize(("schema", "heading"), [("result", "结果.json"), ("record", "运行记录.json")])
def test_every_key_of_a_written_file_is_described(schema: str, heading: str) -> None:
    declared = json.loads((ROOT / "perfeval" / "output" / "schemas" / f"{schema}.json").read_text(encoding="utf-8"))[
        "properties"
    ]
    section = page("结果文件.md").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    assert set(declared) <= set(re.findall(r'"(\w+)"', section))
