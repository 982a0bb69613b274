# make demo: the main job on a real clip.  make demo-hub: the hub with that clip in it.  make test: every test.
#  make check: lint, types, import rules, Python 3.7.
RECENT := 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(or $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c $(RECENT) 2>/dev/null && echo $$p && break; done),python3)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
TESTED := $(VENV)/.ready-for-tests
HUB    := $(VENV)/.ready-for-hub
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NO_PIP := { echo "pip could not set up the environment (see above): it needs a package index once."; exit 1; }

.PHONY: demo demo-hub test check format clean page
.DEFAULT_GOAL := demo

$(READY): pyproject.toml
	@$(PYTHON) -c $(RECENT) || { echo "roto needs Python 3.11 or newer; say which one: make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "This Python cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PIP) -e . || $(NO_PIP)
	@touch $@

$(TESTED): $(READY)
	@echo "Adding PyTorch and what the tests need (once, some gigabytes) ..."
	@$(PIP) -e '.[dev,torch,hub]' || $(NO_PIP)
	@touch $@

$(HUB): $(READY)
	@$(PIP) -e '.[hub]' || $(NO_PIP)
	@touch $@

demo: $(READY)
	@$(BIN)/roto demo

test: $(TESTED)
	@$(BIN)/python -m tests.system_parts
	@$(BIN)/python -m pytest

check: $(TESTED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/basedpyright --level error
	@$(BIN)/lint-imports
	@$(BIN)/vermin --quiet --no-tips --eval-annotations -t=3.7- --violations shared/roto_shared shared/roto_panel nuke_plugin silhouette_plugin

demo-hub: page
	@$(BIN)/roto hub demo

page: $(HUB)
	@$(BIN)/python -m roto_hub.describe server/web/openapi.json
	@cd server/web && npm ci --silent --no-audit --no-fund && npm run --silent build

format: $(TESTED)
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) demo-out server/web/node_modules server/roto_hub/static
