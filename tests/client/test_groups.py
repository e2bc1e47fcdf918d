"""Statistics of groups: shares of groups and of rollouts, of what was judged."""

import math

import pytest

from verifier_client.groups import statistics


def test_shares_are_of_groups_and_of_rollouts() -> None:
    rewards = [1.0, 1.0, 0.0, 0.0, 1.0, None, math.nan]
    found = statistics(rewards, ["a", "a", "b", "b", "c", "c", "d"], [True] + [False] * 6)
    assert found == {
        "mean_reward": pytest.approx(3 / 5),
        "solve_none": 1 / 4,
        "solve_all": 2 / 4,
        "degenerate": 1.0,
        "unjudged": pytest.approx(2 / 7),
        "truncated": pytest.approx(1 / 7),
    }


def test_equal_prompts_are_one_group_whatever_they_are_made_of() -> None:
    message = [{"role": "user", "content": "2+2?"}]
    same = statistics([1.0, 0.0], [message, [dict(reversed(message[0].items()))]])
    assert same["degenerate"] == 0.0
    assert statistics([1.0, 0.0], [[1, 2], [1, 3]])["degenerate"] == 1.0


class Image:
    """As PIL's, which are loaded anew for each rollout."""

    def __init__(self, pixels: bytes) -> None:
        self.tobytes = lambda: pixels


def test_prompts_with_equal_images_are_one_group() -> None:
    prompts = [[{"role": "user", "content": [{"image": Image(pixels)}]}] for pixels in (b"a", b"a")]
    assert statistics([1.0, 0.0], prompts)["degenerate"] == 0.0
    prompts[1][0]["content"] = [{"image": Image(b"b")}]
    assert statistics([1.0, 0.0], prompts)["degenerate"] == 1.0


def test_prompts_without_any_form_in_json_end_nothing() -> None:
    endless: list[object] = []
    endless.append(endless)
    for prompt in ({1: "a", "b": 2}, {(1, 2): "a"}, endless):
        assert statistics([1.0, 0.0], [prompt, prompt])["degenerate"] == 0.0


def test_nothing_has_no_shares() -> None:
    assert set(statistics([], []).values()) == {0.0}
