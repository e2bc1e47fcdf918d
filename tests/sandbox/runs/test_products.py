"""What a compiler made is there for all of a machine's workers, and for nobody to change."""

import os
from pathlib import Path

import pytest

from sandbox.runs import products
from sandbox.runs.products import Products, shared_folder

KEY, OTHER, THIRD = b"a" * 32, b"b" * 32, b"c" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = shared_folder(tmp_path)
    assert made is not None
    return made


def test_workers_of_a_machine_share_what_one_of_them_has_made(folder: Path) -> None:
    Products(folder).keep(KEY, b"program")
    assert Products(folder).get(KEY) == b"program"
    assert Products(folder).get(OTHER) is None
    assert Products().get(KEY) is None


def test_what_is_not_whole_is_made_again(folder: Path) -> None:
    Products(folder).keep(KEY, b"program")
    (path,) = folder.iterdir()
    for changed in (path.read_bytes()[:-1], b"", path.read_bytes() + b"x"):
        path.write_bytes(changed)
        assert Products(folder).get(KEY) is None
    path.unlink()
    assert Products(folder).get(KEY) is None


def test_the_latest_used_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "MAX_SHARED_BYTES", 100)
    for age, key in enumerate((KEY, OTHER)):
        Products(folder).keep(key, b"program")
        os.utime(folder / key.hex(), ns=(age, age))
    assert Products(folder).get(KEY) == b"program"  # used now
    Products(folder).keep(THIRD, b"another")
    assert [Products(folder).get(key) for key in (KEY, OTHER, THIRD)] == [
        b"program",
        None,
        b"another",
    ]


def test_a_folder_that_others_can_write_to_is_not_used(tmp_path: Path, folder: Path) -> None:
    folder.chmod(0o777)
    assert shared_folder(tmp_path) is None
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    assert shared_folder(tmp_path) is None
    assert shared_folder(tmp_path / "nowhere") is None


def test_what_cannot_be_kept_there_is_kept_here(tmp_path: Path) -> None:
    alone = Products(tmp_path / "gone")
    alone.keep(KEY, b"program")
    assert alone.get(KEY) == b"program"
