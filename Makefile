# Acceptance tests of a Kafka broker under Debezium's load. `make help` lists the targets.

SHELL := /bin/bash -o pipefail
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Files are UTF-8, whatever the user's locale is.
export PYTHONUTF8 := 1
# Always `python -m`: the #! line of an installed script fails if its path is long or has spaces.
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt
SHOW_DOWNLOADS := | awk '/Downloading/ {print "[setup] " $$0; fflush()}'
# The run records which command started it. The runner keeps stdout free for `ARGS="-f json"`.
BEHAVE = VALIDATION_STARTED_BY="make $@" $(BIN)/python -m behave --runner=command_line:JsonRunner
SCALE_SMOKE := 0.05
# Options for behave, or -D settings for the stack: make validate ARGS="-D scale=0.5 --tags @US2.1"
ARGS ?=
# The target: embedded (the default), compose or attach; the same as -D target= in ARGS.
TARGET ?=
OPTIONS = $(if $(filter command line,$(origin TARGET)),-D target=$(TARGET)) $(ARGS)
BASE ?=
RUN ?=
# Versions for upgrade-check; what is not given: the default version, and the newest that is locked.
FROM ?=
TO ?=
DEBEZIUM_FROM ?=
DEBEZIUM_TO ?=
UPGRADE = $(if $(FROM),-D kafka_version=$(FROM)) $(if $(DEBEZIUM_FROM),-D debezium_version=$(DEBEZIUM_FROM)) \
          $(if $(TO),-D kafka_to=$(TO)) $(if $(DEBEZIUM_TO),-D debezium_to=$(DEBEZIUM_TO))

.PHONY: help setup validate smoke test-kafka-performance test-kafka-delivery \
        check-stack audit up down status clean-remote logs report sample allure accept-baseline compare bench \
        tune upgrade-check test test-full lint unit contract contract-full red clean test-attach test-docker

help: ## list all commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-26s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo '  Options for behave go into ARGS: make validate ARGS="-D scale=0.5 --tags @US2.1"'

validate: $(VENV)/.ready ## set up, run every scenario at full size, write the reports (about 33 minutes)
	@$(BEHAVE) $(OPTIONS)

# Leaves out bursts, sustained load, the replay of a snapshot, network cuts, consumer groups and the
# edge cases; runs nothing at full size.
smoke: $(VENV)/.ready ## run one scaled scenario for each acceptance scenario of the specification (3 minutes)
	@echo "[smoke] one scenario for each acceptance scenario (@smoke) at scale $(SCALE_SMOKE); left out:"
	@echo "[smoke] bursts, sustained load, replay, network cuts, consumer groups and all edge cases"
	@$(BEHAVE) -D scale=$(SCALE_SMOKE) --tags @smoke $(OPTIONS)

test-kafka-performance: $(VENV)/.ready ## run only the performance scenarios
	@$(BEHAVE) --tags @performance $(OPTIONS)

test-kafka-delivery: $(VENV)/.ready ## run only the delivery scenarios
	@$(BEHAVE) --tags @delivery $(OPTIONS)

check-stack: $(VENV)/.ready ## look at a stack of others, and report what a run could do there (ARGS="-D stack=stack.toml")
	@$(BIN)/python -m check_stack $(OPTIONS)

audit: $(VENV)/.ready ## compare every captured table with its topic; only reads (ARGS="-D target=attach ...")
	@$(BEHAVE) --tags @audit -D read_only=yes $(OPTIONS)

up: $(VENV)/.ready ## start the stack and leave it running (ARGS="-D kafka_port=19092")
	@$(BIN)/python -m support.stack up $(OPTIONS)

down: $(VENV)/.ready ## end this clone's stack, and what a killed run left of it
	@$(BIN)/python -m support.stack down $(OPTIONS)

status: $(VENV)/.ready ## show which parts of the stack are up, and their addresses
	@$(BIN)/python -m support.stack status $(OPTIONS)

clean-remote: $(VENV)/.ready ## remove what killed runs left on a stack of others (ARGS="-D target=attach ...")
	@$(BIN)/python -m support.stack clean-remote $(OPTIONS)

logs: $(VENV)/.ready ## print the last lines of the stack's logs
	@$(BIN)/python -m support.stack logs $(OPTIONS)

