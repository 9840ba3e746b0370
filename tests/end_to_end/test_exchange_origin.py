"""Where a package comes from: its sha256 kept elsewhere, its signature. Each with the right one and with every wrong
one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from archive_packages import COMPLETED, digest, forged, packed

from perfeval.cli.commands import main
from perfeval.errors import UsageError
from perfeval.exchange.archive.origin import load_expected, sha256_line
from perfeval.exchange.archive.parcel import read_archive
from perfeval.exchange.archive.signature import (
    WrongSignature,
    check_signature,
    load_private_key,
    load_public_key,
    sign,
    write_new_key,
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return packed(COMPLETED, tmp_path_factory.mktemp("reported"))


def with_forged_history(package: bytes) -> bytes:
    return forged(package, lambda parts: parts.update({"历史/v1/结果.json": b"{}\n"}))


def verified(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["verify", *map(str, words)])
    reported = capsys.readouterr()
    return code, reported.out + reported.err


def test_a_forged_history_is_named_as_unproven_and_found_by_the_sha256(
    package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(with_forged_history(package))
    code, reported = verified(capsys, path)
    assert code == 0
    assert "只核对了校验值、没有重算：历史/（1 个文件）" in reported
    assert "没有核对来源" in reported
    code, reported = verified(capsys, path, "--sha256", digest(package))
    assert code == 1
    assert "校验值与给出的 sha256 不同，不是当时打的那一个包。没有打开。" in reported
    assert "一致：" not in reported
    path.write_bytes(package)
    code, reported = verified(capsys, path, "--sha256", digest(package).upper())
    assert code == 0
    assert "与给出的 sha256 相同" in reported


def test_the_sha256_beside_a_package_is_as_sha256sum_writes_it_and_is_held_against_it(
    package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, beside = tmp_path / "x.zip", tmp_path / "x.zip.sha256"
    path.write_bytes(package)
    beside.write_bytes(sha256_line(path, digest(package)))
    assert beside.read_text(encoding="utf-8") == f"{digest(package)}  x.zip\n"
    assert verified(capsys, *tmp_path.iterdir())[0] == 0  # as a shell names all files of the folder
    path.write_bytes(with_forged_history(package))
    code, reported = verified(capsys, tmp_path)
    assert code == 1
    assert "与旁边的“x.zip.sha256”所记的校验值不符" in reported
    beside.write_bytes(b"\xff\xfe")
    assert "旁边的“x.zip.sha256”：不是 UTF-8 文本" in verified(capsys, tmp_path)[1]


def test_checksums_kept_in_a_folder_are_held_against_a_folder_of_packages(
    package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packages, kept = tmp_path / "packages", tmp_path / "kept"
    packages.mkdir(), kept.mkdir()
    for name in ("a.zip", "b.zip", "c.zip"):
        (packages / name).write_bytes(package)
    for name in ("a.zip", "b.zip", "gone.zip"):
        (kept / f"{name}.sha256").write_bytes(sha256_line(Path(name), digest(package)))
    (packages / "b.zip").write_bytes(with_forged_history(package))
    code, reported = verified(capsys, packages, "--sha256", kept)
    assert code == 1
    assert reported.count("一致：") == 1
    assert "不是当时打的那一个包" in reported
    assert "给出的校验值里没有这个包" in reported
    assert "给出的校验值里有“gone.zip”，却没有找到这个包。" in reported


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["abc"], "不是校验值"),
        (["f" * 63], "不是校验值"),
        (["0" * 64, "0" * 64], "只能一次核对一个包"),
        (["{empty}"], "不是校验值"),
        (["{garbage}"], "第 1 行读不出来"),
        (["{blank}"], "里面没有校验值"),
        (["{twice}"], "有两个不同的校验值"),
    ],
)
def test_a_wrong_sha256_option_is_reported(words: list[str], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "garbage").write_text("hello\n")
    (tmp_path / "blank").write_text("\n")
    (tmp_path / "twice").write_text(f"{'0' * 64}  x.zip\n{'1' * 64}  x.zip\n")
    places = {name: tmp_path / name for name in ("empty", "garbage", "blank", "twice")}
    with pytest.raises(UsageError, match=sentence):
        load_expected([word.format(**places) for word in words], [Path("x.zip")])


def test_one_checksum_is_no_check_of_two_packages() -> None:
    with pytest.raises(UsageError, match="只能一次核对一个包，现在有 2 个包"):
        load_expected(["0" * 64], [Path("x.zip"), Path("y.zip")])


def test_a_list_of_sha256sum_is_read_in_all_its_forms(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text(f"{'A' * 64} *x.zip\n\n{'b' * 64}  ./folder/y 1.zip\n", encoding="utf-8-sig")
    expected = load_expected([str(path)], [Path("x.zip")])
    assert expected.of(Path("z/x.zip")) == "a" * 64
    assert expected.of(Path("y 1.zip")) == "b" * 64
    assert expected.of(Path("z.zip")) == ""
    assert load_expected([], [Path("x.zip")]).of(Path("x.zip")) is None


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two pairs of keys."""
    folder = tmp_path_factory.mktemp("keys")
    assert main(["pack", "--new-key", str(folder / "ours")]) == 0
    assert main(["pack", "--new-key", str(folder / "theirs")]) == 0
    return folder


