"""What the agent reads of its control group, in either version's words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.agent import cgroup
from sandbox.agent.cgroup import Cgroup
from sandbox.model import MIB

STAT = "anon {}\nactive_file {}\ninactive_file {}\nshmem {}\n"


def _version_1(root: Path) -> None:
    (root / "memory").mkdir()
    (root / "memory/memory.usage_in_bytes").write_text(str(1000 * MIB))
    stat = STAT.format(0, 1, 2, 3) + "".join(
        f"total_{line}\n"
        for line in STAT.format(100 * MIB, 600 * MIB, 200 * MIB, 64 * MIB).splitlines()
    )
    (root / "memory/memory.stat").write_text(stat)


def _version_2(root: Path) -> None:
    (root / "cgroup.controllers").touch()
    (root / "memory.current").write_text(str(1000 * MIB))
    (root / "memory.stat").write_text(STAT.format(100 * MIB, 600 * MIB, 200 * MIB, 64 * MIB))


@pytest.mark.parametrize("write", [_version_1, _version_2])
def test_what_was_read_from_disk_is_not_memory_in_use(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    monkeypatch.setattr(cgroup, "_ROOT", str(tmp_path))
    assert Cgroup().memory_used() == 200 * MIB


def test_nothing_is_known_where_nothing_can_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cgroup, "_ROOT", str(tmp_path))
    assert Cgroup().memory_used() is None
    assert Cgroup().cpu_s() is None
