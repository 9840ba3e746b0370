"""Mail addresses as people type them into a roster."""

import re
from email.headerregistry import Address

SEPARATOR = re.compile(r"[;,；，、\n\r]+")
NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>|(?P<bare>[^<>]+)")
LOCAL_PART = r"[A-Za-z0-9_+\-']+(?:\.[A-Za-z0-9_+\-']+)*"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{LOCAL_PART}@(?:{LABEL}\.)+{LABEL}")
LONGEST = 254  # RFC 5321


class MalformedAddress(ValueError):  # noqa: N818  (its message is the text found, for a sentence)
    """A text that is no mail address."""


def parse_addresses(text: str) -> tuple[Address, ...]:
    """`张三 <zs@xx.gov.cn>；ls@xx.gov.cn` → two addresses, each once. Raises MalformedAddress for the first part that is
    none."""
    parts = [part.strip() for part in SEPARATOR.split(text) if part.strip()]
    found: dict[str, Address] = {}
    for address in map(_parse, parts):
        found.setdefault(address.addr_spec.lower(), address)
    return tuple(found.values())


def _parse(text: str) -> Address:
    named = NAMED.fullmatch(text)
    address = (named["address"] or named["bare"]).strip() if named else ""
    if named is None or len(address) > LONGEST or not ADDRESS.fullmatch(address):
        raise MalformedAddress(text)
    return Address(" ".join((named["name"] or "").split()), addr_spec=address)
