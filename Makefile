# `make` lists what there is. Every target sets up what it needs and can be repeated.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt cases dashboards reference management bench synth screenshot requirements clean

PYTHON := .venv/bin/python
UV := .venv/bin/uv
STAMP := .venv/.requirements
GROUPS := uv core enrichment runtime lambda infra local test lint dev

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) node_modules/.package-lock.json ## Install what everything needs: Python packages and the cdk command

$(STAMP): requirements/dev.txt local/machine/make-venv.sh local/machine/find-python.sh
	@sh local/machine/make-venv.sh requirements/dev.txt && touch $@

node_modules/.package-lock.json: package.json package-lock.json local/machine/find-node.sh
	@sh local/machine/find-node.sh && npm ci --no-progress --loglevel=error && touch $@

demo: setup ## Deploy to a laptop's own cloud, play a day of logs, show the dashboards (ONCE=1 SINK=direct TWICE=1 ONBOARDING=units|centralise)
	@$(PYTHON) -m local demo $(if $(ONCE),--once) $(if $(SINK),--sink $(SINK)) $(if $(TWICE),--twice) $(if $(ONBOARDING),--onboarding $(ONBOARDING))

test: setup ## Run every suite: checks, unit, sources, infrastructure, security, end to end
	@$(PYTHON) -m local.tests

check: setup ## Lint, format, types and import directions
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

fmt: setup ## Format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

cases: setup ## Rewrite the expected documents of every source's cases
	@.venv/bin/pytest tests/sources/test_cases.py::test_the_case_gives_its_expected_outcomes --update-cases

dashboards: setup ## Compile dashboards/*.toml to saved objects
	@$(PYTHON) -m dashboards.compile

reference: setup ## Write the generated pages of docs/reference and docs/deploy
	@$(PYTHON) -m logcore.fields_table > docs/reference/fields.md && $(PYTHON) -m logcore.sources_table > docs/reference/sources.md
	@$(PYTHON) -m infra.permissions_table > docs/reference/permissions.md
	@$(PYTHON) -m infra.sizes_table > docs/deploy/sizes.md

management: setup ## Write management.json for the management account, and print its commands (CONFIG=sandbox)
	@$(PYTHON) -m infra.management_template -c $(or $(CONFIG),sandbox) > management.json

# Freed memory is kept; else it is chance which way pays for taking it anew (ADR 0015).
bench: setup ## Measure what normalisation costs, as a ratio to the least possible
	@MALLOC_TRIM_THRESHOLD_=4000000000 MALLOC_MMAP_THRESHOLD_=4000000000 $(PYTHON) -m local.bench

synth: setup ## Synthesise every size; needs no credentials
	@for stage in sandbox small production; do node_modules/.bin/cdk synth --quiet -c config=$$stage --output cdk.out/$$stage || exit 1; done

screenshot: setup ## Take the README's picture of the panel page
	@$(PYTHON) -m local demo --once --screenshot docs/images/panels.png

requirements: setup ## Pin the dependency groups of pyproject.toml anew
	@for group in $(GROUPS); do $(UV) pip compile --quiet --upgrade --group $$group --python-version 3.12 --universal \
	  --generate-hashes --no-header --no-annotate --output-file requirements/$$group.txt || exit 1; done

clean: ## Remove what the other targets made here
	@rm -rf .venv node_modules build cdk.out .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