def test_packing_signs_and_verifying_proves_who_packed(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(COMPLETED, tmp_path)
    packing = ["pack", str(tmp_path / "out"), "--input", str(tmp_path / "in"), "--sign", str(keys / "ours")]
    assert main([*packing, "-o", str(tmp_path / "one")]) == 0
    assert main([*packing, "-o", str(tmp_path / "two")]) == 0
    one, two = (sorted(path.read_bytes() for path in (tmp_path / name).iterdir()) for name in ("one", "two"))
    assert one == two
    assert len(one) == 3
    code, reported = verified(capsys, tmp_path / "one", "--key", keys / "ours.pub")
    assert code == 0
    assert "签名相符" in reported
    code, reported = verified(capsys, tmp_path / "one", "--key", keys / "theirs.pub")
    assert code == 1
    assert "不是用 --key 给出的这把钥匙签的" in reported
    assert "一致：" not in reported


def signed(folder: Path, key: Path, content: bytes = b"package") -> Path:
    package = folder / "x.zip"
    package.write_bytes(content)
    (folder / "x.zip.sig").write_bytes(sign(content, load_private_key(key)))
    return package


def problem(package: Path, public: Path) -> str:
    try:
        check_signature(package, package.read_bytes(), load_public_key(public))
    except WrongSignature as wrong:
        return str(wrong)
    return ""


def test_each_wrong_signature_has_its_own_sentence(keys: Path, tmp_path: Path) -> None:
    package = signed(tmp_path, keys / "ours")
    sig = tmp_path / "x.zip.sig"
    right = sig.read_bytes()
    reported = {"right": problem(package, keys / "ours.pub"), "wrong key": problem(package, keys / "theirs.pub")}
    package.write_bytes(b"another package")
    reported["another package"] = problem(package, keys / "ours.pub")
    sig.write_bytes(b"\x00 garbage")
    reported["garbage"] = problem(package, keys / "ours.pub")
    sig.unlink()
    reported["missing"] = problem(package, keys / "ours.pub")
    sig.symlink_to(tmp_path / "nowhere")
    assert "读不出来" in problem(package, keys / "ours.pub")
    assert reported.pop("right") == ""
    assert len(set(reported.values())) == 4
    assert "旁边没有签名文件“x.zip.sig”" in reported["missing"]
    assert "不是这个包的签名" in reported["another package"]
    assert right.startswith(b"-----BEGIN SSH SIGNATURE-----\n")


def test_no_changed_byte_of_a_signature_passes(keys: Path, tmp_path: Path) -> None:
    package = signed(tmp_path, keys / "ours")
    sig = tmp_path / "x.zip.sig"
    right = sig.read_bytes()
    for position in range(len(right) - 1):
        if right[position : position + 1].isspace():
            continue
        sig.write_bytes(right[:position] + bytes([right[position] ^ 1]) + right[position + 1 :])
        assert problem(package, keys / "ours.pub"), position


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_openssh_accepts_our_signature_and_we_accept_its(keys: Path, tmp_path: Path) -> None:
    package = signed(tmp_path, keys / "ours", b"content")
    check = ["ssh-keygen", "-Y", "check-novalidate", "-n", "perfeval", "-s", str(tmp_path / "x.zip.sig")]
    assert subprocess.run(check, input=b"content", capture_output=True, check=False).returncode == 0
    assert subprocess.run(check, input=b"other", capture_output=True, check=False).returncode != 0
    (tmp_path / "x.zip.sig").unlink()
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", "perfeval", "-f", str(keys / "ours"), str(package)],
        capture_output=True,
        check=True,
    )
    assert problem(package, keys / "ours.pub") == ""


