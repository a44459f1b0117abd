# Every recipe sets itself up from a machine with Python >= 3.11, pip and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := trim_bot workflows assessments checked_toml integrations
# Names what is installed, so that a changed requirement installs again and nothing else does.
STAMP := $(VENV)/.installed-$(shell cat requirements/development.txt pyproject.toml | cksum | tr ' ' '-')
PIP_FLAGS := --quiet --disable-pip-version-check --no-input
ARGS ?=
# Other people's programs have a folder of their own, so that the product's pins stay as they are.
PEERS := .peers
PEERS_STAMP := $(PEERS)/.installed-$(shell cat requirements/peers.txt tests/peers/node/package-lock.json | cksum | tr ' ' '-')
# What makes the wheel is a few small parts: whoever installs the program needs nothing else that builds or tests.
BUILD := .build
BUILD_STAMP := $(BUILD)/.installed-$(shell cat requirements/build.txt | cksum | tr ' ' '-')
# What the benchmarks compare with is other people's as well.
BENCH_PEERS := .bench-peers
BENCH_STAMP := $(BENCH_PEERS)/.installed-$(shell cat requirements/bench.txt | cksum | tr ' ' '-')
# Where the program is installed: an environment of its own. It is emptied once everything that goes into it is at hand.
PREFIX := $(VENV)
# So have those that look at what ships, rather than being a part of it.
AUDIT := .audit
AUDIT_STAMP := $(AUDIT)/.installed-$(shell cat requirements/audit.txt | cksum | tr ' ' '-')
# A test file stays on one process, so that what it shares is built once; each process has its own PostgreSQL.
SPREAD := -n logical --maxprocesses 4 --dist loadfile

# What tests write is thrown away: it lies in memory where that has a gigabyte to spare, and is gone afterwards.
# Others may pass through the folder, since PostgreSQL runs as a user of its own.
IN_A_FOLDER := set -e; \
	memory=$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 1000000 { print "/dev/shm" }'); \
	[ -w "$$memory" ] || memory=$${TMPDIR:-/tmp}; \
	folder=$$(mktemp -d "$$memory/trim-test-XXXXXX"); trap 'rm -rf "$$folder"' EXIT; trap 'exit 130' INT TERM; \
	chmod 711 "$$folder"; TMPDIR=$$folder
# Byte code is kept also where the environment asks for none: else each process of the tests compiles all of it anew.
KEPT := PYTHONDONTWRITEBYTECODE=

.DEFAULT_GOAL := help
.PHONY: help setup demo quickstart test check formatting lint types imports planted bench bench-peers mutants attacks peers peers-lock pictures \
	format lock goldens words definitions-freeze drawing likeness wheel sbom audit retention install deploy-check

help:  ## list the recipes
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 22

setup: $(STAMP)  ## make .venv with the hashed requirements and this project in it

$(STAMP): $(BIN)/python
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; \
	else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; set -ex; \
	$$pip install $(PIP_FLAGS) --require-hashes --requirement requirements/development.txt; \
	$$pip install $(PIP_FLAGS) --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.installed-*
	@touch $@

# Some systems ship Python without the part that puts pip into a new environment; pip outside does as well.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --clear --without-pip $(VENV)

install: $(BUILD_STAMP)  ## the program alone, without what builds and tests it (PREFIX=/opt/trim-bot for a folder of its own)
	@if [ -e "$(PREFIX)" ] && [ ! -e "$(PREFIX)/pyvenv.cfg" ] && [ -n "$$(ls -A "$(PREFIX)")" ]; then \
	echo "$(PREFIX) holds something else: choose an empty folder, since it is emptied." >&2; exit 2; fi
	@wheels=$$(mktemp -d); trap 'rm -rf "$$wheels"' EXIT; \
	if $(BUILD)/venv/bin/python -m pip --version >/dev/null 2>&1; then pip="$(BUILD)/venv/bin/python -m pip"; \
	else pip="$(PYTHON) -m pip --python $(BUILD)/venv/bin/python"; fi; set -ex; \
	$$pip wheel $(PIP_FLAGS) --no-deps --require-hashes --requirement requirements/runtime.txt --wheel-dir "$$wheels"; \
	$(BUILD)/venv/bin/python -m hatchling build -t wheel -d "$$wheels" >/dev/null; \
	$(PYTHON) -m venv --clear "$(PREFIX)" || $(PYTHON) -m venv --clear --without-pip "$(PREFIX)"; \
	if "$(PREFIX)/bin/python" -m pip --version >/dev/null 2>&1; then pip="$(PREFIX)/bin/python -m pip"; \
	else pip="$(PYTHON) -m pip --python $(PREFIX)/bin/python"; fi; \
	$$pip install $(PIP_FLAGS) --no-index --no-deps "$$wheels"/*.whl
	@"$(PREFIX)/bin/trim-bot" --version

$(BUILD_STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=...")'
	$(PYTHON) -m venv --clear $(BUILD)/venv || $(PYTHON) -m venv --clear --without-pip $(BUILD)/venv
	@if $(BUILD)/venv/bin/python -m pip --version >/dev/null 2>&1; then pip="$(BUILD)/venv/bin/python -m pip"; \
	else pip="$(PYTHON) -m pip --python $(BUILD)/venv/bin/python"; fi; set -ex; \
	$$pip install $(PIP_FLAGS) --require-hashes --requirement requirements/build.txt
	@rm -f $(BUILD)/.installed-*
	@touch $@

demo: setup  ## the practice workspace in the browser
	$(BIN)/trim-bot demo $(ARGS)

quickstart: setup  ## four questions, then a running desk in the folder peer-support (ARGS="--port 8001")
	@$(BIN)/trim-bot quickstart $(ARGS)

test: setup  ## every test (ARGS="-k words" for some)
	@$(IN_A_FOLDER) $(KEPT) $(BIN)/python -m pytest $(SPREAD) $(ARGS)

check: formatting lint types imports  ## format, lint, types, imports, every test and the planted faults
	$(MAKE) test
	$(MAKE) planted

# Apart from the tests, so that those take minutes; a process each, since nothing is shared between towns.
planted: setup  ## plant faults that were once there, and see that the simulator finds each
	@$(IN_A_FOLDER) $(KEPT) $(BIN)/python -m pytest -n logical --maxprocesses 4 tests/planted $(ARGS)

formatting: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy $(PACKAGES) tests $(wildcard bench deploy/*/*.py)

