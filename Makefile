# `make run` serves Evenhand, `make test` proves it. Both need Python 3.11+ with venv, and make.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
CODE := config core accounts contracts disputes mediation arbitration notifications
JOBS ?= 2
# The browser's journeys share one running system, so they stay together on one worker. They run apart from
# the rest, because the browser's driver keeps an event loop running in its process.
PYTEST := $(PY) -m pytest -q -n $(JOBS) --dist loadgroup

# Production settings are checked with secrets that exist only for that moment.
PRODUCTION := env -u EVENHAND_ROOT_URLCONF -u SANDBOX \
	DJANGO_SETTINGS_MODULE=config.settings.prod \
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	PROVIDER_SIGNING_SECRET="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	GATEWAY_SIGNING_SECRET="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	SITE_URL=https://evenhand.example ALLOWED_HOSTS=evenhand.example \
	PROVIDER_BASE_URL=https://provider.example GATEWAY_BASE_URL=https://payments.example \
	DATABASE_URL=postgresql://evenhand@127.0.0.1/evenhand REDIS_URL=redis://127.0.0.1/0 \
	EMAIL_HOST=mail.example DEFAULT_FROM_EMAIL=notices@evenhand.example

.PHONY: help python setup setup-dev run reset test checks lint types imports migrations deploy \
	chromium unit browser format lock services services-stop

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | sort

python:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no $(PYTHON). Evenhand needs Python 3.11 or newer:" \
			"install it, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }

setup: python ## Make .venv and install what runs
	@"$(PYTHON)" -I config/bootstrap.py base

setup-dev: python ## The same with what checks the code
	@"$(PYTHON)" -I config/bootstrap.py dev

run: setup ## Serve Evenhand at http://127.0.0.1:8000/ (PORT=... for another port)
	@exec $(PY) -m config.supervisor

reset: setup ## Forget the demonstration world: the next `make run` makes a new one
	@$(PY) -m config.embedded reset dev

test: setup-dev chromium checks ## Check everything, cheapest first
	$(PYTEST) -m "not browser" tests
	$(PYTEST) -m browser tests/design tests/browser

checks: lint types imports migrations deploy

lint: setup-dev ## Style of Python and templates
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet templates

types: setup-dev ## Types
	$(PY) -m mypy

imports: setup-dev ## Which room may know which
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

migrations: setup-dev ## Every model change has its migration
	@# It would like to look at a database, and says so, but needs none.
	$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --settings=config.settings.test

deploy: setup-dev ## The production settings
	@echo "manage.py check --deploy"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

chromium: setup-dev
	@$(PY) -m tests.support.chromium

unit: setup-dev ## Tests without the browser
	$(PYTEST) -m "not browser" tests

browser: setup-dev chromium ## Tests in a browser
	$(PYTEST) -m browser tests/design tests/browser

format: setup-dev ## Bring Python and templates into form
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

lock: ## Lock the newest allowed packages again (needs uv)
	cd requirements && for name in base dev redis; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
			--no-emit-index-url --no-header $$([ $$name = redis ] && echo --no-deps) \
			$$([ $$name = dev ] && echo --constraints base.lock) \
			--output-file $$name.lock $$name.in || exit 1; \
	done

services: setup ## Keep PostgreSQL and Redis running for development and tests
	@$(PY) -m config.embedded start dev test

services-stop: setup ## Stop them
	@$(PY) -m config.embedded stop dev test
