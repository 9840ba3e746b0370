"""A package proves itself: whatever is changed in it is found and named, and what agrees is said to agree."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from archive_packages import COMPLETED, PUBLISHED, changed, flipped, forged, packed, part
from corrected_workbooks import corrected
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.cli.commands import main
from perfeval.excel.zips import write_zip
from perfeval.exchange.archive import recompute as recomputing
from perfeval.exchange.archive import verify as verifying
from perfeval.exchange.archive.manifest import MANIFEST, RESULTS
from perfeval.exchange.archive.parcel import DamagedArchive, is_safe_name, read_archive
from perfeval.exchange.archive.verify import verify

again = cache(recomputing.recompute)  # the same inputs once


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return packed(COMPLETED, tmp_path_factory.mktemp("reported"))


def reported(content: bytes) -> str:
    return "\n".join(str(difference) for difference in verify(content, again).differences)


def test_an_untouched_package_agrees(package: bytes) -> None:
    assert verify(package, again).agrees


def test_a_returned_workbook_is_packed_too(tmp_path: Path) -> None:
    content = packed(PUBLISHED, tmp_path)
    assert part(content, "退回修改.xlsx")
    assert verify(content).agrees


@pytest.fixture(scope="module")
def second_version(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A package of a correction: the workbook that came back is in history, the corrected version is packed
    beside."""
    folder = tmp_path_factory.mktemp("second")
    packed(PUBLISHED, folder)
    (returned,) = (folder / "out").glob("*/*/*退回修改.xlsx")
    content = corrected(returned.read_bytes(), {"指标!L5": "已加强核对。"})
    (filed,) = (folder / "in").iterdir()
    filed.write_bytes(content)
    main(["report", str(folder / "in"), "-o", str(folder / "out"), "--quiet", "--jobs", "1"])
    assert main(["pack", str(folder / "out"), "-o", str(folder / "packages"), "--input", str(folder / "in")]) == 0
    (package,) = (folder / "packages").glob("*.zip")
    return package.read_bytes()


def test_a_correction_takes_its_history_along_and_agrees(second_version: bytes) -> None:
    names = read_archive(second_version).parts.keys()
    assert {n.partition("/")[2].rpartition("_")[2] for n in names if n.startswith("历史/")} == {
        "v1/结果.json",
        "退回修改.xlsx",
        "评分表.xlsx",
    }
    assert [n.rpartition("_")[2] for n in names if n.startswith("前版/")] == ["第1版.xlsx"]
    assert any(n.startswith(RESULTS) and n.endswith("整改对照表.docx") for n in names)
    assert reported(second_version) == ""


def test_a_first_version_begun_with_another_departments_workbook_agrees(tmp_path: Path) -> None:
    packed(PUBLISHED, tmp_path)
    (returned,) = (tmp_path / "out").glob("*/*/*退回修改.xlsx")
    (tmp_path / "in" / "又一份.xlsx").write_bytes(
        corrected(returned.read_bytes(), {"基本情况!B6": "乐山市金口河区水务局"})
    )
    main(["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--quiet", "--jobs", "1"])
    assert main(["pack", str(tmp_path / "out"), "-o", str(tmp_path / "packages"), "--input", str(tmp_path / "in")]) == 0
    assert reported((tmp_path / "packages" / "乐山市金口河区水务局_2025_归档.zip").read_bytes()) == ""


def test_a_changed_byte_of_the_history_is_found(second_version: bytes) -> None:
    for ending in ("v1/结果.json", "_退回修改.xlsx"):
        name = next(n for n in read_archive(second_version).parts if n.startswith("历史/") and n.endswith(ending))
        found = reported(changed(second_version, {name: flipped(read_archive(second_version).parts[name], 40)}))
        assert name in found
        assert "与“清单.json”里的校验值不符" in found


def test_a_forged_table_of_corrections_is_found_by_recomputing(second_version: bytes) -> None:
    def forge(parts: dict[str, bytes]) -> None:
        name = part(second_version, "整改对照表.docx")
        inner = zipfile.ZipFile(io.BytesIO(parts[name]))
        pieces = {n: inner.read(n) for n in inner.namelist()}
        assert "未回应".encode() in pieces["word/document.xml"]
        pieces["word/document.xml"] = pieces["word/document.xml"].replace("未回应".encode(), "已改正".encode())
        parts[name] = write_zip(pieces)

    assert "整改对照表.docx：与重算的不同（document.xml）" in reported(forged(second_version, forge))


