"""Sending against a real mail server: every letter at most once, whatever breaks and whenever."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from pathlib import Path

import pytest
import trustme
from mail_server import (
    AUTH,
    BODY,
    DATA,
    DROP,
    EHLO,
    GREETING,
    HOST,
    MAIL,
    PART,
    PASSWORD,
    QUIT,
    RCPT,
    REFUSE,
    SILENT,
    STARTTLS,
    USER,
    Inbox,
    mail_server,
    server_context,
)  # fmt: skip
from outboxes import ERROR, filled_outbox, published, roster

from perfeval.cli.commands import main
from perfeval.errors import NothingToReadError, OutputError, UsageError
from perfeval.exchange.mail import send as sending
from perfeval.exchange.mail.journal import JOURNAL_FILE, Event, Journal, State, open_journal, read_statuses
from perfeval.exchange.mail.outbox import fill_outbox
from perfeval.exchange.mail.send import Message, describe_plan, mark, plan, send
from perfeval.exchange.mail.settings import EXAMPLE, PASSWORD_VARIABLE, MailServer, load_server

# the server does not see that its whole connection is encrypted where TLS comes before SMTP
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
MOMENT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
SHORT = 0.5  # seconds
UNKNOWN = "结果未知，请核对"


def clock() -> datetime:
    return MOMENT


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Two packages waiting, 甲局's first."""
    folder = tmp_path / "output"
    filled_outbox(folder, ["甲局", "乙局"])
    return folder


def client(port: int, tls: str, ca_file: Path | None, timeout: float = 10) -> MailServer:
    return MailServer(HOST, port, tls, Address("绩效股", addr_spec=USER), USER, PASSWORD, timeout, ca_file)


Connect = Callable[..., "contextmanager[tuple[Inbox, MailServer]]"]


@pytest.fixture
def connected(authority: trustme.CA, ca_file: Path) -> Connect:
    """A running server with a fault, and the client's settings for it."""

    @contextmanager
    def run(fault: tuple[str, str] | None = None, tls: str = "starttls") -> Iterator[tuple[Inbox, MailServer]]:
        timeout = SHORT if fault and fault[1] == SILENT else 10
        with mail_server(tls, server_context(authority), fault) as inbox:
            yield inbox, client(inbox.port, tls, ca_file, timeout)

    return run


def run_send(output: Path, server: MailServer) -> list[Message]:
    return list(send(output, server, clock))


def events(output: Path) -> list[str]:
    return [json.loads(line)["event"] for line in (output / JOURNAL_FILE).read_text(encoding="utf-8").splitlines()]


def states(output: Path) -> list[State]:
    return [item.status.state for item in plan(output)]


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
def test_every_waiting_letter_goes_out_once(output: Path, connected: Connect, tls: str) -> None:
    with connected(tls=tls) as (inbox, server):
        first, second = run_send(output, server), run_send(output, server)
    assert [t.sentence for t in first] == ["已发出。"] * 2
    assert all("不再发" in t.sentence and t.done for t in second)
    assert len(inbox.letters) == 2
    assert inbox.recipients == [["r1@example.com"], ["r0@example.com"]]
    assert events(output) == ["intent", "data", "sent"] * 2


def test_what_arrives_is_the_letter_of_the_outbox_from_the_sender_dated_now_and_no_draft(
    output: Path, connected: Connect
) -> None:
    with connected() as (inbox, server):
        run_send(output, server)
    waiting = [path.read_bytes() for path in sorted((output / "发件箱").glob("*.eml"))]
    for was, arrived in zip(waiting, inbox.letters, strict=True):
        before, after = (message_from_bytes(m, policy=policy.default) for m in (was, arrived))
        assert after["From"].addresses[0].addr_spec == USER
        assert after["Date"].datetime == MOMENT
        assert after["X-Unsent"] is None
        assert [str(after[h]) for h in ("To", "Subject", "Message-ID")] == [
            str(before[h]) for h in ("To", "Subject", "Message-ID")
        ]
        assert was.partition(b"\r\n\r\n")[2] == arrived.partition(b"\r\n\r\n")[2]


