"""The screens: which address shows what, and what each form does."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from perfeval import __version__
from perfeval.blank.examples import blank_templates
from perfeval.documents.kinds import KINDS
from perfeval.errors import PerfevalError
from perfeval.findings.explain import explain, list_codes
from perfeval.output import files
from perfeval.output.log import Log
from perfeval.page import child
from perfeval.page.render import EXPLAINED, page, support_bundle, zipped
from perfeval.page.uploads import MOST_BYTES, NO_FILE, received, sources
from perfeval.page.views import bureau, department, results
from perfeval.page.workspace import BESIDE, Workspace
from perfeval.rules.load import load_regulations

MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".zip": "application/zip",
    ".txt": "text/plain; charset=utf-8",
}
ROSTER, PREFILLED = "报送名册.xlsx", "填报.xlsx"
Handler = Callable[[Request], Awaitable[Response]]


class Site:
    """The application on one working folder. `form` is the token that our own forms carry."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.form = workspace, ""
        self.is_over = False
        self._run: child.Run | None = None
        self._listening: Any = None
        self._said: tuple[str, ...] = ()  # what the last form did
        shown: dict[str, Handler] = {
            "/": self._home,
            "/run": self._progress,
            "/run/state": self._state,
            "/results": self._results,
            "/department": self._department,
            "/download": self._download,
            "/template": self._template,
            "/bureau": self._bureau,
            "/help": self._help,
            "/support": self._support,
        }
        done: dict[str, Handler] = {
            "/upload": self._upload,
            "/run": self._start,
            "/stop": self._stop,
            "/choose": self._choose,
            "/prefill": self._prefill,
            "/command": self._command,
            "/quit": self._quit,
        }
        self.application = Starlette(
            routes=[
                *(Route(path, handler, methods=["GET"]) for path, handler in shown.items()),
                *(Route(path, handler, methods=["POST"]) for path, handler in done.items()),
                Mount("/static", StaticFiles(packages=[("perfeval.page", "static")])),
            ],
            exception_handlers={HTTPException: self._refused, Exception: self._failed},
        )

    @property
    def is_busy(self) -> bool:
        """Whether a run is going on."""
        return self._run is not None and self._run.is_going

    def stop(self) -> None:
        """Ends a run that is going on."""
        if self._run:
            self._run.stop()

    def _page(self, name: str, title: str, code: int = 200, **values: Any) -> Response:
        return HTMLResponse(page(name, title=title, form=self.form, version=__version__, **values), code)

    async def _home(self, request: Request) -> Response:
        said, self._said = self._said, ()
        regulations = [(r.id, r.title) for r in load_regulations(None).values()]
        year = date.today().year - 1
        return self._page(
            "home", "绩效自评", said=said, regulations=regulations, year=year, is_busy=self.is_busy,
            rivals=self.workspace.rivals(), counts=self.workspace.counts(), folder=self.workspace.folder.name,
        )  # fmt: skip

    async def _upload(self, request: Request) -> Response:
        self._said = tuple(await received(request, self.workspace))
        return RedirectResponse("/", 303)

    async def _start(self, request: Request) -> Response:
        if not self.is_busy:
            roster = ("--roster", ROSTER) if files.is_file(self.workspace.folder / ROSTER) else ()
            self._run, self._listening = await child.start(self.workspace.folder, roster)
        return RedirectResponse("/run", 303)

    async def _progress(self, request: Request) -> Response:
        return self._page("run", "正在核对" if self.is_busy else "核对", run=self._run, rivals=self.workspace.rivals())

    async def _state(self, request: Request) -> Response:
        return JSONResponse({"state": self._run.state if self._run else "", "is_going": self.is_busy})

    async def _stop(self, request: Request) -> Response:
        self.stop()
        return RedirectResponse("/run", 303)

    async def _choose(self, request: Request) -> Response:
        async with request.form(max_files=0, max_fields=5) as form:
            chosen = str(form.get("file", ""))
        if self.is_busy or not self.workspace.choose(chosen):
            raise HTTPException(404, "没有要选的工作簿，可能已经选过了。")
        return await self._start(request)

    async def _prefill(self, request: Request) -> Response:
        """A filing workbook from other people's forms, read and written by the command."""
        with files.temporary_folder() as work:
            names = await sources(request, work)
            if not names:
                raise HTTPException(400, NO_FILE)
            _, said = await child.words_of(work, "prefill", *names, "-o", PREFILLED)
            if files.is_file(work / PREFILLED):
                return _attachment(PREFILLED, files.read_file(work / PREFILLED, MOST_BYTES))
        return self._page("message", "没有读到可以预填的内容", sentence=said.strip())

    async def _results(self, request: Request) -> Response:
        return self._page("results", "结果", **results(self.workspace, request.query_params))

    async def _department(self, request: Request) -> Response:
        target = request.query_params.get("of", "")
        result = self.workspace.result(target)
        if not result:
            raise HTTPException(404, "没有这个部门的结果，可能已经撤回或者还没有核对。")
        return self._page("department", **department(self.workspace, target, result))

    async def _download(self, request: Request) -> Response:
        target, kind = (request.query_params.get(key, "") for key in ("of", "kind"))
        try:
            if kind in BESIDE:
                found = self.workspace.beside(kind)
            else:
                found = self.workspace.document(target, kind) if kind in {k.key for k in KINDS} else None
        except OSError:
            found = None
        if found is None:
            raise HTTPException(404, "没有这份文件，可能已经更新或者撤回。")
        return _attachment(*found)

    async def _template(self, request: Request) -> Response:
        regulation, year = request.query_params.get("regulation") or None, request.query_params.get("year", "")
        try:
            number = int(year) if year.isdecimal() and len(year) == 4 else None
            contents = blank_templates(load_regulations(None), regulation, number)
        except PerfevalError as error:
            raise HTTPException(404, error.message) from error
        if len(contents) == 1:
            return _attachment(*next(iter(contents.items())))
        return _attachment("空白填报模板.zip", zipped(contents))

    async def _bureau(self, request: Request) -> Response:
        said, self._said = self._said, ()
        unfiled = self._run.unfiled if self._run else ()
        has_roster = files.is_file(self.workspace.folder / ROSTER)
        values = bureau(self.workspace)
        return self._page(
            "bureau", "财政局", said=said, unfiled=unfiled, has_roster=has_roster, roster=ROSTER, **values
        )

    async def _command(self, request: Request) -> Response:
        """One of a few commands, each with fixed words; what it says is shown."""
        async with request.form(max_files=0, max_fields=5) as form:
            name, seed = str(form.get("name", "")), str(form.get("seed", ""))
        commands = {
            "sample": ("sample", "output", "--share", "20%", "--seed", seed if seed.isdecimal() else "1"),
            "review": ("review", "复核", "-o", "output", "--input", "input"),
            "outbox": ("outbox", "output", "--roster", ROSTER),
            "send": ("send", "output"),
            "pack": ("pack", "output", "-o", "归档", "--input", "input"),
        }
        if name not in commands or self.is_busy:
            raise HTTPException(404, "正在核对，请等做完再试。" if self.is_busy else "没有这个命令。")
        _, said = await child.words_of(self.workspace.folder, *commands[name])
        self._said = tuple(said.strip().splitlines()) or ("做完了。",)
        return RedirectResponse("/bureau", 303)

    async def _help(self, request: Request) -> Response:
        code = request.query_params.get("code", "")
        try:
            text = explain(code) if code else ""
        except PerfevalError as error:
            text = error.message
        codes = [line.split("\t") for line in list_codes().splitlines()]
        return self._page("help", "帮助", text=text, codes=codes, explained=EXPLAINED, log=child.LOG_FILE)

    async def _support(self, request: Request) -> Response:
        try:
            log = files.read_file(self.workspace.folder / child.LOG_FILE, 16 * 1024 * 1024)
        except OSError:
            log = b""
        return _attachment("给维护人员.zip", support_bundle(log, self.workspace.record))

    async def _quit(self, request: Request) -> Response:
        self.stop()
        self.is_over = True
        return self._page("message", "已退出", sentence="程序已退出，可以关闭这个页面。")

    async def _refused(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        detail = error.detail if isinstance(error, HTTPException) else ""
        own = "没有这个页面。" if status in (404, 405) else "收到的内容不完整，没有接收。请再试一次。"
        sentence = own if detail.isascii() else detail
        return self._page("message", "没有做成", status, sentence=sentence)

    async def _failed(self, request: Request, error: Exception) -> Response:
        with suppress(PerfevalError):
            Log(self.workspace.folder / child.LOG_FILE, "page", ()).fault(error)
        words = f"程序内部错误（{type(error).__name__}）。您的文件没有被改动。请点“帮助”里的“打包给维护人员”。"
        return self._page("message", "没有做成", 500, sentence=words)


def _attachment(name: str, content: bytes) -> Response:
    media = MEDIA_TYPES.get(name[name.rfind(".") :].lower(), "application/octet-stream")
    return Response(
        content, media_type=media, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )
