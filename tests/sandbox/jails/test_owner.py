"""A jail's owner is known to be gone only where that is certain."""

import subprocess
import sys

from sandbox.jails import owner


def _name_of_another(*, alive: bool) -> tuple[str, subprocess.Popen[str]]:
    program = "from sandbox.jails import owner; print(owner.name(), flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    name = process.stdout.readline().strip()
    if not alive:
        process.communicate("\n")
    return name, process


def test_a_living_process_is_not_gone() -> None:
    name, process = _name_of_another(alive=True)
    assert not owner.is_gone(name)
    assert not owner.is_gone(owner.name())
    process.communicate("\n")


def test_an_ended_process_is_gone() -> None:
    name, _ = _name_of_another(alive=False)
    assert owner.is_gone(name)


def test_a_process_that_got_the_id_of_an_ended_one_is_another() -> None:
    here, _, _ = owner.name().rpartition("/")
    assert owner.is_gone(f"{here}/1")


def test_owners_elsewhere_and_unreadable_names_are_left_alone() -> None:
    for name in ("", "17", "a/b", "other-boot/4026531836/17/99", f"{owner.name()}/x"):
        assert not owner.is_gone(name)