imports: setup
	$(BIN)/lint-imports --no-logo

bench: setup  ## measure speed and size (ARGS="--size small journeys" for some, smaller)
	$(BIN)/python -m bench $(ARGS)

bench-peers: setup $(BENCH_STAMP)  ## what others wrote and `make bench` compares with, in an environment of its own

$(BENCH_STAMP): $(STAMP)
	$(PYTHON) -m venv --clear --without-pip $(BENCH_PEERS)
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; \
	else pip="$(PYTHON) -m pip"; fi; set -ex; \
	$$pip --python $(BENCH_PEERS)/bin/python install $(PIP_FLAGS) --require-hashes --requirement requirements/bench.txt
	@rm -f $(BENCH_PEERS)/.installed-*
	@touch $@

mutants: setup  ## change the code in small ways, and say which changes no test notices
	$(BIN)/python -m tests.mutants $(ARGS)

attacks: setup  ## attack served desks through HTTP, commands and files
	@$(IN_A_FOLDER) $(KEPT) $(BIN)/python -m pytest $(SPREAD) tests/attacks $(ARGS)

simulate: setup  ## towns through outages, kills, jumps and restores (ARGS="--seconds 600 --seed 1")
	$(BIN)/python -m tests.simulator $(ARGS)

peers: setup $(PEERS_STAMP)  ## show the adapters at work with real clients that others wrote
	$(BIN)/python -m tests.peers $(ARGS)

$(PEERS_STAMP): $(STAMP)
	$(PYTHON) -m venv --clear --without-pip $(PEERS)/venv
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; \
	else pip="$(PYTHON) -m pip"; fi; set -ex; \
	$$pip --python $(PEERS)/venv/bin/python install $(PIP_FLAGS) --require-hashes --requirement requirements/peers.txt
	rm -rf $(PEERS)/node && cp -R tests/peers/node $(PEERS)/node
	$(BIN)/python -m tests.peers.node_parts install
	@rm -f $(PEERS)/.installed-*
	@touch $@

sbom: setup $(AUDIT_STAMP)  ## list every part that ships in dist/sbom.cdx.json, and see that none is left out
	@mkdir -p dist
	$(AUDIT)/venv/bin/cyclonedx-py requirements requirements/runtime.txt --pyproject pyproject.toml --short-PURLs \
	--output-reproducible --output-file dist/sbom.cdx.json
	$(BIN)/python -m tests.architecture.requirements dist/sbom.cdx.json

audit: setup $(AUDIT_STAMP)  ## ask whether a fault is known of any part that ships; this needs a network
	$(AUDIT)/venv/bin/pip-audit --requirement requirements/runtime.txt --disable-pip --require-hashes $(ARGS)

$(AUDIT_STAMP): $(STAMP)
	$(PYTHON) -m venv --clear --without-pip $(AUDIT)/venv
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; \
	else pip="$(PYTHON) -m pip"; fi; set -ex; \
	$$pip --python $(AUDIT)/venv/bin/python install $(PIP_FLAGS) --require-hashes --requirement requirements/audit.txt
	@rm -f $(AUDIT)/.installed-*
	@touch $@

pictures: setup  ## draw every screen as an image
	$(BIN)/python -m tests.pictures $(ARGS)

format: setup  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup  ## choose new versions of everything and note their hashes
	cd requirements && for name in runtime development peers audit build bench; do \
	../$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $$name.in --output-file $$name.txt || exit 1; done

peers-lock: setup $(PEERS_STAMP)  ## note the hashes of the Node parts, without where they came from
	$(BIN)/python -m tests.peers.node_parts lock

goldens: setup  ## write down anew what every platform draws, and docs/parity.md
	$(BIN)/python -m tests.contract

words: setup  ## bring the template for translators and every catalogue up to what the desk says
	$(BIN)/python -m tests.languages

definitions-freeze: setup  ## note the checksums of new definitions; refuses if a published one changed
	$(BIN)/python -m tests.architecture.definitions

drawing: setup  ## draw who imports whom into docs/architecture.md
	$(BIN)/python -m tests.architecture.drawing

likeness: setup  ## list what says the same in two files, the longest first
	$(BIN)/python -m tests.architecture.likeness $(ARGS)

retention: setup  ## write what is kept, and how long, into docs/trust/retention.md
	$(BIN)/python -m tests.architecture.retention > docs/trust/retention.md

wheel: $(BUILD_STAMP)  ## build the wheel into dist/
	$(BUILD)/venv/bin/python -m hatchling build -t wheel -d dist

deploy-check: setup  ## follow every guide of docs/deploy to its end, and time each step
	$(BIN)/python -m tests.deploy $(ARGS)
