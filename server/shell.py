"""Serves the built browser app: hashed files for ever, the page and the worker always fresh."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from flask import Flask, Response, redirect, request, send_file
from servestatic import ServeStatic
from werkzeug.wrappers import Response as AnyResponse

from server.errors import DomainError
from server.protection import security_headers
from server.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# First path segments that belong to the server; a page of the app can never be there.
SERVER_PATHS = {"auth", "sync", "features", "health", "metrics", "openapi.json", "assets"}


class Shell(ServeStatic):
    """Answers for the built files, and leaves the page itself to Flask, which knows the host."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve a file if it is one of ours."""
        app: WSGIApplication = self.application
        is_page = environ.get("PATH_INFO") == "/index.html"
        return app(environ, start_response) if is_page else super().__call__(environ, start_response)


def init_shell(app: Flask, settings: Settings) -> None:
    """Put the files in front of the app, and the page behind every deep link."""
    folder = Path(settings.app_dir)
    headers = security_headers(settings)

    def add_headers(target: Headers, _path: str, url: str) -> None:
        for name, value in headers.items():
            target[name] = value
        is_hashed = url.startswith("/assets/")
        target["Cache-Control"] = "public, max-age=31536000, immutable" if is_hashed else "no-cache"

    def show_page(path: str = "") -> AnyResponse:
        if path.split("/", maxsplit=1)[0] in SERVER_PATHS:
            raise DomainError("not_found", 404)
        if request.host.startswith("127.0.0.1") and settings.is_development:
            # One origin, one cookie and one database on the device: localhost.
            return redirect(settings.public_origin + request.full_path.removesuffix("?"))
        return page(folder)

    app.add_url_rule("/", view_func=show_page, endpoint="shell")
    app.add_url_rule("/<path:path>", view_func=show_page, endpoint="shell_page")
    app.wsgi_app = Shell(  # pyright: ignore[reportAttributeAccessIssue]
        app.wsgi_app,
        root=str(folder),
        autorefresh=settings.is_development,
        allow_all_origins=False,
        add_headers_function=add_headers,
    )


def page(folder: Path) -> Response:
    """The one page of the app, asked for anew each time."""
    index = folder / "index.html"
    if not index.exists():
        raise DomainError("app_not_built", 503)
    response = send_file(index)
    response.headers["Cache-Control"] = "no-cache"
    return response
