"""The documentation tells the truth: every example works, every answer that can come is listed."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest


@pytest.fixture
async def document(client: httpx2.AsyncClient) -> Any:
    return (await client.get("/openapi.json")).json()


def examples(document: Any) -> Iterator[tuple[str, str, str, Any]]:
    """(method, path, media type, value) of every example of a request."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            for media_type, described in content.items():
                values = [entry["value"] for entry in described.get("examples", {}).values()]
                values += [described["example"]] if "example" in described else []
                assert values, f"{method} {path} shows no {media_type}"
                for value in values:
                    yield method, path, media_type, value


@pytest.mark.slow
async def test_every_example_of_a_request_works_as_it_stands(
    judged: httpx2.AsyncClient, document: Any
) -> None:
    tried = set()
    for method, path, media_type, value in examples(document):
        content = value if isinstance(value, str) else json.dumps(value)
        address = path.replace("{name}", "half")
        headers = {"Content-Type": media_type}
        response = await judged.request(method, address, content=content, headers=headers)
        assert response.is_success, (path, response.text)
        if path == "/v1/score":
            assert None not in response.json()["rewards"]
        tried.add((path, media_type))
    assert ("/v1/score", "application/json") in tried
    assert ("/v1/score", "application/x-ndjson") in tried


@pytest.mark.slow
async def test_the_answer_that_is_shown_is_the_answer_to_the_first_example(
    judged: httpx2.AsyncClient, document: Any
) -> None:
    described = document["paths"]["/v1/score"]["post"]
    examples = described["requestBody"]["content"]["application/json"]["examples"]
    shown = described["responses"]["200"]["content"]["application/json"]["example"]
    answer = (await judged.post("/v1/score", json=examples["rollouts"]["value"])).json()
    for result in answer["results"]:
        for varying in ("cpu_s", "how"):
            result.pop(varying, None)
    assert answer == shown


async def test_every_reference_in_the_document_leads_somewhere(document: Any) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    found = set(references(document))
    assert found
    for reference in found:
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


async def test_every_operation_lists_the_refusals_that_its_clients_meet(document: Any) -> None:
    score = document["paths"]["/v1/score"]["post"]["responses"]
    assert score.keys() >= {"200", "202", "400", "401", "409", "413", "415", "422", "429", "503"}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert "application/problem+json" in response["content"], (path, status)
