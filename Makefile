# Everything happens in a virtual environment of its own, with pinned versions.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-fast torture check install clean

demo: $(VENV)/.installed            ## render scenes/lighthouse.yaml into renders/lighthouse/
	$(BIN)/discoreel render scenes/lighthouse.yaml

# Two workers of one thread each: two of two threads wait for one another.
test: $(VENV)/.installed-dev        ## the whole test suite, slow cases too
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

test-fast: $(VENV)/.installed-dev   ## what is not slow: of every room, in about a minute
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -m "not slow"

torture: $(VENV)/.installed-dev     ## 500 kills of renders at random moments: 0 bytes may differ; some ten minutes
	$(BIN)/python -m tests.torture

check: $(VENV)/.installed-dev       ## what CI runs before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("discoreel needs Python 3.11 or newer, found " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV)
