"""An independent spreadsheet engine comes to the same score as the arithmetic, for every method, every nature and every
setting, to the cent."""

import io
import random
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
import xlsxwriter
from libreoffice import recalculated
from test_rules_deviation import DEDUCTED, EXACT, FIRST_WINS, LINEAR, RULES, SCALED, SYMMETRIC, ZERO_BEYOND
from test_rules_methods import ADJUSTMENT_STEPS, CUTS, RATE_STEPS

from perfeval.model.regulation import Rounding
from perfeval.rules.deviation import NATURES, QUALITATIVE, judge_date, judge_number
from perfeval.rules.methods import accumulate, deduct_missing, full_value, graded, ratio, share, yes_no
from perfeval.rules.rounding import rounded, rounded_formula

D = Decimal
SEED = 20251231
KEY = re.compile(r"\{(\w+)\}")
SETTINGS = (RULES, LINEAR, SYMMETRIC, EXACT, ZERO_BEYOND, SCALED, DEDUCTED, FIRST_WINS)
Case = tuple[str, Mapping[str, Decimal], Decimal]  # formula, operands, score


def generated(count: int) -> Iterator[Case]:
    """Cases that lie on the bounds of rules as often as anywhere else."""
    chance = random.Random(SEED)

    def amount(low: int = -200, high: int = 1000) -> Decimal:
        return D(chance.choice([chance.randint(low, high) * 100, chance.randint(low * 100, high * 100)])) / 100

    for n in range(count):
        points, rounding = D(chance.randint(1, 40)) / 2, chance.choice(list(Rounding))
        a, b = amount(), amount()
        plan = abs(b) + D("0.01")
        rate = chance.choice([D(chance.randint(-50, 150)) / 100, a / plan])
        spent, bound = (
            {"numerator": a, "denominator": plan},
            {"floor": D("0.2"), "cap": D("0.95"), "zero_below": D("0.7"), "zero_above": D("1.3")},
        )
        cuts, done = {"budget": rate, "executed": a, "over": b}, {"count": D(n % 30)}
        projects = {"counted": D(n % 19 + 1), "bad": D(n % 19 // 3)}
        made = [
            (points, ratio(points, **spent), spent),
            (points, ratio(points, **spent, **bound), spent),
            (points, ratio(points, numerator=rate), {"numerator": rate}),
            (D(3), graded(D(3), value=rate, steps=ADJUSTMENT_STEPS, absolute=True), {"value": rate}),
            (D(4), graded(D(4), value=rate, steps=RATE_STEPS), {"value": rate}),
            (D(5), deduct_missing(D(5), conditions=CUTS, **cuts), cuts),
            (points, full_value(points, value=rate, satisfactory=D(0), unacceptable=D("0.1")), {"value": rate}),
            (points, full_value(points, value=a, satisfactory=D(90), unacceptable=D(60)), {"value": a}),
            (points, accumulate(points, **done, points_per_case=D("0.35")), done),
            (points, share(points, **projects), projects),
            (points, yes_no(points, value=rate, at_most=D("0.1")), {"value": rate}),
        ]
        for most, outcome, values in made:
            assert outcome is not None
            yield rounded_formula(outcome.formula, rounding), {"max": most, **values}, rounded(outcome.score, rounding)
        nature, rules = chance.choice([nature for nature in NATURES if nature != QUALITATIVE]), chance.choice(SETTINGS)
        target = chance.choice([D(0), amount(-20, 120)])
        actual = chance.choice([target, target * D("1.3"), target * D("0.7"), target * 2, amount(-20, 300)])
        judged = judge_number(nature, points, target, actual, rules)
        yield (
            rounded_formula(judged.formula, rounding),
            {"weight": points, "target": target, "actual": actual},
            rounded(judged.score, rounding),
        )
        late = judge_date(points, n % 90, RULES)
        yield (
            rounded_formula(late.formula, rounding),
            {"weight": points, "days": D(n % 90)},
            rounded(late.score, rounding),
        )


def workbook(cases: list[Case]) -> bytes:
    """A case a row: operands from column B on, the formula in A with the arithmetic's score as its cached value."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("题")
    for row, (formula, operands, score) in enumerate(cases):
        columns = {key: xlsxwriter.utility.xl_rowcol_to_cell(row, column) for column, key in enumerate(operands, 1)}
        for column, value in enumerate(operands.values(), 1):
            sheet.write_number(row, column, float(value))
        sheet.write_formula(
            row, 0, "=" + KEY.sub(lambda key, columns=columns: columns[key[1]], formula), None, float(score)
        )
    book.close()
    return content.getvalue()


@pytest.mark.libreoffice
def test_the_spreadsheet_engine_agrees_to_the_cent() -> None:
    cases = [
        *generated(200),
        ("ROUND({max}*2,2)", {"max": D(1)}, D(99)),
    ]  # the last one is planted wrong: the judge must see it
    sheet = recalculated({"题.xlsx": workbook(cases)})["题.xlsx"]["题"]
    found = [(sheet.cell(row, 1).value, *case) for row, case in enumerate(cases, 1)]
    differing = [case for case in found if abs(case[0] - float(case[-1])) > 1e-9]
    assert [case[1] for case in differing] == ["ROUND({max}*2,2)"], differing[:10]
    assert len(found) > 2000
