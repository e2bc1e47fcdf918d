"""Errors over HTTP: problem+json (RFC 9457) with a sentence that says what to do, and nothing else.

Neither a traceback nor any of the input ever goes into one.
"""

from __future__ import annotations

import http
import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.http.wording import describe_errors, in_words
from verifier.dispatch import QueueFull, Unavailable

MEDIA_TYPE = "application/problem+json"


class Refusal(Exception):
    """A request that cannot be answered as asked."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        """`detail` is the sentence for the client; `extensions` are further members, JSON-ready."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers
        self.extensions = extensions

    def response(self) -> Response:
        body = {
            "type": "about:blank",
            "title": http.HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.extensions,
        }
        return Response(json.dumps(body), self.status, self.headers, MEDIA_TYPE)


def add_error_handlers(app: FastAPI) -> None:
    """Have every error of the app leave as a Refusal."""

    @app.exception_handler(Refusal)
    async def _problem(_: Request, error: Refusal) -> Response:
        return error.response()

    @app.exception_handler(QueueFull)
    async def _queue_full(_: Request, error: QueueFull) -> Response:
        headers = {"Retry-After": str(error.retry_after_s)}
        return Refusal(429, str(error), headers=headers).response()

    @app.exception_handler(Unavailable)
    async def _unavailable(_: Request, error: Unavailable) -> Response:
        return Refusal(503, str(error), headers={"Retry-After": "5"}).response()

    @app.exception_handler(RequestValidationError)
    async def _parameters(_: Request, error: RequestValidationError) -> Response:
        errors = describe_errors(error.errors())
        sentence = f"A parameter cannot be used: {in_words(errors[0])}."
        return Refusal(422, sentence, errors=errors).response()

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        detail = {
            404: "There is nothing at this address; GET /docs lists what there is.",
            405: "This address does not answer that method; GET /docs lists what there is.",
        }.get(error.status_code, "The request cannot be answered.")
        return Refusal(error.status_code, detail, headers=error.headers).response()

    @app.exception_handler(Exception)
    async def _internal(_: Request, __: Exception) -> Response:
        return Refusal(
            500, "This is our fault, not the request's; the service's log says more. Send it again."
        ).response()
