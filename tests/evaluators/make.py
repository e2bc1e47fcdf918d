"""Makes the files that the readers of `verifier score` are tested on, by the tools themselves.

    python -m tests.evaluators.make [TOOL ...]

Each tool is installed apart (hundreds of megabytes, once) and runs the problems of
`drivers/made_up.py` with a made-up model; what it wrote replaces the small files in `files/`.
LiveCodeBench is no package: LIVECODEBENCH names a checkout of it.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.environments import Environment, Lacking
from tests.trainers.environment import TRAINERS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = HERE / "files"
DATE = "2026-01-01T00-00-00.000000"


@dataclass(frozen=True)
class Tool:
    """One of them, and which of its files are kept."""

    environment: Environment
    kept: dict[str, str]
    """A pattern in the folder that it writes into: the name in `files/`."""
    arguments: tuple[str, ...] = ()
    source: str = ""
    """The variable that names its checkout, where it is no package."""
    modules: tuple[Path, ...] = field(default=())
    """Folders of ours that its driver imports from."""


def environment(name: str, imports: str) -> Environment:
    return Environment(name, HERE / "requirements" / f"{name}.txt", imports)


INSPECT = environment("inspect", "inspect_ai")
EVALPLUS = environment("evalplus", "evalplus, openai")
TRAINERS_OWN = (ROOT / "client", ROOT / "tests/trainers/drivers")
TOOLS = {
    "lm_eval": Tool(
        environment("lm_eval", "lm_eval"),
        {
            f"out/*/samples_{task}_*.jsonl": f"lm_eval/samples_{task}_{DATE}.jsonl"
            for task in ("made_up_math", "made_up_code")
        },
    ),
    "inspect": Tool(INSPECT, {"*_made-up-math_*.eval": "inspect/made_up_math.eval"}, ("eval",)),
    "inspect (json)": Tool(
        INSPECT, {"*_made-up-code_*.json": "inspect/made_up_code.json.gz"}, ("json",)
    ),
    "evalplus": Tool(
        EVALPLUS,
        {
            "problems.jsonl": "evalplus/problems.jsonl",
            "humaneval/*_0.8.jsonl": "evalplus/samples.jsonl",
            "humaneval/*_0.8.raw.jsonl": "evalplus/samples.raw.jsonl",
            "humaneval/*_eval_results.json": "evalplus/samples_eval_results.json",
        },
    ),
    "livecodebench": Tool(
        EVALPLUS,
        {
            "problems.jsonl": "livecodebench/problems.jsonl",
            "output/*/*_0.2.json": "livecodebench/output.json",
            "output/*/*_eval_all.json": "livecodebench/output_eval_all.json",
        },
        source="LIVECODEBENCH",
    ),
    "openai_batch": Tool(EVALPLUS, {"output.jsonl": "openai_batch/output.jsonl"}),
    "trl": Tool(
        TRAINERS,
        {"completions/*.parquet": "trl/completions_00001.parquet"},
        modules=TRAINERS_OWN,
    ),
    "verl": Tool(TRAINERS, {"7.jsonl": "verl/7.jsonl"}, modules=TRAINERS_OWN),
}


def make(name: str) -> None:
    """Raises Lacking, and CalledProcessError where the tool fails."""
    tool = TOOLS[name]
    python = tool.environment.make()
    driver = HERE / "drivers" / f"run_{name.partition(' ')[0]}.py"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if tool.source:
            shutil.copytree(_checkout(tool.source), folder, dirs_exist_ok=True)
        modules = [HERE / "drivers", *tool.modules, folder]
        settings = {
            "PYTHONPATH": os.pathsep.join(map(str, modules)),
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(folder / "hub"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        command = [str(path) for path in (python, driver, folder, *tool.arguments)]
        subprocess.run(command, check=True, cwd=folder, env={**os.environ, **settings})
        for pattern, kept in tool.kept.items():
            (found,) = folder.glob(pattern)
            _keep(found.read_bytes(), FILES / kept)


def _checkout(variable: str) -> Path:
    if not (path := os.environ.get(variable)):
        raise Lacking(f"{variable} does not name a checkout of it.")
    return Path(path)


def _keep(content: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or TOOLS:
        try:
            make(chosen)
        except Lacking as reason:
            print(f"{chosen} cannot be run: {reason}", file=sys.stderr)
