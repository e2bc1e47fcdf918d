"""`verifier score`: every row back with its verdict, in order, however often it is interrupted."""

import contextlib
import fcntl
import http.server
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Run, Start
from tests.api.cli.test_serve import serving

CODE = {"kind": "stdin", "cases": [{"input": "1\n", "output": "2\n"}]}
ROWS: list[dict[str, Any]] = [
    {"id": "a", "group": "g", "completion": "\\boxed{1/2}", "ground_truth": "0.5", "note": "é"},
    {"completion": "```python\nprint(int(input()) + 1)\n```", "ground_truth": CODE, "reward": 9},
    {"completion": "I do not know.", "ground_truth": ["1"], "label": 0},
    {"completion": "\ud800 \\boxed{2}", "ground_truth": "3", "answer": "kept"},
]
ROWS += [
    {"id": n, "completion": f"\\boxed{{{n}}}", "ground_truth": "7"} for n in map(str, range(60))
]
OUTCOMES = ["correct", "correct", "no_answer"]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "in.jsonl", ROWS)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def test_every_row_comes_back_in_order_with_its_verdict_added(
    run: Run, source: Path, output: Path
) -> None:
    found = run("score", source, "-o", output)
    assert found.returncode == 0, found.stderr
    rows = read(output)
    assert [row["outcome"] for row in rows[:3]] == OUTCOMES
    assert [row["reward"] for row in rows[:3]] == [1.0, 1.0, 0.0]
    assert rows[0]["details"]["answer"] == "1/2"
    assert rows[1]["details"]["passed"] == 1
    for row in rows:
        del row["reward"], row["outcome"], row["details"], row["verifier"]
    assert rows == [{k: v for k, v in row.items() if k != "reward"} for row in ROWS]
    assert "64 rows" in found.stdout


def test_a_torn_file_is_repaired_and_continued(run: Run, source: Path, output: Path) -> None:
    run("score", source, "-o", output)
    whole = output.read_bytes()
    for cut in (0, 1, 200, -1, -30):
        output.write_bytes(whole[:cut])
        found = run("score", source, "-o", output)
        assert found.returncode == 0, cut
        assert _without_times(output.read_bytes()) == _without_times(whole), cut


def _without_times(content: bytes) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in content.splitlines()]
    for row in rows:
        row["details"].pop("cpu_s", None)
    return rows


def test_a_killed_run_continues_where_it_stopped(
    run: Run, start: Start, tmp_path: Path, output: Path
) -> None:
    slow = "```python\nimport time; time.sleep(0.1 * (%d > 5)); print(%d)\n```"
    rows = [
        {
            "completion": slow % (n, n),
            "ground_truth": {**CODE, "cases": [{"input": "", "output": str(n)}]},
        }
        for n in range(30)
    ]
    source = write(tmp_path / "slow.jsonl", rows)
    process = start("score", source, "-o", output, "--workers", "1")
    while not output.exists() or output.stat().st_size < 300:
        assert process.poll() is None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    written = output.read_bytes()
    kept = written[: written.rindex(b"\n") + 1]
    assert 0 < len(kept.splitlines()) < 30
    found = run("score", source, "-o", output)
    assert f"{len(kept.splitlines())} of 30 rows are in {output} already" in found.stderr
    assert found.returncode == 0
    assert output.read_bytes().startswith(kept)
    assert [row["completion"] for row in read(output)] == [row["completion"] for row in rows]


@pytest.mark.parametrize(
    ("sent", "interrupts"), [(signal.SIGINT, "default"), (signal.SIGTERM, "ignore")]
)
def test_a_stopped_run_says_how_to_continue(
    start: Start, tmp_path: Path, output: Path, sent: signal.Signals, interrupts: str
) -> None:
    loop = {"completion": "```python\nwhile True: pass\n```", "ground_truth": CODE}
    source = write(tmp_path / "loop.jsonl", [ROWS[0], loop])
    process = start("score", source, "-o", output, "--workers", "1", interrupts=interrupts)
    while not output.exists() or not output.stat().st_size:
        assert process.poll() is None
    process.send_signal(sent)
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "Stopped after 1 rows. Run the same command again to continue: verifier score" in errors
    assert "Traceback" not in errors
    assert len(read(output)) == 1


def test_unjudged_rows_are_written_as_null_and_make_it_exit_with_1(
    run: Run, tmp_path: Path, output: Path
) -> None:
    source = write(tmp_path / "in.jsonl", [ROWS[0], {"completion": "x", "ground_truth": {"k": 1}}])
    for _ in range(2):
        found = run("score", source, "-o", output)
        assert found.returncode == 1
        assert "1 rows could not be judged" in found.stderr
    rows = read(output)
    assert (rows[1]["reward"], rows[1]["outcome"]) == (None, "invalid_ground_truth")
    assert rows[1]["details"]["message"]


