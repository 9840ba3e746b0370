"""A package that somebody sent is judged before anything of it is used: its templates, its rules, its JSON, its zip."""

import errno
import io
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from archive_packages import COMPLETED, changed, digest, flipped, forged, packed, part

from perfeval.cli.commands import main
from perfeval.documents.json_text import json_bytes
from perfeval.documents.report.write import standard_templates
from perfeval.errors import OutputError
from perfeval.excel.zips import write_zip
from perfeval.exchange.archive import recompute as recomputing
from perfeval.exchange.archive import verify_files
from perfeval.exchange.archive.judge import judge_regulations, judge_templates
from perfeval.exchange.archive.manifest import MANIFEST, RECORD, RESULTS
from perfeval.exchange.archive.parcel import DamagedArchive, read_archive
from perfeval.exchange.archive.recompute import builtin_regulations
from perfeval.exchange.archive.verdict_words import describe
from perfeval.exchange.archive.verify import Verdict, verify
from perfeval.output import files
from perfeval.output.state import written_value
from perfeval.run.workers import CRASHED, TIMED_OUT, Done

again = cache(recomputing.recompute)  # the same inputs once
REPORT_TEMPLATE = "自评报告_模板.docx"
OWN_RULES = "指标体系/本地/示例县/regulation.toml"
CODE = "{% for x in 绩效分析 if cycler['__init__']['__globals__']['os']['system']('touch TARGET') %}{% endfor %}"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return packed(COMPLETED, tmp_path_factory.mktemp("reported"))


def retouched(template: bytes, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(template)) as document:
        parts = {name: document.read(name) for name in document.namelist()}
    assert old.encode() in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(old.encode(), new.encode(), 1)
    return write_zip(parts)


def own_template() -> bytes:
    return retouched(standard_templates()[REPORT_TEMPLATE], "（一）机构组成", "（一）本局的机构组成")


def own_rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "示例县"
    folder.mkdir(parents=True)
    rules = builtin_regulations()["sichuan-project-10-90/regulation.toml"].decode()
    (folder / "regulation.toml").write_text(
        rules.replace('id = "sichuan-project-10-90"', 'id = "示例县"'), encoding="utf-8"
    )
    return folder.parent


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A package of a bureau that has a template and rules of its own."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "in").mkdir()
    shutil.copy(COMPLETED, folder / "in")
    (folder / "own.docx").write_bytes(own_template())
    options = ["--template", str(folder / "own.docx"), "--regulations", str(own_rules(folder))]
    assert main(["report", str(folder / "in"), "-o", str(folder / "out"), "--quiet", "--jobs", "1", *options]) == 0
    assert (
        main(["pack", str(folder / "out"), "-o", str(folder / "packages"), "--input", str(folder / "in"), *options])
        == 0
    )
    (made,) = (folder / "packages").glob("*.zip")
    return made.read_bytes()


def vouched(package: bytes) -> frozenset[str]:
    return frozenset({digest(read_archive(package).parts["模板/1.docx"])})


def test_a_template_nobody_vouches_for_is_not_rendered_and_its_documents_are_named(own: bytes) -> None:
    verdict = verify(own, again)
    assert not verdict.agrees
    assert (
        verdict.differences == ()
    )  # the score workbook, which names the template's version, was made again all the same
    assert [name.rpartition("_")[2] for name in verdict.unmade] == ["自评报告.docx"]
    assert [name.rpartition("_")[2] for name in verdict.remade] == ["评分表.xlsx", "结果.json"]
    assert "模板/1.docx（不认识的 Word 模板，没有打开）" in verdict.unproven
    reported = describe(Path("x.zip"), verdict)
    assert "没有重做的文档：结果/" in reported
    assert "--template" in reported
    assert "一致" not in reported


