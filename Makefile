# Acceptance tests of a Kafka broker under Debezium's load. `make help` lists the targets.

SHELL := /bin/bash -o pipefail
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Files are UTF-8, whatever the user's locale is.
export PYTHONUTF8 := 1
# Always by `python -m`: the first line of an installed script can't hold every folder's name.
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt
SHOW_DOWNLOADS := | awk '/Downloading/ {print "[setup] " $$0; fflush()}'
SCALE_SMOKE := 0.05
# Options for behave, or -D settings for the stack: make validate ARGS="-D scale=0.5 --tags @US2.1"
ARGS ?=
# Where: embedded (unset), compose or attach; the same as -D target= in ARGS.
TARGET ?=
OPTIONS = $(if $(filter command line,$(origin TARGET)),-D target=$(TARGET)) $(ARGS)
BASE ?=
RUN ?=

.PHONY: help setup validate smoke test-kafka-performance test-kafka-delivery \
        up down status clean-remote logs report allure accept-baseline compare bench tune test test-full lint unit contract contract-full red \
        clean test-docker

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-26s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo '  Options for behave go into ARGS: make validate ARGS="-D scale=0.5 --tags @US2.1"'

validate: $(VENV)/.ready ## set up, run every scenario at full size, write the reports (about 33 minutes)
	@$(BIN)/python -m behave $(OPTIONS)

# What it leaves out: bursts, sustained load, the replay of a snapshot, network cuts, consumer groups,
# the edge cases, and the full size.
smoke: $(VENV)/.ready ## one scaled scenario for each acceptance scenario of the specification (3 minutes)
	@echo "[smoke] one scenario for each acceptance scenario (@smoke) at scale $(SCALE_SMOKE); left out:"
	@echo "[smoke] bursts, sustained load, replay, network cuts, consumer groups and all edge cases"
	@$(BIN)/python -m behave -D scale=$(SCALE_SMOKE) --tags @smoke $(OPTIONS)

test-kafka-performance: $(VENV)/.ready ## only the performance scenarios
	@$(BIN)/python -m behave --tags @performance $(OPTIONS)

test-kafka-delivery: $(VENV)/.ready ## only the delivery scenarios
	@$(BIN)/python -m behave --tags @delivery $(OPTIONS)

up: $(VENV)/.ready ## start the stack and leave it running (ARGS="-D kafka_port=19092")
	@$(BIN)/python -m support.stack up $(OPTIONS)

down: $(VENV)/.ready ## end the stack of this clone, or what was left of it
	@$(BIN)/python -m support.stack down $(OPTIONS)

status: $(VENV)/.ready ## what of the stack is up, and where
	@$(BIN)/python -m support.stack status $(OPTIONS)

clean-remote: $(VENV)/.ready ## remove what killed runs left on a stack of others (ARGS="-D target=attach ...")
	@$(BIN)/python -m support.stack clean-remote $(OPTIONS)

logs: $(VENV)/.ready ## the last lines of the stack's logs
	@$(BIN)/python -m support.stack logs $(OPTIONS)

report: $(VENV)/.ready ## write the documents of the latest run, or of RUN=reports/A, again from its run.json
	@$(BIN)/python -m support.report.documents $(RUN)

allure: $(VENV)/.ready ## the Allure report of the latest run, or of RUN=reports/A, as one HTML file
	@$(BIN)/python -m support.allure_report $(RUN)

accept-baseline: $(VENV)/.ready ## keep the latest run's figures as what later runs are compared with
	@$(BIN)/python -m support.report.compare --accept $(or $(RUN),reports/latest)

compare: $(VENV)/.ready ## one run against another: make compare BASE=reports/A RUN=reports/B
	@$(BIN)/python -m support.report.compare $(BASE) $(or $(RUN),reports/latest)

setup: $(VENV)/.ready ## the virtual environment and the stack's files, without running anything
	@$(BIN)/python -m support.stack fetch $(OPTIONS)

$(VENV)/.ready: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; seen: $$($(PYTHON) --version). Use make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "[setup] creating $(VENV) and installing requirements.txt"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) -r requirements.txt $(SHOW_DOWNLOADS)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt
	@echo "[setup] installing requirements-dev.txt"
	@$(PIP_INSTALL) -r requirements-dev.txt $(SHOW_DOWNLOADS)
	@touch $@

bench: $(VENV)/.ready ## our instruments against Kafka's own, as ratios in one run (5 minutes; embedded)
	@$(BIN)/python -m support.bench $(OPTIONS)

tune: $(VENV)/.ready ## try settings against the baseline, A-B-A (25 minutes; embedded; ARGS="linger-0" for one)
	@$(BIN)/python -m support.tuning $(OPTIONS)

test: lint unit contract ## the project's own tests: lint, types, unit, contract, a smoke run (10 minutes)

test-full: test contract-full ## the same, and the tests that take longer (40 minutes)

lint: $(VENV)/.ready-dev
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy

unit: $(VENV)/.ready-dev ## the unit tests (1 minute)
	@$(BIN)/python -m pytest -n 3 -m "not contract and not docker"

# Against real brokers. A smoke run is one of them: its result is judged there.
contract: $(VENV)/.ready-dev ## the contract tests (8 minutes)
	@rm -rf .stack/test-reports
	@$(BIN)/python -m pytest -m "contract and not full" --durations=15 tests/contract

contract-full: $(VENV)/.ready-dev ## the contract tests that `make contract` leaves out (30 minutes)
	@rm -rf .stack/test-reports
	@$(BIN)/python -m pytest -m full --durations=15 tests/contract

red: $(VENV)/.ready-dev ## see every check fail once, on a real stack that is sabotaged (docs/checks.md)
	@$(BIN)/python -m pytest -m red --durations=5 tests/contract/red

# Apart from `test`: it needs Docker, or root and the packages that it names when they are missing.
test-docker: $(VENV)/.ready-dev ## the targets compose and attach on a real Docker engine
	@$(BIN)/python -m pytest -rs -m docker tests/docker

clean: ## remove everything that was made here, but not the download cache
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m support.stack down; fi
	@if [ -d .stack/compose ]; then $(BIN)/python -m support.stack down -D target=compose || true; fi
	@rm -rf $(VENV) .stack reports/2* reports/latest .mypy_cache .ruff_cache .pytest_cache .hypothesis
