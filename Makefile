# Everything is done by the Python package in dev/: this file only names it.
PYTHON ?= python3
PORT ?= 8069
DEV = @PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m dev

.DEFAULT_GOAL := help
.PHONY: help run test portrait stress bench scale backtest samples lint format db dropdb update shell serve stop clean upgrade

help: ## The targets and variables
	$(DEV) help

run: ## [PORT=8069] The demo company, dunned today
	$(DEV) run --port='$(PORT)'

test: ## The whole suite; T=... runs a part: test_file, TestClass, TestClass.test_method, a tag
	$(DEV) test --tests='$(T)'

portrait: ## Lay down anew what the demo company says, to read what a change has changed
	@DUNNING_PORTRAIT=1 PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m dev test --tests=TestPortrait

stress: ## [KILLS=1000] [ROUNDS=10] [SEED=...] Dunning under fire: kills, concurrency
	$(DEV) stress --kills='$(KILLS)' --rounds='$(ROUNDS)' --seed='$(SEED)'

lint: ## Ruff, pylint-odoo, XML, CSV and translations; part of make test
	$(DEV) lint

bench: ## [SIZES="10000 100000 1000000"] [PEER=all] [PART=figures|risk|einvoices] How fast the engine is
	$(DEV) bench --sizes='$(SIZES)' --peer='$(PEER)' --part='$(PART)'

scale: ## [PART=hosts|replica] Past one machine: several hosts, a read replica
	$(DEV) scale --part='$(PART)'

backtest: ## DB=name How good the cash forecast would have been
	$(DEV) backtest --db='$(DB)'

samples: ## DB=name Sample messages of platforms about its open invoices
	$(DEV) samples --db='$(DB)'

format: ## Lay out the Python code
	$(DEV) format

db: ## DB=name [DEMO=1] A fresh database with the addon
	$(DEV) db --db='$(DB)' --demo='$(DEMO)'

dropdb: ## DB=name Remove a database
	$(DEV) dropdb --db='$(DB)'

update: ## DB=name Update the addon in a database
	$(DEV) update --db='$(DB)'

shell: ## DB=name Odoo's shell; runs a script given on standard input
	$(DEV) shell --db='$(DB)'

serve: ## DB=name [PORT=8069] Look at a database in the browser
	$(DEV) serve --db='$(DB)' --port='$(PORT)'

stop: ## Stop this checkout's servers, PostgreSQL included
	$(DEV) stop

clean: ## Remove .dev; downloads stay in the cache
	$(DEV) clean

upgrade: ## Fetch Debian's newest Odoo 19
	$(DEV) upgrade
