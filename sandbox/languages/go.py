"""Go and its tests."""

from __future__ import annotations

from sandbox.languages.language import COMMANDS, PRODUCT, Language

_GO = ("/usr/lib/go", "/usr/lib/go-[0-9]*", "/usr/share/go", "/usr/share/go-[0-9]*")
_GO_SEED = "/usr/share/gocode/cache"
"""Where the image has testify compiled (sandbox/image/Dockerfile)."""
_GO_TEST_COMPILE = f"""
if [ -d {_GO_SEED} ]; then cp -rs {_GO_SEED} "$GOCACHE"; fi
exec go test -c -o main main_test.go
"""
_GO_ENVIRONMENT = {
    "GOCACHE": "/tmp/.cache",  # noqa: S108 - the jail's own
    "GO111MODULE": "off",
    "CGO_ENABLED": "0",
}

GO = (
    Language(
        name="go",
        tags=frozenset({"go", "golang"}),
        hello='package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }\n',
        file="main.go",
        compile=("go", "build", "-ldflags=-s -w", "-o", "main", "main.go"),
        product="main",
        shows_compiler=True,
        environment=_GO_ENVIRONMENT,
        address_space_limited=False,
        packages=("golang-go",),
        paths=(*COMMANDS, *_GO),
    ),
    Language(
        name="go_test",
        tags=frozenset({"go_test"}),
        base="go",
        hello=(
            'package main\nimport ("fmt"; "testing")\n'
            'func TestIt(t *testing.T) { fmt.Println("hello") }\n'
        ),
        file="main_test.go",
        compile=("sh", "-c", _GO_TEST_COMPILE),
        product="main",
        run=("sh", "-c", '"$0" -test.v && printf "ok  \\tcommand-line-arguments\\n"', PRODUCT),
        environment={**_GO_ENVIRONMENT, "GOPATH": "/usr/share/gocode"},
        compile_factor=2.0,
        address_space_limited=False,
        told_by="/usr/share/gocode/src/github.com/stretchr/testify/assert/assertions.go",
        packages=("golang-go", "golang-github-stretchr-testify-dev"),
        paths=(*COMMANDS, *_GO, "/usr/share/gocode"),
    ),
)
