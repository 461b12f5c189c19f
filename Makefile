# `make` lists the commands. Everything is installed into .venv from lock files with hashes.
PYTHON ?= python3
BIN := .venv/bin
export DBT_PROFILES_DIR ?= profiles
# where it is set, every start of dbt compiles dbt again, two seconds
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint example yardstick example-yardstick propose-weights whatif backtest-report metrics load-postgres load-spark dialects bench clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

# the demo is built where it is made, whatever the environment points at
demo: DEMO = HEALTH_RAW_PATH=data/raw HEALTH_DUCKDB_PATH=data/warehouse.duckdb HEALTH_PUBLISHED_PATH=data/customer_health.duckdb \
	HEALTH_SEED_PATH=seeds DBT_TARGET=duckdb
demo: .venv/.dbt ## demo data, dbt build, then the accounts to call first
	$(BIN)/python scripts/make_raw_data.py --out data/raw
	@echo 'Building (dbt build); warnings follow'
	$(DEMO) $(BIN)/dbt --log-level warn --no-use-colors build
	@$(DEMO) $(BIN)/python scripts/show_accounts_to_call.py

test: .venv/.dev ## lint, dbt's own tests and pytest
	$(MAKE) --no-print-directory lint
	@echo 'Engines: DuckDB, Postgres,' \
		"$$(command -v java > /dev/null && echo 'Spark (the small world).' || echo 'and not Spark, which needs Java 17 or newer.')"
	$(BIN)/python -m pytest

test-all: .venv/.dev ## the long tests too: mutations, more generated worlds
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest --long

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	HEALTH_DUCKDB_PATH=:memory: $(BIN)/sqlfluff lint --processes 2 models tests $(wildcard analyses)

example: .venv/.dbt ## build the whole project on a real order log, into its own database
	$(BIN)/python examples/online_retail/run.py

yardstick: .venv/.backtest ## learned models on the same signals and panel, beside the scores
	$(BIN)/python scripts/yardstick.py $(YARDSTICK)

example-yardstick: .venv/.backtest ## the same for the example, and its order log's own question
	$(BIN)/python examples/online_retail/yardstick.py

propose-weights: .venv/.dbt ## weights that the backtest proposes, as reviewable seed rows
	$(BIN)/python scripts/propose_weights.py $(PROPOSE)

whatif: .venv/.dbt ## how to try other weights beside the live score, and what came of it
	$(BIN)/python scripts/whatif.py $(WHATIF)

backtest-report: .venv/.backtest ## the backtest as one HTML file, data/backtest_report.html
	$(BIN)/python scripts/backtest_report.py $(REPORT)

metrics: QUERY ?= --metrics health_index,red_accounts,arr_at_risk --group-by metric_time__month --order metric_time__month
metrics: .venv/.dbt ## figures by name; options: QUERY="--metrics accounts --group-by account_day__band" (docs/metrics.md)
	@test -x $(BIN)/mf || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/metrics.txt
	@test -e target/semantic_manifest.json || $(BIN)/dbt --quiet parse
	@DBT_TARGET=readers $(BIN)/mf query $(QUERY)

# what DBT_TARGET=postgres needs on top of dbt build on DuckDB comes with it
load-postgres: .venv/.dbt ## put the raw files of HEALTH_RAW_PATH into the database that PG* names (docs/engines.md)
	@$(BIN)/python -c 'import dbt.adapters.postgres' 2> /dev/null \
		|| $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/postgres.txt
	$(BIN)/python scripts/load_postgres.py $(LOAD)

# and what DBT_TARGET=spark needs; Java 17 or newer is the system's
load-spark: .venv/.dbt ## put the raw files of HEALTH_RAW_PATH into the Spark catalog that HEALTH_SPARK_* name (docs/engines.md)
	@$(BIN)/python -c 'import dbt.adapters.spark' 2> /dev/null \
		|| $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/spark.txt
	$(BIN)/python scripts/load_spark.py $(LOAD)

DIALECTS ?= snowflake bigquery databricks redshift trino
dialects: .venv/.uv ## compile for warehouses that no test can call, and parse the SQL (docs/engines.md)
	@test -x .venv/dialects/bin/dbt || { $(PYTHON) -m venv .venv/dialects && VIRTUAL_ENV=.venv/dialects $(BIN)/uv pip sync --quiet \
		--require-hashes requirements/dialects.txt; }
	@for dialect in $(DIALECTS); do .venv/dialects/bin/python tests/dialects/compile_offline.py $$dialect || exit 1; done

bench: .venv/.dbt ## measure builds of 50 million events; options: BENCH="--accounts 100 --events 1000000"
	$(BIN)/python scripts/bench.py $(BENCH)

clean: ## remove what the commands made, but not .venv and not your raw files
	rm -rf target logs examples/*/data data/bench data/*.duckdb data/*.duckdb.* data/backtest_report.html data/score_weights_proposed*
	test ! -e data/raw/_generated.json || rm -rf data/raw

# the environment of dbt build; .dev adds what the tests need
.venv/.uv: requirements/uv.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.dbt: .venv/.uv requirements/duckdb.txt
	test -e .venv/.dev || test -e .venv/.backtest || VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements/duckdb.txt
	@touch $@

# what make yardstick and make backtest-report need on top; dbt build does without
.venv/.backtest: .venv/.uv requirements/backtest.txt
	test -e .venv/.dev || VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements/backtest.txt
	@touch $@ .venv/.dbt

.venv/.dev: .venv/.uv requirements/dev.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt
	@touch $@ .venv/.dbt .venv/.backtest

.PHONY: lock
lock: .venv/.uv ## write the lock files anew from requirements/*.in
	for name in uv duckdb backtest metrics postgres spark dev older_duckdb dialects; do $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-header requirements/$$name.in -o requirements/$$name.txt; done