def test_a_draft_saved_again_by_a_mail_program_goes_out_as_ours(output: Path, connected: Connect) -> None:
    path = output / "发件箱" / "乙局_2025_第1版.eml"
    path.write_bytes(
        b"From: somebody\n <else@example.com>\nBcc: hidden@example.com\n" + path.read_bytes().replace(b"\r\n", b"\n")
    )
    with connected() as (inbox, server):
        run_send(output, server)
    arrived = message_from_bytes(inbox.letters[0], policy=policy.default)
    assert [a.addr_spec for a in arrived["From"].addresses] == [USER]
    assert (arrived["Bcc"], arrived["X-Unsent"], len(arrived.get_all("Date"))) == (None, None, 1)
    assert inbox.letters[0].count(b"\n") == inbox.letters[0].count(b"\r\n")
    assert inbox.recipients[0] == ["r1@example.com"]


SURELY_NOT = [
    (stage, kind) for stage in (GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT) for kind in (DROP, REFUSE, SILENT)
]
SURELY_NOT += [(DATA, REFUSE), (BODY, REFUSE)]
NOBODY_KNOWS = [(DATA, DROP), (DATA, PART), (DATA, SILENT), (BODY, DROP), (BODY, SILENT)]
TAKEN = [(QUIT, DROP), (QUIT, REFUSE), (QUIT, SILENT)]
ONE_LETTER_ONLY = [
    (MAIL, REFUSE),
    (RCPT, REFUSE),
    (DATA, REFUSE),
    (BODY, REFUSE),
]  # the server lives: the next letter is tried too


@pytest.mark.parametrize(("stage", "kind"), SURELY_NOT)
def test_what_breaks_before_the_letter_is_handed_over_leaves_it_waiting(
    output: Path, connected: Connect, stage: str, kind: str
) -> None:
    letters = sorted(p.read_bytes() for p in (output / "发件箱").glob("*.eml"))
    with connected((stage, kind)) as (inbox, server):
        reported = run_send(output, server)
        assert inbox.letters == []
    assert not any(t.done for t in reported)
    assert "没有发出" in reported[0].sentence
    assert ("没有发出" if (stage, kind) in ONE_LETTER_ONLY else "下次再发") in reported[1].sentence
    assert states(output) == [State.QUEUED, State.QUEUED]
    assert sorted(p.read_bytes() for p in (output / "发件箱").glob("*.eml")) == letters
    with connected() as (inbox, server):  # corrected: now both go out, once
        assert all(t.done for t in run_send(output, server))
        assert len(set(inbox.identifiers())) == len(inbox.letters) == 2


@pytest.mark.parametrize(("stage", "kind"), NOBODY_KNOWS)
def test_a_connection_broken_after_data_is_unknown_and_never_repeated(
    output: Path, connected: Connect, stage: str, kind: str
) -> None:
    with connected((stage, kind)) as (inbox, server):
        first, second = run_send(output, server)
        arrived = len(inbox.letters)
    assert UNKNOWN in first.sentence
    assert not first.done
    assert "下次再发" in second.sentence
    assert states(output) == [State.UNKNOWN, State.QUEUED]
    assert events(output) == ["intent", "data", "unknown"]
    with connected() as (inbox, server):
        first, second = run_send(output, server)
    assert UNKNOWN in first.sentence
    assert f'perfeval send "{output}" --mark-sent "{first.name.removesuffix(".eml")}"' in first.sentence
    assert second.sentence == "已发出。"
    assert len(inbox.letters) == 1
    assert arrived == (stage == BODY)


@pytest.mark.parametrize(("stage", "kind"), TAKEN)
def test_how_the_server_says_good_bye_changes_nothing(output: Path, connected: Connect, stage: str, kind: str) -> None:
    with connected((stage, kind)) as (inbox, server):
        assert all(t.done for t in run_send(output, server))
    assert len(inbox.letters) == 2
    assert states(output) == [State.SENT, State.SENT]


def test_one_refused_recipient_keeps_the_whole_letter_back(tmp_path: Path, connected: Connect) -> None:
    published(tmp_path, "甲局")
    fill_outbox(tmp_path, roster(("甲局", "a@example.com", "b@example.com")))
    with connected((RCPT, REFUSE)) as (inbox, server):
        (reported,) = run_send(tmp_path, server)
    assert "不接受收件人 a@example.com（答复 554 5.7.1 not here）" in reported.sentence
    assert inbox.letters == []


