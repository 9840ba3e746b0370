"""Sources → a filing workbook: reads each in a worker, joins what they say, fills the blank template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfeval.errors import NothingToReadError, UsageError
from perfeval.excel.guard import MIB
from perfeval.model.regulation import Regulation
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND
from perfeval.output.files import chosen, write_files
from perfeval.prefill.gather import Gathered, gather
from perfeval.prefill.read import Task, read_source
from perfeval.prefill.sources import REASONS
from perfeval.prefill.values import Question, Reading, Value
from perfeval.rules.load import load_regulations
from perfeval.run.workers import BUG, Crew, Limits, Runner

if TYPE_CHECKING:
    from perfeval.prefill.workbook import Filled

LIMITS = Limits(processor_seconds=30, bytes_per_worker=1024 * MIB)
SUFFIX = ".xlsx"
LOCK_FILE = "~$"
COMMAND_LINE = "命令行"
NO_YEAR = "各个来源都没有写明年度，或者写的不一样（{found}）；请自己填评价年度，或者加上 --year 再运行一次。"
NO_REGULATION = "没有写明用哪个指标体系，程序不替单位选；请从下拉列表中选，或者加上 --regulation 再运行一次。"
CHECK_NAME = "请检查文件名和所在的文件夹。"
PUT_IN = "请把已有的自评表、决算表、指标支付清单等放进去，再运行一次。"
MAKE_FOLDER = f"请先建好这个文件夹。{PUT_IN}"
ANOTHER = "请换一个 -o 的文件名。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator says of the workbook; what is not said is taken from the sources."""

    department: str = ""
    year: int | None = None
    regulation: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What came of it. `kept` are sentences about a file that was set aside."""

    path: Path
    kind: str
    regulation: str
    year: int | None
    filled: "Sequence[Filled]"
    questions: Sequence[Question]
    readings: Sequence[Reading]
    kept: Sequence[str]


def prefill(
    paths: Sequence[Path], output: Path, wanted: Wanted | None = None, regulations: Path | None = None
) -> Prefilled:
    """Writes the filing workbook `output` from the sources. Raises UsageError for a wrong call, NothingToReadError
    where nothing was recognised, OutputError."""
    wanted, sources = wanted or Wanted(), _sources(paths)
    _refuse_output(output, sources)
    with Crew(1, load=read_source.__module__, limits=LIMITS) as run:  # it starts while the rest is loaded
        from perfeval.blank.workbook import default_regulations
        from perfeval.prefill.workbook import fill

        known = load_regulations(regulations)
        readings = list(_read(run, sources, known, wanted.department))
    if not any(reading.is_recognised for reading in readings):
        seen = "\n".join(f"{reading.file}：{reading.looked_like}" for reading in readings)
        raise NothingToReadError(f"没有认出可以读入的表。\n{seen}", "能读的表见 docs/读入已有材料.md。")
    kind, regulation, is_chosen = _kind_and_regulation(wanted, readings, known, default_regulations())
    year = wanted.year or _year(readings)
    gathered = gather(readings, kind, known[regulation], year)
    _state(gathered, wanted, readings, year)
    if not is_chosen:
        gathered.questions.insert(0, Question("基本情况 指标体系", "", "", "", NO_REGULATION))
    content, filled = fill(gathered, kind, known, regulation, year, is_chosen=is_chosen)
    _, kept = write_files(chosen(output.parent), {output.name: content})
    return Prefilled(output, kind, regulation if is_chosen else "", year, filled, gathered.questions, readings, kept)


def _sources(paths: Iterable[Path]) -> list[Path]:
    """The files; those of a folder by name, without what programs leave behind."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"找不到“{path}”。", CHECK_NAME if path.suffix else MAKE_FOLDER)
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [one for one in inside if one.is_file() and not one.name.startswith((LOCK_FILE, "."))]
    if not found:
        raise NothingToReadError("文件夹里没有文件。", PUT_IN)
    return list(dict.fromkeys(found))


def _refuse_output(output: Path, sources: Iterable[Path]) -> None:
    if output.suffix.lower() != SUFFIX:
        raise UsageError(f"“{output}”不是 .xlsx 文件名。", "请写成 -o 填报.xlsx 的样子。")
    if output.is_dir():
        raise UsageError(f"“{output}”是文件夹。", ANOTHER)
    if any(output.exists() and output.samefile(source) for source in sources):
        raise UsageError(f"“{output}”是要读的材料，不能写在它上面。", ANOTHER)


