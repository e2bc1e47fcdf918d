"""The problems that every tool is given, and what the made-up model answers. Both are our own."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MATH = [
    {"id": "sum", "question": "What is 17 + 25?", "answer": "42", "level": "easy"},
    {"id": "half", "question": "What part of an hour are 30 minutes?", "answer": "\\frac{1}{2}"}
    | {"level": "hard"},
]
PROGRAMS = [
    {
        "task_id": "made_up/0",
        "prompt": 'def double(n):\n    """Twice n."""\n',
        "entry_point": "double",
        "canonical_solution": "    return 2 * n\n",
        "test": "def check(candidate):\n"
        "    assert candidate(2) == 4\n    assert candidate(-3) == -6\n",
    },
    {
        "task_id": "made_up/1",
        "prompt": 'def longest(words):\n    """The longest word, the first of several."""\n',
        "entry_point": "longest",
        "canonical_solution": "    return max(words, key=len)\n",
        "test": 'def check(candidate):\n    assert candidate(["a", "bb", "cc"]) == "bb"\n',
    },
]
_ANSWERS = {
    "17 + 25": [
        "17 + 25 = 42. The answer is \\boxed{42}.",
        "I think that the answer is \\boxed{43}.",
        "The answer is 42.",
    ],
    "30 minutes": [
        "30/60, so it is \\boxed{0.5}.",
        "I cannot say.",
        "The answer is \\boxed{\\frac{1}{3}}.",
    ],
    "def double": ["    return n + n\n", "    return n * n\n"],
    "def longest": ["    return sorted(words)[-1]\n", "    return max(words, key=len)\n"],
}


CONTESTS = [
    {
        "question_title": "Sum",
        "question_content": "Print the sum of two numbers.",
        "platform": "codeforces",
        "question_id": "1000_A",
        "contest_id": "1000",
        "contest_date": "2024-05-01T00:00:00",
        "starter_code": "",
        "difficulty": "easy",
        "public_test_cases": [{"input": "1 2\n", "output": "3\n", "testtype": "stdin"}],
        "private_test_cases": [{"input": "-5 7\n", "output": "2\n", "testtype": "stdin"}],
        "metadata": {},
    },
    {
        "question_title": "Sign",
        "question_content": "The sign of n: -1, 0 or 1.",
        "platform": "leetcode",
        "question_id": "3000",
        "contest_id": "weekly-contest-1",
        "contest_date": "2024-09-01T00:00:00",
        "starter_code": "class Solution:\n    def sign(self, n: int) -> int:\n        ",
        "difficulty": "medium",
        "public_test_cases": [{"input": "4", "output": "1", "testtype": "functional"}],
        "private_test_cases": [{"input": "-4", "output": "-1", "testtype": "functional"}],
        "metadata": {"func_name": "sign"},
    },
]
_ANSWERS |= {
    "sum of two numbers": [
        "```python\nprint(sum(map(int, input().split())))\n```",
        "```python\nprint(3)\n```",
    ],
    "sign of n": [
        "```python\nclass Solution:\n    def sign(self, n):\n        return (n > 0) - (n < 0)\n```",
        "I do not know.",
    ],
}


def answers(prompt: str) -> list[str]:
    """What the model says to a prompt, time after time."""
    return next(found for key, found in _ANSWERS.items() if key in prompt)


@contextmanager
def serving() -> Iterator[str]:
    """The model behind OpenAI's API, for tools that ask over HTTP: its address, as base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(_chat(asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()


def _chat(asked: dict) -> dict:
    prompt = asked["messages"][-1]["content"]
    found = answers(prompt)
    program = next((row["prompt"] for row in PROGRAMS if row["prompt"].strip() in prompt), None)
    if program is not None:
        found = [f"Like this:\n```python\n{program}{body}```" for body in found]
    choices = [
        {"index": n, "finish_reason": "stop"}
        | {"message": {"role": "assistant", "content": found[n % len(found)]}}
        for n in range(asked.get("n") or 1)
    ]
    head = {"id": "made-up", "object": "chat.completion", "created": 0, "model": "made-up"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {**head, "choices": choices, "usage": usage}