def test_a_forged_version_of_a_first_filing_is_found(package: bytes) -> None:
    def forge(parts: dict[str, bytes]) -> None:
        name = part(package, "结果/结果.json")
        result = json.loads(parts[name])
        parts[name] = recomputing.json_bytes({**result, "version": 2})

    assert "“版本”与重算的不同：这里是“2”，重算是“1”" in reported(forged(package, forge))


def test_a_correction_without_the_version_it_corrects_is_not_packed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(PUBLISHED, tmp_path)
    (returned,) = (tmp_path / "out").glob("*/*/*退回修改.xlsx")
    (filed,) = (tmp_path / "in").iterdir()
    filed.write_bytes(corrected(returned.read_bytes(), {"指标!L5": "已加强核对。"}))
    main(["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--quiet", "--jobs", "1"])
    shutil.rmtree(next((tmp_path / "out").glob("*/*/历史")))
    capsys.readouterr()
    assert main(["pack", str(tmp_path / "out"), "-o", str(tmp_path / "again"), "--input", str(tmp_path / "in")]) == 1
    assert "所改自的第1版填报工作簿" in capsys.readouterr().out


def test_packing_twice_gives_the_same_bytes(package: bytes, tmp_path: Path) -> None:
    assert packed(COMPLETED, tmp_path) == package


def test_one_flipped_byte_in_any_part_is_found_and_the_part_named(package: bytes) -> None:
    parts = read_archive(package).parts
    assert len(parts) >= 11
    for name, content in parts.items():
        start = package.index(content)
        for position in (0, 1, len(content) // 3, len(content) // 2, len(content) - 2, len(content) - 1):
            assert name in reported(flipped(package, start + position)), (name, position)


def test_one_flipped_byte_in_any_part_is_found_although_the_zip_was_put_in_order_again(package: bytes) -> None:
    for name, content in read_archive(package).parts.items():
        for position in (0, len(content) // 2, len(content) - 1):
            damaged = flipped(content, position)
            found = reported(changed(package, {name: damaged}))
            assert name in found, (name, position)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_one_flipped_bit_anywhere_in_the_file_is_found(package: bytes, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(package) - 1))
    assert not verify(flipped(package, position, data.draw(st.integers(0, 7))), again).agrees


def test_one_flipped_bit_anywhere_in_the_directory_of_the_zip_is_found(package: bytes) -> None:
    start = package.index(b"PK\x01\x02")
    for position in range(start, len(package), 97):
        assert not verify(flipped(package, position), again).agrees, position


@pytest.mark.parametrize("cut", [1, 100, 50_000])
def test_a_truncated_package_is_found(package: bytes, cut: int) -> None:
    assert not verify(package[:-cut], again).agrees


def raise_the_total(parts: dict[str, bytes]) -> None:
    name = f"{RESULTS}结果.json"
    result = json.loads(parts[name])
    parts[name] = recomputing.json_bytes({**result, "total": "99.94"})


def test_a_forged_total_with_all_hashes_renewed_is_found_by_recomputing(package: bytes) -> None:
    assert (
        reported(forged(package, raise_the_total))
        == "结果/结果.json：“总分”与重算的不同：这里是“99.94”，重算是“98.94”。"
    )


def change_a_cell(parts: dict[str, bytes]) -> None:
    name = next(n for n in parts if n.endswith("评分表.xlsx"))
    with zipfile.ZipFile(io.BytesIO(parts[name])) as book:
        inner = {i.filename: book.read(i) for i in book.infolist()}
    inner["xl/worksheets/sheet1.xml"] = inner["xl/worksheets/sheet1.xml"].replace(b">98.94<", b">99.94<")
    parts[name] = write_zip(inner)


def test_a_forged_score_workbook_is_found_by_recomputing(package: bytes) -> None:
    assert "评分表.xlsx：与重算的不同（sheet1.xml）。" in reported(forged(package, change_a_cell))


def compress_otherwise(parts: dict[str, bytes]) -> None:
    name = next(n for n in parts if n.endswith("自评报告.docx"))
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(parts[name])) as report,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as other,
    ):
        for info in report.infolist():
            other.writestr(info.filename, report.read(info))
    assert buffer.getvalue() != parts[name]
    parts[name] = buffer.getvalue()


def add_behind_the_end(parts: dict[str, bytes]) -> None:
    for name in parts:
        if name.endswith("_评分表.xlsx"):
            parts[name] += b"behind the end"


def test_what_is_hidden_behind_a_documents_end_is_a_difference(package: bytes) -> None:
    """Whoever renews every checksum too."""
    assert "_评分表.xlsx：与重算的不同（文件内容没有变，另外加了或少了内容）。" in reported(
        forged(package, add_behind_the_end)
    )


