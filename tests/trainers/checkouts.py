"""Trainers that are on no index: their sources, each at one commit, fetched by `make trainers`."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.environments import Lacking


class Checkout(NamedTuple):
    """A trainer's sources."""

    path: str
    """Of its repository on GitHub."""
    commit: str

    @property
    def folder(self) -> Path:
        """Where they are, or would be."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        name = self.path.rpartition("/")[2]
        return cache / "verifier-tests" / f"{name}-{self.commit[:7]}"

    def fetch(self) -> None:
        """Have them, nothing of their past. Raises Lacking."""
        if self.folder.exists():
            return
        new = self.folder.with_suffix(f".{os.getpid()}")
        git = ["git", "-c", "advice.detachedHead=false", "-C", str(new)]
        new.mkdir(parents=True)
        for command in (
            [*git, "init", "--quiet"],
            [*git, "fetch", "--quiet", "--depth=1", f"https://github.com/{self.path}", self.commit],
            [*git, "checkout", "--quiet", "FETCH_HEAD"],
        ):
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                shutil.rmtree(new)
                raise Lacking(f"{self.path}: {done.stderr.strip()[-200:]}")
        new.rename(self.folder)


CHECKOUTS = {
    "nemo_gym": Checkout("NVIDIA-NeMo/Gym", "07d6b0d07b22fcf530b4c211dae2ee23100428e4"),
    "nemo_rl": Checkout("NVIDIA-NeMo/RL", "7ea279abfbeb698b092856d0dab61e7cf39bc909"),
    "open_instruct": Checkout("allenai/open-instruct", "e6c3044aa6201c8bfa4573c1b03142af599e730d"),
    "prime_rl": Checkout("PrimeIntellect-ai/prime-rl", "559b44772e471d1538537b8805cc77f3824a5e64"),
    "rllm": Checkout("rllm-org/rllm", "9beb6e0f676a46d38858991fd79ac5f8e0b16d4c"),
    "roll": Checkout("alibaba/ROLL", "8eb27cc2dc34c4d1310b169d9b86d339004d811a"),
    "skyrl_gym": Checkout("NovaSky-AI/SkyRL", "a9564572eb8e91076be43c1bd5e4615e3de17265"),
    "slime": Checkout("THUDM/slime", "624b824a898ab0ec1fcb4d373004c7f3852bf515"),
    "tinker_cookbook": Checkout(
        "thinking-machines-lab/tinker-cookbook", "9dfcc3a2cf44432d621a01005073dc6d76a1e87a"
    ),
    "torchforge": Checkout("meta-pytorch/torchforge", "6e77f0b37596ef4d4f31924fbc46eb77d0c8043d"),
    "verifiers": Checkout(
        "PrimeIntellect-ai/verifiers", "a60a606ecc4d309247edf9ff92c3eabca362781f"
    ),
}
"""By the name of the adapter."""
