# What there is to do here; every target makes what it needs first. `make` alone lists them.
# Settings: PYTHON (which interpreter makes the environment), BASE (what the sandbox image is built on),
# VARIANT (python, science for more libraries, languages for other toolchains), MINUTES (of a soak), SHORT
# (of bench).

VENV := .venv
BIN := $(VENV)/bin
BASE := python:3.11-slim
VARIANT := python
MINUTES := 60
WORKERS := -n auto --dist loadgroup --no-loadscope-reorder
QUICK := -n auto --dist worksteal -q --quick --timeout 300
UV_COMPILE = $(BIN)/uv pip compile --quiet --no-config --universal --fork-strategy fewest \
	--python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
	--no-emit-package grpo-verifier-client

# The data sets that need `science` were written for libraries of this time (sandbox/libraries.py).
SCIENCE_BEFORE := 2024-01-01

# What one of the many interpreters of a test run has compiled, the others read.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo serve test trainers alerts check quick coverage lint format bench image dist lock sbom soak vulnerabilities

help:  ## List the targets
	@sed -n 's/^\([a-z]*\):.*##/\1\t/p' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime  ## Start the service, score a bundled batch over HTTP, show the verdicts
	@$(BIN)/python examples/demo.py

serve: $(VENV)/.runtime  ## Serve on http://127.0.0.1:8000
	@$(BIN)/verifier serve

test: $(VENV)/.dev  ## Run the tests; where CI is set, the quick ones under coverage
ifeq ($(CI),)
	$(BIN)/pytest $(WORKERS)
else
	@$(MAKE) --no-print-directory coverage; quick=$$?; \
	$(BIN)/pytest $(WORKERS) --rest; rest=$$?; \
	exit $$((quick > rest ? quick : rest))
endif

trainers: $(VENV)/.dev  ## Install the trainers whose own code some tests run (3 GB, apart from this)
	@$(BIN)/python -m tests.trainers.environment

alerts: $(VENV)/.dev  ## Fire every alert, kill workers under trainers: what wants a quiet machine
	$(BIN)/pytest --alone

check: $(VENV)/.dev  ## Lint, and beside it the tests that need neither Docker nor Redis nor time
	@$(MAKE) --no-print-directory --jobs 2 lint quick

quick: $(VENV)/.dev
	$(BIN)/pytest $(QUICK)

coverage: $(VENV)/.dev  ## Branch coverage of the quick tests, by folder; fails below the floor in pyproject.toml
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(QUICK)
	$(BIN)/coverage combine --quiet
	@$(BIN)/python -m tests.coverage_by_folder
	$(BIN)/coverage report --format=total

lint: $(VENV)/.dev  ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev  ## Bring the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/.dev  ## Measure this beside other ways to judge the same (SHORT=1: in minutes)
	$(BIN)/python -m benchmarks.beside $(if $(SHORT),--short)

soak: $(VENV)/.dev  ## Full load for MINUTES (60) while things are killed or stand still; counts what is lost
	$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

image:  ## Build the image of the Docker jail
	docker build $(DOCKER_BUILD_OPTIONS) --build-arg BASE=$(BASE) \
		--target $(VARIANT) --file sandbox/image/Dockerfile --tag verifier-sandbox:$(VARIANT) sandbox

dist: $(VENV)/.dev  ## Build wheels and source archives of service and client into dist/
	@for project in . client; do \
		$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python \
			--out-dir dist $$project || exit 1; \
	done
	@rm -rf build client/build *.egg-info client/*.egg-info
	@ls dist

sbom: $(VENV)/.dev  ## Write what the service is made of to dist/sbom.cdx.json (CycloneDX)
	@mkdir -p dist
	$(BIN)/uv tool run --quiet --from 'cyclonedx-bom>=7,<8' cyclonedx-py requirements requirements.lock \
		--pyproject pyproject.toml --output-reproducible --output-file dist/sbom.cdx.json

vulnerabilities: $(VENV)/.dev  ## Look up what is locked among known vulnerabilities (pip-audit, asks PyPI)
	$(BIN)/uv tool run --quiet --from 'pip-audit>=2.9,<3' pip-audit --strict --disable-pip --requirement requirements.lock

lock: $(VENV)/.dev  ## Bring the lock files up to date with pyproject.toml (UPGRADE=1: newest versions)
	$(UV_COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml client/pyproject.toml \
		--group dev --group build -o requirements-dev.lock
	$(UV_COMPILE) pyproject.toml --group build -c requirements-dev.lock -o requirements.lock
	$(BIN)/python -m sandbox.libraries python | $(UV_COMPILE) --no-annotate -c requirements.lock \
		-o sandbox/image/requirements.lock -
	$(BIN)/python -m sandbox.libraries science | $(UV_COMPILE) --no-annotate --only-binary :all: \
		--exclude-newer $(SCIENCE_BEFORE) --exclude-newer-package threadpoolctl=2026-12-31 -o sandbox/image/science.lock -

$(VENV)/.runtime: requirements.lock pyproject.toml deploy/make-env.sh
	@deploy/make-env.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml deploy/make-env.sh
	@deploy/make-env.sh $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/.runtime
