"""Every English word of a regulation has its Chinese one, the form's own where it has one."""

from decimal import Decimal

from perfeval.model import form
from perfeval.model.regulation import DUTIES, ROUNDING_NAMES, Method, NotApplicable, Rounding
from perfeval.rules import read, read_indicators
from perfeval.rules.department_facts import PROJECT_NUMBERS
from perfeval.rules.formulas import CALLS, GATHERING
from perfeval.rules.kinds import BOUNDS, FACT_KINDS, INPUT_KINDS
from perfeval.rules.library import library
from perfeval.rules.methods import SHAPES, SIGNS
from perfeval.rules.numbers import built_in_kinds
from perfeval.schemes import words


def test_every_data_name_has_one_chinese_name() -> None:
    assert set(words.NUMBER_NAMES) == set(built_in_kinds("部门整体"))
    assert set(words.PROJECT_NUMBER_NAMES) == set(PROJECT_NUMBERS)
    assert set(words.CONDITION_NAMES) == set(library().shortcomings)
    assert set(words.DECLARED_NAMES) == {DUTIES}
    assert len(set(words.INPUT_NAMES.values())) == len(words.INPUT_NAMES)


def test_a_cell_is_called_as_on_the_form() -> None:
    assert {row.key: row.label for row in form.MONEY.rows} == words.MONEY_ROWS
    assert {f.key: f.label for f in form.MONEY.fields if f.key != "note"} == words.MONEY_COLUMNS
    assert {row.key: row.label for row in form.CUT.rows} == words.CUT_ROWS
    assert {f.key: f.label for f in form.CUT.fields if f.key != "note"} == words.CUT_COLUMNS
    assert {row.key: row.label for row in form.MANAGEMENT.rows} == words.MANAGEMENT_ROWS
    assert words.PROJECT_COLUMNS.items() <= {f.key: f.label for f in form.PROJECTS.fields}.items()


def test_every_role_and_parameter_of_every_method() -> None:
    for shape in SHAPES.values():
        assert {*shape.inputs, *shape.optional_inputs} <= set(words.ROLE_NAMES)
        for name, kind in {**(shape.required or {}), **(shape.optional or {})}.items():
            assert name in words.PARAMETER_NAMES
            if isinstance(kind, tuple):
                assert set(words.PARAMETER_WORDS[name]) == set(kind)
    assert set(words.BOUND_WORDS) == set(BOUNDS)
    assert set(words.KIND_WORDS) == {*INPUT_KINDS, *FACT_KINDS}
    assert set(words.FUNCTION_WORDS) == {*GATHERING, *CALLS}
    assert set(SIGNS) <= set(words.PARAMETER_NAMES)
    assert set(SHAPES) == set(Method)


def test_every_setting() -> None:
    assert set(words.SETTING_NAMES) == set(read_indicators.SETTINGS)
    allowed = {
        "at_least": read_indicators.AT_LEAST,
        "at_most": read_indicators.AT_MOST,
        "equal": read_indicators.EQUAL,
        "late": read_indicators.LATE,
        "blank_weight": read_indicators.BLANK_WEIGHT,
    }
    assert {name: set(choice) for name, choice in words.SETTING_WORDS.items()} == {
        name: set(choice) for name, choice in allowed.items()
    }
    assert set(words.ACTION_WORDS) == set(read_indicators.ACTIONS)
    assert set(words.THRESHOLD_NAMES) == set(read.THRESHOLDS)
    assert set(words.NOT_APPLICABLE_NAMES) == set(NotApplicable)
    assert set(ROUNDING_NAMES) == set(Rounding)


def test_a_limit_is_a_share_or_counts_something() -> None:
    assert set(read.THRESHOLDS) > set(words.LIMIT_UNITS)
    assert (
        words.limit_words("reason_characters", Decimal(100)),
        words.limit_words("execution_rate_floor", Decimal("0.9")),
    ) == (
        "100 字",
        "90%",
    )
