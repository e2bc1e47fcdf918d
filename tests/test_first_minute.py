"""What a new user's terminal shows where something is missing: one sentence that says what to do,
and the next try works. Each lack is real: no Python on the path, an index that nobody serves..."""

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[1]
BOOTSTRAP = ROOT / "deploy" / "bootstrap_pip.py"
DEMO = ROOT / "examples" / "demo.py"
NO_INDEX = {"PIP_RETRIES": "0", "PIP_NO_INDEX": "0", "PIP_CONFIG_FILE": os.devnull}
BACKEND = """
import base64, hashlib, zipfile
def build_editable(folder, config=None, metadata=None):
    name = f"{NAME}-1.0-py3-none-any.whl"
    info = f"{NAME}-1.0.dist-info"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        about = f"Metadata-Version: 2.1\\nName: {NAME}\\nVersion: 1.0\\n"
        wheel.writestr(f"{info}/METADATA", about)
        tags = "Root-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\\n{tags}")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


def write_wheel(folder: Path, name: str) -> str:
    """Make a package of one module; the line of a lock file that names it."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "x = 1\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        record = []
        for file, text in files.items():
            wheel.writestr(file, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
            record.append(f"{file},sha256={digest.rstrip(b'=').decode()},{len(text)}\n")
        wheel.writestr(f"{info}/RECORD", "".join(record) + f"{info}/RECORD,,\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Project:
    """One that is small enough to be installed without a network, set up by our own script."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        shutil.copytree(ROOT / "deploy", self.folder / "deploy")
        for part, name in ((self.folder, "outer"), (self.folder / "client", "inner")):
            part.mkdir(exist_ok=True)
            part.joinpath("backend.py").write_text(f"NAME = {name!r}\n{BACKEND}")
            part.joinpath("pyproject.toml").write_text(
                "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
                f"[project]\nname = '{name}'\nversion = '1.0'\n"
            )
        self.lock = self.folder / "requirements.lock"
        self.lock.write_text(write_wheel(self.wheels, "needed"))
        self.environment = self.folder / ".venv"

    def set_up(self, *prefix: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """What `make` does first, with what is needed at hand unless a variable says otherwise."""
        at_hand = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return subprocess.run(
            [*prefix, "/bin/sh", "deploy/make-env.sh", str(self.environment), str(self.lock)],
            cwd=self.folder,
            env={**os.environ, "PYTHON": sys.executable, **at_hand, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def works(self, name: str = "needed") -> bool:
        """Whether what was to be installed can be used."""
        command = [str(self.environment / "bin" / "python"), "-c", f"import {name}"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def established(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One whose environment has been made: that takes the longest, so it is made once."""
    made = Project(tmp_path_factory.mktemp("established"))
    assert made.set_up().returncode == 0
    return made


@pytest.fixture
def nobody_there() -> Iterator[str]:
    """The address of a package index that is not there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/simple"


# Making an environment takes seconds.
pytestmark = pytest.mark.slow


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one that tells what to do."""
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    return line


def test_without_python_it_says_which_and_how(project: Project, tmp_path: Path) -> None:
    nothing = str(tmp_path / "nothing")
    said = sentence(project.set_up(PATH=nothing, PYTHON="python3"))
    assert said.startswith("Python 3.11 or newer is needed")
    assert "apt install" in said
    assert "make PYTHON=" in said
    assert not project.environment.exists()


def test_without_the_module_venv_it_says_how_to_get_it(project: Project, tmp_path: Path) -> None:
    tmp_path.joinpath("venv.py").write_text("raise ModuleNotFoundError('No module named venv')")
    said = sentence(project.set_up(PYTHONPATH=str(tmp_path)))
    assert "apt install python3-venv" in said
    assert not project.environment.exists()


def test_without_a_network_it_says_so_and_the_next_try_works(
    project: Project, nobody_there: str
) -> None:
    away = {**NO_INDEX, "PIP_INDEX_URL": nobody_there, "PIP_FIND_LINKS": ""}
    said = sentence(project.set_up(**away))
    assert said.startswith("The package index cannot be reached")
    assert "HTTPS_PROXY" in said
    assert project.set_up().returncode == 0
    assert project.works()


@pytest.mark.xdist_group("established")
def test_an_environment_that_works_outlives_a_try_without_a_network(
    established: Project, nobody_there: str
) -> None:
    with established.lock.open("a") as lock:
        lock.write(write_wheel(established.wheels, "more"))
    sentence(established.set_up(**NO_INDEX, PIP_INDEX_URL=nobody_there, PIP_FIND_LINKS=""))
    assert established.works()
    assert established.set_up().returncode == 0
    assert established.works("more")


@pytest.mark.xdist_group("established")
def test_files_that_a_proxy_changed_are_refused_in_a_sentence(established: Project) -> None:
    lock = established.lock
    right = lock.read_text() + write_wheel(established.wheels, "other")
    lock.write_text(right[:-9] + "deadbeef\n")
    said = sentence(established.set_up())
    assert said.startswith("The package index hands out other files")
    lock.write_text(right)
    assert established.set_up().returncode == 0
    assert established.works("other")


@pytest.mark.xdist_group("established")
def test_a_try_that_was_killed_does_not_spoil_the_next(established: Project) -> None:
    (module,) = established.environment.glob("lib/*/site-packages/needed.py")
    module.unlink()
    established.environment.joinpath(".unfinished").touch()  # as a killed one leaves it
    assert established.set_up().returncode == 0
    assert established.works()


def test_on_a_full_disk_it_says_so_and_the_next_try_works(
    project: Project, not_here: Callable[[str], NoReturn]
) -> None:
    """Full when the environment is made, and when a package is installed into it."""
    alone = ("unshare", "--user", "--map-root-user", "--mount")
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        not_here("no user namespaces to have a small disk in")
    project.environment.mkdir()
    path = project.wheels / "needed-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "a") as wheel:  # too large for either disk, and never read
        wheel.writestr("needed_ballast.bin", os.urandom(20 << 20))
    digest = hashlib.sha256(path.read_bytes())
    project.lock.write_text(f"needed==1.0 --hash=sha256:{digest.hexdigest()}\n")
    for megabytes in (2, 20):
        mount = f"mount -t tmpfs -o size={megabytes}m none {project.environment} && "
        said = sentence(project.set_up(*alone, "sh", "-c", mount + 'exec "$@"', "sh"))
        assert "make room" in said
    assert project.set_up().returncode == 0
    assert project.works()


class _Index(BaseHTTPRequestHandler):
    """One that a proxy or a portal stands in front of."""

    def do_GET(self) -> None:
        assert self.headers["Authorization"] == "Basic dXNlcjpzZWNyZXQ="
        self.send_response(200)
        self.end_headers()
        wheel = "pip-26.3-py3-none-any.whl"
        page = f'<a href="{wheel}">{wheel}</a>' if "changed" in self.path else "<h1>Log in</h1>"
        self.wfile.write(b"\xff\x00" if self.path.endswith(".whl") else page.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    ("place", "said"),
    [("portal", "is not there"), ("changed", "is not the file that it should be")],
)
def test_pip_that_is_not_pip_is_not_installed(place: str, said: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Index) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        index = f"http://user:secret@127.0.0.1:{server.server_port}/{place}"
        shown = bootstrap(index)
        server.shutdown()
    assert said in shown
    assert "secret" not in shown


@pytest.mark.parametrize("index", ["nonsense", "http://[", "file:///nowhere"])
def test_an_index_that_is_none_is_told_in_a_sentence(index: str) -> None:
    assert "PIP_INDEX_URL" in bootstrap(index)


def test_without_a_network_pip_is_missed_in_a_sentence(nobody_there: str) -> None:
    assert "install python3-venv" in bootstrap(nobody_there)


def bootstrap(index: str) -> str:
    """What is said where pip itself has to be fetched."""
    variables = {**os.environ, "PIP_INDEX_URL": index, "no_proxy": "*"}
    command: list[str | Path] = [sys.executable, BOOTSTRAP]
    return sentence(
        subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    )


@pytest.mark.parametrize(("quick", "rest", "code"), [(0, 0, 0), (1, 0, 2), (0, 1, 1), (1, 1, 2)])
def test_in_ci_both_halves_of_the_tests_run_whatever_comes_of_the_first(
    tmp_path: Path, quick: int, rest: int, code: int
) -> None:
    """The worse of the two is what is said; make says 2 of whatever failed."""
    commands = {"coverage": f'[ "$1" != run ] || exit {quick}', "pytest": f"echo rest; exit {rest}"}
    tmp_path.joinpath("bin").mkdir()
    for name, command in {**commands, "python": "echo folders"}.items():
        tmp_path.joinpath("bin", name).write_text(f"#!/bin/sh\n{command}\n")
        tmp_path.joinpath("bin", name).chmod(0o755)
    tmp_path.joinpath(".dev").touch()
    done = subprocess.run(
        ["make", "--silent", "test", "CI=1", f"VENV={tmp_path}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ([] if quick else ["folders"]) + ["rest"]
    assert f"Error {code}" in done.stderr if code else done.returncode == 0, done


def test_where_nothing_may_be_isolated_the_demo_says_what_to_allow(
    not_here: Callable[[str], NoReturn],
) -> None:
    """No Docker daemon, and a kernel that gives no namespaces."""
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces"
    command = ["unshare", "--user", "--map-root-user", "sh", "-c"]
    if subprocess.run([*command, forbid], check=False, capture_output=True).returncode:
        not_here("no user namespace to forbid others in")
    shown = subprocess.run(
        [*command, f'{forbid}; exec "$0" "$1"', sys.executable, str(DEMO)],
        env={**os.environ, "DOCKER_HOST": "unix:///nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 2
    said = " ".join(textwrap.dedent(shown.stdout).split())
    assert said.startswith("The service cannot judge anything on this machine: ")
    assert "user.max_user_namespaces>0" in said
    assert said.endswith("`.venv/bin/verifier doctor` lists all that it lacks and how to get it.")
    assert "Traceback" not in shown.stdout + shown.stderr
