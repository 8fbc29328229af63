# 習い事Prime: `make run` shows the site, `make test` proves it. PORT and NARAIGOTO_DATA may be set for each target.
.DEFAULT_GOAL := help
.PHONY: help run dev stop clean demo-data test test-moments test-fast lint format bench shots lock check-install installed-run installed-dev
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
SCHOOLS ?= 1000
DATA := $(or $(NARAIGOTO_DATA),.local)
# A few tests at a time, so that the slow ones in the browser spread over both workers.
TESTS := $(PY) -m pytest -n 2 --maxschedchunk 2 -q
# Where months and years turn, in Japan or in UTC; the fast tests run once at each (libfaketime is for Linux).
MOMENTS := $(if $(filter Linux,$(shell uname)),2027-12-31T23:59:00+09:00 2028-02-29T08:30:00+09:00)
FAST_TESTS := tests/state tests/jobs tests/texts
# Reflex and pyright look for node and bun on PATH: the ones from PyPI come first.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export PYTHONUNBUFFERED := 1
# Japanese in files and on the screen, whatever the locale of this machine.
export PYTHONUTF8 := 1

##@ People
run: installed-run ## Install what is missing, then serve everything on one port until Ctrl-C
	@exec $(PY) -m naraigoto serve

demo-data: installed-run ## Add SCHOOLS=1000 realistic schools to the local database
	@$(PY) -m naraigoto demo --schools $(SCHOOLS)

stop: ## Stop what runs on this data folder: site, database, test database
	@[ ! -x $(PY) ] || { $(PY) -m naraigoto stop; $(PY) -m tests.database stop; }

clean: ## Remove local data and built files, after asking
	@printf 'ローカルのデータ（%s）と組み立てたファイルをすべて消します。よろしいですか [y/N] ' '$(DATA)'; \
	read -r answer; [ "$$answer" = y ] || { echo やめました; exit 1; }; \
	if [ -x $(PY) ]; then $(PY) -m naraigoto stop; $(PY) -m naraigoto db remove --yes; $(PY) -m tests.database remove; fi; \
	rm -rf '$(DATA)' .web .states .pytest_cache .ruff_cache .hypothesis .import_linter_cache shots

##@ Developers
dev: installed-run ## Serve with hot reload
	@exec $(PY) -m naraigoto dev

test: lint test-moments ## Every check, then every test; ends with pytest's summary
	@$(TESTS) || status=$$?; $(PY) -m tests.database stop; exit $${status:-0}

test-moments: installed-dev
	@set -e; for moment in $(MOMENTS); do echo "  $$moment"; \
	$(PY) -m scripts.at_moment "$$moment" $(TESTS) $(FAST_TESTS); done

test-fast: lint ## The same without the browser
	@$(TESTS) --ignore=tests/browser || status=$$?; $(PY) -m tests.database stop; exit $${status:-0}

lint: installed-dev ## Style, format, types and import rules
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@.venv/bin/pyright
	@.venv/bin/lint-imports

format: installed-dev ## Mend style and format where a machine can
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .

bench: installed-dev ## Benchmarks beside their floors; writes bench/results.json
	@$(PY) -m bench

shots: installed-dev ## Screenshots of every page into shots/
	@$(PY) -m scripts.shots

lock: installed-dev ## Make the lock from pyproject.toml; UPGRADE=1 takes newer versions
	@$(PY) -m scripts.lock python $(if $(UPGRADE),--upgrade)
	@scripts/install.sh dev
	@$(PY) -m scripts.lock browser $(if $(UPGRADE),--upgrade)

check-install: ## Install the committed lock into an empty folder without caches and build there
	@scripts/check_install.sh

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

installed-run installed-dev: installed-%:
	@scripts/install.sh $*
