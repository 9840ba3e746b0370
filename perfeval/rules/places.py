"""行政区划 as people write them: all the way down from the province, from the city, or the county alone."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from perfeval.model.names import plain_name

ENDINGS = "省市区县州盟旗"  # the last character of every unit's name; the next unit begins behind it
SHORTEST = 2  # characters of a unit's name: “区” of 通州区 is none


def lies_in(place: str, region: str) -> bool:
    """Whether a place is the region or lies inside it: 四川省乐山市金口河区 and 金口河区 in 乐山市金口河区, 长沙县 not in 沙县."""
    return any(_agree(above, around) for above, around in _units_above(place, region))


def is_another(place: str, region: str) -> bool:
    """Whether a place bears the region's name and lies in another province or city: 长春市朝阳区 for 北京市朝阳区."""
    return any(True for _ in _units_above(place, region)) and not lies_in(place, region)


def is_outside(place: str, region: str) -> bool:
    """Whether a place does not lie in the region, as far as can be seen: of a province, a place that names another one;
    one that names only its city or county may lie in any."""
    if region not in _provinces():
        return not lies_in(place, region)
    named = next((name for name in _provinces() if plain_name(place).startswith(name)), region)
    return named != region


@cache
def _provinces() -> tuple[str, ...]:
    text = resources.files("perfeval.rules").joinpath("provinces.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["names"])


def _units_above(place: str, region: str) -> Iterator[tuple[str, str]]:
    """Wherever the place names the region's last units: what stands above them there, and in the region."""
    place, region = plain_name(place), plain_name(region)
    for start in _starts(region):
        last = region[start:]
        if len(last) >= SHORTEST:
            yield from ((place[:at], region[:start]) for at in _starts(place) if place.startswith(last, at))


def _starts(name: str) -> list[int]:
    return [at for at in range(len(name)) if at == 0 or name[at - 1] in ENDINGS]


def _agree(one: str, other: str) -> bool:
    """Whether one leaves out what the other says, and says nothing else."""
    shorter, longer = sorted((one, other), key=len)
    return any(longer.startswith(shorter, at) for at in (0, *_starts(longer)))
