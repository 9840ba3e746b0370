"""Which row of one table is which row of the other, where rows were added, taken out and changed in between."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

Line = tuple[str, ...]
Pair = tuple[int | None, int | None]  # places in the old and the new table; None: not there
MOST_LINES = 4_000  # beyond it lines are taken by their place: looking for equal ones would take too long
LARGEST_BLOCK = 10_000  # old × new lines of a stretch in which no line stayed the same


def aligned(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Pair]:
    """The pairs in order. Equal lines belong together; between them those that cost the fewest changed cells."""
    if max(len(old), len(new)) > MOST_LINES:
        return _by_place(old, new)
    return _matched(old, new, _cheapest)


def _matched(
    old: Sequence[Line], new: Sequence[Line], pair: Callable[[Sequence[Line], Sequence[Line]], Iterator[Pair]]
) -> Iterator[Pair]:
    """The pairs of equal lines; the stretches between them are left to `pair`."""
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(range(i, i_end), range(j, j_end), strict=True)
        else:
            pairs = pair(old[i:i_end], new[j:j_end])
            yield from ((None if a is None else i + a, None if b is None else j + b) for a, b in pairs)


def _by_place(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Pair]:
    return zip_longest(range(len(old)), range(len(new)))


def _by_name(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Pair]:
    """The pairs by the one column in which the two stretches have most in common: names, where every line's numbers
    were changed."""

    def in_common(column: int) -> int:
        return len({line[column] for line in old} & {line[column] for line in new})

    column = max(range(len(old[0])), key=in_common)
    return _matched([(line[column],) for line in old], [(line[column],) for line in new], _by_place)


def _cheapest(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Pair]:
    """The pairs of two stretches: a pair costs its differing cells, a line on one side only its filled ones."""
    if not old or not new:
        return _by_place(old, new)
    return _by_name(old, new) if len(old) * len(new) > LARGEST_BLOCK else _least(old, new)


def _least(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Pair]:
    costs = _costs(old, new)
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and costs[i][j] == costs[i + 1][j + 1] + _differing(old[i], new[j]):
            yield i, j
            i, j = i + 1, j + 1
        elif i < len(old) and costs[i][j] == costs[i + 1][j] + _filled(old[i]):
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1


def _costs(old: Sequence[Line], new: Sequence[Line]) -> list[list[int]]:
    """costs[i][j]: the least that old[i:] and new[j:] can cost."""
    costs = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old), -1, -1):
        for j in range(len(new), -1, -1):
            options = []
            if i < len(old):
                options.append(costs[i + 1][j] + _filled(old[i]))
            if j < len(new):
                options.append(costs[i][j + 1] + _filled(new[j]))
            if i < len(old) and j < len(new):
                options.append(costs[i + 1][j + 1] + _differing(old[i], new[j]))
            costs[i][j] = min(options, default=0)
    return costs


def _differing(old: Line, new: Line) -> int:
    return sum(1 for a, b in zip(old, new, strict=True) if a != b)


def _filled(line: Line) -> int:
    return sum(1 for text in line if text)
