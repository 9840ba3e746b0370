"""The two examples as the checks are given them, for tests that change a score or a cell's state rather than a cell of
the file."""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from planting import regulations

from perfeval.blank.examples import completed_workbook, published_workbook
from perfeval.checks.context import Context
from perfeval.filing.read_filing import read_filing
from perfeval.rules.engine import score
from perfeval.rules.frames import frames_of, rated_tables


@cache
def completed() -> Context:
    return _context(completed_workbook(regulations()))


@cache
def published() -> Context:
    return _context(published_workbook(regulations()))


def _context(content: bytes) -> Context:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "示例.xlsx"
        path.write_bytes(content)
        submission = read_filing(path, path.name).submission
    assert submission is not None
    regulation = regulations()[submission.basic.regulation.value or ""]
    return Context(submission, regulation, score(submission, regulation), regulations())


def with_card(context: Context, **changes: object) -> Context:
    """The context with other scores."""
    assert context.scorecard is not None
    return _framed(replace(context, scorecard=replace(context.scorecard, **changes)))  # type: ignore[arg-type]


def with_submission(context: Context, **changes: object) -> Context:
    """The context with other parts of the filed workbook."""
    return _framed(replace(context, submission=replace(context.submission, **changes)))  # type: ignore[arg-type]


def _framed(context: Context) -> Context:
    """With frames of just that workbook and these scores."""
    card = context.scorecard
    if card is None:
        return context
    frames = frames_of(
        rated_tables(context.submission, context.regulation), context.regulation, card.indicators, card.items
    )
    return replace(context, scorecard=replace(card, frames=frames))
