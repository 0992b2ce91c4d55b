# Tanshi's commands. Needs Python 3.11 or newer and make; everything else is fetched into the clone.
.DEFAULT_GOAL := help
.PHONY: help install demo test check bench lock

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PORT ?= 8000
HISTORY ?=
NAME ?=

# The first Python on PATH that is new enough. It is asked, because a name on PATH may be a dead shim.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18
	@echo "  Options: make demo PORT=8080 HISTORY=bars.csv, make bench NAME=engine, make install PYTHON=python3.12"

install: $(VENV)/.runtime node_modules/.installed ## Python and browser parts, from the locks

demo: install ## the exchange on this machine: servers, demo data, web, workers
	@exec $(PY) manage.py demo --port $(PORT) $(if $(HISTORY),--history "$(HISTORY)")

# Two runs: nearly all share the cores, and wait for conditions as long as it takes; what measures time has them alone.
test: install $(VENV)/.dev ## every test, with real PostgreSQL, Valkey, Celery and browser
	$(PY) -m pytest -n 2 --dist worksteal -m "not alone"
	$(PY) -m pytest -m alone

check: export TANSHI_TOOLING = 1
check: install $(VENV)/.dev ## style, types, layers, migrations, settings
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) -m config.local $(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	@PATH="$$PATH:$(CURDIR)/$(VENV)/bin"; find static -name '*.js' -print | while read -r file; do \
		node --check "$$file" || exit 1; done
	@sh .ci/compose-check

bench: export TANSHI_TOOLING = 1
bench: install ## the benchmarks, on a database of their own; NAME=one of them
	$(PY) -m config.local sh -ec '$(PY) manage.py migrate --noinput --verbosity 0; $(PY) manage.py bench $(NAME)'

lock: $(VENV)/.dev ## the lock files anew from the .in files
	for name in requirements requirements-dev requirements-node; do $(VENV)/bin/uv pip compile --python-version 3.11 \
		--universal --generate-hashes --no-emit-index-url --no-header --quiet $$name.in -o $$name.lock || exit 1; done
	npm install --package-lock-only --omit=optional --no-audit --no-fund

$(PY):
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer on PATH: install one, or say which: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment (Debian: apt-get install python3-venv)"; exit 1; }

# The .pth line makes the clone importable from its own environment, as an editable install would.
$(VENV)/.runtime: requirements.lock | $(PY)
	@echo "Installing Python packages (requirements.lock)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "tanshi.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what tests and checks need (requirements-dev.lock)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Without npm on the machine a wheel brings it into the virtual environment.
node_modules/.installed: package.json package-lock.json .npmrc requirements-node.lock $(VENV)/.runtime
	@echo "Installing browser parts (package-lock.json)"
	@command -v npm >/dev/null || test -x $(VENV)/bin/npm || $(PIP) install --require-hashes -r requirements-node.lock
	@PATH="$$PATH:$(CURDIR)/$(VENV)/bin" npm ci --omit=optional --no-audit --no-fund --loglevel=error
	@touch $@
