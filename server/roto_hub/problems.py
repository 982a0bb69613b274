"""What goes wrong, as RFC 9457 problem details: a code, a sentence for a person, what to do."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger()

SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:roto:conflict"]},
        "title": {"type": "string", "description": "What went wrong, for a person."},
        "detail": {"type": "string", "description": "What to do."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "The same for programs."},
    },
}
"""A problem document, as the interface describes it."""


class HubError(Exception):
    """Something that a client has to know. ``code`` is for programs, ``message`` and ``remedy`` for people."""

    status = 500
    code = "internal"

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy


class NotFoundError(HubError):
    """It is not there, or not for this user, who is not to learn which."""

    status = 404
    code = "not_found"


class RefusedError(HubError):
    """The request makes no sense as given."""

    status = 422
    code = "refused"


class ConflictError(HubError):
    """Something else was there first, or changed meanwhile."""

    status = 409
    code = "conflict"


class ChangedError(HubError):
    """The client's copy is older than what is stored."""

    status = 412
    code = "changed"


class UnknownUserError(HubError):
    """Nobody is logged in, or the token is not valid any more."""

    status = 401
    code = "unknown_user"


class ForbiddenError(HubError):
    """The user may not do this."""

    status = 403
    code = "forbidden"


class TooManyError(HubError):
    """Too many attempts."""

    status = 429
    code = "too_many"


class UnavailableError(HubError):
    """Something that is needed does not answer."""

    status = 503
    code = "unavailable"


class FullError(HubError):
    """The storage or a quota is full."""

    status = 507
    code = "full"


class TooLargeError(HTTPException):
    """A request's body is larger than its endpoint takes. It comes up while FastAPI reads the body, which lets no other
    kind through."""

    def __init__(self, most: int) -> None:
        super().__init__(413, "The request is too large.")
        self.remedy = f"At most {most} bytes are taken here."


def install(app: FastAPI) -> None:
    """Make every failure of ``app`` a problem document."""
    app.add_exception_handler(HubError, _on_hub_error)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _on_invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _on_http)  # type: ignore[arg-type]
    app.add_exception_handler(TooLargeError, _on_too_large)  # type: ignore[arg-type]
    app.add_exception_handler(OperationalError, _on_database)
    app.add_exception_handler(IntegrityError, _on_late)
    app.add_exception_handler(DataError, _on_misfit)


def problem(status: int, code: str, title: str, **more: Any) -> JSONResponse:
    """A problem document."""
    headers = more.pop("headers", None)
    body = {"type": f"urn:roto:{code}", "title": title, "status": status, "code": code, **more}
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def _on_hub_error(_request: Request, error: HubError) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return problem(error.status, error.code, error.message, detail=error.remedy, headers=headers)


def _on_invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
    wrong = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()]
    return problem(422, "invalid", "The request is not valid.", errors=wrong)


def _on_http(_request: Request, error: HTTPException) -> JSONResponse:
    return problem(error.status_code, "http", str(error.detail), headers=error.headers)


def _on_too_large(_request: Request, error: TooLargeError) -> JSONResponse:
    return problem(error.status_code, "too_large", error.detail, detail=error.remedy)


def _on_database(_request: Request, _error: Exception) -> JSONResponse:
    return problem(503, "database", "The database does not answer.", detail="Try again.", headers={"Retry-After": "2"})


def _on_late(_request: Request, error: Exception) -> JSONResponse:
    log.info("Somebody else was quicker.", error=str(error))
    return problem(409, "conflict", "Somebody else was quicker.", detail="Read it again, and repeat your change.")


def _on_misfit(_request: Request, error: Exception) -> JSONResponse:
    log.warning("The database does not take what was sent.", error=str(error))
    return problem(422, "invalid", "Something in the request is too long, or holds a zero byte.")
