# Two commands do everything: make run, make test. Each sets itself up.
PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN = .venv/bin
MANAGE = $(BIN)/python manage.py
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" $(UV)

.PHONY: run test lint fmt messages bench e2e empty-demo lock

run: .venv/installed-demo ## the filled demo on http://localhost:8000 (another: make run PORT=8001)
	@$(BIN)/python -m demo.checkout && export DEMO=true && $(MANAGE) start_demo --port $(PORT) && { $(MANAGE) run_tasks --parent $$$$ & \
	exec $(BIN)/gunicorn mentornet.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning --logger-class mentornet.web_log.WebServerLogger; }

test: .venv/installed-dev ## lint, migrations, translations, tests on SQLite and PostgreSQL, browser tests
	@$(BIN)/python tests/run.py

lint: .venv/installed-dev
	@$(BIN)/python tests/run.py lint

fmt: .venv/installed-dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

messages: .venv/installed-dev ## collect the texts into locale/ and compile them (needs gettext)
	@$(BIN)/python -m tests.messages

bench: .venv/installed-dev
	@$(BIN)/python -m tests.bench

e2e: .venv/installed-dev
	@$(BIN)/python tests/run.py browser

empty-demo: .venv/installed-demo ## remove every invented person
	@$(BIN)/python -m demo.checkout && DEMO=true $(MANAGE) empty_demo

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Mentornet needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Mentornet needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv"; exit 1; }

.venv/installed: requirements.txt | .venv/bin/python ## what a real network needs
	@echo "Installing what Mentornet needs (a minute, the first time only) ..."
	@$(INSTALL) -r requirements.txt && touch $@

.venv/installed-demo: requirements-demo.txt .venv/installed
	@$(INSTALL) -r requirements.txt -r requirements-demo.txt && touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed-demo
	@echo "Installing what the tests need ..."
	@$(INSTALL) -r requirements.txt -r requirements-demo.txt -r requirements-dev.txt && touch $@

lock: .venv/installed-dev ## write the three requirements*.txt from requirements*.in; versions change only as these ask (newest: make lock UV=--upgrade)
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-demo.in -o requirements-demo.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
