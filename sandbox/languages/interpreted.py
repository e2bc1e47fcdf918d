"""Languages whose programs are run as they stand, and pytest."""

from __future__ import annotations

from sandbox.languages.language import COMMANDS, LIBRARIES, PRODUCT, PYTHON, Language

# A failed check of rackunit is told of and counted, and changes no exit code.
_RACKET_RUN = f"""
(define program (string->path "{PRODUCT}"))
(dynamic-require program #f)
(define main (list 'submod program 'main))
(when (module-declared? main #t) (dynamic-require main #f))
(void ((dynamic-require 'rackunit/log 'test-log) #:display? #f #:exit? #t))
"""
# PHP prints what stands before its tag, and programs that are only code have none.
_PHP_COMPILE = """
if ! grep -q '<?' main.php; then
    { printf '<?php '; cat main.php; } > tagged && mv tagged main.php
fi
exec php -l main.php
"""

INTERPRETED = (
    Language(
        PYTHON,
        frozenset({"python", "python3", "py", "py3", "ipython", "ipython3"}),
        variant=PYTHON,
    ),
    Language(
        name="bash",
        tags=frozenset({"bash", "sh", "shell"}),
        hello="echo hello\n",
        file="main.sh",
        compile=("bash", "-n", "main.sh"),
        product="main.sh",
        run=("bash", PRODUCT),
        packages=("bash",),
        paths=(*COMMANDS, *LIBRARIES),
    ),
    Language(
        name="php",
        tags=frozenset({"php"}),
        hello='<?php echo "hello\\n";',
        file="main.php",
        compile=("sh", "-c", _PHP_COMPILE),
        product="main.php",
        run=(
            *(
                "php",
                "-d",
                "zend.assertions=1",
                "-d",
                "assert.exception=1",
                "-d",
                "memory_limit=-1",
            ),
            *("-d", "display_errors=stderr", "-f", PRODUCT),
        ),
        told_by="/usr/bin/php",
        packages=("php-cli", "php-mbstring"),
        paths=(*COMMANDS, *LIBRARIES, "/usr/lib/php", "/usr/share/php", "/etc/php"),
    ),
    Language(
        name="ruby",
        tags=frozenset({"ruby", "rb"}),
        hello='puts "hello"',
        file="main.rb",
        compile=("ruby", "-c", "main.rb"),
        product="main.rb",
        run=("ruby", PRODUCT),
        packages=("ruby", "ruby-test-unit", "ruby-minitest"),
        paths=(*COMMANDS, *LIBRARIES, "/usr/lib/ruby", "/usr/share/ruby*", "/var/lib/gems"),
    ),
    Language(
        name="lua",
        tags=frozenset({"lua"}),
        hello='print("hello")',
        file="main.lua",
        compile=("luac5.4", "-p", "main.lua"),
        product="main.lua",
        run=("lua5.4", PRODUCT),
        packages=("lua5.4", "lua-unit"),
        paths=(*COMMANDS, *LIBRARIES, "/usr/share/lua"),
    ),
    Language(
        name="perl",
        tags=frozenset({"perl", "pl"}),
        hello='print "hello\\n";',
        file="main.pl",
        compile=("perl", "-c", "main.pl"),
        product="main.pl",
        run=("perl", PRODUCT),
        packages=("perl", "libtest-deep-perl", "libdata-compare-perl"),
        paths=(*COMMANDS, *LIBRARIES, "/usr/share/perl*", "/etc/perl"),
    ),
    Language(
        name="r",
        tags=frozenset({"r", "rscript"}),
        hello='cat("hello\\n")',
        file="main.R",
        compile=("Rscript", "--vanilla", "-e", 'invisible(parse("main.R"))'),
        product="main.R",
        run=("Rscript", "--vanilla", PRODUCT),
        memory_factor=1.5,
        packages=("r-base-core",),
        paths=(*COMMANDS, *LIBRARIES, "/usr/lib/R", "/usr/share/R", "/etc/R"),
    ),
    Language(
        name="racket",
        tags=frozenset({"racket", "rkt"}),
        hello='#lang racket/base\n(displayln "hello")',
        file="main.rkt",
        compile=("raco", "make", "main.rkt"),
        product="main.rkt",
        run=("racket", "-l", "racket/base", "-e", _RACKET_RUN),
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("racket",),
        paths=(*COMMANDS, *LIBRARIES, "/usr/lib/racket", "/usr/share/racket", "/etc/racket"),
    ),
    Language(
        name="elixir",
        tags=frozenset({"elixir", "ex", "exs"}),
        hello='IO.puts("hello")',
        file="main.exs",
        compile=("elixir", "-e", 'Code.string_to_quoted!(File.read!("main.exs"))'),
        product="main.exs",
        run=("elixir", PRODUCT),
        environment={"ERL_FLAGS": "+S 2:2 +A 1"},
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("elixir",),
        paths=(*COMMANDS, *LIBRARIES, "/usr/lib/erlang", "/usr/lib/elixir"),
    ),
    Language(
        name="pytest",
        tags=frozenset({"pytest"}),
        base="python",
        hello='def test_it(): print("hello")',
        file="main_test.py",
        compile=("/usr/bin/python3", "-m", "py_compile", "main_test.py"),
        product="main_test.py",
        run=(
            *("sh", "-c", 'cp "$0" main_test.py && exec "$@"', PRODUCT, "/usr/bin/python3"),
            *("-m", "pytest", "-p", "no:cacheprovider", "-rP", "main_test.py"),
        ),
        environment={"PYTHONPATH": "/opt/verifier/site", "PYTHONDONTWRITEBYTECODE": "1"},
        told_by="/usr/lib/python3/dist-packages/pytest/__init__.py",
        packages=("python3-pytest",),
        paths=(*COMMANDS, *LIBRARIES, "/usr/lib/python3*"),
    ),
)
