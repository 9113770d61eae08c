# Everything is done by the Python package in dev/: this file only names it.
PYTHON ?= python3
PORT ?= 8069
DEV = @PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m dev

.DEFAULT_GOAL := help
.PHONY: help db dropdb update shell serve test

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | \
	  awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

test: ## The whole suite; T=test_file, TestClass, TestClass.test_method or tags: a part
	$(DEV) test --tests='$(T)'

db: ## DB=name [DEMO=1]: a fresh database with the addon
	$(DEV) db --db='$(DB)' --demo='$(DEMO)'

dropdb: ## DB=name: remove a database
	$(DEV) dropdb --db='$(DB)'

update: ## DB=name: update the addon in a database
	$(DEV) update --db='$(DB)'

shell: ## DB=name: Odoo's shell; runs a script given on standard input
	$(DEV) shell --db='$(DB)'

serve: ## DB=name [PORT=8069]: look at a database in the browser
	$(DEV) serve --db='$(DB)' --port='$(PORT)'