def test_a_key_is_never_overwritten_and_no_link_is_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_bytes(b"somebody's")
    (tmp_path / "other.pub").write_bytes(b"somebody's")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for name in ("key", "other", "link"):
        assert main(["pack", "--new-key", str(tmp_path / name)]) == 2
        assert "已经在了，没有覆盖" in capsys.readouterr().err
    assert (tmp_path / "key").read_bytes() == (tmp_path / "other.pub").read_bytes() == b"somebody's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "link", "other.pub"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_private_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    private, public = write_new_key(tmp_path / "key")
    assert private.stat().st_mode & 0o777 == 0o600
    assert load_public_key(public) == load_private_key(private).public_key().public_bytes_raw()


def test_keys_in_the_forms_of_openssl_are_read(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private, public = tmp_path / "key.pem", tmp_path / "pub.pem"
    private.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo))
    assert problem(signed(tmp_path, private), public) == ""


def test_each_wrong_key_file_has_its_own_sentence(keys: Path, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "ec").write_bytes(other.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    (tmp_path / "ec.pub").write_bytes(
        other.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    )
    locked = Ed25519PrivateKey.generate().private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"x")
    )
    (tmp_path / "locked").write_bytes(locked)
    (tmp_path / "torn").write_bytes((keys / "ours").read_bytes()[:200])
    (tmp_path / "garbage").write_bytes(b"\x00\xff")
    cases = [
        (load_private_key, keys / "ours.pub", "不是私钥"),
        (load_private_key, tmp_path / "ec", "不是 Ed25519 钥匙"),
        (load_private_key, tmp_path / "locked", "设了口令"),
        (load_private_key, tmp_path / "torn", "读不出来"),
        (load_private_key, tmp_path, "不是普通文件"),
        (load_private_key, tmp_path / "none", "打不开"),
        (load_public_key, keys / "ours", "是私钥"),
        (load_public_key, tmp_path / "ec.pub", "不是 Ed25519 公钥"),
        (load_public_key, tmp_path / "garbage", "读不出来"),
        (load_public_key, tmp_path / "none", "打不开"),
    ]
    for load, path, sentence in cases:
        with pytest.raises(UsageError, match=sentence):
            load(path)


