"""Puts pip into the environment that runs this file, where Debian's Python came without ensurepip.

Standard library only. The wheel comes from the package index that pip itself would use
(PIP_INDEX_URL, else PyPI) and is used only when it is the one pinned here.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
TIMEOUT_S = 60


def main() -> None:
    """Download, check, and let pip install itself."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    try:
        wheel = download(find(WHEEL, index))
    except (OSError, LookupError) as error:
        sys.exit(
            f"pip could not be fetched from {index} ({error}). Install python3-venv and make "
            "again, or, where certificates are not trusted, install ca-certificates."
        )
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        sys.exit(f"{WHEEL} from {index} is not the file that it should be; nothing was installed.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / WHEEL
        path.write_bytes(wheel)
        # A wheel is a zip archive, which Python runs from.
        install = [f"{path}/pip", "install", "-qq", "--no-index", str(path)]
        subprocess.run([sys.executable, *install], check=True)


def find(name: str, index: str) -> str:
    """The address of a file on its project's index page. Raises LookupError, OSError."""
    page = download(index).decode()
    for link in re.findall(r'href="([^"]+)"', page):
        address = urllib.parse.urljoin(index, link)
        if urllib.parse.urlsplit(address).path.endswith("/" + name):
            return address
    raise LookupError(f"{name} is not there")


def download(address: str) -> bytes:
    """Raises OSError."""
    # The index is whatever the user's pip is told to use, a folder too.
    with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


if __name__ == "__main__":
    main()
