"""A real SMTP server on this machine (aiosmtpd) that can be known to fail at any stage, with real certificates
(trustme)."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST, USER, PASSWORD = "127.0.0.1", "jixiao@example.com", "secret"
DROP, REFUSE, SILENT, PART = "drop", "refuse", "silent", "part"
FOREVER = 3600
GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, QUIT = [
    "GREETING",
    "EHLO",
    "STARTTLS",
    "AUTH",
    "MAIL",
    "RCPT",
    "DATA",
    "BODY",
    "QUIT",
]
REFUSAL = "554 5.7.1 not here"


@dataclass
class Inbox:
    """What the server has taken over, and the fault it has: (stage, kind), or None."""

    fault: tuple[str, str] | None = None
    letters: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def identifiers(self) -> list[str]:
        return [str(message_from_bytes(letter, policy=policy.default)["Message-ID"]) for letter in self.letters]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The whole letter has arrived: taken, but the answer may not get back."""
        if self.fault == (BODY, REFUSE):
            return REFUSAL
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(content)
        self.recipients.append(list(envelope.rcpt_tos))
        if self.fault in ((BODY, DROP), (BODY, SILENT)):
            await _fail(server, self.fault[1])
        return "250 OK"


async def _fail(server: SMTP, kind: str) -> None:
    if kind == REFUSE:
        await server.push(REFUSAL)
    else:
        if kind == PART:  # goes on as if all were well, and hangs up in the middle of the letter
            await server.push("354 go on")
        if kind != SILENT:
            assert server.transport is not None
            server.transport.abort()
        await asyncio.sleep(FOREVER)  # ends with the connection


def _stage(command: str) -> Any:
    async def run(self: "FaultyServer", argument: str) -> None:
        if self.inbox.fault and self.inbox.fault[0] == command:
            await _fail(self, self.inbox.fault[1])
        else:
            await getattr(SMTP, f"smtp_{command}")(self, argument)

    return run


class FaultyServer(SMTP):
    """aiosmtpd's server, with a fault at one of its commands."""

    def __init__(self, inbox: Inbox, **options: Any) -> None:
        self.inbox = inbox
        super().__init__(inbox, **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        fault = self.inbox.fault
        self.inbox.connections += 1
        if fault is None or fault[0] != GREETING:
            super().connection_made(transport)
            return
        assert isinstance(transport, asyncio.Transport)
        if fault[1] == DROP:
            transport.abort()
        elif fault[1] == REFUSE:
            transport.write(f"{REFUSAL}\r\n".encode())
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            super().connection_lost(error)

    smtp_EHLO, smtp_HELO = _stage(EHLO), _stage("HELO")  # noqa: N815
    smtp_STARTTLS, smtp_AUTH = _stage(STARTTLS), _stage(AUTH)  # noqa: N815
    smtp_MAIL, smtp_RCPT, smtp_DATA, smtp_QUIT = _stage(MAIL), _stage(RCPT), _stage(DATA), _stage(QUIT)  # noqa: N815


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


def server_context(authority: trustme.CA, name: str = HOST) -> ssl.SSLContext:
    """The server's side of TLS, with a certificate for `name` from `authority`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@contextmanager
def mail_server(tls: str, context: ssl.SSLContext | None, fault: tuple[str, str] | None = None) -> Iterator[Inbox]:
    """A running server: `tls` ssl or starttls; without a context it offers no encryption at all."""
    inbox = Inbox(fault)
    encrypted_from_start = context if tls == "ssl" else None
    options: dict[str, Any] = {"authenticator": _authenticate, "auth_required": True, "hostname": "localhost"}
    if encrypted_from_start or context is None:
        options["auth_require_tls"] = False
    else:
        options |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)  # broken connections are the point
    listening = loop.run_until_complete(
        loop.create_server(lambda: FaultyServer(inbox, loop=loop, **options), HOST, 0, ssl=encrypted_from_start)
    )
    inbox.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield inbox
    finally:
        asyncio.run_coroutine_threadsafe(_stop(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(listening: asyncio.Server) -> None:
    listening.close()
    tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