def test_the_same_documents_compressed_by_another_system_agree(package: bytes) -> None:
    assert reported(forged(package, compress_otherwise)) == ""


def test_a_filed_workbook_exchanged_for_another_is_found(package: bytes) -> None:
    filed = part(package, "发展和改革委员会_2025.xlsx")
    found = reported(forged(package, lambda parts: parts.update({filed: PUBLISHED.read_bytes()})))
    assert "“状态”与重算的不同：这里是“reported”，重算是“returned”" in found


def test_a_missing_or_added_part_is_named(package: bytes) -> None:
    report = part(package, "自评报告.docx")
    assert f"{report}：清单里有，包里没有。" in reported(changed(package, lambda parts: parts.pop(report)))
    assert "x.txt：包里有，清单里没有。" in reported(changed(package, lambda parts: parts.update({"x.txt": b"x"})))


def test_without_its_manifest_nothing_is_taken_for_proven(package: bytes) -> None:
    assert "没有清单，不能重算" in reported(changed(package, lambda parts: parts.pop(MANIFEST)))


def test_a_package_of_another_version_is_reported_in_its_own_sentence(
    package: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "__version__", "99.0")
    assert "现在的程序是 99.0 版：请用原来的版本核对" in reported(package)


def without(ending: str) -> Callable[[], Mapping[str, bytes]]:
    return lambda: {n: c for n, c in recomputing.builtin_regulations().items() if not n.startswith(ending)}


def test_a_regulation_this_program_does_not_have_is_reported_in_its_own_sentence(
    package: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "builtin_regulations", without("sichuan-dept"))
    assert "现在的程序没有指标体系“sichuan-dept-65-35”，不能按它重算" in reported(package)


def test_a_regulation_missing_from_the_package_is_reported_in_its_own_sentence(package: bytes) -> None:
    rules = part(package, "sichuan-dept-65-35/regulation.toml")
    assert "包里没有指标体系“sichuan-dept-65-35”" in reported(forged(package, lambda parts: parts.pop(rules)))


def test_a_changed_rule_is_reported_in_its_own_sentence(package: bytes) -> None:
    rules = part(package, "sichuan-dept-65-35/regulation.toml")
    assert "与现在程序自带的不同" in reported(
        forged(package, lambda parts: parts.update({rules: parts[rules] + b"\n"}))
    )


def test_a_set_that_was_changed_is_not_packed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed(COMPLETED, tmp_path)
    (result,) = (tmp_path / "out").glob("*/*/结果.json")
    result.write_text(result.read_text(encoding="utf-8").replace('"98.94"', '"99.94"', 1), encoding="utf-8")
    assert main(["pack", str(result.parent), "-o", str(tmp_path / "again"), "--input", str(tmp_path / "in")]) == 1
    assert "与重算的结果不一致，没有打包" in capsys.readouterr().out
    assert not (tmp_path / "again").exists()


def test_without_the_filed_workbook_there_is_no_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed(COMPLETED, tmp_path)
    (tmp_path / "empty").mkdir()
    assert main(["pack", str(tmp_path / "out"), "-o", str(tmp_path / "again"), "--input", str(tmp_path / "empty")]) == 1
    assert f"所依据的填报工作簿“{COMPLETED.name}”" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a/../x", "a\\x", "C:x", "a//b", "./x", "a/", "", "a\x00b", "x" * 401, "a/. /b"]
)
def test_names_that_leave_their_folder_are_unsafe(name: str) -> None:
    assert not is_safe_name(name)


def zipped(names: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not a zip", "不是完整的归档包"),
        (zipped({"../../evil": b"x"}), "不安全的文件名"),
        (zipped({"青禾县司法局/": b""}), "用别的软件重新压缩的，不是原包"),
        (zipped({"a": b"x", "A": b"y"}), "两个同名的文件"),
        (zipped({"a": b"0" * 100_000}, zipfile.ZIP_DEFLATED), "重新压缩或加密过"),
        (zipped({f"{n}": b"" for n in range(501)}), "太多了"),
    ],
)
def test_an_unsafe_zip_is_not_taken_apart(content: bytes, sentence: str) -> None:
    with pytest.raises(DamagedArchive, match=sentence):
        read_archive(content)


def test_the_command_says_what_it_found(package: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, damaged = tmp_path / "whole.zip", tmp_path / "damaged.zip"
    whole.write_bytes(package)
    damaged.write_bytes(flipped(package, len(package) // 2))
    assert main(["verify", str(whole)]) == 0
    assert "一致：" in capsys.readouterr().out
    assert main(["verify", str(whole), str(damaged)]) == 1
    assert "不一致，有" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "none.zip")]) == 2