def test_with_the_operators_word_it_is_rendered_and_everything_agrees(own: bytes) -> None:
    verdict = verify(own, again, vouched(own))
    assert verdict.agrees
    assert any(name.endswith("自评报告.docx") for name in verdict.remade)
    assert not any(name.startswith("模板/") for name in verdict.unproven)
    assert verdict.identical == (f"指标体系/内置/（{len(builtin_regulations())} 个文件）", "模板/1.docx")
    assert "指标体系/本地/示例县（不是程序自带的指标体系，按它评了分）" in verdict.trusted


def test_a_report_forged_beside_a_template_that_is_vouched_for_is_found(own: bytes) -> None:
    name = part(own, "自评报告.docx")
    fake = forged(own, lambda parts: parts.update({name: retouched(parts[name], "本局的机构组成", "别局的机构组成")}))
    assert [(d.part, d.message) for d in verify(fake, again, vouched(own)).differences] == [
        (name, "与重算的不同（document.xml）。")
    ]
    assert verify(fake, again).unmade == (name,)  # without the template nothing is said of it but that


def test_a_template_swapped_for_one_with_code_inside_runs_nothing(
    own: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "ran"
    evil = retouched(own_template(), "（一）本局的机构组成", CODE.replace("TARGET", str(target)))
    path = tmp_path / "x.zip"
    path.write_bytes(forged(own, lambda parts: parts.update({"模板/1.docx": evil})))
    assert main(["verify", str(path)]) == 1
    reported = capsys.readouterr().out
    assert not target.exists()
    assert "没有打开" in reported
    assert "一致：" not in reported


def test_a_template_added_to_a_package_without_one_leaves_its_report_unmade(package: bytes) -> None:
    verdict = verify(forged(package, lambda parts: parts.update({"模板/1.docx": b"whatever"})), again)
    assert (verdict.differences, len(verdict.unmade), verdict.agrees) == ((), 1, False)


def test_another_template_given_by_the_operator_is_no_word_for_this_one(own: bytes, tmp_path: Path) -> None:
    path, other, right = tmp_path / "x.zip", tmp_path / "other.docx", tmp_path / "right.docx"
    path.write_bytes(own)
    other.write_bytes(b"other")
    right.write_bytes(own_template())
    assert main(["verify", str(path), "--template", str(other)]) == 1
    assert main(["verify", str(path), "--template", str(other), "--template", str(right)]) == 0
    assert main(["verify", str(path), "--template", str(tmp_path / "none.docx")]) == 2
    assert main(["verify", str(path), "--template", str(tmp_path)]) == 2


def test_every_template_this_program_hands_out_is_known(tmp_path: Path) -> None:
    assert main(["template", "--report", "-o", str(tmp_path)]) == 0
    shipped = [*tmp_path.iterdir(), *(COMPLETED.parent).glob("*_模板.docx")]
    assert len(shipped) == 4
    packed_templates = {f"{number}.docx": path.read_bytes() for number, path in enumerate(shipped)}
    assert judge_templates(packed_templates, frozenset(), None).foreign == ()
    assert judge_templates({"1.docx": b"x"}, frozenset(), None).foreign == ("1.docx",)


def test_the_rules_that_come_with_the_program_are_sound() -> None:
    assert list(judge_regulations(builtin_regulations())) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"# " + b"x" * 600_000, "超过 512 KB"),
        (b"a = " + b"[" * 5000, "层次太深"),
        (b"a = " + b"{ b = " * 40, "层次太深"),
        (b".".join([b"a"] * 100) + b" = 1", "层次太深"),
        (b"[" + b" . ".join([b'"a b"'] * 100) + b"]", "层次太深"),
        (b"a = " + b"9" * 5000, "大得不合理的数"),
        (b"a = 0x" + b"f" * 5000, "大得不合理的数"),
        (b"a = 1e999999", "大得不合理的数"),
        (b"a = 1e+99_9999", "大得不合理的数"),
    ],
)
def test_rules_without_measure_are_not_read(content: bytes, sentence: str, own: bytes) -> None:
    verdict = verify(forged(own, lambda parts: parts.update({OWN_RULES: content})), again)
    assert [d.part for d in verdict.differences] == [OWN_RULES, ""]
    assert sentence in verdict.differences[0].message
    assert "没有重算" in verdict.differences[1].message


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"a = ", b'id = "sichuan-dept-65-35"', b'id = "a"\nextends = "a"', b"[items]\nx = nan"]
)
def test_faulty_rules_are_a_sentence(content: bytes, own: bytes) -> None:
    found = verify(forged(own, lambda parts: parts.update({OWN_RULES: content})), again).differences
    assert len(found) == 1
    assert found[0].message.startswith("不能重算：")


