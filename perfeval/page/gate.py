"""Who may speak to the page: the browser that was opened with the address printed at the start, on this computer, and
nobody else.

Each request passes here before anything else is done with it. The address of the page is exact (a name that a stranger
has pointed at this computer is refused), the token of the address is good once and becomes a cookie, and what changes
anything carries the token of our own forms.
"""

import secrets
import time
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READ, WRITE = ("GET", "HEAD"), ("POST",)
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # no-referrer would make our own forms send the origin null
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
STRANGER = "请用程序窗口里打印的地址打开这个页面。地址只能用一次；关闭过浏览器的，请重新打开程序。"


class Gate:
    """Stands before the application. `token` opens the page once, `form` is what our own forms carry."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app, self._port = app, port
        self.token, self.form = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._session, self._is_fresh = secrets.token_urlsafe(32), True
        self.last_request = time.monotonic()

    @property
    def origin(self) -> str:
        """The page's own address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def address(self) -> str:
        """What the browser is opened with."""
        return f"{self.origin}/?token={self.token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, lets in, or passes on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = self._answer(scope)
            await (answer or self._app)(scope, receive, _with_headers(send))

    def _answer(self, scope: Scope) -> Response | None:
        """The answer where the request goes no further."""
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=50)
        if _headers(scope, b"host") != [f"127.0.0.1:{self._port}"]:
            return PlainTextResponse("地址不对。", 400)
        if scope["method"] not in READ + WRITE:
            return PlainTextResponse("不支持。", 405)
        if scope["method"] in READ and scope["path"] == "/" and "token" in query:
            return self._let_in(query["token"][0])
        if not self._is_known(scope):
            return PlainTextResponse(STRANGER, 403)
        if scope["method"] in WRITE and not self._is_ours(scope, query.get("form", [""])[0]):
            return PlainTextResponse("这个请求不是从本页面发出的，没有执行。", 403)
        self.last_request = time.monotonic()
        return None

    def _let_in(self, token: str) -> Response:
        if not self._is_fresh or not secrets.compare_digest(token.encode(), self.token.encode()):
            return PlainTextResponse(STRANGER, 403)
        self._is_fresh = False
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, self._session, httponly=True, samesite="strict", path="/")
        return answer

    @property
    def _cookie(self) -> str:
        return f"perfeval_{self._port}"  # cookies know no port: another page's must not be taken for ours

    def _is_known(self, scope: Scope) -> bool:
        found = SimpleCookie()
        try:
            found.load("; ".join(_headers(scope, b"cookie")))
        except CookieError:
            return False
        given = found[self._cookie].value if self._cookie in found else ""
        return secrets.compare_digest(given.encode(), self._session.encode())

    def _is_ours(self, scope: Scope, form: str) -> bool:
        """An old browser sends no origin with our own forms; one that sends `null` or another's is refused."""
        origins, sites = _headers(scope, b"origin"), _headers(scope, b"sec-fetch-site")
        is_own = origins in ([], [self.origin]) and sites in ([], ["same-origin"])
        return is_own and secrets.compare_digest(form.encode(), self.form.encode())


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(key, value) for key, value in message.get("headers", []) if key.lower() != b"server"]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return sent
