"""Puts pip into the environment that runs this file, where Debian's Python came without ensurepip.

Standard library only. The wheel comes from the package index that pip itself would use
(PIP_INDEX_URL, else PyPI) and is used only when it is the one pinned here.
"""

import hashlib
import http.client
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from pathlib import Path

WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
TIMEOUT_S = 60


def main() -> None:
    """Download, check, and let pip install itself."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    try:
        wheel = download(find(WHEEL, index))
    except (OSError, LookupError, ValueError, http.client.HTTPException) as error:
        sys.exit(
            f"pip could not be fetched from {without_password(index)} ({error}): install "
            "python3-venv and make again, or check the network, HTTPS_PROXY and PIP_INDEX_URL and, "
            "where certificates are not trusted, install ca-certificates."
        )
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        sys.exit(
            f"{WHEEL} from {without_password(index)} is not the file that it should be and was not "
            "installed: install python3-venv, or name an index that does not change files, "
            "PIP_INDEX_URL=https://... make ..."
        )
    try:
        install(wheel)
    except OSError as error:
        sys.exit(
            f"pip could not be installed ({error}): make room in {sys.prefix} and "
            f"{os.environ.get('TMPDIR', '/tmp')}, then make again."  # noqa: S108
        )


def install(wheel: bytes) -> None:
    """Raises OSError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / WHEEL
        path.write_bytes(wheel)
        # A wheel is a zip archive, which Python runs from. What an earlier try left is no obstacle.
        options = ["install", "-qq", "--no-index", "--ignore-installed", str(path)]
        done = subprocess.run(
            [sys.executable, f"{path}/pip", *options], check=False, capture_output=True, text=True
        )
    if done.returncode:
        raise OSError((done.stderr.strip() or "pip failed").splitlines()[-1])


def without_password(address: str) -> str:
    """What of an address may be shown."""
    scheme, separator, rest = address.rpartition("://")
    host, slash, path = rest.partition("/")
    return scheme + separator + host.rpartition("@")[2] + slash + path


def find(name: str, index: str) -> str:
    """The address of a file on its project's index page. Raises LookupError, OSError."""
    page = download(index).decode(errors="replace")
    for link in re.findall(r'href="([^"]+)"', page):
        address = urllib.parse.urljoin(index, link)
        if urllib.parse.urlsplit(address).path.endswith("/" + name):
            return address
    raise LookupError(f"{name} is not there")


def download(address: str) -> bytes:
    """Raises OSError, ValueError, http.client.HTTPException."""
    parts = urllib.parse.urlsplit(address)
    # The index is whatever the user's pip is told to use, a folder too.
    request = urllib.request.Request(without_password(address))  # noqa: S310
    if "@" in parts.netloc:
        password = urllib.parse.unquote(parts.netloc.rpartition("@")[0])
        request.add_header("Authorization", "Basic " + b64encode(password.encode()).decode())
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


if __name__ == "__main__":
    main()
