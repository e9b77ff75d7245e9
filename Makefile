# Each target works alone on a fresh machine with Python 3.11 or newer.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
BIN := .venv/bin
# Thousands of processes are started here: where a machine says that none may keep what it compiled,
# each takes 5 s of CPU more. Empty is as good as not set.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo test bench check faults lock

setup: .venv/ready

# uv when it can be had, else pip alone; both take only what the lock's hashes allow.
.venv/ready: requirements/dev.lock requirements/uv.lock pyproject.toml
	$(PYTHON) -m venv .venv
	if $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock; then
	  install="$(BIN)/python -m uv pip install --quiet --python $(BIN)/python"
	else
	  install="$(BIN)/python -m pip install --quiet --disable-pip-version-check"
	fi
	$$install --require-hashes -r requirements/dev.lock
	$$install --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	$(BIN)/prunella demo

test: setup
	$(BIN)/python tests/chromium.py
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder || $(BIN)/python tests/second_look.py $$?

faults: setup
	PRUNELLA_FAULTS=full $(BIN)/pytest -n 2 --dist load tests/faults tests/simulation tests/web/test_schemathesis.py

bench: setup
	$(BIN)/python -m bench

check: setup
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tests/house_rules.py

# One for developing, and cut from it what runs, what builds, and uv itself.
COMPILE := -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock:
	$(BIN)/python $(COMPILE) pyproject.toml --group dev --output-file requirements/dev.lock
	$(BIN)/python $(COMPILE) pyproject.toml --constraint requirements/dev.lock --output-file requirements/run.lock
	$(BIN)/python $(COMPILE) --group pyproject.toml:bench --output-file requirements/bench.lock
	echo hatchling | $(BIN)/python $(COMPILE) - --constraint requirements/dev.lock --output-file requirements/build.lock
	echo uv | $(BIN)/python $(COMPILE) - --output-file requirements/uv.lock
