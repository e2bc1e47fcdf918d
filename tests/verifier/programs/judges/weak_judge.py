"""A judge that has its author's program, and its files, where the candidate is: what shows that an
attack is one (rule 9 of the design).

It runs inside a jail, as a program of its own. Standard input: JSON of the candidate's `source`,
the `judging` program in Python, whether that one is an `interactor`, and the case's `input` and
`output`. Its last line is the reward.
"""

import json
import subprocess
import sys


def main() -> None:
    """Judge what standard input holds."""
    task = json.load(sys.stdin)
    files = {"program.py": task["source"], "judging.py": task["judging"]}
    for name, text in (files | {"input.txt": task["input"], "answer.txt": task["output"]}).items():
        with open(name, "w") as file:
            file.write(text)
    code = conversation() if task["interactor"] else check()
    sys.stdout.write(f"\n{float(code == 0)}\n")


def check() -> int:
    """The exit code of the checker, asked about what the candidate printed."""
    with open("input.txt") as given, open("output.txt", "w") as output:
        subprocess.run([sys.executable, "program.py"], stdin=given, stdout=output, check=False)
    command = [sys.executable, "judging.py", "input.txt", "output.txt", "answer.txt"]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


def conversation() -> int:
    """The exit code of the interactor, which talks with the candidate."""
    command = [sys.executable, "judging.py", "input.txt", "log.txt", "answer.txt"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as judging:
        program = [sys.executable, "program.py"]
        with subprocess.Popen(program, stdin=judging.stdout, stdout=judging.stdin):
            judging.stdin.close()  # type: ignore[union-attr]
            judging.stdout.close()  # type: ignore[union-attr]
            return judging.wait()


if __name__ == "__main__":
    main()
