"""For a resources server of NeMo-Gym: `return Answer(**await verified(body.model_dump()))`.

`Answer` is the server's own BaseVerifyResponse with a field `mask_sample: bool = False`. A row has
its ground truth, in any shape that the service knows, in `ground_truth`, `expected_answer` or
`verifier_metadata.ground_truth`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier_client.errors import Unusable
from verifier_client.trainer import judge
from verifier_client.unjudged import left_out


async def verified(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's fields with `reward` and `mask_sample`, by which NeMo-Gym's trainers leave out
    of the loss what could not be judged."""
    response = body["response"]
    said = [item for item in response["output"] if item.get("type") == "message"]
    cut_off = (response.get("incomplete_details") or {}).get("reason") == "max_output_tokens"
    results = await judge([said], [_ground_truth(body)], [cut_off])
    left_out(results, "are masked")
    reward = results[0].reward
    return {**body, "reward": reward or 0.0, "mask_sample": reward is None}


def _ground_truth(body: Mapping[str, Any]) -> Any:
    for place in (body, body.get("verifier_metadata") or {}):
        for name in ("ground_truth", "expected_answer"):
            if name in place:
                return place[name]
    raise Unusable("The data set's rows need `ground_truth` or `expected_answer`.")
