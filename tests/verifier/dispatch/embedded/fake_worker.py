"""A worker process whose judge does as its rollouts say: dies, hangs, gives the verdict named."""

import argparse
import ctypes
import itertools
import json
import os
import socket
import time
from collections import deque
from pathlib import Path

from verifier.dispatch.embedded.worker import serve
from verifier.dispatch.working import die_with_parent
from verifier.errors import NeedsSandbox, SandboxGone
from verifier.ground_truth import kind_of
from verifier.model import Kind, Outcome, Result, Rollout, Run, Verdict


class ObedientJudge:
    """Judges by the first word of the completion; known rollouts of the start are all right."""

    def __init__(self, sandbox: str | None = "auto") -> None:
        """Without a sandbox it judges no rollout whose ground truth is an object."""
        self._mathematics_only = sandbox is None
        self._judged = 0

    def __enter__(self) -> "ObedientJudge":
        return self

    def __exit__(self, *_: object) -> None: ...

    def require_sandbox(self) -> None:
        """Gone for as long as there is a file of the name in GONE_SANDBOX."""
        if Path(os.environ.get("GONE_SANDBOX", "/nowhere")).exists():
            raise SandboxGone("somebody took it away")

    def surroundings(self) -> str:
        return "obedience"

    def judge(self, rollout: Rollout) -> Verdict:  # noqa: C901 - a list of orders
        try:
            if kind_of(rollout.ground_truth) is Kind.CODE:
                self.require_sandbox()
        except SandboxGone:
            return Verdict(outcome=Outcome.VERIFIER_ERROR)
        if self._mathematics_only and kind_of(rollout.ground_truth) is Kind.CODE:
            raise NeedsSandbox
        order, _, argument = rollout.completion.partition(" ")
        self._judged += 1
        match order:
            case "count":
                return Verdict(outcome=Outcome.CORRECT, answer=str(self._judged))
            case "await":
                begun, _, path = argument.partition(" ")
                Path(begun).touch()
                while not Path(path).exists():
                    time.sleep(0.01)
            case "die":
                os._exit(1)
            case "die_and_tell":
                with Path(argument).open("a") as deaths:
                    deaths.write("x")
                os._exit(1)
            case "die_once" if not Path(argument).exists():
                Path(argument).touch()
                os._exit(1)
            case "hang":
                Path(argument).touch()
                while True:
                    time.sleep(3600)
            case "keep_lock":
                # No other thread of this process runs meanwhile, as in one long operation.
                seconds, _, path = argument.partition(" ")
                with Path(path).open("a") as file:
                    file.write("x")
                ctypes.PyDLL(None).usleep(int(float(seconds) * 1e6))
            case "work_for_ever":
                with Path(argument).open("a") as file:
                    file.write("x")
                deque(itertools.repeat(0), maxlen=0)
            case "sleep":
                seconds, _, path = argument.partition(" ")
                if path:
                    Path(path).touch()
                time.sleep(float(seconds))
            case "once":
                # Fails where it is judged a second time.
                path, _, seconds = argument.partition(" ")
                time.sleep(float(seconds or 0))
                if Path(path).exists():
                    return Verdict(outcome=Outcome.WRONG_ANSWER)
                Path(path).touch()
            case "fail_at":
                if os.getpid() == int(Path(argument).read_text()):
                    return Verdict(outcome=Outcome.VERIFIER_ERROR)
            case "fail":
                return Verdict(outcome=Outcome.VERIFIER_ERROR)
            case "wrong":
                return Verdict(outcome=Outcome.WRONG_ANSWER)
            case "say":
                return Verdict(outcome=Outcome.CORRECT, answer=argument)
            case "truth":
                return Verdict(
                    outcome=Outcome.CORRECT, answer=repr(json.loads(rollout.ground_truth.text))
                )
        return Verdict(outcome=Outcome.CORRECT, answer=str(os.getpid()))

    def run(self, run: Run) -> Result:
        raise NotImplementedError


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int)
    parser.add_argument("--verdicts", type=int)
    parser.add_argument("--parent", type=int)
    parser.add_argument("--sandbox")
    options = parser.parse_args()
    die_with_parent(options.parent)
    with socket.socket(fileno=options.fd) as connection, open(options.verdicts, "wb") as verdicts:
        serve(connection, verdicts, refuse if options.sandbox == "broken" else ObedientJudge)


def refuse() -> ObedientJudge:
    raise RuntimeError("no jail works on this machine")


if __name__ == "__main__":
    main()
