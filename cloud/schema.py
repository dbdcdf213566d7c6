"""The description of the API, at /schema: what every route takes and every answer it gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.routes import HTTPRoute
from litestar.serialization import encode_json

from app.sync.wire import accounts
from app.sync.wire.accounts import Message
from cloud.errors import MEDIA_TYPE
from cloud.security.authentication import PUBLIC
from cloud.settings import Settings
from cloud.version import __version__

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
_ALWAYS = {
    "400": "Not as described.",
    "429": "Too many requests.",
    "503": "A part is away for now.",
    "500": "A bug.",
}
_WITH_BODY = {"413": "Too large.", "415": "Not a type this route reads."}
_WITH_TOKEN = {"401": "No token that counts.", "403": "The session may not."}


class _Described(OpenAPIRenderPlugin):
    """Serves the description after adding what Litestar does not know: refusals, tokens, sizes of bytes."""

    def __init__(self) -> None:
        super().__init__(path=["/", "/openapi.json"], media_type=MediaType.JSON)
        self._shown: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The description as JSON."""
        if self._shown is None:
            self._shown = encode_json(completed(request.app, openapi_schema))
        return self._shown


def completed(app: Litestar, schema: dict[str, Any]) -> dict[str, Any]:
    """The description with each operation's refusals, by what its route declares in `opt`."""
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas |= {name: described for name, described in _messages().items() if name in schemas}
    schemas["Problem"] = _PROBLEM
    for path, method, handler in _operations(app):
        operation = schema.get("paths", {}).get(path, {}).get(method)
        if operation is not None:
            _complete(operation, path, handler.opt)
    return schema


def _messages() -> dict[str, Any]:
    """The messages as msgspec reads them: it knows that bytes travel as base64 and how long that is."""
    kinds = [kind for kind in vars(accounts).values() if isinstance(kind, type) and issubclass(kind, Message)]
    kinds.remove(Message)
    _, described = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return described


def _operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                yield route.path_format, method.lower(), handler


def _complete(operation: dict[str, Any], path: str, opt: dict[str, Any]) -> None:
    refusals = dict(_ALWAYS)
    if "requestBody" in operation:
        refusals |= _WITH_BODY
    if "{" in path:
        refusals["404"] = "Not there, or not yours."
    if not opt.get("public"):
        refusals |= _WITH_TOKEN
        operation["security"] = [{"token": []}]
    if opt.get("creating"):
        refusals |= {"409": "In progress.", "422": "The Idempotency-Key was used for another request."}
    refusals |= {str(status): words for status, words in opt.get("answers", {}).items()}
    problem = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, words in refusals.items():
        # Litestar's own 400 describes a body of its own, which no route here answers with.
        if status == "400" or status not in operation["responses"]:
            operation["responses"][status] = {"description": words, **problem}


def described(settings: Settings) -> OpenAPIConfig:
    """How Litestar is to describe the routes, and where."""
    scheme = SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")
    return OpenAPIConfig(
        title="DevPulse cloud",
        version=__version__,
        description=f"The service at {settings.public_url}. Errors are problem+json (RFC 9457).",
        components=Components(security_schemes={"token": scheme}),
        render_plugins=[_Described()],
        openapi_router=Router("/schema", route_handlers=[], include_in_schema=False, opt=PUBLIC),
        use_handler_docstrings=True,
    )
