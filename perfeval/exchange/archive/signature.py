"""Who packed it: a detached Ed25519 signature beside a package, in OpenSSH's own format (SSHSIG), so that `ssh-keygen
-Y` can check it too.

Needs the package `cryptography` (the extra `sign`); nothing else in the program does.
"""

import base64
import hashlib
import struct
from importlib import import_module
from pathlib import Path
from typing import Any

from perfeval.errors import UsageError
from perfeval.exchange.archive.parcel import DamagedArchive, read_regular
from perfeval.output import files

KEY_BYTES, RAW_KEY, RAW_SIGNATURE = 64 * 1024, 32, 64
KEY_TYPE, NAMESPACE, HASH = b"ssh-ed25519", b"perfeval", b"sha512"
KEY_AT = (
    len(b"SSHSIG") + 4 * 4 + len(KEY_TYPE)
)  # where the key begins in the signature's bytes; four numbers of four bytes are before it
START, END, WIDTH = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----", 70
OWNER_ONLY, EVERYBODY = 0o600, 0o644
MAKE_ONE = "没有钥匙的，用 perfeval pack --new-key 文件 做一对。"


class WrongSignature(Exception):  # noqa: N818  (its message is the sentence)
    """The signature does not prove that the holder of the key packed this package; the message says why, in Chinese."""


def signature_path(package: Path) -> Path:
    """x.zip → x.zip.sig"""
    return package.with_name(f"{package.name}.sig")


def write_new_key(path: Path) -> tuple[Path, Path]:
    """Makes a pair of keys: the private one in `path`, the public one in `path`.pub. Raises UsageError where one is
    there, OutputError."""
    ed25519, serialization = _library()
    private, public = path, path.with_name(f"{path.name}.pub")
    for there in (private, public):
        if files.is_there(there):
            raise UsageError(
                f"“{there}”已经在了，没有覆盖。", "请换一个文件名；正在用的钥匙不要删，删了就再也签不出同样的签名。"
            )
    key = ed25519.Ed25519PrivateKey.generate()
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    try:
        files.make_folder(path.parent)
        files.write_new(private, key.private_bytes(*form), OWNER_ONLY)
        try:
            files.write_new(public, _public_line(key, serialization), EVERYBODY)
        except OSError:
            files.remove_file(private)  # half a pair is of no use
            raise
    except OSError as error:
        raise files.unwritable(path, error) from error
    return private, public


