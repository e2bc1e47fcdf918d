"""For a resources server of NeMo-Gym: `return Answer(**await verified(body.model_dump()))`.

`Answer` is the server's own BaseVerifyResponse with `mask_sample: bool = False` and
`instance_config: dict = {}`, in which NeMo-RL looks. A row has
its ground truth, in any shape that the service knows, in `ground_truth`, `expected_answer`,
`unit_tests`, or under one of these names in `verifier_metadata`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verifier_client.trainer import judge, truth_in
from verifier_client.unjudged import left_out

_TRUTHS = ("ground_truth", "expected_answer", "unit_tests")


async def verified(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's fields with `reward` and `mask_sample`, by which NeMo-Gym's trainers leave out
    of the loss what could not be judged."""
    response = body["response"]
    said = [part for item in response["output"] for part in _parts(item)]
    cut_off = (response.get("incomplete_details") or {}).get("reason") == "max_output_tokens"
    metadata = body.get("verifier_metadata") or {}
    truth = truth_in(_TRUTHS, body, metadata)
    results = await judge([said], [truth], [cut_off], rewards_only=True)
    left_out(results, "are masked")
    reward = results[0].reward
    answer = {**body, "reward": reward or 0.0, "mask_sample": reward is None}
    if reward is None:  # where NeMo-RL looks
        config = body.get("instance_config")
        masked = {**(config if isinstance(config, Mapping) else {}), "mask_sample": True}
        answer["instance_config"] = masked
    return answer


def _parts(item: Any) -> Sequence[Any]:
    """Of what the model said, all messages of which count; of other items nothing."""
    if not isinstance(item, Mapping) or item.get("type") != "message":
        return ()
    if item.get("role", "assistant") != "assistant":
        return ()
    content = item.get("content")
    return content if isinstance(content, list) else [content or ""]
