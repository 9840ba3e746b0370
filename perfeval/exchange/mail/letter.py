"""A package as a letter: the .eml file that Outlook, Foxmail and Thunderbird open unsent. The same package gives the
same bytes."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

ID_DOMAIN = "perfeval.invalid"  # RFC 2606: belongs to nobody, so our identifiers meet nobody else's
LINE = b"\r\n"
HEAD_BYTES, END_OF_HEAD = 32 * 1024, re.compile(rb"\r?\n\r?\n")
DRAFT_HEADERS = (b"x-unsent:", b"date:", b"from:", b"bcc:")  # a mail program that saved the draft again adds the latter
OFFICE = "vnd.openxmlformats-officedocument"
MEDIA_TYPES = {".docx": f"{OFFICE}.wordprocessingml.document", ".xlsx": f"{OFFICE}.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be written: addresses already checked, `day` the report date, attachments by name."""

    recipients: tuple[Address, ...]
    copies: tuple[Address, ...]
    subject: str
    body: str
    day: date
    attachments: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """An .eml file of ours read back: who it goes to, and whether its attachments are still the ones its Message-ID was
    made from."""

    message_id: str
    subject: str
    addresses: tuple[str, ...]
    is_whole: bool
    content: bytes


def package_hash(attachments: Mapping[str, bytes]) -> str:
    """The sha256 (hex) of a package: of its documents' names and contents."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(attachments.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def message_id(attachments: Mapping[str, bytes]) -> str:
    """The Message-ID of a package: one package, one identifier, however often its letter is written."""
    return f"<{package_hash(attachments)}@{ID_DOMAIN}>"


def write_letter(letter: Letter) -> bytes:
    """The .eml file: X-Unsent, so that mail programs open it as a draft; no From, so that they fill in their own."""
    message = EmailMessage(policy=SMTP)
    message["To"] = letter.recipients
    if letter.copies:
        message["Cc"] = letter.copies
    message["Subject"] = letter.subject
    message["Date"] = datetime.combine(letter.day, time())
    message["Message-ID"] = message_id(letter.attachments)
    message["X-Unsent"] = "1"
    message.set_content(letter.body, cte="base64")
    for name, content in letter.attachments.items():
        subtype = MEDIA_TYPES[name[name.rindex(".") :]]
        message.add_attachment(content, maintype="application", subtype=subtype, filename=name)
    message.set_boundary(f"=_perfeval_{package_hash(letter.attachments)[:32]}")  # else it is drawn at random
    return message.as_bytes()


def read_letter(content: bytes) -> StoredLetter | None:
    """Reads back an .eml file; None for one that perfeval did not write."""
    if not END_OF_HEAD.search(content[:HEAD_BYTES]):  # reading ten thousand addresses takes long
        return None
    try:
        message = message_from_bytes(content, policy=SMTP)
        identifier = str(message["Message-ID"] or "").strip()
        if not isinstance(message, EmailMessage) or not identifier.endswith(f"@{ID_DOMAIN}>"):
            return None
        attachments = {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}
        headers = [message[name] for name in ("To", "Cc") if message[name]]
        addresses = tuple(dict.fromkeys(a.addr_spec for header in headers for a in header.addresses))
    except (
        MessageError,
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
        RecursionError,
    ):  # cut short, nested too deep, edited beyond reading
        return None
    whole = all(isinstance(part, bytes) for part in attachments.values()) and message_id(attachments) == identifier
    return StoredLetter(identifier, str(message["Subject"] or ""), addresses, whole, content)


def as_sent(content: bytes, sender: Address, moment: datetime) -> bytes:
    """The letter as it goes out: from the sender, dated now, and no longer a draft (the receiver's mail program would
    open it as one).

    Only those lines of the head change: writing the whole message again could fold the other headers differently.
    """
    lines = content.splitlines()
    end = lines.index(b"")
    origin = EmailMessage(policy=SMTP)
    origin["From"] = sender
    origin["Date"] = format_datetime(moment)
    return origin.as_bytes().removesuffix(LINE * 2) + LINE + LINE.join([*_kept(lines[:end]), *lines[end:]]) + LINE


def _kept(head: list[bytes]) -> Iterator[bytes]:
    """The head's lines except for the headers of a draft, their folded lines included."""
    kept = True
    for line in head:
        kept = kept if line.startswith((b" ", b"\t")) else not line.lower().startswith(DRAFT_HEADERS)
        if kept:
            yield line
