"""What a browser sends: workbooks, and nothing that is larger, named or placed as somebody else likes."""

from pathlib import Path, PurePosixPath, PureWindowsPath

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from perfeval.output import files
from perfeval.page.workspace import Workspace
from perfeval.run.inbox import WORKBOOK_SUFFIXES, readable_name, safe_name

MOST_BYTES = 256 * 1024 * 1024  # of one upload
MOST_OF_ONE = 64 * 1024 * 1024
MOST_FILES = 300
TOO_LARGE = "一次上传的文件太多、太大了，没有接收。请分几次放进来。"


NO_FILE = "没有选文件。请把文件拖进来，或者点“选择文件”。"


async def received(request: Request, workspace: Workspace) -> list[str]:
    """Puts the workbooks of a form into input/; a sentence for each. Raises HTTPException for a body without a length,
    and for one that is too large."""
    form = await _form(request)
    sentences = [await _one(upload, workspace) for upload in _files(form)]
    await form.close()
    return sentences or [NO_FILE]


async def sources(request: Request, folder: Path) -> list[str]:
    """Puts the files of a form into a folder of ours, to be read there; their names. Raises HTTPException, OSError."""
    form = await _form(request)
    names = []
    for upload in _files(form):
        path = files.free_name(folder, _name(upload.filename or ""), "")
        files.write_new(path, await upload.read(MOST_OF_ONE))
        names.append(path.name)
    await form.close()
    return names


def _files(form: FormData) -> list[UploadFile]:
    return [one for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename]


async def _form(request: Request) -> FormData:
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411, "浏览器没有说明上传的大小，没有接收。")
    if int(length) > MOST_BYTES:
        raise HTTPException(413, TOO_LARGE)
    limited = Request(request.scope, _limited(request.receive))
    return await limited.form(max_files=MOST_FILES, max_fields=10)


def _limited(receive: Receive) -> Receive:
    """A body that goes on beyond the limit, whatever length it gave, is cut there."""
    read = 0

    async def within() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BYTES:
            raise HTTPException(413, TOO_LARGE)
        return message

    return within


async def _one(upload: UploadFile, workspace: Workspace) -> str:
    name = _name(upload.filename or "")
    if PurePosixPath(name).suffix.lower() not in WORKBOOK_SUFFIXES:
        return f"“{name}”不是工作簿文件，没有接收。填报工作簿应是 .xlsx 文件。"
    content = await upload.read(MOST_OF_ONE + 1)
    if len(content) > MOST_OF_ONE:
        return f"“{name}”太大，没有接收。填报工作簿不应超过 {MOST_OF_ONE // 1024 // 1024} MB。"
    try:
        return f"收到“{workspace.receive(name, content)}”。"
    except OSError:
        return f"“{name}”没有能放进 input 文件夹：磁盘满了，或者文件夹不让写。"


def _name(given: str) -> str:
    """The last part of a name, whichever system it comes from, made safe; never hidden."""
    last = PureWindowsPath(PurePosixPath(given).name).name
    stem, suffix = PurePosixPath(last).stem, PurePosixPath(last).suffix
    return f"{safe_name(readable_name(stem)).lstrip('.~$-') or '未命名'}{suffix.lower()}"
