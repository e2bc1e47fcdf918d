"""The web pages: the start page of a running service, and its documentation.

Nothing is loaded from elsewhere, and no page runs a script that does not lie in a file of ours.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

_FILES = Path(__file__).parents[1] / "web"
_SWAGGER_FILES = Path(fastapi_offline.__file__).with_name("static")
_FRONT_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'self'"
)
_DOCS_POLICY = f"{_FRONT_POLICY} 'unsafe-inline'"
"""Swagger UI sets styles inline."""


def add_pages(app: FastAPI, *, keys_needed: bool) -> None:
    """GET /, GET /docs and the files they are made of; nobody needs a key to see them."""
    # The version in the files' addresses: a browser keeps those of another one for long.
    front = _page("front.html", version=app.version, key_hidden="" if keys_needed else "hidden")
    docs = _page("docs.html", version=app.version)

    @app.get("/", include_in_schema=False)
    async def front_page() -> HTMLResponse:
        return HTMLResponse(front, headers=_headers(_FRONT_POLICY))

    @app.get("/docs", include_in_schema=False)
    async def documentation() -> HTMLResponse:
        return HTMLResponse(docs, headers=_headers(_DOCS_POLICY))

    app.mount("/web/swagger", StaticFiles(directory=_SWAGGER_FILES))
    app.mount("/web", StaticFiles(directory=_FILES))


def _page(name: str, **values: str) -> str:
    page = (_FILES / name).read_text(encoding="utf-8")
    for key, value in values.items():
        page = page.replace("{{" + key + "}}", html.escape(value))
    return page


def _headers(policy: str) -> Mapping[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
