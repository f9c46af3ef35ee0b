# The two commands are `make run` and `make test`; both need only Python 3.11+ and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
export PATH := $(CURDIR)/$(BIN):$(PATH)

# The Northwind sample files, where a copy lies beside the project; the import test reads them.
ifneq ($(wildcard ../shared/data/northwind),)
export BAIFANG_NORTHWIND ?= $(abspath ../shared/data/northwind)
endif

RUNTIME := $(VENV)/.runtime-installed
OBJECTS := $(VENV)/.s3-installed
DEVELOP := $(VENV)/.develop-installed
MODULES := pwa/node_modules/.installed
BUILT := pwa/dist/index.html

PWA_SOURCES := $(shell find pwa/src pwa/public -type f ! -name '*.test.ts' ! -name '*.test.tsx') \
  $(wildcard config/catalogs/*) pwa/index.html pwa/vite.config.ts $(wildcard pwa/tools/*) pwa/package.json pwa/package-lock.json

.PHONY: help run test check e2e sim bench bench-peers bench-large screens reset audit system-deps machine lock

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: $(RUNTIME) $(BUILT) ## install, build, migrate and serve at http://localhost:8000
	baifang db up
	baifang demo --if-empty
	baifang worker & trap "kill $$!" EXIT; baifang serve

test: $(DEVELOP) $(BUILT) machine ## run every test of every suite; the last line is the total
	python -m tests.run_all

check: $(DEVELOP) $(MODULES) ## lint, types and import arrows of both languages
	ruff check .
	ruff format --check .
	basedpyright
	lint-imports
	npm --prefix pwa run --silent types
	npm --prefix pwa run --silent arrows

e2e: $(DEVELOP) $(BUILT) machine ## only the tests in real browsers
	python -m tests.run_all browser

SEEDS ?= 200
sim: $(DEVELOP) machine ## live through SEEDS=n random histories of devices on bad links, on both databases
	BAIFANG_SIM_SEEDS=$(SEEDS) pytest -q -n 2 tests/simulation

bench: $(DEVELOP) $(BUILT) ## measure a cheap phone and both databases; minutes, best on an idle machine
	python -m tests.bench

bench-peers: $(DEVELOP) $(BUILT) ## measure the same records through ours, PouchDB and Kinto, which it fetches into var/
	BENCH_ONLY="peers bootstrap" python -m tests.bench

bench-large: $(DEVELOP) $(BUILT) ## measure a first download, a company that grows and many devices at once
	# The growth last: it leaves a heap whose collection would stop whatever is measured after it.
	BENCH_ONLY="download devices growth" python -m tests.bench

screens: $(DEVELOP) $(BUILT) ## photograph every screen in all sizes, themes and languages: var/screens/index.html
	python -m tests.e2e.screens

reset: ## remove the local database, keys and built app, never the sources
	rm -rf var pwa/dist

audit: $(DEVELOP) ## ask the advisory services about the locked packages; needs the internet
	uvx --from pip-audit pip-audit --strict --require-hashes --disable-pip -r requirements-dev.txt
	npm --prefix pwa audit

SYSTEM_PACKAGES := chromium webkit2gtk-driver xvfb fonts-noto-cjk postgresql redis-server nginx-light openssl systemd
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
system-deps: ## install the browsers, PostgreSQL, Redis and nginx that the tests use (Debian, Ubuntu)
	$(SUDO) apt-get update
	DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y --no-install-recommends $(SYSTEM_PACKAGES)

# Says what the tests would miss on this machine; as root with CI=true it installs it.
machine: $(DEVELOP)
	@python -m tests.factories.machine || { \
	  if [ "$${CI:-}" = true ] && [ "$$(id -u)" = 0 ]; then $(MAKE) system-deps && python -m tests.factories.machine; \
	  else exit 1; fi; }

$(VENV)/.created: requirements-uv.txt
	@for python in "$${PYTHON:-}" python3 python3.13 python3.12 python3.11; do \
	  if [ -n "$$python" ] && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then echo "Baifang needs Python 3.11 or newer; set PYTHON=/path/to/python3." >&2; exit 1; fi; \
	"$$found" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.txt
	@touch $@

$(RUNTIME): $(VENV)/.created requirements.txt pyproject.toml
	uv pip install --quiet --require-hashes -r requirements.txt
	uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(OBJECTS): $(RUNTIME) requirements-s3.txt
	uv pip install --quiet --require-hashes -r requirements-s3.txt
	@touch $@

$(DEVELOP): $(RUNTIME) requirements-dev.txt
	uv pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(MODULES): pwa/package-lock.json | $(RUNTIME)
	npm --prefix pwa ci --ignore-scripts --no-fund --no-audit
	@touch $@

$(BUILT): $(MODULES) $(PWA_SOURCES)
	npm --prefix pwa run --silent build
	python -m servestatic.compress --quiet --no-gzip pwa/dist

# Writes the lock files anew: hashes, but no download addresses. Check the result in a clean clone.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links
lock: $(VENV)/.created ## lock the newest packages that the version ranges allow
	$(COMPILE) pyproject.toml --group build -o requirements.txt
	$(COMPILE) pyproject.toml --extra s3 --group build -c requirements.txt -o requirements-s3.txt
	$(COMPILE) pyproject.toml --extra s3 --group build --group dev -c requirements-s3.txt -o requirements-dev.txt
	echo uv | $(COMPILE) - --no-header -o requirements-uv.txt
	npm --prefix pwa install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