def test_a_server_that_is_down_changes_nothing_and_is_named(output: Path, ca_file: Path) -> None:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
        reported = run_send(output, client(port, "ssl", ca_file))
    assert "没有应答" in reported[0].sentence
    assert states(output) == [State.QUEUED, State.QUEUED]
    assert events(output) == ["intent", "refused"]


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
@pytest.mark.parametrize("trouble", ["another authority", "another name", "no encryption"])
def test_nothing_is_said_over_a_connection_that_cannot_be_trusted(
    output: Path, authority: trustme.CA, ca_file: Path, tls: str, trouble: str
) -> None:
    contexts: dict[str, Callable[[], ssl.SSLContext | None]] = {
        "another authority": lambda: server_context(trustme.CA()),
        "another name": lambda: server_context(authority, "mail.example.com"),
        "no encryption": lambda: None,
    }
    with mail_server(tls, contexts[trouble]()) as inbox:
        reported = run_send(output, client(inbox.port, tls, ca_file, 2))
    assert inbox.letters == []
    assert "没有发出" in reported[0].sentence
    assert ("证书" in reported[0].sentence) == (trouble != "no encryption")
    assert states(output) == [State.QUEUED, State.QUEUED]


def test_a_wrong_password_stops_before_anything_is_sent(output: Path, connected: Connect) -> None:
    with connected() as (inbox, server):
        reported = run_send(output, replace(server, password="wrong"))
    assert "用户名或密码不对" in reported[0].sentence
    assert inbox.letters == []


class PowerCut(BaseException):
    """The program ends here, wherever that is."""


@pytest.mark.parametrize("written", [False, True], ids=["before the line", "after the line"])
@pytest.mark.parametrize("line", range(6))
def test_a_power_cut_at_any_line_of_the_journal_never_sends_twice(
    output: Path, connected: Connect, monkeypatch: pytest.MonkeyPatch, line: int, written: bool
) -> None:
    write, lines = Journal.write, iter(range(100))

    def cut(self: Journal, *arguments: object, **details: object) -> None:
        here = next(lines) == line
        if here and not written:
            raise PowerCut
        write(self, *arguments, **details)  # type: ignore[arg-type]
        if here:
            raise PowerCut

    with connected() as (inbox, server):
        monkeypatch.setattr(Journal, "write", cut)
        with pytest.raises(PowerCut):
            run_send(output, server)
        monkeypatch.setattr(Journal, "write", write)
        reported = run_send(output, server)
    arrived = inbox.identifiers()
    assert len(set(arrived)) == len(arrived)
    unknown = [t for t in reported if UNKNOWN in t.sentence]
    handing_over = (line % 3 == 1 and written) or (line % 3 == 2 and not written)
    assert len(unknown) == handing_over
    assert len(arrived) == (1 if handing_over and line % 3 == 1 else 2)


def test_a_last_line_cut_short_counts_for_nothing_and_the_next_line_is_whole(output: Path, connected: Connect) -> None:
    with connected((GREETING, DROP)) as (_, server):
        run_send(output, server)
    journal = output / JOURNAL_FILE
    journal.write_bytes(journal.read_bytes() + b'{"time": "2026-02')
    with connected() as (inbox, server):
        assert all(t.done for t in run_send(output, server))
    assert len(inbox.letters) == 2
    assert events(output)[-1] == "sent"


@pytest.mark.parametrize("line", ["nonsense", "{}", "[1]", '{"time": "x", "event": "flown", "message_id": "<a>"}'])
def test_a_damaged_journal_stops_everything(output: Path, connected: Connect, line: str) -> None:
    (output / JOURNAL_FILE).write_text(line + "\n", encoding="utf-8")
    with connected() as (inbox, server), pytest.raises(UsageError, match="第 1 行读不出来"):
        run_send(output, server)
    assert inbox.connections == 0


def test_two_programs_cannot_send_at_once(output: Path, connected: Connect) -> None:
    with connected() as (inbox, server), open_journal(output), pytest.raises(OutputError, match="另一个窗口正在发送"):
        run_send(output, server)
    assert inbox.letters == []


def unknown_first(output: Path, connected: Connect) -> None:
    with connected((BODY, DROP)) as (_, server):
        run_send(output, server)


def test_a_person_found_out_that_it_arrived(output: Path, connected: Connect) -> None:
    unknown_first(output, connected)
    mark(output, ["乙局_2025_第1版"], Event.MARKED, clock)
    assert states(output) == [State.SENT, State.QUEUED]