def test_without_cryptography_it_is_said(
    package: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"] + ["cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "x.zip"
    path.write_bytes(package)
    for words in (
        ["pack", "--new-key", "key"],
        ["pack", "out", "-o", "x", "--sign", "key"],
        ["verify", str(path), "--key", "key"],
    ):
        assert main(words) == 2
        assert "没有安装签名要用的 cryptography" in capsys.readouterr().err
    assert main(["verify", str(path)]) == 0


def test_packing_follows_no_link_and_takes_none_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed(COMPLETED, tmp_path)
    (made,) = (tmp_path / "packages").glob("*.zip")
    packing = ["pack", str(tmp_path / "out"), "--input", str(tmp_path / "in"), "-o"]
    for ending in ("", ".sha256"):
        folder = tmp_path / f"linked{ending}"
        folder.mkdir()
        (tmp_path / "victim").write_bytes(b"somebody's")
        (folder / f"{made.name}{ending}").symlink_to(tmp_path / "victim")
        assert main([*packing, str(folder)]) == 5
        assert "这个位置上是一个指向别处的链接，没有写进去，也没有动它" in capsys.readouterr().out
        assert (tmp_path / "victim").read_bytes() == b"somebody's"
    (owner,) = (tmp_path / "out").glob("2025/*")
    (owner / "历史" / "v1").mkdir(parents=True)
    (owner / "历史" / "v1" / "扫描件.pdf").write_bytes(b"%PDF")
    assert main([*packing, str(tmp_path / "again")]) == 0
    (content,) = (tmp_path / "again").glob("*.zip")
    assert read_archive(content.read_bytes()).parts["历史/v1/扫描件.pdf"] == b"%PDF"
    (scores,) = owner.glob("*_评分表.xlsx")
    issued = scores.read_bytes()
    scores.unlink()
    os.mkfifo(scores)  # nobody writes into it: who opened it would wait for ever
    assert main([*packing, str(tmp_path / "waiting")]) == 1
    assert "出这份文档，这里却没有" in capsys.readouterr().out
    scores.unlink()
    scores.write_bytes(issued)
    (owner / "历史" / "v1" / "x").symlink_to(tmp_path / "victim")
    assert main([*packing, str(tmp_path / "never")]) == 1
    assert "是一个指向别处的链接，没有打包" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["pack", "output"], ["pack", "-o", "x"], ["pack"]])
def test_packing_without_its_folders_is_reported(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "打包要写明结果文件夹和归档文件夹" in capsys.readouterr().err


HOSTILE = [
    "[" * 100_000,
    '{"source": {"sha256": 1}}',
    '{"source": NaN}',
    f'{{"source": {"9" * 5000}}}',
    '"\\ud800"',
    "[]",
    "",
    "\x00",
]


def test_a_damaged_result_is_reported_when_packing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed(COMPLETED, tmp_path)
    (result,) = (tmp_path / "out").glob("*/*/结果.json")
    right = result.read_text(encoding="utf-8")
    record = tmp_path / "out" / "运行记录.json"
    for content in HOSTILE[:4]:
        result.write_text(content, encoding="utf-8")
        assert main(["pack", str(tmp_path / "out"), "-o", str(tmp_path / "p"), "--input", str(tmp_path / "in")]) == 1
        assert "结果.json”已损坏（读不出来" in capsys.readouterr().out
    result.write_text(right, encoding="utf-8")
    for content in HOSTILE[:1]:
        record.write_text(content, encoding="utf-8")
        assert main(["pack", str(tmp_path / "out"), "-o", str(tmp_path / "p"), "--input", str(tmp_path / "in")]) == 1
        assert "运行记录.json”不在，或者已损坏" in capsys.readouterr().out


def test_what_the_operator_names_wrongly_when_packing_is_reported(tmp_path: Path) -> None:
    packed(COMPLETED, tmp_path)
    packing = ["pack", str(tmp_path / "out"), "-o", str(tmp_path / "p"), "--input", str(tmp_path / "in")]
    (tmp_path / "rules").mkdir()
    for words, code in (
        (["--template", str(tmp_path / "none.docx")], 2),
        (["--template", str(tmp_path)], 2),
        (["--regulations", str(tmp_path / "none")], 4),
        (["--regulations", str(tmp_path / "rules")], 4),
        (["--previous", str(tmp_path / "none")], 2),
        (["--sign", str(tmp_path / "none")], 2),
    ):
        assert main([*packing, *words]) == code, words
    assert not (tmp_path / "p").exists()
