"""Names that may have been meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from perfeval.rules.faults import one_of

MOST_NAMED = 8


def near_names(name: str, known: Iterable[str]) -> str:
    """甲、乙 之类的数据名; of a name like none, the first of those there are."""
    listed = list(known)
    near = get_close_matches(name, listed, n=3)
    return f"{'、'.join(near)} 之类的数据名" if near else one_of(listed[:MOST_NAMED])
