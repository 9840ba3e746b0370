"""One letter over SMTP, with the one distinction that matters: surely not taken, surely taken, or nobody knows."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from perfeval.exchange.mail.settings import STARTTLS, MailServer
from perfeval.output.files import reason_of

OK, ACCEPTED = 250, (250, 251)
TOO_SLOW = "服务器没有在规定时间内答复"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one attempt ended. `taken`: True, False, or None for unknown; `reason` in words; `reachable` False where the
    server itself is the trouble."""

    taken: bool | None
    reason: str = ""
    reachable: bool = True


class _Refused(Exception):  # noqa: N818  (its message is the sentence)
    """The server answered, and the answer was no."""


def deliver(server: MailServer, recipients: Sequence[str], content: bytes, before_data: Callable[[], None]) -> Delivery:
    """Hands one letter to the server. `before_data` is called right before the letter itself; what breaks from then on
    without an answer is unknown."""
    handing_over = False
    try:
        with closing(_connect(server)) as smtp:
            try:
                _address(smtp, server.sender.addr_spec, recipients, len(content))
                handing_over = True
                before_data()
                _hand_over(smtp, content)
                delivery = Delivery(True)
            except _Refused as refusal:
                delivery = Delivery(False, str(refusal))
            with suppress(OSError):  # how the good-bye ends changes nothing
                smtp.quit()
            return delivery
    except OSError as error:  # smtplib's and ssl's errors are OSErrors too
        return Delivery(None if handing_over else False, _words(error), reachable=False)


def _connect(server: MailServer) -> smtplib.SMTP:
    """Connected, encrypted with a certificate that was checked, logged in."""
    context = server.tls_context()
    if server.tls == STARTTLS:
        smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    else:
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    try:
        if server.tls == STARTTLS:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _address(smtp: smtplib.SMTP, sender: str, recipients: Sequence[str], size: int) -> None:
    """All recipients or none: a letter that reached some of them could not be repeated."""
    options = [f"size={size}"] if smtp.has_extn("size") else []
    _expect((OK,), smtp.mail(sender, options), f"服务器不接受发件人 {sender}")
    for recipient in recipients:
        _expect(ACCEPTED, smtp.rcpt(recipient), f"服务器不接受收件人 {recipient}")


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> None:
    try:
        answer = smtp.data(content)
    except smtplib.SMTPDataError as error:
        raise _Refused(f"服务器不接受邮件{_reply(error.smtp_code, error.smtp_error)}") from error
    _expect((OK,), answer, "服务器不接受邮件")


def _expect(codes: Sequence[int], answer: tuple[int, bytes], complaint: str) -> None:
    if answer[0] not in codes:
        raise _Refused(complaint + _reply(*answer))


def _reply(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"（答复 {code} {' '.join(words.split())}）"


def _words(error: OSError) -> str:
    """What went wrong with the server, for an official."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"服务器的证书核对不上，没有连接（{error.verify_message}）"
        case smtplib.SMTPAuthenticationError():
            return f"用户名或密码不对{_reply(error.smtp_code, error.smtp_error)}"
        case smtplib.SMTPNotSupportedError():
            return "服务器不支持所设的加密或登录方式"
        case smtplib.SMTPResponseException():
            return f"服务器拒绝了连接{_reply(error.smtp_code, error.smtp_error)}"
        case smtplib.SMTPServerDisconnected() if isinstance(error.__context__, TimeoutError):
            return TOO_SLOW
        case smtplib.SMTPServerDisconnected() | ConnectionResetError() | BrokenPipeError():
            return "连接中断"
        case ssl.SSLError():
            return f"加密连接没有建立（{error.reason or error}）"
        case TimeoutError():
            return TOO_SLOW
        case smtplib.SMTPException():
            return f"服务器不接受（{error}）"
        case ConnectionRefusedError():
            return "服务器没有应答，可能没有开着，或者端口写错了"
        case socket.gaierror():
            return "找不到服务器，请检查 host 和网络"
        case _:
            return f"连不上服务器（{reason_of(error)}）"
