"""What this year's workbook makes of the suggestions in last year's."""

import re
from dataclasses import dataclass

from perfeval.model.cells import CellRef
from perfeval.model.submission import Submission

LIKE = 50  # per cent of a suggestion's pairs of characters that an answer to it has too
WORDLESS = re.compile(r"[\W\d_]+")
REPEATED, ANSWERED, DROPPED = "今年继续提出", "今年有回应", "今年没有提到"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A suggestion of last year and its state; `place` is the cell of this year that takes it up."""

    suggestion: str
    responsible: str
    deadline: str
    state: str
    place: CellRef | None = None


def follow_ups(previous: Submission, current: Submission) -> tuple[FollowUp, ...]:
    """Each suggestion of last year with its state."""
    found = []
    for problem in previous.problems:
        if problem.suggestion.value and bare(problem.suggestion.value):
            state, place = _state(problem.suggestion.value, current)
            found.append(
                FollowUp(problem.suggestion.value, problem.responsible.raw, problem.deadline.raw, state, place)
            )
    return tuple(found)


def _state(suggestion: str, current: Submission) -> tuple[str, CellRef | None]:
    again = [p.suggestion for p in current.problems if _takes_up(p.suggestion.value or "", suggestion)]
    if again:
        return REPEATED, again[0].ref
    cells = [text.content for text in current.texts] + [duty.achievement for duty in current.duties]
    cells += [cell for project in current.projects for cell in (project.improvement,)]
    answers = [cell for cell in cells if _takes_up(cell.value or "", suggestion)]
    return (ANSWERED, answers[0].ref) if answers else (DROPPED, None)


def _takes_up(text: str, suggestion: str) -> bool:
    """Whether a text speaks of the suggestion: most pairs of neighbouring characters of the one are in the other."""
    pairs, found = _pairs(bare(suggestion)), _pairs(bare(text))
    return bool(pairs) and len(pairs & found) * 100 >= LIKE * len(pairs)


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)} or {text} - {""}


def bare(text: str) -> str:
    """A text without figures, spaces and punctuation."""
    return WORDLESS.sub("", text)
