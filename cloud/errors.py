"""Every error the service answers with: problem+json, RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

logger = structlog.get_logger(__name__)

AnyRequest = Request[Any, Any, Any]
MEDIA_TYPE = "application/problem+json"
_PACKAGE = __file__.removesuffix("errors.py")
NAMESPACE = "urn:devpulse:problem:"


class Problem(Exception):
    """A refusal with its reason: what happened, what it means for the person's data, what to do.

    `kind` is a stable word for programs (`stale-parent`), `more` further members of the answer. None of
    them may hold what the caller must not learn: all of it is sent.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.headers = dict(headers or {})
        self.more = dict(more or {})


class Unavailable(Problem):
    """A part that the answer needs (database, Redis, a vendor) is away for now; nothing was lost."""

    def __init__(self, part: str, retry_after: int = 5) -> None:
        super().__init__(
            503,
            f"The service cannot reach its {part} at the moment. Nothing was lost; try again shortly.",
            kind="unavailable",
            headers={"Retry-After": str(retry_after)},
        )
        self.part = part


def problem_body(
    status: int, detail: str, kind: str = "", more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The members of a problem: `type`, `title`, `status`, `detail`, and `more`."""
    return {
        "type": NAMESPACE + kind if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
    }


def problem(
    status: int, detail: str, kind: str = "", more: Mapping[str, Any] | None = None
) -> Response[dict[str, Any]]:
    """The answer that tells an error."""
    return Response(problem_body(status, detail, kind, more), status_code=status, media_type=MEDIA_TYPE)


def told(_: AnyRequest, error: Problem) -> Response[dict[str, Any]]:
    """A refusal of ours, in its own words."""
    answer = problem(error.status, error.detail, error.kind, error.more)
    answer.headers.update(error.headers)
    return answer


def refused(_: AnyRequest, error: HTTPException) -> Response[dict[str, Any]]:
    """A request the framework does not take, with the reason; or a bug of ours that it found."""
    if error.status_code >= 500:
        return failed(_, error)
    answer = problem(error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def invalid(_: AnyRequest, error: ValidationException) -> Response[dict[str, Any]]:
    """A request that lacks something or has it in the wrong shape; `errors` names each place."""
    places: list[dict[str, Any]] = error.extra if isinstance(error.extra, list) else []
    errors = [{"at": str(place.get("key", "")), "in": str(place.get("source", "body"))} for place in places]
    detail = "The request is not as the description at /schema has it; nothing of it was kept."
    return problem(400, detail, "invalid-request", {"errors": errors})


def too_deep(_: AnyRequest, __: RecursionError) -> Response[dict[str, Any]]:
    """A body of brackets within brackets, which no decoder follows to the end."""
    return problem(400, "The request is nested too deeply; nothing of it was kept.", "invalid-request")


def failed(_: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    """A bug of ours: the log says where, the caller learns nothing of the inside."""
    logger.error("a request failed", error=type(error).__name__, at=_where(error))
    return problem(500, "The service failed to answer; nothing of the request was kept.")


def _where(error: Exception) -> list[str]:
    """The frames of our own files, without values: `vault/push.py:31 push`."""
    frames: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith(_PACKAGE):
            frames.append(f"{code.co_filename.removeprefix(_PACKAGE)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-6:]


HANDLERS: dict[int | type[Exception], Any] = {
    Problem: told,
    ValidationException: invalid,
    HTTPException: refused,
    RecursionError: too_deep,
    Exception: failed,
}
