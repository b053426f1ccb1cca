# make run    the national design and its references on the 31 provinces, 1,000 replicates, into results/
# make test   everything that is checked
# make bench  how fast it is, beside an independent implementation in Mesa
# make bench-goals   its goals beside what is obtained, in five minutes
# make kill-test, make fuzz   the long forms of two of its parts
# make docs, make notebooks   docs/ as a site that opens from disk; its notebooks, executed
# make wheelhouse   all wheels to install without a network
# All first make .venv from the lock. Another Python: make run PYTHON=python3.12

PYTHON ?= python3
REPLICATES ?= 1000
BIN := .venv/bin

BASELINE := baseline
ARMS := national-design

.PHONY: run bench bench-goals test verify economy evidence mutation kill-test fuzz docs notebooks docs-packages readme wheelhouse lint types format locks clean environment test-environment

run: environment
	@$(BIN)/qipan compare $(BASELINE) $(ARMS) --replicates $(REPLICATES)

bench: environment
	@$(BIN)/python -m bench

bench-goals: environment
	@$(BIN)/python -m bench.goals

test: test-environment
	@$(BIN)/python -m qipan.model.compiled.cache
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

# Signals inside the run of every command, Ctrl-C at any moment, first comparisons on a fresh machine under every
# burden, one process stopped at every step of writing, every way to fail: about an hour.
kill-test: test-environment
	@QIPAN_EVERY_FAULT=1 $(BIN)/python -m pytest -q tests/end_to_end/test_kill.py tests/end_to_end/test_interrupts.py \
		tests/end_to_end/test_hangs.py tests/experiments/store/test_faults.py tests/errors/test_endings.py

# 20,000 hostile inputs: about ten minutes.
fuzz: test-environment
	@QIPAN_FUZZ_CASES=20000 $(BIN)/python -m pytest -q tests/errors/test_hostile_input.py tests/errors/test_hostile_results.py

# docs/verification.md from the exact limits, docs/nouns.md from 1,000 replicates of each pair,
# docs/validation.md from 400 of the baseline, tables of docs/odd.md.
verify: test-environment
	@QIPAN_VERIFICATION=write $(BIN)/python -m pytest -q -k test_engine tests/closed_form
	@$(BIN)/python -m pages.nouns
	@$(BIN)/python -m pages.validation
	@$(BIN)/python -m pages.odd

# docs/economy.md: what carries the answer, and the figures of it that comparisons quote; some 500 runs of 1,000
# replicates, half an hour, goes on where it was stopped.
economy: test-environment
	@$(BIN)/python -m pages.economy
	@$(BIN)/python -m pages.economy.break_even

# docs/evidence.md and the worlds that come with the model: what published facts refute, what holds in the worlds left,
# what the answer hangs on, where it reverses; some ten minutes, goes on where it was stopped.
evidence: test-environment
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pages.evidence

# The share of changed rules and measures that their tests notice (docs/mutation.md): half an hour; goes on where it was
# stopped, and tries again what was edited.
mutation: test-environment
	@$(BIN)/python -m pip install --quiet cosmic-ray==8.7.0
	@$(BIN)/python tests/mutation/run.py

# docs/ as a site, build/site/index.html: opens from disk, asks for nothing from the network.
docs: docs-packages
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo build/site/index.html

# The notebooks of docs/tutorials, executed in place with their outputs: two minutes.
notebooks: docs-packages
	@$(BIN)/python -m pages.notebooks

# The README's answer, from the default comparison: five minutes.
readme: environment
	@$(BIN)/python -m pages.readme

# wheelhouse/: qipan and every wheel of the lock for this Python and this kind of machine, to install without a network.
wheelhouse: environment
	@rm -rf wheelhouse
	@$(BIN)/python -m hatchling build -t wheel -d wheelhouse
	@$(BIN)/python -m pip --disable-pip-version-check download --quiet --require-hashes --only-binary :all: \
		-r requirements/run.txt -d wheelhouse
	@cp requirements/run.txt wheelhouse/requirements.txt
	@$(BIN)/python -m pip --disable-pip-version-check hash wheelhouse/qipan-*.whl \
		| sed -n 's/^wheelhouse.qipan-\([^-]*\)-.*/qipan==\1 \\/p; s/^--hash/    --hash/p' >> wheelhouse/requirements.txt
	@cp requirements/wheelhouse.md wheelhouse/README.md
	@cat wheelhouse/README.md

docs-packages: environment
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/docs.txt

lint: test-environment
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: test-environment
	@$(BIN)/mypy

format: test-environment
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

environment:
	@$(PYTHON) install.py

test-environment:
	@$(PYTHON) install.py --test

# New versions inside the ranges of pyproject.toml, for every Python and system at once.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade
locks:
	$(LOCK) --extra fast --extra build --extra deep -o requirements/run.txt
	$(LOCK) --extra fast --extra build --extra deep --extra cluster --extra test -c requirements/run.txt -o requirements/test.txt
	$(LOCK) --extra fast --extra build --extra docs --extra explore -c requirements/run.txt -o requirements/docs.txt

clean:
	rm -rf .venv build dist wheelhouse .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
