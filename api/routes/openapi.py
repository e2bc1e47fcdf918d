"""What /docs shows of routes whose bodies we read ourselves: schemas and examples that work."""

from __future__ import annotations

import functools
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.http.schemas.runs import (
    RunCodeRequest,
    RunCodeResponse,
    RunJupyterRequest,
    RunJupyterResponse,
)
from api.http.schemas.score import ProblemDetails, RolloutIn, ScoreRequest, ScoreResponse
from api.http.schemas.submissions import SubmitRequest, SubmitResponse
from api.http.schemas.trainers import (
    NeMoGymRequest,
    OpenRlhfRequest,
    OpenRlhfResponse,
    ProgramResults,
    ProgramTests,
    SlimeSample,
)

_COMPONENT = "#/components/schemas/{model}"
_ROLLOUTS = {
    "rollouts": [
        {
            "id": "r0",
            "group": "half",
            "completion": "Half of one is \\boxed{1/2}.",
            "ground_truth": "0.5",
        },
        {
            "id": "r1",
            "group": "sum",
            "completion": "```python\nprint(sum(map(int, input().split())))\n```",
            "ground_truth": {"kind": "stdin", "cases": [{"input": "1 2\n", "output": "3\n"}]},
        },
    ],
    "batch_id": "step-17",
    "deadline_s": 60,
}
_GROUPS = {
    "groups": [
        {
            "id": "double",
            "ground_truth": {
                "kind": "call",
                "entry_point": "double",
                "cases": [{"args": [2], "expected": 4}],
            },
            "completions": [
                "```python\ndef double(x):\n    return 2 * x\n```",
                "```python\ndef double(x):\n    return x\n```",
            ],
        }
    ]
}
_ANSWER = {
    "batch_id": "step-17",
    "rewards": [1.0, 1.0],
    "results": [
        {"id": "r0", "group": "half", "reward": 1.0, "outcome": "correct", "answer": "1/2"},
        {"id": "r1", "group": "sum", "reward": 1.0, "outcome": "correct", "passed": 1, "total": 1},
    ],
    "groups": [
        {"id": "half", "n": 1, "judged": 1, "solved": 1, "mean_reward": 1.0, "degenerate": True},
        {"id": "sum", "n": 1, "judged": 1, "solved": 1, "mean_reward": 1.0, "degenerate": True},
    ],
}
_LINES = (
    '{"completion": "\\\\boxed{2}", "ground_truth": "2"}\n'
    '{"completion": "\\\\boxed{3}", "ground_truth": "2"}\n'
)


def _ref(model: type) -> dict[str, str]:
    return {"$ref": _COMPONENT.format(model=model.__name__)}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": _ref(ProblemDetails)}},
    }


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: _problem("The body is not JSON that can be used"),
    401: _problem("No key, or a wrong one"),
    408: _problem("The body did not arrive in time"),
    413: _problem("Body or batch over a limit, which is named"),
    415: _problem("A Content-Encoding"),
    422: _problem("Which rollout and which field cannot be used"),
    429: _problem("Too many rollouts wait, or bodies hold too much together; see Retry-After"),
}
_PARAMETER = _problem("Which parameter cannot be used")
_PROGRESS: dict[str, Any] = {
    "description": "Not finished; fetch it from the address in `Location`",
    "content": {
        "application/json": {"example": {"batch_id": "step-17", "judged": 12, "total": 64}}
    },
}
NOT_READY: dict[int | str, dict[str, Any]] = {503: _problem("No worker can judge yet, and why")}

SCORE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Verdicts in request order; with `Accept: application/x-ndjson` one "
            "result a line, as each is ready, with its `index`",
            "content": {"application/json": {"schema": _ref(ScoreResponse), "example": _ANSWER}},
        },
        **_REFUSALS,
        202: _PROGRESS,
        409: _problem(
            "Problems that are not registered, in `unknown_problems`; or a `batch_id` that another "
            "body has"
        ),
        503: _problem("No worker can judge, and why"),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _ref(ScoreRequest),
                    "examples": {
                        "rollouts": {"summary": "Rollouts", "value": _ROLLOUTS},
                        "groups": {"summary": "Groups", "value": _GROUPS},
                    },
                },
                "application/x-ndjson": {"schema": _ref(RolloutIn), "example": _LINES},
            },
        }
    },
}

GET_BATCH: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Finished: the answer of /v1/score",
            "content": {"application/json": {"schema": _ref(ScoreResponse)}},
        },
        202: _PROGRESS,
        401: _REFUSALS[401],
        404: _problem("No batch has this id, or its results are no longer kept"),
        422: _PARAMETER,
    }
}

DELETE_BATCH: dict[str, Any] = {
    "responses": {
        401: _REFUSALS[401],
        404: GET_BATCH["responses"][404],
        422: _PARAMETER,
    }
}

GET_PROBLEM: dict[str, Any] = {
    "responses": {
        401: _REFUSALS[401],
        404: _problem("No ground truth has this name"),
        422: _PARAMETER,
    }
}

OPENRLHF: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Rewards in request order",
            "content": {
                "application/json": {
                    "schema": _ref(OpenRlhfResponse),
                    "example": {
                        "rewards": [1.0],
                        "scores": [1.0],
                        "extra_logs": {"judged": [1.0]},
                    },
                }
            },
        },
        **_REFUSALS,
        503: SCORE["responses"][503],
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _ref(OpenRlhfRequest),
                    "example": {
                        "query": ["What is 1 + 1? It is \\boxed{2}."],
                        "prompts": ["What is 1 + 1?"],
                        "labels": ["2"],
                    },
                }
            },
        }
    },
}


