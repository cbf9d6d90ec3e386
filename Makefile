.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
MEASURE := $(VENV)/.set-up-measure

help: ## list the targets, a line each
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Broadsheet needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

set-up: $(STAMP) ## make the virtual environment from the lock file (the other targets call it)

$(MEASURE): $(STAMP) requirements-measure.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-measure.lock
	@touch $(MEASURE)

demo: $(STAMP) ## replay the bundled sample week without network and build its publication in demo/
	$(BIN)/broadsheet demo --out demo

serve: $(STAMP) ## the same, and open it on localhost
	$(BIN)/broadsheet demo --out demo --serve

test: $(STAMP) lint ## lint, types, layers, and every test
	$(BIN)/python tools/ensure_browser.py
	$(BIN)/python tools/ensure_programs.py
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(STAMP) ## ruff, mypy and import-linter only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(MEASURE) ## measure speed and quality beside our peers, on ../shared where it is there
	$(BIN)/python -m bench

hostile: $(STAMP) ## poll every trick of the hostile server among healthy feeds, and hold the run to its bounds
	$(BIN)/python -m bench hostile

train: $(MEASURE) ## learn the choice of the main text anew, with cross-validated figures
	$(BIN)/python -m tools.maintext

lock: ## resolve the dependencies anew into the lock files
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url --python-version 3.11 --extra model --extra languages --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url --python-version 3.11 --group measure --constraint requirements.lock pyproject.toml -o requirements-measure.lock

clean: ## remove what the targets made
	rm -rf demo $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help set-up demo serve test lint format bench hostile train lock clean