def test_a_person_found_out_that_it_did_not_arrive(output: Path, connected: Connect) -> None:
    unknown_first(output, connected)
    mark(output, ["乙局_2025_第1版.eml"], Event.AGAIN, clock)
    with connected() as (inbox, server):
        assert [t.sentence for t in run_send(output, server)] == ["已发出。"] * 2
    assert len(inbox.letters) == 2


@pytest.mark.parametrize(("name", "words"), [("丙局", "发件箱里没有“丙局”"), ("甲局_2025_第1版", "现在是“待发”")])
def test_only_a_letter_of_unknown_fate_can_go_again(output: Path, name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        mark(output, [name], Event.AGAIN, clock)
    assert read_statuses(output) == {}


def test_a_new_version_goes_out_without_further_ado_and_the_old_letter_is_gone(
    tmp_path: Path, connected: Connect
) -> None:
    one = roster(("甲局", "a@example.com"))
    published(tmp_path, "甲局", text="first", version=1)
    fill_outbox(tmp_path, one)
    with connected() as (inbox, server):
        run_send(tmp_path, server)
        published(tmp_path, "甲局", text="second", version=2)
        assert fill_outbox(tmp_path, one).removed == ("甲局_2025_第1版.eml",)
        assert [(t.name, t.sentence) for t in run_send(tmp_path, server)] == [("甲局_2025_第2版.eml", "已发出。")]
        assert [t.done for t in run_send(tmp_path, server)] == [True]
    subjects = [str(message_from_bytes(m, policy=policy.default)["Subject"]) for m in inbox.letters]
    assert subjects == ["甲局 2025年度绩效自评 第1版", "甲局 2025年度绩效自评 第2版"]


def test_a_new_version_with_errors_leaves_no_letter_of_the_old_one(tmp_path: Path) -> None:
    one = roster(("甲局", "a@example.com"))
    published(tmp_path, "甲局", text="first", version=1)
    fill_outbox(tmp_path, one)
    published(tmp_path, "甲局", text="second", version=2, status="returned", findings=[ERROR])
    packed = fill_outbox(tmp_path, one)
    assert packed.removed == ("甲局_2025_第1版.eml",)
    assert [path.name for path in (tmp_path / "发件箱").glob("*.eml")] == ["甲局_2025_第2版_退回修改.eml"]
    assert packed.blocked == ()


def test_the_same_version_made_again_goes_only_when_a_person_says_so(tmp_path: Path, connected: Connect) -> None:
    one = roster(("甲局", "a@example.com"))
    published(tmp_path, "甲局", text="first")
    fill_outbox(tmp_path, one)
    with connected() as (inbox, server):
        run_send(tmp_path, server)
        published(tmp_path, "甲局", text="second")
        fill_outbox(tmp_path, one)
        (reported,) = run_send(tmp_path, server)
        assert "后来重新生成的" in reported.sentence
        assert len(inbox.letters) == 1
        mark(tmp_path, ["甲局_2025_第1版"], Event.AGAIN, clock)
        (reported,) = run_send(tmp_path, server)
        assert reported.sentence == "已发出。"
        (reported,) = run_send(tmp_path, server)
        assert "不再发" in reported.sentence
    assert len(inbox.letters) == 2


def test_a_letter_whose_package_has_changed_since_does_not_go(output: Path, connected: Connect) -> None:
    published(output, "甲局", text="newer")
    with connected() as (inbox, server):
        reported = {t.name: t.sentence for t in run_send(output, server)}
    assert "结果又变了" in reported["甲局_2025_第1版.eml"]
    assert len(inbox.letters) == 1


def test_a_letter_whose_attachments_were_changed_does_not_go(output: Path, connected: Connect) -> None:
    path = output / "发件箱" / "甲局_2025_第1版.eml"
    content = path.read_bytes()
    position = content.rindex(b"\r\n\r\n", 0, content.rindex(b"--=_perfeval")) - 6
    path.write_bytes(
        content[:position] + (b"A" if content[position : position + 1] != b"A" else b"B") + content[position + 1 :]
    )
    with connected() as (inbox, server):
        reported = {t.name: t.sentence for t in run_send(output, server)}
    assert "附件被改动过" in reported["甲局_2025_第1版.eml"]
    assert len(inbox.letters) == 1


def test_an_outbox_without_letters_says_what_to_run(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    with pytest.raises(NothingToReadError, match="发件箱里没有邮件"):
        plan(tmp_path)


def test_a_dry_run_prints_the_plan_and_writes_and_connects_nothing(
    output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(socket, "create_connection", None)
    assert main(["send", str(output)]) == 0
    reported = capsys.readouterr().out
    assert "甲局_2025_第1版.eml：将寄给 r0@example.com，主题“甲局 2025年度绩效自评 第1版”" in reported
    assert "这是预演，什么都没有发" in reported
    assert not (output / JOURNAL_FILE).exists()
    assert all(t.done for t in describe_plan(plan(output)))


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "寄信设置.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_command_sends_with_settings_from_the_file_and_the_password_from_the_environment(
    output: Path, connected: Connect, ca_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with connected() as (inbox, _):
        lines = (
            f'host = "{HOST}"',
            f"port = {inbox.port}",
            'tls = "starttls"',
            f'user = "{USER}"',
            f'sender = "{USER}"',
        )
        settings = settings_file(ca_file.parent, "\n".join(["[smtp]", *lines, f'ca_file = "{ca_file.name}"']))
        assert main(["send", str(output), "--settings", str(settings), "--really"]) == 0
    assert capsys.readouterr().out.count("已发出") == 2
    assert len(inbox.letters) == 2
    assert PASSWORD not in (output / JOURNAL_FILE).read_text(encoding="utf-8")


def test_the_example_in_the_messages_is_itself_right(tmp_path: Path) -> None:
    server = load_server(settings_file(tmp_path, EXAMPLE), {PASSWORD_VARIABLE: PASSWORD})
    assert (server.host, server.port, server.tls, server.user) == (
        "smtp.example.gov.cn",
        465,
        "ssl",
        "jixiao@example.gov.cn",
    )
    assert server.sender == Address("绩效股", addr_spec="jixiao@example.gov.cn")
    assert server.tls_context().verify_mode is ssl.CERT_REQUIRED
    assert server.tls_context().check_hostname


WRONG_SETTINGS = {  # the file → words of the sentence
    'password = "secret"\n': "写了密码",
    'tls = "none"\n': "tls 是“none”",
    'port = "465"\n': "port 是“465”",
    "port = 70000\n": "port 或 timeout 不对",
    'host = ""\n': "host 是“”",
    'sender = "绩效股"\n': "sender 是“绩效股”",
    'sender = ""\n': "sender 是“”",
    'colour = "red"\n': "不认识的一项“colour”",
    "timeout = -1\n": "port 或 timeout 不对",
    "tls\n": "写法不对",
}


@pytest.mark.parametrize("line", WRONG_SETTINGS)
def test_wrong_settings_are_named(tmp_path: Path, line: str) -> None:
    key = line.split(" ")[0]
    kept = "".join(text + "\n" for text in EXAMPLE.splitlines() if not text.startswith(key + " "))
    with pytest.raises(UsageError, match=WRONG_SETTINGS[line]):
        load_server(settings_file(tmp_path, kept + line), {PASSWORD_VARIABLE: PASSWORD})


def test_missing_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到寄信设置"):
        load_server(tmp_path / "没有.toml", {})
    with pytest.raises(UsageError, match=r"没有 \[smtp\] 一节"):
        load_server(settings_file(tmp_path, ""), {})
    with pytest.raises(UsageError, match="缺少“host”"):
        load_server(
            settings_file(tmp_path, EXAMPLE.replace("host", "timeout").replace('"smtp.example.gov.cn"', "5")), {}
        )
    with pytest.raises(UsageError, match="没有邮箱密码"):
        load_server(settings_file(tmp_path, EXAMPLE), {})
    server = replace(client(1, "ssl", tmp_path / "没有.pem"))
    with pytest.raises(UsageError, match="根证书"):
        server.tls_context()


def test_no_letter_is_handed_over_before_the_intent_is_on_the_disk(
    output: Path, connected: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    deliver = sending.deliver

    def watching(*arguments: object) -> object:
        seen.append(events(output))
        return deliver(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "deliver", watching)
    with connected() as (_, server):
        run_send(output, server)
    assert [e[-1] for e in seen] == ["intent", "intent"]
