"""Worked cases of every shipped regulation, kept as data: facts in, scores out."""

import tomllib
from typing import Any

import pytest
from places import DATA
from submissions import submission

from perfeval.model.numbers import show_points
from perfeval.model.submission import DEPARTMENT_KIND
from perfeval.rules.engine import score
from perfeval.rules.load import load_regulations

FOLDER = DATA / "worked_cases"
REGULATIONS = load_regulations()
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["cases"]
]


def shown(value) -> str:
    return "" if value is None else show_points(value)


@pytest.mark.parametrize(("regulation_id", "case"), CASES)
def test_facts_in_scores_out(regulation_id: str, case: dict[str, Any]) -> None:
    kind = case.get("kind", DEPARTMENT_KIND)
    card = score(submission(case["sheets"], kind), REGULATIONS[regulation_id])
    key = "id" if kind == DEPARTMENT_KIND else "name"
    scores = {getattr(item.item, key): shown(item.score) for item in card.items}
    indicators = {score.indicator.name.value: shown(score.score) for score in card.indicators}
    wanted = {**case.get("scores", {}), **case.get("declared", {})}
    assert {name: scores.get(name) for name in wanted} == wanted
    assert {name: indicators.get(name) for name in case.get("indicators", {})} == case.get("indicators", {})
    assert shown(card.total) == case["total"]
    assert (card.grade or "") == case.get("grade", "")
    assert card.not_scored == case.get("not_scored", 0)
    projects = {p.project.name.value: [shown(p.total), p.grade] for p in card.projects}
    assert {name: projects.get(name) for name in case.get("projects", {})} == case.get("projects", {})


def test_every_shipped_regulation_has_its_cases() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(REGULATIONS)
