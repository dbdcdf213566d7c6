"""Every error the service answers with: problem+json, RFC 9457."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

logger = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]


def problem(status: int, detail: str) -> Response[dict[str, Any]]:
    """The answer that tells an error: `type`, `title`, `status`, `detail`."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(body, status_code=status, media_type="application/problem+json")


def refused(_: AnyRequest, error: HTTPException) -> Response[dict[str, Any]]:
    """A request the service does not take, with the reason."""
    answer = problem(error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def failed(_: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    """A bug of ours: the log says where, the caller learns nothing of the inside."""
    logger.error("a request failed: %s", type(error).__name__)
    return problem(500, "The service failed to answer; nothing of the request was kept.")
