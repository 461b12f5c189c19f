"""What `mf query` answers is what plain SQL on the marts says.

One small company, built once, and asked through MetricFlow's own command in the file that readers
open.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from harness import PROJECT, run_dbt
from warehouse import agree, as_text, fetch

MF = Path(sys.executable).with_name("mf")
NEEDS_METRICFLOW = pytest.mark.skipif(
    not MF.exists(), reason="MetricFlow is not installed: requirements/metrics.txt has it"
)
# many commands in one process, because it takes seconds to start
MF_COMMANDS = """
import json, sys
from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from dbt_metricflow.cli.main import cli

configuration = CLIConfiguration()
for arguments in json.load(sys.stdin):
    cli(arguments, obj=configuration, standalone_mode=False)
"""
NAMES = ["models", "macros", "tests", "snapshots", "plugins", "profiles", "analyses", "seeds"]
NAMES += ["dbt_project.yml", "selectors.yml"]
# long enough for two panel dates of the backtest
FIRST, LAST = date(2024, 11, 1), date(2025, 6, 20)
# what the marts round to one decimal
ROUNDED = {"health_index": 0.0500001, "arr_weighted_health_index": 0.0500001}


@dataclass(frozen=True)
class Question:
    """Options of `mf query`, and SQL on the marts that gives the same columns and rows."""

    options: Sequence[str]
    sql: str


@dataclass(frozen=True)
class Company:
    """A built company: a copy of the project that mf can be asked in, and what readers open."""

    project: Path
    published: Path

    def run(
        self, command: Sequence[str | Path], stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the project, on what readers open."""
        environment = {
            "DBT_TARGET": "readers",
            "DBT_PROFILES_DIR": str(self.project / "profiles"),
            "DBT_LOG_PATH": str(self.project / "logs"),
            "HEALTH_DUCKDB_PATH": str(self.project / "warehouse.duckdb"),
            "HEALTH_PUBLISHED_PATH": str(self.published),
        }
        finished = subprocess.run(
            [str(part) for part in command],
            cwd=self.project,
            env={**os.environ, **environment},
            input=stdin,
            capture_output=True,
            text=True,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished

    def ask(self, *questions: Sequence[str]) -> list[list[dict[str, str]]]:
        """The rows that `mf query` answers to each question."""
        answers = [self.project / f"answer_{number}.csv" for number in range(len(questions))]
        commands = [
            ["query", *options, "--csv", str(answer)]
            for options, answer in zip(questions, answers, strict=True)
        ]
        finished = self.run([sys.executable, "-c", MF_COMMANDS], json.dumps(commands))
        found = []
        for answer in answers:
            assert answer.exists(), finished.stdout
            with answer.open(encoding="utf-8", newline="") as lines:
                found.append(list(csv.DictReader(lines)))
            answer.unlink()
        return found

    def sql(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query on the published marts."""
        with duckdb.connect(str(self.published), read_only=True) as connection:
            return fetch(connection, query)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("metrics")
    built = Company(folder / "project", folder / "published.duckdb")
    built.project.mkdir()
    for name in NAMES:
        (built.project / name).symlink_to(PROJECT / name)
    size = ["--accounts", "60", "--users-per-account", "4", "--days", "400", "--events", "20000"]
    script = [sys.executable, PROJECT / "scripts" / "make_raw_data.py", "--out", folder / "raw"]
    built.run([*script, *size, "--end", LAST.isoformat()])
    settings = {"as_of_date": LAST.isoformat(), "history_start_date": FIRST.isoformat()}
    environment = {
        "HEALTH_RAW_PATH": str(folder / "raw"),
        "HEALTH_PUBLISHED_PATH": str(built.published),
        # mf looks nowhere else for what dbt wrote down
        "DBT_TARGET_PATH": "target",
    }
    options = ["--vars", json.dumps(settings)]
    options += ["--exclude", "resource_type:test", "resource_type:unit_test"]
    finished = run_dbt(["build", *options], built.project, environment, built.project)
    assert finished.returncode == 0, finished.stdout
    return built


# the last day of each month, and not its days added up
BY_MONTH = Question(
    [
        "--metrics",
        "health_index,arr_weighted_health_index,accounts,scored_accounts,arr,red_accounts,arr_at_risk",
        *("--group-by", "metric_time__month"),
    ],
    """
    with last_days as (
        select date_trunc('month', as_of_date) as month, max(as_of_date) as as_of_date
        from marts.customer_health_index
        group by month
    )
    select
        month as metric_time__month,
        any_value(mean_health_score) as health_index,
        any_value(arr_weighted_health_score) as arr_weighted_health_index,
        any_value(accounts) as accounts,
        any_value(scored_accounts) as scored_accounts,
        any_value(index.arr) as arr,
        any_value(arr_at_risk) as arr_at_risk,
        count(*) filter (where band = 'red') as red_accounts
    from marts.customer_health_index as index
    inner join last_days using (as_of_date)
    inner join marts.customer_health_history as history using (score_model, as_of_date)
    where score_model = 'composite' and dimension = 'book'
    group by month
    """,
)
# on some days a segment has no red account
BY_DAY_AND_SEGMENT = Question(
    [
        "--metrics",
        "health_index,arr_weighted_health_index,accounts,score_coverage,scored_share,red_accounts,"
        "arr_at_risk,arr_at_risk_share",
        *("--group-by", "metric_time__day,account_day__segment"),
    ],
    """
    with history as (
        select
            as_of_date,
            segment as dimension_value,
            avg(coverage) as score_coverage,
            count(health_score) / count(*) as scored_share,
            count(*) filter (where band = 'red') as red_accounts
        from marts.customer_health_history
        where score_model = 'composite'
        group by as_of_date, segment
    )
    select
        as_of_date as metric_time__day,
        dimension_value as account_day__segment,
        mean_health_score as health_index,
        arr_weighted_health_score as arr_weighted_health_index,
        accounts,
        score_coverage,
        scored_share,
        red_accounts,
        arr_at_risk,
        arr_at_risk / nullif(arr, 0) as arr_at_risk_share
    from marts.customer_health_index
    inner join history using (as_of_date, dimension_value)
    where score_model = 'composite' and dimension = 'segment'
    """,
)
ACCOUNTS_BY_BAND = Question(
    ["--saved-query", "accounts_by_band"],
    """
    select as_of_date as metric_time__day, band as account_day__band, accounts, arr
    from marts.customer_health_index_bands
    where score_model = 'composite' and dimension = 'book'
    """,
)
CHURN_RATE_BY_BAND = Question(
    ["--saved-query", "churn_rate_by_band"],
    """
    select
        computed_band as panel_row__band,
        count(*) as panel_rows,
        count(*) filter (where is_churned) / count(*) as churn_rate
    from marts.backtest_panel
    where score_model = 'composite'
    group by computed_band
    """,
)
QUEUE = Question(
    ["--metrics", "actions,actions_due_today,sla_met_share", "--group-by", "action__csm_owner"],
    """
    select
        csm_owner as action__csm_owner,
        count(*) as actions,
        count(*) filter (where is_due_today) as actions_due_today,
        count(*) filter (where tier = 'urgent' and sla_status = 'met')
        / nullif(count(*) filter (where tier = 'urgent' and sla_status <> 'open'), 0)
            as sla_met_share
    from marts.customer_health_actions
    group by csm_owner
    """,
)
# without a period, the newest date
BY_MODEL = Question(
    ["--metrics", "model_health_index", "--group-by", "score_model"],
    """
    select score_model, avg(health_score) as model_health_index
    from marts.customer_health_models
    group by score_model
    """,
)
TWO_MODELS_MIXED = Question(
    ["--metrics", "model_health_index"], "select null as model_health_index"
)
QUESTIONS = [
    BY_MONTH,
    BY_DAY_AND_SEGMENT,
    ACCOUNTS_BY_BAND,
    CHURN_RATE_BY_BAND,
    QUEUE,
    BY_MODEL,
    TWO_MODELS_MIXED,
]


def keys_of(row: Mapping[str, Any]) -> list[str]:
    """The columns that the question groups by."""
    return [column for column in row if "__" in column or column == "score_model"]


def by_key(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """The rows by what they are grouped by; a date may be spelled with a time of day."""
    return {tuple(as_text(row[key])[:10] for key in keys_of(row)): row for row in rows}


@NEEDS_METRICFLOW
def test_metrics_are_what_the_marts_say(company: Company) -> None:
    answers = company.ask(*[question.options for question in QUESTIONS])
    for question, answer in zip(QUESTIONS, answers, strict=True):
        got, expected = by_key(answer), by_key(company.sql(question.sql))
        assert got.keys() == expected.keys(), question.options
        for key, row in expected.items():
            for column in row.keys() - set(keys_of(row)):
                same = agree(got[key][column], row[column], ROUNDED.get(column, 1e-6))
                assert same, (column, got[key], row)


@NEEDS_METRICFLOW
def test_the_configuration_is_valid(company: Company) -> None:
    """With MetricFlow's own checks of names, references and the SQL of every metric."""
    printed = company.run([MF, "validate-configs"]).stdout
    assert set(re.findall(r"ERRORS: (\d+)", printed)) == {"0"}, printed
