# The two commands a newcomer needs are `make demo` and `make test`; both set up everything they need first.
.DEFAULT_GOAL := help
PYTHON ?=
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/ready

.PHONY: help demo test bench clean lock libraries browser

help: ## Say what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

demo: $(READY) libraries ## Load the sample tenant, audit it, write demo/report.html and demo/report.pdf
	@$(PY) -m driftaudit demo

test: $(READY) libraries browser ## Check format, lint, types, floors and run the tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m ty check
	$(PY) -c 'from importlinter.cli import lint_imports_command as check; check()'
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: $(READY) ## Run the benchmarks: minutes, and 2 GB of memory
	$(PY) -m pytest -s -o python_files='bench_*.py' tests/benchmarks

clean: ## Remove what was made here; databases and exports of yours stay
	rm -rf $(VENV) demo build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find driftaudit tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(READY) ## Write requirements.lock anew from pyproject.toml; UPGRADE=--upgrade takes newer versions
	@sh tools/lock.sh $(PY) $(UPGRADE)

# The stamp comes last, so that a set-up that was interrupted is taken up again.
$(READY): requirements.lock pyproject.toml
	@sh tools/environment.sh $(VENV) $(PYTHON)
	@touch $@

libraries: $(READY)
	@sh tools/libraries.sh $(PY)

browser:
	@sh tools/browser.sh
