"""The environments that have the trainers, and sources of others, which `make trainers` gets: in
minutes, and 3 GB."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.environments import Environment, Lacking
from tests.trainers.checkouts import CHECKOUTS

TRAINERS = Environment(
    "trainers", Path(__file__).with_name("requirements.txt"), imports="torch, transformers"
)
VERIFIERS = Environment(
    "verifiers", Path(__file__).with_name("requirements-verifiers.txt"), imports="openai, renderers"
)

if __name__ == "__main__":
    try:
        for environment in (TRAINERS, VERIFIERS):
            print(f"The trainers are in {environment.make()}.")
    except Lacking as reason:
        sys.exit(f"The trainers cannot be installed: {reason}")
    for checkout in CHECKOUTS.values():
        try:
            checkout.fetch()
        except Lacking as reason:
            print(f"Its tests will be skipped: {reason}")