def test_a_service_gives_what_this_machine_gives(
    run: Run, start: Start, source: Path, output: Path, tmp_path: Path
) -> None:
    run("score", source, "-o", output)
    _, address = serving(start, VERIFIER_API_KEYS="secret")
    remote = tmp_path / "remote.jsonl"
    found = run("score", source, "-o", remote, "--url", address, VERIFIER_API_KEY="secret")
    assert found.returncode == 0, found.stderr
    assert _without_times(remote.read_bytes()) == _without_times(output.read_bytes())
    refused = run("score", source, "-o", tmp_path / "x", "--url", address, "--key", "wrong")
    assert refused.returncode == 2
    assert "Authorization: Bearer" in refused.stderr


def test_an_answer_to_other_rows_is_not_written(run: Run, source: Path, output: Path) -> None:
    with someone_elses_answers() as address:
        found = run("score", source, "-o", output, "--url", address)
    assert found.returncode == 2
    assert "not to this request" in found.stderr
    assert not output.exists() or not output.read_text()


@contextlib.contextmanager
def someone_elses_answers() -> Iterator[str]:
    """The address of what answers every request with verdicts on rollouts of another one."""

    class Mixed(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            lines = [
                {"index": index, "id": f"other.{index}", "group": None, "reward": 1.0}
                for index in range(len(ROWS))
            ]
            body = "".join(json.dumps({**line, "outcome": "correct"}) + "\n" for line in lines)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mixed) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


UNUSABLE = {
    "not JSON": ('{"completion": ', "line 2 is not JSON"),
    "no object": ("[1]", "line 2 is not a JSON object"),
    "no completion": ('{"ground_truth": "1"}', "line 2 has no `completion`"),
    "no ground truth": ('{"completion": "x"}', "line 2 has no `ground_truth`"),
    "a problem": ('{"completion": "x", "problem": "p"}', "line 2 names a registered problem"),
}


