"""The description at /schema is true: what it allows is taken, and every answer is one it names."""

from __future__ import annotations

from typing import Any

import httpx2
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cloud.asgi import create_app
from cloud.schema import completed
from cloud.settings import Settings
from tests.cloud.people import Person
from tests.cloud.servers import Stack

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip


@schemathesis.serializer("application/x-msgpack")
def msgpack(_: Any, value: Any) -> bytes:
    """What travels as MessagePack; what that cannot say (whole numbers without end) as some other bytes."""
    try:
        return msgspec.msgpack.encode(value)
    except (OverflowError, TypeError):
        return repr(value).encode()


def described() -> dict[str, Any]:
    app = create_app(Settings())
    return completed(app, app.openapi_schema.to_schema())


def test_every_operation_is_explained_and_names_its_refusals() -> None:
    schema = described()
    assert len(schema["paths"]) > 15
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation.get("description"), where
            assert {"400", "429", "500", "503"} <= set(operation["responses"]), where
            assert ("401" in operation["responses"]) or "security" not in operation, where


def test_bytes_are_described_as_they_travel() -> None:
    kdf = described()["components"]["schemas"]["Kdf"]
    assert kdf["properties"]["salt"]["contentEncoding"] == "base64"
    assert kdf["properties"]["salt"]["minLength"] == 44


def fuzz(stack: Stack, person: Person, examples: int) -> None:
    schema = schemathesis.openapi.from_url(f"{stack.a}/schema")
    # What ends the very session that asks is tried last.
    ends = {"/v1/auth/sign-out", "/v1/sessions", "/v1/account/deletion"}
    operations = [one.ok() for one in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda one: one.path in ends):
        if operation.path in ends and operation.method.upper() in ("POST", "DELETE"):
            person.sign_in()

        _hold(operation, person, examples)


def _hold(operation: Any, person: Person, examples: int) -> None:
    @given(data=st.data())
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def holds(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        case.call_and_validate(headers=dict(person.headers), checks=CHECKS)

    holds()


def test_the_running_service_answers_as_described(stack: Stack, person: Person) -> None:
    fuzz(stack, person, 3)


@pytest.mark.slow
def test_the_running_service_answers_as_described_whatever_comes(stack: Stack, person: Person) -> None:
    fuzz(stack, person, 200)


def test_the_description_is_served_to_all(stack: Stack) -> None:
    for path in ("/schema", "/schema/openapi.json"):
        answer = httpx2.get(stack.a + path)
        assert answer.json()["openapi"].startswith("3.1")
