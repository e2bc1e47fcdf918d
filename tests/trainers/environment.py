"""The environment that has the trainers, which `make trainers` makes: minutes, and 2 GB."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.environments import Environment, Lacking

TRAINERS = Environment(
    "trainers", Path(__file__).with_name("requirements.txt"), imports="torch, transformers"
)

if __name__ == "__main__":
    try:
        print(f"The trainers are in {TRAINERS.make()}.")
    except Lacking as reason:
        sys.exit(f"The trainers cannot be installed: {reason}")
