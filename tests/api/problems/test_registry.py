"""Ground truths that are registered once and named by rollouts."""

import hashlib
import json

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.problems.registry import canonical_json
from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher
from tests.api.routes.test_score import refusal

TRUTH = {"kind": "stdin", "cases": [{"output": "é", "input": "1"}]}
DIGEST = hashlib.sha256(b'{"cases":[{"input":"1","output":"\\u00e9"}],"kind":"stdin"}').hexdigest()


async def test_a_registered_ground_truth_is_what_its_rollouts_are_judged_against(
    client: httpx2.AsyncClient,
) -> None:
    registered = await client.put("/v1/problems/two/sum é", json=TRUTH)
    assert registered.status_code == 201
    assert registered.json()["sha256"] == DIGEST
    rows = [{"completion": "correct", "problem": "two/sum é"}]
    groups = [{"completions": ["correct"], "problem": "two/sum é"}]
    for body in ({"rollouts": rows}, {"groups": groups}):
        answer = (await client.post("/v1/score", json=body)).json()
        assert answer["results"][0]["answer"] == repr(TRUTH)


async def test_registering_again_replaces_and_nobody_is_shown_the_ground_truth(
    client: httpx2.AsyncClient,
) -> None:
    assert (await client.put("/v1/problems/p", json="secret")).status_code == 201
    again = await client.put("/v1/problems/p", json="secret 2")
    assert again.status_code == 200
    shown = await client.get("/v1/problems/p")
    assert shown.json() == again.json()
    assert "secret" not in shown.text


async def test_a_name_that_is_a_digest_is_verified(client: httpx2.AsyncClient) -> None:
    name = f"sha256:{DIGEST}"
    assert (await client.put(f"/v1/problems/{name}", json=TRUTH)).status_code == 201
    problem = await refusal(client.put(f"/v1/problems/{name}", json="x"), 422)
    assert hashlib.sha256(b'"x"').hexdigest() in problem["detail"]
    assert (await client.get(f"/v1/problems/{name}")).json()["sha256"] == DIGEST
    problem = await refusal(client.put("/v1/problems/sha256:ABC", json="x"), 422)
    assert "hexadecimal" in problem["detail"]


async def test_unknown_problems_are_listed_and_nothing_is_scored(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    rows = [{"completion": "correct", "ground_truth": "1"}]
    rows += [{"completion": "correct", "problem": name} for name in ("b", "a", "b")]
    problem = await refusal(client.post("/v1/score", json={"rollouts": rows}), 409)
    assert problem["unknown_problems"] == ["b", "a"]
    assert dispatcher.submitted == []


async def test_a_problem_that_nobody_registered_is_not_there(client: httpx2.AsyncClient) -> None:
    await refusal(client.get("/v1/problems/x"), 404)


async def test_another_key_neither_uses_nor_replaces_nor_sees_a_problem(connect: Connect) -> None:
    """The control is the owner, who does all of it with the same requests."""
    owner, stranger = ({"Authorization": f"Bearer {key}"} for key in ("one", "other"))
    rows = [{"completion": "wrong_answer", "problem": name} for name in ("p", f"sha256:{DIGEST}")]
    batch = {"rollouts": rows, "explain": True}
    async with connect(api_keys="one,other") as client:
        for row in rows:
            path = f"/v1/problems/{row['problem']}"
            registered = await client.put(path, json=TRUTH, headers=owner)
            assert registered.status_code == 201
            assert (await client.get(path, headers=owner)).status_code == 200
            await refusal(client.get(path, headers=stranger), 404)
        answer = await client.post("/v1/score", json=batch, headers=owner)
        assert answer.json()["results"][0]["first_failure"]["expected"] == "secret"
        problem = await refusal(client.post("/v1/score", json=batch, headers=stranger), 409)
        assert problem["unknown_problems"] == [row["problem"] for row in rows]
        assert "secret" not in json.dumps(problem)
        replaced = await client.put("/v1/problems/p", json="1", headers=stranger)
        assert replaced.status_code == 201
        answer = await client.post("/v1/score", json=batch, headers=owner)
        assert answer.json()["results"][0]["answer"] == repr(TRUTH)


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("x", b"{", 400), ("x" * 257, b"{}", 422), ("%0A", b"{}", 422), ("", b"{}", 422)],
)
async def test_what_cannot_be_registered_is_refused(
    client: httpx2.AsyncClient, name: str, body: bytes, status: int
) -> None:
    await refusal(client.put(f"/v1/problems/{name}", content=body), status)


async def test_a_full_registry_names_its_limits(connect: Connect) -> None:
    async with connect(max_problems=1, max_problems_bytes=100) as client:
        problem = await refusal(client.put("/v1/problems/a", json="x" * 100), 507)
        assert "VERIFIER_MAX_PROBLEMS_BYTES" in problem["detail"]
        assert (await client.put("/v1/problems/a", json="x")).status_code == 201
        assert (await client.put("/v1/problems/a", json="y")).status_code == 200
        await refusal(client.put("/v1/problems/b", json="x"), 507)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON_VALUES)
def test_the_order_of_keys_does_not_change_the_digest(value: object) -> None:
    def reversed_keys(item: object) -> object:
        if isinstance(item, dict):
            return {key: reversed_keys(item[key]) for key in reversed(item)}
        return [reversed_keys(inner) for inner in item] if isinstance(item, list) else item

    assert canonical_json(reversed_keys(value)) == canonical_json(value)
    assert json.loads(canonical_json(value)) == value
