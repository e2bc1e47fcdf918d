"""`python3 -m sandbox.languages [NAME ...]`: the Debian packages that the image needs for their
toolchains, or for all.
"""

import sys

from sandbox.languages import LANGUAGES

if __name__ == "__main__":
    names = sys.argv[1:] or LANGUAGES
    packages = {package for name in names for package in LANGUAGES[name].packages}
    sys.stdout.write(" ".join(sorted(packages)) + "\n")