def _read(run: Runner, sources: Sequence[Path], known: Mapping[str, Regulation], department: str) -> Iterable[Reading]:
    """Each source, read apart; one that brings its worker down costs itself alone."""
    sums = frozenset(regulation.indicators.weight_sum for regulation in known.values())
    tasks = [Task(path, path.name, sums, department) for path in sources]
    for done in run(read_source, tasks):
        if done.code == BUG and done.fault is not None:
            raise done.fault
        why = "".join(REASONS.get(done.code, ("读不出来。", "")))
        yield done.result or Reading(done.task.file, looked_like=why)


def _kind_and_regulation(
    wanted: Wanted, readings: Sequence[Reading], known: Mapping[str, Regulation], defaults: Mapping[str, str]
) -> tuple[str, str, bool]:
    """评价类型, the regulation's id, and whether anybody has chosen it: the operator, or last year's workbook."""
    if wanted.regulation and wanted.regulation not in known:
        raise UsageError(f"没有编号为“{wanted.regulation}”的指标体系。", f"可用的有：{'、'.join(known)}。")
    if wanted.regulation:
        kind = known[wanted.regulation].kind
        if wanted.kind and wanted.kind != kind:
            raise UsageError(
                f"指标体系“{wanted.regulation}”是{kind}的，与 --kind {wanted.kind} 不合。", "请改其中一个。"
            )
        return kind, wanted.regulation, True
    is_department = any(reading.is_department for reading in readings)
    kind = wanted.kind or (DEPARTMENT_KIND if is_department else PROJECT_KIND)
    named = next((r.regulation for r in readings if r.regulation in known and known[r.regulation].kind == kind), "")
    return kind, named or defaults[kind], bool(named)


def _year(readings: Iterable[Reading]) -> int | None:
    years = {year for reading in readings if reading.last_year is None for year in reading.years}
    return years.pop() if len(years) == 1 else None


def _state(gathered: Gathered, wanted: Wanted, readings: Sequence[Reading], year: int | None) -> None:
    """部门名称 and 评价年度, said by the operator or read."""
    if wanted.department:
        _say(gathered, "department", wanted.department)
    if wanted.year:
        _say(gathered, "year", Decimal(wanted.year))
    elif year is not None:
        reading = next(reading for reading in readings if year in reading.years)
        value = Value("basic", (), "year", Decimal(year), str(year), reading.file, reading.years[year])
        _put(gathered, value)
    else:
        found = "、".join(str(year) for reading in readings for year in reading.years) or "没有"
        gathered.questions.insert(0, Question("基本情况 评价年度", "", "", "", NO_YEAR.format(found=found)))


def _say(gathered: Gathered, column: str, content: str | Decimal) -> None:
    _put(gathered, Value("basic", (), column, content, str(content), COMMAND_LINE, f"--{column}"))


def _put(gathered: Gathered, value: Value) -> None:
    gathered.records.setdefault(value.sheet, [()])
    gathered.values[value.sheet, (), value.column] = value
    label = {"department": "部门名称", "year": "评价年度"}[value.column]
    gathered.questions = [question for question in gathered.questions if question.what != f"基本情况 {label}"]


def as_json(outcome: Prefilled) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "output": str(outcome.path),
        "kind": outcome.kind,
        "regulation": outcome.regulation,
        "year": outcome.year,
        "filled": [
            {
                "sheet": one.sheet, "cell": one.address, "label": one.label, "value": str(one.value.value),
                "raw": one.value.raw, "file": one.value.file, "place": one.value.place, "note": one.value.note,
            }
            for one in outcome.filled
        ],
        "not_taken": [
            {"what": q.what, "raw": q.raw, "file": q.file, "place": q.place, "why": q.why} for q in outcome.questions
        ],
        "sources": [
            {"file": reading.file, "forms": reading.forms, "looked_like": reading.looked_like}
            for reading in outcome.readings
        ],
    }  # fmt: skip


def summary(outcome: Prefilled) -> str:
    """What the console says."""
    lines = [
        f"{reading.file}："
        + (f"认出 {'、'.join(reading.forms)}" if reading.is_recognised else f"没有读入：{reading.looked_like}")
        for reading in outcome.readings
    ]
    count, asked = len(outcome.filled), len(outcome.questions)
    lines.append(
        f"已写出 {outcome.path}：读入 {count} 格，浅黄色，请逐格核对；没有读入 {asked} 项，见最后一张表“读入说明”。"
    )
    return "\n".join([*lines, *outcome.kept])
