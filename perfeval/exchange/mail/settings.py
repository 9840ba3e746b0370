"""How to reach the mail server and what closes a letter: a TOML file for everything but the password, which comes from
the environment only."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from perfeval.errors import UsageError
from perfeval.exchange.mail.address import MalformedAddress, parse_addresses
from perfeval.output.files import read_file
from perfeval.rules.toml_file import MOST_BYTES, TomlFault, read_toml

PASSWORD_VARIABLE = "PERFEVAL_SMTP_PASSWORD"
TLS_FROM_START, STARTTLS = "ssl", "starttls"
REQUIRED = {"host": str, "port": int, "tls": str, "sender": str}
OPTIONAL = {"user": str, "timeout": int, "ca_file": str}
TYPE_NAMES = {str: "带引号的文字", int: "整数"}
PASSWORD_KEYS = ("password", "passwd", "pass", "密码")
SECONDS = 60
EXAMPLE = """[smtp]
host = "smtp.example.gov.cn"
port = 465
tls = "ssl"              # 465 端口用 ssl；587 端口用 starttls
user = "jixiao@example.gov.cn"
sender = "绩效股 <jixiao@example.gov.cn>"
"""


LONGEST_SIGNATURE = 500  # characters
SIGNATURE_EXAMPLE = """[letter]
signature = \"\"\"
某县财政局绩效股
联系人：张三，电话：0833-1234567\"\"\"
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and who we are there. `user` '' for a server without log-in; `timeout` in seconds for each step;
    `ca_file` a unit's own root certificate."""

    host: str
    port: int
    tls: str
    sender: Address
    user: str = ""
    password: str = ""
    timeout: float = SECONDS
    ca_file: Path | None = None

    def tls_context(self) -> ssl.SSLContext:
        """Checks certificate and host name, always. Raises UsageError where the unit's own root certificate cannot be
        read."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise UsageError(
                f"根证书“{self.ca_file}”读不了。", "请检查 ca_file 的位置，应是 PEM 格式的证书文件。"
            ) from error


def load_signature(path: Path) -> str:
    """What closes the bureau's letters: `signature` of the settings file's section [letter]; '' where there is none, or
    no such file. Raises UsageError."""
    if not path.exists():
        return ""
    table = _settings(path).get("letter", {})
    signature = table.get("signature", "") if isinstance(table, dict) else None
    if not isinstance(signature, str) or "\0" in signature or len(signature) > LONGEST_SIGNATURE:
        raise UsageError(f"“{path}”里 [letter] 一节的 signature 不对。", f"请写成带引号的文字：\n{SIGNATURE_EXAMPLE}")
    return signature


def load_server(path: Path, environment: Mapping[str, str]) -> MailServer:
    """Reads the settings file. Raises UsageError naming the key, what is there and what is expected."""
    table = _table(path)
    _refuse_wrong_keys(path, table)
    tls = table["tls"]
    if tls not in (TLS_FROM_START, STARTTLS):
        raise UsageError(
            f"“{path}”里 tls 是“{tls}”。", f"请写 {TLS_FROM_START} 或 {STARTTLS}；不加密的连接不用来寄送。"
        )
    user = table.get("user", "")
    ca_file = path.parent / table["ca_file"] if "ca_file" in table else None
    return MailServer(
        table["host"],
        table["port"],
        tls,
        _sender(path, table),
        user,
        _password(user, environment),
        table.get("timeout", SECONDS),
        ca_file,
    )


def _settings(path: Path) -> Mapping[str, Any]:
    try:
        return read_toml(read_file(path.resolve(), MOST_BYTES))
    except OSError as error:
        raise UsageError(f"找不到寄信设置“{path}”。", f"请新建这个文件，内容如下，改成您单位的：\n{EXAMPLE}") from error
    except TomlFault as error:
        raise UsageError(
            f"寄信设置“{path}”的写法不对（{error}）。", f"请照这个样子写，用 UTF-8 保存：\n{EXAMPLE}"
        ) from error


def _table(path: Path) -> Mapping[str, Any]:
    table = _settings(path).get("smtp")
    if not isinstance(table, dict):
        raise UsageError(f"寄信设置“{path}”里没有 [smtp] 一节。", f"请照这个样子写：\n{EXAMPLE}")
    return table


def _refuse_wrong_keys(path: Path, table: Mapping[str, Any]) -> None:
    for key in PASSWORD_KEYS:
        if key in table:
            raise UsageError(
                f"“{path}”里写了密码（{key}）。",
                f"请删掉这一行；密码只从环境变量 {PASSWORD_VARIABLE} 读取，不写进文件。",
            )
    known = {**REQUIRED, **OPTIONAL}
    for key in table:
        if key not in known:
            raise UsageError(f"“{path}”里有不认识的一项“{key}”。", f"可以写的有：{'、'.join(known)}。")
    for key, wanted in known.items():
        if key in REQUIRED and key not in table:
            raise UsageError(f"“{path}”里缺少“{key}”。", f"请照这个样子写：\n{EXAMPLE}")
        if key in table and (type(table[key]) is not wanted or table[key] in ("", 0) or "\0" in str(table[key])):
            raise UsageError(f"“{path}”里 {key} 是“{table[key]}”。", f"这里需要{TYPE_NAMES[wanted]}。")
    if not 0 < table["port"] < 65536 or table.get("timeout", 1) < 1:
        raise UsageError(f"“{path}”里 port 或 timeout 不对。", "port 应在 1 到 65535 之间，timeout 是秒数。")


def _sender(path: Path, table: Mapping[str, Any]) -> Address:
    try:
        (sender,) = parse_addresses(table["sender"])
    except (MalformedAddress, ValueError) as error:
        raise UsageError(
            f"“{path}”里 sender 是“{table['sender']}”。", "请写一个完整的邮箱地址，如 绩效股 <jixiao@example.gov.cn>。"
        ) from error
    return sender


def _password(user: str, environment: Mapping[str, str]) -> str:
    if not user:
        return ""
    password = environment.get(PASSWORD_VARIABLE, "")
    if not password or not (user + password).isascii():
        raise UsageError(
            f"没有邮箱密码（或者用户名、密码里有中文字符），无法以“{user}”登录。",
            f"请先设置环境变量 {PASSWORD_VARIABLE}（很多邮箱要用“授权码”而不是登录密码），再运行一次。",
        )
    return password
