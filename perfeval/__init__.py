"""perfeval: reads a department's performance self-evaluation workbook, checks, scores and reports it.

The public interface (docs/编程接口.md): `evaluate` one workbook in this process, `report` many into a folder, `check` many
and write nothing. All raise the exceptions of perfeval.errors. What is wrong with a workbook is a finding, never an
exception.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from os import PathLike, cpu_count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `import perfeval` stays light: what is heavy is imported where it is used
    from perfeval.documents.evaluation import Evaluation, PreviousYear, Settings
    from perfeval.exchange.archive.last_year import LastYears
    from perfeval.run.batch import Entry, RunOutcome
    from perfeval.run.workers import Runner

__version__ = "0.1.0"
__all__ = ["check", "evaluate", "report"]

_Path = str | PathLike[str]
_Progress = Callable[[int, int, "Entry"], None]
_Start = Callable[[], AbstractContextManager["Runner"]]


def evaluate(
    path: _Path, *, as_of: date | None = None, regulations: _Path | None = None, previous: _Path | None = None
) -> "Evaluation":
    """Reads, checks and scores one workbook in this process and writes nothing; whatever is in the file, this returns.

    `as_of` is the report date, `regulations` a folder of local ones beside those built in, `previous` a folder of last
    year's workbooks or packages. Raises NothingToReadError where there is no such file, RegulationError for a faulty
    regulation, UsageError.
    """
    from perfeval.errors import NothingToReadError
    from perfeval.run.pipeline import evaluate as evaluate_workbook

    workbook = Path(path)
    if not workbook.is_file():
        raise NothingToReadError(f"没有“{workbook}”这个文件。", "请检查文件名。")
    with previous_years(previous, 1) as (known, _):
        return evaluate_workbook(workbook, workbook.name, _settings(as_of, regulations, previous=known))


def check(
    paths: Iterable[_Path], *, jobs: int | None = None, as_of: date | None = None, regulations: _Path | None = None
) -> "RunOutcome":
    """Evaluates workbooks, and those in folders, in worker processes and writes nothing.

    `jobs` is how many at once, by default the number of processors. Each of the outcome's `entries` has file, status
    and `result`, the object of 结果.json. Raises NothingToReadError, RegulationError, UsageError.
    """
    filed, jobs = _paths(paths), jobs or cpu_count() or 1
    with _workers(filed, jobs) as workers:
        from perfeval.run.batch import Order, run_check

        return run_check(filed, _settings(as_of, regulations), Order(jobs, workers))


def report(
    paths: Iterable[_Path],
    output: _Path,
    *,
    jobs: int | None = None,
    as_of: date | None = None,
    roster: _Path | None = None,
    renames: Iterable[tuple[str, str]] = (),
    regulations: _Path | None = None,
    templates: Iterable[_Path] = (),
    annotated: bool = False,
    force: bool = False,
    previous: _Path | None = None,
    cluster: str | None = None,
    waiting: Iterable[_Path] = (),
    pdf: bool = False,
    public: bool = False,
    progress: _Progress | None = None,
) -> "RunOutcome":
    """Turns workbooks, and those in folders, into sets of documents, summary and run record below `output`.

    As the options of `perfeval report`: `roster` lists who has to file, `renames` are pairs of former and present name,
    `templates` the bureau's own Word templates, `annotated` adds a report that names each figure's source, `force`
    builds again what has not changed, `cluster` is the address of a Dask scheduler. Workbooks that are `waiting` are
    left alone in this run, and their sets stay; `pdf` adds PDF copies, `public` the edition for publication. `progress`
    is called with (done, of how many, entry) for each finished workbook. Raises NothingToReadError, RegulationError,
    TemplateError, UsageError, and OutputError where nothing at all can be written.
    """
    from perfeval.output.files import chosen

    filed, place, jobs = _paths(paths), chosen(Path(output)), jobs or cpu_count() or 1
    if cluster:  # the same places on every machine, whatever folder its worker was started in
        filed, place = [path.absolute() for path in filed], place.absolute()
    with previous_years(previous, jobs) as (known, unused), _workers(filed, jobs, place, cluster) as workers:
        from perfeval.run.batch import Order, run_report
        from perfeval.run.renames import renames as checked_renames
        from perfeval.run.roster import load_roster

        listed = load_roster(Path(roster)) if roster else None
        names = checked_renames(renames, listed.renamed if listed else (), listed.departments if listed else ())
        order = Order(jobs, workers, force, listed, names, frozenset(Path(path).absolute() for path in waiting), pdf)
        settings = replace(_settings(as_of, regulations, templates, annotated, known), public=public)
        outcome = run_report(filed, place, settings, order, progress)
        return replace(outcome, remarks=(*unused, *outcome.remarks))


def _paths(paths: Iterable[_Path]) -> list[Path]:
    """The paths; a single one that was not put into a list is meant as one."""
    return [Path(path) for path in ([paths] if isinstance(paths, str | PathLike) else paths)]


def _settings(
    as_of: date | None,
    regulations: _Path | None,
    templates: Iterable[_Path] = (),
    annotated: bool = False,
    previous: "tuple[PreviousYear, ...]" = (),
) -> "Settings":
    from perfeval.documents.evaluation import Settings

    local = Path(regulations).absolute() if regulations else None
    return Settings(date.today(), as_of, local, tuple(Path(path).absolute() for path in templates), annotated, previous)


@contextmanager
def _workers(
    paths: Sequence[Path], jobs: int, output: Path | None = None, cluster: str | None = None
) -> "Iterator[_Start | None]":
    """How the run gets its workers. Those on this machine are started here, to load the program while we do; where a
    run has been before, perhaps nothing is left for them to do."""
    from perfeval.run.inbox import count_workbooks

    if cluster:
        from functools import partial

        from perfeval.run.cluster import cluster_workers

        yield partial(cluster_workers, cluster)
    elif jobs := count_workbooks(paths, jobs, output):
        from perfeval.run.workers import Crew

        crew = Crew(jobs, "perfeval.run.task", at_once=output is None or not (output / "运行记录.json").exists())
        try:
            yield lambda: crew
        except BaseException:  # perhaps before the run took them over
            crew.stop()
            raise
    else:
        yield None


def previous_years(folder: _Path | None, jobs: int) -> "AbstractContextManager[LastYears]":
    """Last year's workbooks for the time of a run, and a sentence for each that is not used; none where no folder was
    given."""
    if folder is None:
        return nullcontext(((), ()))
    from perfeval.exchange.archive import last_year

    return last_year.previous_years(Path(folder), jobs)
