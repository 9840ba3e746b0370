"""The outbox: each set as one ready letter under 发件箱/, its report or its returned workbook attached, and a sentence for
each that cannot go. Nothing is
sent here."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path

from perfeval.exchange.mail.address import MalformedAddress, parse_addresses
from perfeval.exchange.mail.letter import Letter, StoredLetter, read_letter, write_letter
from perfeval.exchange.mail.parcels import RETURNED_NAME, Blocked, SentPackage, packages
from perfeval.exchange.mail.wording import request, summary
from perfeval.model.roster import COPY_HEADER, RECIPIENT_HEADER
from perfeval.model.text import version_name
from perfeval.output import files
from perfeval.output.written import beside_the_sets
from perfeval.run.inbox import safe_name
from perfeval.run.roster import Contact, Roster

OUTBOX_FOLDER, SUFFIX = "发件箱", ".eml"
MOST_BYTES = 256 * 1024 * 1024  # of a letter
CHANGED = "“{}”已过时，但被改动过，没有取出，也不会发送。不再需要的，请自己删掉。"


@dataclass(frozen=True, slots=True)
class Packed:
    """What the outbox now holds: file name → what to say of it; a sentence for each blocked package; outdated letters
    taken out.

    `unwritten` are the sentences about letters that could not be written or taken out, `kept` those about files that
    somebody else put or changed there.
    """

    written: Mapping[str, str]
    blocked: tuple[str, ...]
    removed: tuple[str, ...]
    unwritten: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def fill_outbox(output: Path, roster: Roster, signature: str = "", only: str = "") -> Packed:
    """Writes the letters of all packages that can go and removes letters of packages that have changed or gone; letters
    of others, and those that somebody changed, stay.

    `signature` closes the letters with a returned workbook; `only` is the status of the sets that are wanted, '' for
    all: letters of the others stay as they are.

    Raises NothingToReadError where there is no package and OutputError where no letter can be written.
    """
    letters: dict[str, bytes] = {}
    written: dict[str, str] = {}
    blocked = []
    others = set()
    for package in packages(output):
        if only and package.result.get("status", only) != only:
            others.add(file_name(package))
            continue
        try:
            contact = _contact(package, roster)
            name = file_name(package)
            letters[name] = write_letter(_letter(package, contact, signature))
            written[name] = package.purpose + _recipients(contact)
        except Blocked as sentence:
            blocked.append(str(sentence))
    folder = output / OUTBOX_FOLDER
    try:
        files.make_folder(output, folder)
    except OSError as error:
        raise files.unwritable(folder, error) from error
    with beside_the_sets(output) as beside:
        outdated = [path for path, _ in stored_letters(folder) if path.name not in letters.keys() | others]
        ours, changed = ([path for path in outdated if is_so(path)] for is_so in (beside.is_ours, beside.is_changed))
        for path in ours:
            files.remove_file(path)
        for name, content in letters.items():
            if not beside.write(f"{OUTBOX_FOLDER}/{name}", content):
                del written[name]
    unwritten = [f"“{path}”已过时，取不出来：请关闭它，或者检查文件夹权限。" for path in ours if path.exists()]
    return Packed(
        written,
        tuple(blocked),
        tuple(path.name for path in ours if not path.exists()),
        (*unwritten, *beside.unwritten.values()),
        (*beside.kept, *(CHANGED.format(path.name) for path in changed)),
    )


def file_name(package: SentPackage) -> str:
    """`<部门>_2025_第1版.eml`, that of a returned workbook `<部门>_2025_第1版_退回修改.eml`."""
    kind = "" if package.is_reported else f"_{RETURNED_NAME}"
    return f"{safe_name(package.department)}_{package.year}_{version_name(package.version)}{kind}{SUFFIX}"


def stored_letters(folder: Path) -> Iterator[tuple[Path, StoredLetter]]:
    """The .eml files in the outbox that perfeval wrote, by name."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with suppress(OSError):  # a link, a pipe, far too large: none of ours
            if letter := read_letter(files.read_file(path, MOST_BYTES)):
                yield path, letter


def _contact(package: SentPackage, roster: Roster) -> Contact:
    if package.blocked:
        raise Blocked(package.blocked)
    rows = roster.rows_of(package.department)
    if not rows:
        raise Blocked(f"名册里没有“{package.department}”，不知道寄给谁。改法：请在名册里加上这个部门和它的收件人。")
    if len(rows) > 1:
        numbers = "、".join(str(r.row) for r in rows)
        raise Blocked(
            f"名册里“{package.department}”有 {len(rows)} 行（第 {numbers} 行），不知道用哪一行。改法：请只留一行。"
        )
    return rows[0]


def _letter(package: SentPackage, contact: Contact, signature: str) -> Letter:
    recipients = _addresses(contact, RECIPIENT_HEADER, contact.recipient)
    if not recipients:
        raise Blocked(f"名册第 {contact.row} 行“{contact.department}”没有填{RECIPIENT_HEADER}。改法：请填上邮箱地址。")
    copies = _addresses(contact, COPY_HEADER, contact.copies)
    known = {a.addr_spec.lower() for a in recipients}
    return Letter(
        recipients,
        tuple(a for a in copies if a.addr_spec.lower() not in known),
        package.title,
        _body(package, contact, signature),
        package.report_date,
        package.attachments,
    )


def _body(package: SentPackage, contact: Contact, signature: str) -> str:
    if package.is_reported:
        return summary(package.result)
    (attached,) = package.attachments
    return request(package.result, package.version, attached, contact.deadline, signature, package.report_date)


def _addresses(contact: Contact, header: str, text: str) -> tuple[Address, ...]:
    try:
        return parse_addresses(text)
    except MalformedAddress as found:
        raise Blocked(
            f"名册第 {contact.row} 行“{contact.department}”的{header}“{found}”不是完整的邮箱地址。"
            "改法：请写成 zhangsan@example.gov.cn 的样子，几个地址之间用分号隔开。"
        ) from found


def _recipients(contact: Contact) -> str:
    deadline = f"，截止日期 {contact.deadline}" if contact.deadline else ""
    return f"寄给 {contact.recipient}{f'，抄送 {contact.copies}' if contact.copies else ''}{deadline}"
