# Two commands do everything on a fresh machine with Python >= 3.11, Node >= 20 and make:
#   make demo    open JupyterLab on examples/pbmc.ipynb
#   make test    check, test and prove all of it, browsers included

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Playwright drives the system's Chromium; it must never try to fetch one of its own.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1

# Tests run in this many processes; all of a file in one, in the order in which they stand.
WORKERS ?= 2
PYTEST  := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 15

VIEWER_SOURCES := $(shell find viewer -path '*/node_modules' -prune -o -type f -print 2>/dev/null)
LAB_SOURCES    := $(shell find labextension/src labextension/style viewer/src/bridge viewer/src/state/url.ts -type f 2>/dev/null) labextension/package.json
BUILT          := jupyter_cxg/static/viewer/manifest.json jupyter_cxg/static/widget/widget.js

.PHONY: demo test check fix build test-python test-server test-hub test-viewer test-browser test-binder bench fuzz screenshots clean help

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -3

# --- what everything stands on -------------------------------------------------------------------

$(VENV)/.python: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jupyter_cxg needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -U pip
	$(BIN)/python -m pip install -q -c constraints.txt 'jupyter-builder>=1.2' 'hatchling>=1.25' 'hatch-jupyter-builder>=0.9.1' editables
	touch $@

node_modules/.installed: package.json package-lock.json viewer/package.json labextension/package.json
	npm ci --no-audit --no-fund
	touch $@

jupyter_cxg/static/viewer/manifest.json: $(VIEWER_SOURCES) node_modules/.installed
	npm run build -w viewer

jupyter_cxg/static/widget/widget.js: jupyter_cxg/static/viewer/manifest.json
	@touch $@

jupyter_cxg/labextension/package.json: $(LAB_SOURCES) node_modules/.installed $(VENV)/.python
	npm run build:prod -w labextension
	@touch $@

# The package with everything that demo, tests and checks need. Again when the labextension changed: its
# files are copied into the environment, while Python and viewer are read from here.
$(VENV)/.installed: $(VENV)/.python $(BUILT) jupyter_cxg/labextension/package.json
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install -q -c constraints.txt --no-build-isolation -e '.[demo,test]'
	touch $@

build: $(VENV)/.installed

# --- the two commands ----------------------------------------------------------------------------

demo: $(VENV)/.installed
	$(BIN)/python examples/demo.py

test: check test-viewer test-python test-server test-hub test-browser test-binder

# --- their parts ---------------------------------------------------------------------------------

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm run check
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_docs.py

fix: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	npm run fix

test-viewer: $(VENV)/.installed
	npm run test

test-python: $(VENV)/.installed
	bash tests/annotations/postgresql.sh
	$(PYTEST) tests --ignore tests/server --ignore tests/hub --ignore tests/browser --ignore tests/binder --ignore tests/test_layers.py --ignore tests/test_docs.py

# pytest-jupyter and Playwright each run an event loop of their own and cannot share a process.
test-server: $(VENV)/.installed
	$(PYTEST) -p pytest_jupyter.jupyter_server tests/server

# Two versions of JupyterHub, each in an environment of its own below build/, which the first run makes.
test-hub: $(VENV)/.installed
	bash tests/browser/chromium.sh
	PYTHON=$(PYTHON) bash tests/hub/environment.sh 6 5.5
	$(PYTEST) tests/hub

test-browser: $(VENV)/.installed
	bash tests/browser/chromium.sh
	$(PYTEST) tests/browser

# What Binder would build, built in clean virtual environments.
test-binder: $(VENV)/.installed
	bash tests/browser/chromium.sh
	$(PYTEST) tests/binder

# The pictures of the README and the docs, made by the test run.
screenshots: $(VENV)/.installed
	bash tests/browser/chromium.sh
	CXG_SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/browser/test_example.py tests/browser/test_pictures.py

bench: $(VENV)/.installed
	bash tests/browser/chromium.sh
	$(BIN)/python -m bench $(BENCH)

# Bytes that nobody would send, tried one after the other: FUZZ_SECONDS for each reader in tests/fuzz/targets.py.
FUZZ_SECONDS ?= 60
fuzz: $(VENV)/.installed
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install -q -c constraints.txt --no-build-isolation -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz $(FUZZ_SECONDS)

clean:
	rm -rf $(VENV) node_modules build dist jupyter_cxg/static jupyter_cxg/labextension labextension/lib
