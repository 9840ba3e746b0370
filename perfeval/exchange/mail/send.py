"""Sending the outbox: explicit, one letter at a time, each at most once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perfeval.errors import NothingToReadError, UsageError
from perfeval.exchange.mail.journal import Event, Journal, State, Status, open_journal, read_statuses
from perfeval.exchange.mail.letter import StoredLetter, as_sent
from perfeval.exchange.mail.outbox import OUTBOX_FOLDER, SUFFIX, stored_letters
from perfeval.exchange.mail.parcels import packages
from perfeval.exchange.mail.settings import MailServer
from perfeval.exchange.mail.smtp import Delivery, deliver

Clock = Callable[[], datetime]
TWICE = "没有发：和“{}”是同一份材料，只发那一封。要发这一封的，请把那一封移走。"
EVENT_AFTER = {True: Event.SENT, False: Event.REFUSED, None: Event.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Item:
    """One letter of the outbox. `obstacle` is a sentence where it must not go out as it lies there; `twin` one of the
    same subject that went before."""

    name: str
    letter: StoredLetter
    status: Status
    twin: Status | None = None
    obstacle: str = ""
    command: str = "perfeval send"  # how this outbox is sent from where the program runs

    @property
    def waits(self) -> bool:
        """Whether it would be sent."""
        return not self.obstacle and self.status.state is State.QUEUED and (not self.twin or self.status.allowed)


@dataclass(frozen=True, slots=True)
class Message:
    """What became of one letter, in a sentence; `done` where nothing is left to do for it."""

    name: str
    sentence: str
    done: bool


def plan(output: Path) -> tuple[Item, ...]:
    """The letters of the outbox and where each is; writes nothing and connects to nothing.

    Raises NothingToReadError for an empty outbox, UsageError for a damaged journal.
    """
    return _items(output, read_statuses(output))


def describe_plan(items: Sequence[Item]) -> tuple[Message, ...]:
    """The plan in sentences."""
    return tuple(
        Message(i.name, f"将寄给 {'、'.join(i.letter.addresses)}，主题“{i.letter.subject}”", True)
        if i.waits
        else _passed_over(i)
        for i in items
    )


def send(output: Path, server: MailServer, clock: Clock) -> Iterator[Message]:
    """Sends every waiting letter and says of each what became of it. Stops where the server itself fails: the rest
    keeps waiting.

    Raises NothingToReadError, UsageError, OutputError (another program is sending, the journal cannot be written).
    """
    server.tls_context()  # a root certificate that cannot be read stops the run before anything is recorded
    with open_journal(output) as journal:
        reachable = True
        for item in _items(output, journal.statuses):
            if not item.waits:
                yield _passed_over(item)
            elif not reachable:
                yield Message(item.name, "没有发：服务器出了问题，留在发件箱里，下次再发。", False)
            else:
                delivery = _send_one(item.letter, server, journal, clock)
                reachable = delivery.reachable
                yield Message(item.name, _outcome(delivery), delivery.taken is True)


def mark(output: Path, names: Sequence[str], event: Event, clock: Clock) -> tuple[Message, ...]:
    """What a person found out about letters: MARKED (arrived, or sent by hand), AGAIN (did not arrive; may be sent once
    more).

    Raises NothingToReadError where there is no outbox, UsageError for a name that is not in it, and for AGAIN on a
    letter whose fate is known.
    """
    plan(output)  # before the journal is opened, which would be made again in a folder that is none
    with open_journal(output) as journal:
        items = {item.name: item for item in _items(output, journal.statuses)}
        chosen = [items.get(name if name.endswith(SUFFIX) else name + SUFFIX) for name in names]
        for name, item in zip(names, chosen, strict=True):
            if item is None:
                raise UsageError(f"发件箱里没有“{name}”。", f"现有的是：{'、'.join(items)}。")
            if event is Event.AGAIN and item.status.state is not State.UNKNOWN and not item.twin:
                raise UsageError(
                    f"“{name}”现在是“{item.status.state}”。",
                    f"只有“{State.UNKNOWN}”的、或者重新生成过的邮件用得着再发一次。",
                )
        for item in chosen:
            if item:
                journal.write(event, item.letter.message_id, clock(), subject=item.letter.subject)
    words = "已记为发出，不会再发。" if event is Event.MARKED else "已记为没有送到，下次发送时再发一次。"
    return tuple(Message(item.name, words, True) for item in chosen if item)


def _items(output: Path, statuses: Mapping[str, Status]) -> tuple[Item, ...]:
    current = {package.message_id for package in packages(output) if not package.blocked}
    items: list[Item] = []
    names: dict[str, str] = {}  # of the letters by their packages
    for path, letter in stored_letters(output / OUTBOX_FOLDER):
        first = names.setdefault(letter.message_id, path.name)
        status = statuses.get(letter.message_id, Status())
        items.append(
            Item(
                path.name,
                letter,
                status,
                _twin(letter, statuses),
                _obstacle(letter, current) or (TWICE.format(first) if first != path.name else ""),
                f'perfeval send "{output}"',
            )
        )
    if not items:
        raise NothingToReadError(
            "发件箱里没有邮件。", "请先运行 perfeval outbox（或 make outbox），并指到放结果的那个文件夹。"
        )
    return tuple(items)


def _twin(letter: StoredLetter, statuses: Mapping[str, Status]) -> Status | None:
    """The letter of the same department, year and version that went out before with other contents."""
    return next(
        (
            s
            for i, s in statuses.items()
            if i != letter.message_id and s.subject == letter.subject and s.state is not State.QUEUED
        ),
        None,
    )


def _obstacle(letter: StoredLetter, current: set[str]) -> str:
    if letter.message_id not in current:
        return "没有发：这封邮件做好以后，结果又变了。改法：请再运行一次 perfeval outbox；过后它还在的，请自己移走。"
    if not letter.is_whole:
        return "没有发：邮件里的附件被改动过。改法：请再运行一次 perfeval outbox。"
    return "" if letter.addresses else "没有发：邮件里没有收件人。改法：请再运行一次 perfeval outbox。"


def _passed_over(item: Item) -> Message:
    if item.status.state is State.SENT:
        return Message(item.name, f"{item.status.since} 已发出，不再发。", True)
    if item.status.state is State.UNKNOWN:
        stem = item.name.removesuffix(SUFFIX)
        return Message(
            item.name,
            f'{State.UNKNOWN}（{item.status.since} 发送时连接中断）。请问收件方收到没有：收到了，运行 {item.command} --mark-sent "{stem}"；'
            f'没有收到，运行 {item.command} --again "{stem}"。',
            False,
        )
    if item.obstacle or not item.twin:
        return Message(item.name, item.obstacle, False)
    return Message(
        item.name,
        f"没有发：同一部门、年度和版本的材料 {item.twin.since} 已经发过（{item.twin.state}），这一份是后来重新生成的，内容不同。"
        f'确实要再发，运行 {item.command} --again "{item.name.removesuffix(SUFFIX)}"。',
        False,
    )


def _send_one(letter: StoredLetter, server: MailServer, journal: Journal, clock: Clock) -> Delivery:
    identifier = letter.message_id
    journal.write(Event.INTENT, identifier, clock(), subject=letter.subject, to=list(letter.addresses))
    content = as_sent(letter.content, server.sender, clock())
    delivery = deliver(server, letter.addresses, content, lambda: journal.write(Event.DATA, identifier, clock()))
    journal.write(EVENT_AFTER[delivery.taken], identifier, clock(), reason=delivery.reason)
    return delivery


def _outcome(delivery: Delivery) -> str:
    if delivery.taken:
        return "已发出。"
    if delivery.taken is None:
        return f"{State.UNKNOWN}：邮件交出去以后{delivery.reason}，不知道服务器收下没有。不会自动重发。"
    return f"没有发出：{delivery.reason}。邮件留在发件箱里，下次再发。"
