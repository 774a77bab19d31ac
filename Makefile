# Two commands: `make demo` plays the whole main job, `make test` runs every test and check.
# Both set up .venv by themselves and work offline afterwards.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test eval check crash lint types contracts screens setup setup-dev lock clean fuzz

demo: setup
	$(BIN)/campaigns demo

test: setup-dev lint types contracts
	$(BIN)/pytest -n auto

# How well both engines read, write and judge: one table, tuned and untuned cases apart.
eval: setup-dev
	$(BIN)/python -m tests.evals.table

check: setup-dev lint types contracts
	$(BIN)/pytest -n auto -m "not slow" -q

# Two hundred kills over 5,600 messages on each database; PostgreSQL is the one CAMPAIGNS_TEST_DATABASE_URL names.
crash: setup-dev
	CAMPAIGNS_CRASH_KILLS=$${CAMPAIGNS_CRASH_KILLS:-200} $(BIN)/pytest -n 0 -s -q tests/crash

# A picture of every screen and state of the console, in ./screens, to look at.
screens: setup-dev
	$(BIN)/python -m tests.web.screens screens

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

contracts: setup-dev
	$(BIN)/lint-imports

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.dev

$(VENV)/.python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11) and "Python 3.11 is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Locks hold names, versions and hashes, never an index's address.
lock: setup-dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra reader --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra reader --group build --group dev pyproject.toml -o requirements-dev.lock

# Ten minutes of damaged books; the tests run a few seconds of the same.
fuzz: setup-dev
	$(BIN)/python bench/fuzz_book.py --seconds 600

clean:
	rm -rf $(VENV)