def test_rules_of_others_that_make_the_program_stumble_are_a_sentence(
    own: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(recomputing, "evaluate", stumble)
    assert "按自己的指标体系算不出来" in str(verify(own, recomputing.recompute).differences[0])


DEEP, GIANT = b"[" * 100_000 + b"]" * 100_000, b"9" * 5000
HOSTILE = {
    "deep": b'{"format": ' + DEEP + b"}",
    "deep objects": b'{"a": ' * 50_000 + b"1" + b"}" * 50_000,
    "giant": b'{"format": ' + GIANT + b"}",
    "giant exponent": b'{"format": 1e999}',
    "half a character": b'{"format": "\\ud800"}',
    "half a character in bytes": b'{"format": "\xed\xa0\x80"}',
    "NaN": b'{"format": NaN}',
    "infinity": b'{"format": -Infinity}',
    "a list": b"[]\n",
    "a number": b"1\n",
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "doubled": b'{\n "format": 1,\n "format": 1\n}\n',
    "blanks": b" " * 1000 + b"{}",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_a_sentence_in_every_part(content: bytes, package: bytes) -> None:
    assert "没有清单，不能重算" in str(verify(changed(package, {MANIFEST: content}), again).differences[0])
    for name, sentence in ((f"{RESULTS}结果.json", "读不出来，不是本程序写的样子"), (RECORD, "不在包里，或者读不出来")):
        fake = with_manifest(package, {name: content})
        assert f"{name}：{sentence}" in "\n".join(map(str, verify(fake, again).differences))


def with_manifest(
    package: bytes, replaced: dict[str, bytes], also: Callable[[dict[str, object]], object] = lambda _: None
) -> bytes:
    """A package whose manifest fits, written by hand: no reader of ours has a say."""
    parts = dict(read_archive(package).parts) | replaced
    manifest = json.loads(parts[MANIFEST])
    manifest["parts"] = {name: digest(content) for name, content in sorted(parts.items()) if name != MANIFEST}
    also(manifest)
    return changed(package, {**replaced, MANIFEST: json_bytes(manifest)})


@pytest.mark.parametrize(
    "also",
    [
        lambda m: m.update(version=10**4000),
        lambda m: m.update(version=-1),
        lambda m: m.update(version=True),
        lambda m: m.update(as_of="0000-00-00"),
        lambda m: m.update(as_of=float("inf")),
        lambda m: m.update(annotated=1),
        lambda m: m.update(parts=[]),
        lambda m: m["parts"].update(x=float("nan")),
        lambda m: m.update(more=1),
        lambda m: m.pop("stem"),
    ],
)
def test_a_manifest_with_odd_values_is_none(also: Callable[[dict[str, object]], object], package: bytes) -> None:
    assert "没有清单，不能重算" in str(verify(with_manifest(package, {}, also), again).differences[0])


def test_what_a_manifest_says_of_itself_is_shown_without_its_tricks(package: bytes) -> None:
    fake = with_manifest(package, {}, lambda m: m.update(perfeval="\x1b[2J\u202e" + "9" * 5000))
    reported = describe(Path("x.zip\x1b[31m"), verify(fake, again))
    assert "\x1b" not in reported
    assert "\u202e" not in reported
    assert max(map(len, reported.splitlines())) < 400


def test_a_result_with_more_in_it_than_was_computed_is_found(package: bytes) -> None:
    name = f"{RESULTS}结果.json"
    result = json.loads(read_archive(package).parts[name])
    assert "“总评”与重算的不同：这里是“99”" in str(
        verify(forged(package, lambda p: p.update({name: json_bytes({**result, "总评": "99"})})), again).differences[0]
    )
    turned = dict(reversed(result.items()))
    assert "先后次序不同" in str(
        verify(forged(package, lambda p: p.update({name: json_bytes(turned)})), again).differences[0]
    )


@pytest.mark.parametrize(
    ("key", "value"), [("status", "returned"), ("findings", 1), ("version", 7), ("file", "y.xlsx"), ("outputs", {})]
)
def test_a_forged_line_of_the_record_is_found(key: str, value: object, package: bytes) -> None:
    record = json.loads(read_archive(package).parts[RECORD])
    record["inputs"][0][key] = value
    assert any(
        d.part == RECORD for d in verify(with_manifest(package, {RECORD: json_bytes(record)}), again).differences
    )


def test_the_fields_of_the_record_that_prove_nothing_are_named(package: bytes) -> None:
    record = json.loads(read_archive(package).parts[RECORD])
    record["inputs"][0]["fingerprint"] = "0"
    record["inputs"][0]["新的一栏"] = "0"
    verdict = verify(with_manifest(package, {RECORD: json_bytes(record)}), again)
    assert verdict.agrees
    assert (
        "运行记录.json的说明、指纹、文字摘要、新的一栏、指标体系和模板的版本、指定的报告日期，以及文档放在哪个文件夹"
        in verdict.unproven
    )


@pytest.mark.parametrize(
    ("key", "name"), [("items", "各项得分"), ("projects", "项目"), ("signals", "复核信号"), ("measures", "比率")]
)
def test_a_field_named_like_a_result_that_is_not_held_against_it_is_named_too(
    key: str, name: str, package: bytes
) -> None:
    record = json.loads(read_archive(package).parts[RECORD])
    record["inputs"][0][key] = "全部满分"
    verdict = verify(with_manifest(package, {RECORD: json_bytes(record)}), again)
    assert any(name in reported for reported in verdict.unproven)


def test_a_name_in_a_package_reads_as_no_sentence_of_ours() -> None:
    """Whoever forges a package chooses the names in it."""
    verdict = Verdict(
        "", trusted=("填报/a.xlsx。　　签名相符；就是当时打的那一个包。",), unproven=("运行记录.json的。一致：",)
    )
    reported = describe(Path("x.zip"), verdict)
    assert "填报/a.xlsx_　　签名相符_就是当时打的那一个包_。" in reported
    assert "运行记录.json的_一致_。" in reported


def test_parts_that_rest_on_nothing_are_named(package: bytes) -> None:
    verdict = verify(forged(package, lambda p: p.update({"历史/v1/a.docx": b"x", "历史/v1/b.zip": b"PK"})), again)
    assert verdict.agrees
    assert "历史/（2 个文件）" in verdict.unproven
    assert {name.partition("/")[0] for name in verdict.trusted} == {"填报", "清单.json里的文件名、报告日期和版本"}


@pytest.mark.parametrize(
    "name", ["x.zip", "填报/a/b.xlsx", "模板/evil.docm", "指标体系/本地/a/b/regulation.toml", "历史/x", "上年/x.zip"]
)
def test_a_part_that_no_package_holds_is_named(name: str, package: bytes) -> None:
    reported = "\n".join(map(str, verify(forged(package, lambda p: p.update({name: b"PK"})), again).differences))
    assert f"{name}：归档包里不应有这样的文件，没有打开。" in reported


def bomb(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"x")
        archive.writestr(name, b"\0" * 50_000_000)
    return buffer.getvalue()


def test_documents_inside_are_held_to_the_limits_of_every_workbook(package: bytes) -> None:
    name, filed = part(package, "评分表.xlsx"), part(package, "发展和改革委员会_2025.xlsx")
    dtd = write_zip({"[Content_Types].xml": b"x", "xl/workbook.xml": b"<!DOCTYPE x>"})
    twice = zipped_twice(read_archive(package).parts[name])
    for content in (bomb("xl/workbook.xml"), dtd, twice, b"no zip"):
        fake = forged(package, lambda p, c=content: p.update({name: c}))
        assert "文件没有打开" in "\n".join(map(str, verify(fake, again).differences))
    reported = "\n".join(map(str, verify(forged(package, lambda p: p.update({filed: dtd})), again).differences))
    assert "“状态”与重算的不同" in reported


def zipped_twice(book: bytes) -> bytes:
    """A workbook with one sheet twice in it: one reader shows the first, another the last."""
    buffer = io.BytesIO(book)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", archive.read("xl/worksheets/sheet1.xml"))
    return buffer.getvalue()


def test_a_link_in_the_zip_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("清单.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    with pytest.raises(DamagedArchive, match="不是普通文件"):
        read_archive(buffer.getvalue())


@pytest.mark.skipif(os.name == "nt", reason="pipes and links")
def test_one_bad_package_in_a_folder_leaves_the_others_verified(
    package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.zip", "z.ZIP"):
        (tmp_path / name).write_bytes(package)
    (tmp_path / "b.zip").write_bytes(flipped(package, len(package) // 2))
    (tmp_path / "c.zip").write_bytes(changed(package, {MANIFEST: HOSTILE["deep"]}))
    (tmp_path / "d.zip").mkdir()
    (tmp_path / "e.zip").symlink_to(tmp_path / "a.zip")
    os.mkfifo(tmp_path / "f.zip")
    (tmp_path / "g.zip").write_bytes(b"")
    assert main(["verify", str(tmp_path)]) == 1
    reported = capsys.readouterr().out
    assert reported.count("一致：") == 2
    assert reported.count("不一致，有") == 6
    assert reported.count("不是普通文件") == 3


def test_a_package_that_ends_its_worker_is_a_sentence() -> None:
    for code, word in ((TIMED_OUT, "超过了时间限制"), (CRASHED, "内存不够")):
        reason = verify_files._unfinished(Done(Path("x.zip"), None, code))
        assert reason.startswith(word)
        assert not Verdict("", unfinished=reason).agrees
        said = describe(Path("x.zip"), Verdict("", unfinished=reason))
        assert said == f"x.zip\n没有核对完，一致不一致还不知道：{reason}"
    assert "程序内部错误（KeyError）" in verify_files._unfinished(Done(Path("x"), None, "", KeyError()))


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "")


def no_room(*_: object) -> None:
    raise files.no_room(OSError(errno.ENOSPC, ""))


def test_a_disk_without_room_says_nothing_of_a_package(
    package: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(package)
    monkeypatch.setattr(verify_files, "_verify_one", no_room)
    assert main(["verify", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "没有核对完，一致不一致还不知道：临时文件夹写不进去（磁盘已满）。 改法：请检查磁盘空间" in said
    assert "不一致，有" not in said
    monkeypatch.setattr(files, "write_new", full_disk)
    with pytest.raises(OutputError, match="临时文件夹写不进去"):
        verify(package)


@pytest.mark.parametrize("value", [None, {}, {"a": [1, "二", None, True, {"b": []}]}, "", {"NaN": "Infinity"}, 0.5])
def test_what_is_written_is_read_back(value: object) -> None:
    assert written_value(json_bytes(value)) == value


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_was_not_written_so_is_no_value(content: bytes) -> None:
    if content in (b"[]\n", b"1\n"):
        return
    with pytest.raises(ValueError):  # noqa: PT011  (whatever json says)
        written_value(content)