@pytest.mark.parametrize(("line", "says"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_line_that_cannot_be_used_is_named_before_anything_is_judged(
    run: Run, tmp_path: Path, output: Path, line: str, says: str
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(f"{json.dumps(ROWS[0])}\n{line}\n")
    found = run("score", source, "-o", output)
    assert found.returncode == 2
    assert says in found.stderr
    assert not output.exists()


def test_an_output_of_another_input_is_left_alone(
    run: Run, source: Path, output: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other.jsonl", [ROWS[0], ROWS[2]])
    run("score", other, "-o", output)
    before = output.read_bytes()
    found = run("score", source, "-o", output)
    assert found.returncode == 2
    assert "line 2 does not belong to this input" in found.stderr
    longer = run("score", write(tmp_path / "short.jsonl", ROWS[:1]), "-o", output)
    assert longer.returncode == 2
    assert output.read_bytes() == before


def test_two_runs_do_not_write_one_file(run: Run, source: Path, output: Path) -> None:
    with output.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        found = run("score", source, "-o", output)
    assert found.returncode == 2
    assert "written by another run" in found.stderr


def test_files_that_cannot_be_used_are_told_in_a_sentence(
    run: Run, source: Path, tmp_path: Path
) -> None:
    for arguments, says in [
        ((tmp_path / "no", "-o", "x"), "cannot be read: No such file"),
        ((source, "-o", tmp_path / "no" / "x"), "cannot be written: No such file"),
        ((source, "-o", tmp_path), "cannot be written: Is a directory"),
        ((source, "-o", source), "same file"),
        ((source, "-o", "x", "--url", "http://["), "No service answers at --url"),
        ((source, "-o", "x", "--url", "http://127.0.0.1:9"), "No service answers at --url"),
        ((source, "-o", "x", "--url", "nonsense"), "No service answers at --url"),
    ]:
        found = run("score", *arguments)
        assert found.returncode == 2
        assert says in found.stderr


def test_an_empty_file_is_done_at_once(run: Run, tmp_path: Path, output: Path) -> None:
    found = run("score", write(tmp_path / "empty.jsonl", []), "-o", output)
    assert found.returncode == 0
    assert output.read_bytes() == b""


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "/proc/self/fd/0"])
def test_rows_come_through_a_pipe(run: Run, output: Path, name: str) -> None:
    rows = "".join(json.dumps(row) + "\n" for row in ROWS[:3])
    found = run("score", name, "-o", output, stdin=rows)
    assert found.returncode == 0, found.stderr
    assert [row["outcome"] for row in read(output)] == OUTCOMES
    assert "3 rows" in found.stdout
    found = run("report", name, stdin=output.read_text())
    assert "3 rollouts" in found.stdout


@pytest.mark.parametrize("given", ["", "\n \n", '{"completion": "x"}\n', "no JSON\n"])
def test_a_pipe_without_usable_rows_is_an_error(run: Run, output: Path, given: str) -> None:
    found = run("score", "-", "-o", output, stdin=given)
    assert found.returncode == 2
    assert "standard input" in found.stderr
    assert not output.exists()


def test_a_machine_that_cannot_judge_says_so(run: Run, source: Path, output: Path) -> None:
    found = run("score", source, "-o", output, "--sandbox", "docker", DOCKER_HOST="unix:///no")
    assert found.returncode == 2
    assert "verifier doctor" in found.stderr


def test_a_row_says_what_judged_it(run: Run, tmp_path: Path, output: Path) -> None:
    boxed = {"kind": "math", "answers": ["1"], "extraction": "boxed"}
    rows = [ROWS[0], {"completion": "\\boxed{1}", "ground_truth": boxed}]
    run("score", write(tmp_path / "in.jsonl", rows), "-o", output, "--extraction", "last")
    said = [row["verifier"] for row in read(output)]
    assert [by["extraction"] for by in said] == ["last", "boxed"]
    assert all(by["version"] and len(by["options"]) == 16 for by in said)


def test_only_null_keeps_what_has_a_reward_byte_for_byte(
    run: Run, tmp_path: Path, output: Path
) -> None:
    kept = b'{"completion":"x",  "reward": 1, "outcome":"correct", "note":"\xc3\xa9"}'
    null = {"completion": "\\boxed{4}", "ground_truth": "4", "reward": None}
    lost = json.dumps({**null, "outcome": "verifier_error", "details": {"message": "lost"}})
    source = tmp_path / "scored.jsonl"
    source.write_bytes(kept + b"\n" + lost.encode() + b"\n" + kept)
    for _ in range(2):
        found = run("score", source, "--only-null", "-o", output)
        assert found.returncode == 0, found.stderr
        before, mended, after = output.read_bytes().splitlines()
        assert (before, after) == (kept, kept)
        assert (json.loads(mended)["reward"], json.loads(mended)["details"]["answer"]) == (1.0, "4")


def test_again_shows_which_verdicts_are_others_now(run: Run, tmp_path: Path, output: Path) -> None:
    by = {"version": "0.0.1", "options": "0" * 16}
    scored = {"outcome": "wrong_answer", "reward": 0.0, "details": {}, "verifier": by}
    rows = [{**ROWS[0], **scored}, {**ROWS[4], "id": "same", **scored}]
    source = write(tmp_path / "scored.jsonl", rows)
    shown = run("score", source, "--again")
    assert shown.returncode == 0, shown.stderr
    assert "line 1 (a): wrong_answer -> correct\n1 verdicts changed" in shown.stdout
    assert "Judged by 0.0.1 (options 0000000000000000), now " in shown.stdout
    run("score", source, "--again", "-o", output)
    changed, same = read(output)
    assert changed["before"] == {"reward": 0.0, "outcome": "wrong_answer", "verifier": by}
    assert (changed["reward"], same["outcome"], "before" in same) == (1.0, "wrong_answer", False)
    goes_on = run("score", source, "--again", "-o", output)
    assert "1 verdicts changed: 1 wrong_answer -> correct." in goes_on.stdout


def test_rows_go_to_standard_output_and_words_elsewhere(run: Run, source: Path) -> None:
    found = run("score", "-", "-o", "-", stdin=source.read_text())
    assert [json.loads(line)["outcome"] for line in found.stdout.splitlines()][:3] == OUTCOMES
    assert "64 rows in standard output" in found.stderr


def test_skipped_rows_are_counted_and_make_it_exit_with_1(
    run: Run, tmp_path: Path, output: Path
) -> None:
    source = tmp_path / "in.jsonl"
    asks = {"completion": "x", "problem": "What is 6 times 7?"}
    source.write_text(f"{json.dumps(ROWS[0])}\nno\n{json.dumps(asks)}\n{json.dumps(ROWS[2])}\n")
    found = run("score", source, "-o", output, "--skip-bad")
    assert found.returncode == 1
    assert "line 2 is not JSON" in found.stderr
    assert "line 3 names a registered problem" in found.stderr
    assert "2 rows could not be used and were skipped" in found.stderr
    assert [row["outcome"] for row in read(output)] == ["correct", "no_answer"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "give -o FILE"),
        (("-o", "x", "--on", "id"), "give --truths FILE too"),
        (("-o", "x", "--truths", "y"), "--truths needs --on KEY"),
        (("-o", "x", "--only-null", "--again"), "give one of them"),
        (("--again",), "line 1 has no verdict to compare with"),
        (("-o", "x.parquet"), "would hold JSON lines"),
        (("-o", "x", "--from", "excel"), "--from cannot be excel; it is one of inspect, lm-eval"),
    ],
)
def test_arguments_that_do_not_go_together_are_told(
    run: Run, source: Path, options: tuple[str, ...], says: str
) -> None:
    found = run("score", source, *options)
    assert found.returncode == 2
    assert says in found.stderr