report: $(VENV)/.ready ## write the documents of the latest run, or of RUN=reports/A, again from its run.json
	@$(BIN)/python -m support.report.documents $(RUN)

sample: $(VENV)/.ready ## write the sample in docs/sample again, or make it of another run: RUN=reports/A
	@$(BIN)/python -m support.report.sample $(RUN)

allure: $(VENV)/.ready ## write the Allure report of the latest run, or of RUN=reports/A, as one HTML file
	@$(BIN)/python -m support.allure_report $(RUN)

accept-baseline: $(VENV)/.ready ## accept the latest run's figures as the baseline of later runs
	@$(BIN)/python -m support.report.compare --accept $(or $(RUN),reports/latest)

compare: $(VENV)/.ready ## compare one run with another: make compare BASE=reports/A RUN=reports/B
	@$(BIN)/python -m support.report.compare $(BASE) $(or $(RUN),reports/latest)

setup: $(VENV)/.ready ## create the virtual environment and download the stack's files; run nothing
	@$(BIN)/python -m support.stack fetch $(OPTIONS)

$(VENV)/.ready: requirements.txt constraints.txt
	@$(PYTHON) check_python.py
	@echo "[setup] creating $(VENV) and installing requirements.txt"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) -r requirements.txt $(SHOW_DOWNLOADS)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt
	@echo "[setup] installing requirements-dev.txt"
	@$(PIP_INSTALL) -r requirements-dev.txt $(SHOW_DOWNLOADS)
	@touch $@

bench: $(VENV)/.ready ## compare our instruments with Kafka's own tools, as ratios (5 minutes; embedded)
	@$(BIN)/python -m support.bench $(OPTIONS)

tune: $(VENV)/.ready ## try settings against the baseline, A-B-A (25 minutes; embedded; ARGS="linger-0" for one)
	@$(BIN)/python -m support.tuning $(OPTIONS)

upgrade-check: $(VENV)/.ready ## upgrade Kafka, Connect and Debezium under load: FROM=3.6.1 TO=4.3.1 (embedded)
	@$(BIN)/python -m support.upgrade $(UPGRADE) $(OPTIONS)

test: lint unit contract ## run the project's tests: lint, types, unit, contract, a smoke run (about 10 minutes)

test-full: test contract-full ## run `make test` and the tests that take longer (about 40 minutes)

lint: $(VENV)/.ready-dev ## check style and types (about 15 seconds)
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy

unit: $(VENV)/.ready-dev ## run the unit tests (about 1 minute)
	@$(BIN)/python -m pytest -n 4 --dist worksteal -m "not contract and not docker and not attach"

# Tests against real brokers. One of them makes a smoke run and asserts its result.
contract: $(VENV)/.ready-dev ## run the contract tests (about 9 minutes)
	@rm -rf .stack/test-reports
	@$(BIN)/python -m pytest -m "contract and not full" --durations=15 tests/contract tests/secured

contract-full: $(VENV)/.ready-dev ## run the contract tests that `make contract` leaves out (about 30 minutes)
	@rm -rf .stack/test-reports
	@$(BIN)/python -m pytest -m full --durations=15 tests/contract

# A part of them is in `contract`.
test-attach: $(VENV)/.ready-dev ## test the target attach on a secured stack of another team (about 19 minutes)
	@rm -rf .stack/test-reports
	@$(BIN)/python -m pytest -rs -m attach --durations=10 tests/secured

red: $(VENV)/.ready-dev ## sabotage a real stack: every check that can fail must give FAIL (docs/checks.md; about 5 minutes)
	@$(BIN)/python -m pytest -m red --durations=5 tests/contract/red

# Not part of `test`: it needs Docker, or root and some packages. It names those that are missing.
test-docker: $(VENV)/.ready-dev ## test the targets compose and attach on a real Docker engine
	@$(BIN)/python -m pytest -rs -m docker tests/docker

clean: ## remove everything that the suite made here, except for the download cache
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m support.stack down; fi
	@if [ -d .stack/compose ]; then $(BIN)/python -m support.stack down -D target=compose || true; fi
	@rm -rf $(VENV) .stack reports/2* reports/latest .mypy_cache .ruff_cache .pytest_cache .hypothesis