def _public_line(key: Any, serialization: Any) -> bytes:
    form = (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return bytes(key.public_key().public_bytes(*form)) + b" perfeval\n"


def load_private_key(path: Path) -> Any:
    """The Ed25519 key to sign with: PEM (PKCS8) or OpenSSH's form. Raises UsageError."""
    ed25519, serialization = _library()
    content = _key_file(path)
    if b"PRIVATE KEY" not in content:
        raise UsageError(f"“{path}”不是私钥，不能用来签名。", f"--sign 后面写私钥文件（不是 .pub）。{MAKE_ONE}")
    load = serialization.load_ssh_private_key if b"OPENSSH" in content else serialization.load_pem_private_key
    try:
        key = load(content, password=None)
    except _unreadable() as error:
        words = str(error).lower()
        if "password" in words or "encrypted" in words or b"ENCRYPTED" in content:
            raise UsageError(
                f"钥匙“{path}”设了口令，程序打不开。", "请用没有口令的钥匙，放在只有您自己能读的地方。"
            ) from None
        raise UsageError(
            f"钥匙“{path}”读不出来，文件已经损坏或者不是钥匙。", f"请换回原来的钥匙文件。{MAKE_ONE}"
        ) from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise UsageError(f"钥匙“{path}”不是 Ed25519 钥匙。", f"请换一把 Ed25519 钥匙。{MAKE_ONE}")
    return key


def load_public_key(path: Path) -> bytes:
    """The raw bytes of the Ed25519 key to check with: one line of OpenSSH's, or PEM. Raises UsageError."""
    ed25519, serialization = _library()
    content = _key_file(path)
    if b"PRIVATE KEY" in content:
        raise UsageError(f"“{path}”是私钥，核对签名用不着它。", "--key 后面写公钥文件（.pub）。私钥不要发给别人。")
    load = serialization.load_ssh_public_key if content.startswith(b"ssh-") else serialization.load_pem_public_key
    try:
        key = load(content.strip())
    except _unreadable():
        raise UsageError(
            f"公钥“{path}”读不出来，文件已经损坏或者不是公钥。", "请向打包的单位重新要一份公钥（.pub）。"
        ) from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise UsageError(f"公钥“{path}”不是 Ed25519 公钥。", "请向打包的单位要签名用的那一份公钥（.pub）。")
    return bytes(key.public_bytes_raw())


def sign(content: bytes, key: Any) -> bytes:
    """The signature file of a package; the same package and key give the same bytes."""
    public = key.public_key().public_bytes_raw()
    encoded = base64.b64encode(_blob(public, key.sign(_signed(content)))).decode()
    lines = [encoded[start : start + WIDTH] for start in range(0, len(encoded), WIDTH)]
    return "\n".join([START, *lines, END, ""]).encode()


def check_signature(package: Path, content: bytes, public: bytes) -> None:
    """Raises WrongSignature unless the .sig file beside the package is the signature of `content` by the key
    `public`."""
    path = signature_path(package)
    if not files.is_there(path):
        raise WrongSignature(f"旁边没有签名文件“{path.name}”，不知道是谁打的包。")
    try:
        signer, signature = _taken_apart(read_regular(path, KEY_BYTES))
    except (DamagedArchive, ValueError):
        raise WrongSignature(f"签名文件“{path.name}”读不出来，已经损坏或者不是签名。") from None
    if signer != public:
        raise WrongSignature(f"签名文件“{path.name}”不是用 --key 给出的这把钥匙签的。")
    ed25519, _ = _library()
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, _signed(content))
    except import_module("cryptography.exceptions").InvalidSignature:
        raise WrongSignature(
            f"签名文件“{path.name}”不是这个包的签名：包在签名以后改动过，或者签名是另一个包的、伪造的。"
        ) from None


def _taken_apart(content: bytes) -> tuple[bytes, bytes]:
    """The signer's public key and the signature, both raw. Raises ValueError for anything but one signature as `sign`
    and ssh-keygen write it."""
    text = content.decode("ascii").strip()
    if not (text.startswith(START) and text.endswith(END)):
        raise ValueError("no armour")
    blob = base64.b64decode("".join(text[len(START) : -len(END)].split()), validate=True)
    public, signature = blob[KEY_AT : KEY_AT + RAW_KEY], blob[-RAW_SIGNATURE:]
    if blob != _blob(public, signature):
        raise ValueError("another kind of signature")
    return public, signature


def _text(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def _blob(public: bytes, signature: bytes) -> bytes:
    """OpenSSH's PROTOCOL.sshsig: magic, version 1, key, namespace, nothing reserved, hash, signature."""
    fields = (_text(KEY_TYPE) + _text(public), NAMESPACE, b"", HASH, _text(KEY_TYPE) + _text(signature))
    return b"SSHSIG" + struct.pack(">I", 1) + b"".join(map(_text, fields))


def _signed(content: bytes) -> bytes:
    """What is signed of a package, after the same protocol."""
    return b"SSHSIG" + b"".join(map(_text, (NAMESPACE, b"", HASH, hashlib.sha512(content).digest())))


def _key_file(path: Path) -> bytes:
    try:
        return read_regular(path, KEY_BYTES, is_link_followed=True)
    except DamagedArchive as damage:
        raise UsageError(f"钥匙“{path}”：{damage}", f"请检查文件的名称和位置。{MAKE_ONE}") from None


def _library() -> tuple[Any, Any]:
    """The two modules of cryptography. Raises UsageError where it is not installed."""
    try:
        ed25519 = import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
        return ed25519, import_module("cryptography.hazmat.primitives.serialization")
    except ImportError:
        raise UsageError(
            "没有安装签名要用的 cryptography，不能签名，也不能核对签名。",
            "请安装带 sign 的版本：pip install 'perfeval[sign]'。",
        ) from None


def _unreadable() -> tuple[type[Exception], ...]:
    """What the library raises at a file that is no key."""
    return ValueError, TypeError, import_module("cryptography.exceptions").UnsupportedAlgorithm
