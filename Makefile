# Two commands: `make book` and `make test`. Windows: see README.md for the same without make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: book test engines bench lock clean

book: .venv/installed
	@$(BIN)/crmlib book

test: .venv/installed
	@echo "Linter and type checker"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@echo "Tests"
	@$(BIN)/python -m pytest

# The stamp is written last, so an interrupted installation starts again.
.venv/installed: requirements.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; this is %d.%d. Name another: make PYTHON=python3.12' % sys.version_info[:2])"
	@echo "Installing the packages of requirements.txt into .venv (once, about two minutes)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on -r requirements.txt
	@touch $@

# The same answers from the engines that are too large for everybody's installation; PySpark needs Java 17.
engines: .engines/installed
	@PYTHONPATH=.:.engines $(BIN)/python -m pytest tests/engines -n 0

.engines/installed: .venv/installed tests/engines/requirements.txt
	@echo "Installing PySpark and Ibis into .engines (once, about two minutes)"
	@rm -rf .engines
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on --no-deps --target .engines -r tests/engines/requirements.txt
	@touch $@

bench: .venv-bench/installed
	@for part in ahp clv tables pareto reading hundred_million; do PYTHONPATH=. .venv-bench/bin/python tests/bench/$$part.py || exit 1; done

.venv-bench/installed: requirements.txt tests/bench/requirements.txt
	@echo "Installing the packages of requirements.txt and the peers into .venv-bench (once, about three minutes)"
	@$(PYTHON) -m venv --clear .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on -r requirements.txt
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on -r tests/bench/requirements.txt
	@touch $@

# For maintainers: the full lock for all supported Pythons and systems. Needs `pip install uv`.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.txt
	$(PYTHON) crmlib/publishing/launcher/build.py >> requirements.txt

clean:
	rm -rf _build .venv .venv-bench .engines