def _told(answer: Any, request: type, example: Any, description: str) -> dict[str, Any]:
    """A route whose bodies are JSON and whose answer is `answer`, a schema."""
    return {
        "responses": {
            200: {"description": description, "content": {"application/json": {"schema": answer}}},
            **_REFUSALS,
            503: SCORE["responses"][503],
        },
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": _ref(request), "example": example}},
            }
        },
    }


SLIME = _told(
    {"type": "number"},
    SlimeSample,
    {"prompt": "What is 1 + 1?", "response": "It is \\boxed{2}.", "label": "2"},
    "The reward; of a list of samples a list of them",
)

SEED_SESSION: dict[str, Any] = {"responses": {401: _REFUSALS[401]}}

NEMO_GYM = _told(
    {"type": "object"},
    NeMoGymRequest,
    {
        "responses_create_params": {"input": "What is 1 + 1?"},
        "response": {
            "output": [
                {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "It is \\boxed{2}."}],
                }
            ]
        },
        "expected_answer": "2",
    },
    "The request with `reward` and `mask_sample`",
)

TEST_PROGRAM = _told(
    _ref(ProgramResults),
    ProgramTests,
    {"program": "def double(x):\n    return 2 * x", "tests": ["assert double(2) == 4"]},
    "Which tests passed",
)

TEST_PROGRAM_STDIO = _told(
    _ref(ProgramResults),
    ProgramTests,
    {"program": "print(2 * int(input()))", "tests": [{"input": "2\n", "output": "4\n"}]},
    "Which tests passed",
)

SUBMIT = _told(
    _ref(SubmitResponse),
    SubmitRequest,
    {
        "completion": "```python\nprint(2 * int(input()))\n```",
        "config": {
            "language": "python",
            "provided_data": {"test_cases": {"input": ["21"], "output": ["42"]}},
        },
    },
    "Whether the completion is right, and each test case that was run",
)

RUN_CODE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "What happened",
            "content": {
                "application/json": {
                    "schema": _ref(RunCodeResponse),
                    "example": {
                        "status": "Success",
                        "message": "",
                        "compile_result": None,
                        "run_result": {
                            "status": "Finished",
                            "execution_time": 0.002,
                            "return_code": 0,
                            "stdout": "42\n",
                            "stderr": "",
                        },
                        "executor_pod_name": None,
                        "files": {},
                    },
                }
            },
        },
        **{status: _REFUSALS[status] for status in _REFUSALS.keys() - {429, 503}},
        422: _problem("Which field cannot be used: also a language that is not known here, files"),
        503: SCORE["responses"][503],
        504: _problem("It did not get its turn in time; verl's client asks again"),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _ref(RunCodeRequest),
                    "example": {
                        "code": "print(2 * int(input()))",
                        "language": "python",
                        "stdin": "21\n",
                        "run_timeout": 10,
                        "memory_limit_MB": 1024,
                    },
                }
            },
        }
    },
}

RUN_JUPYTER: dict[str, Any] = {
    "responses": {
        **RUN_CODE["responses"],
        200: {
            "description": "What each cell showed",
            "content": {
                "application/json": {
                    "schema": _ref(RunJupyterResponse),
                    "example": {
                        "status": "Success",
                        "message": "",
                        "driver": {
                            "status": "Finished",
                            "execution_time": 0.02,
                            "return_code": 0,
                            "stdout": "",
                            "stderr": "",
                        },
                        "cells": [
                            {"stdout": "", "stderr": "", "display": [], "error": []},
                            {
                                "stdout": "",
                                "stderr": "",
                                "display": [{"text/plain": "42"}],
                                "error": [],
                            },
                        ],
                        "executor_pod_name": None,
                        "files": {},
                    },
                }
            },
        },
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _ref(RunJupyterRequest),
                    "example": {"cells": ["a = 21", "2 * a"], "total_timeout": 10},
                }
            },
        }
    },
}

PUT_PROBLEM: dict[str, Any] = {
    "responses": {
        200: {"description": "Replaced, or registered before"},
        201: {"description": "Registered"},
        **_REFUSALS,
        507: _problem("The registry is full"),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {}, "example": ["1/2", "0.5"]}},
        }
    },
}


def add_schemas(app: FastAPI) -> None:
    """Put the models above, and the key, among the components of the app's OpenAPI document.

    Nobody waits for them who does not read it: they take longer than the rest of an app."""
    generate = app.openapi

    @functools.cache
    def with_schemas() -> dict[str, Any]:
        document = generate()
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(_schemas())
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"key": []}, {}]  # the second: where no key is configured
        return document

    app.openapi = with_schemas  # type: ignore[method-assign]  # FastAPI's documented way


def _schemas() -> dict[str, Any]:
    """Of the models above, by their names."""
    _, schemas = models_json_schema(
        [
            (ScoreRequest, "validation"),
            (ScoreResponse, "serialization"),
            (OpenRlhfRequest, "validation"),
            (OpenRlhfResponse, "serialization"),
            (SlimeSample, "validation"),
            (NeMoGymRequest, "validation"),
            (ProgramTests, "validation"),
            (ProgramResults, "serialization"),
            (RunCodeRequest, "validation"),
            (RunCodeResponse, "serialization"),
            (RunJupyterRequest, "validation"),
            (RunJupyterResponse, "serialization"),
            (SubmitRequest, "validation"),
            (SubmitResponse, "serialization"),
            (ProblemDetails, "serialization"),
        ],
        ref_template=_COMPONENT,
    )
    return dict(schemas["$defs"])
