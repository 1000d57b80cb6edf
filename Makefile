# `make run` serves Evenhand, `make test` proves it. Both need Python 3.11+ with venv, and make.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: services services-stop

services: ## Keep PostgreSQL and Redis running for development and tests
	@$(BIN)/python -m config.embedded start dev test

services-stop: ## Stop them
	@$(BIN)/python -m config.embedded stop dev test
