# make run   the whole system on this machine: http://127.0.0.1:8000/
# make demo  the same with an invented battalion, its sign-ins printed
# make test  every test, with what they need
#
# PORT=8001 chooses the port, ROTC_DATA_DIR=folder where the database and uploads live.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run demo test lint bench pictures

run: .venv/run
	@$(BIN)/python manage.py serve

demo: export ROTC_ENV = demo
demo: .venv/run
	@$(BIN)/python manage.py seed_demo --cadets 300 --seed 1
	@$(BIN)/python manage.py serve

test: .venv/dev
	@.ci/services
	@.ci/suite

lint: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

bench: .venv/dev
	@$(BIN)/python -m tests.bench

pictures: .venv/dev
	@$(BIN)/python -m tests.bench.pictures

# The stamps: what was installed from which file. --require-hashes takes nothing that is not pinned.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv || { echo "The venv module is missing: on Debian, apt-get install python3-venv"; exit 1; }

.venv/run: requirements.txt | .venv/bin/python
	@echo "Installing what it needs, once …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need, once …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
