"""The backtest in whole builds: candidates, nights, the future, and the switch."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt_server import dbt_server
from warehouse import fetch
from worlds import add_future_rows, make_world

END = date(2025, 6, 30)
SETTINGS = {"churn_horizon_days": 45, "backtest_min_churns": 2}
HISTORY_DAYS = 220
# of runs, not of days
OF_RUNS = {"nightly_runs", "nightly_run_rows", "source_status"}


@dataclass
class Company:
    """A generated company, and builds of it."""

    folder: Path
    raw: Path
    seeds: Path
    vars: Mapping[str, Any]

    def build(
        self, name: str, raw: Path | None = None, seeds: Path | None = None, **settings: Any
    ) -> Path:
        """Build into the warehouse of that name. Returns its file."""
        variables = {
            **self.vars,
            **SETTINGS,
            "as_of_date": END.isoformat(),
            "history_start_date": (END - timedelta(days=HISTORY_DAYS)).isoformat(),
            **settings,
        }
        options = ["build", "--exclude", "resource_type:test", "resource_type:unit_test"]
        finished = dbt_server().run_dbt(
            [*options, "--vars", json.dumps(variables)],
            self.folder / name,
            {
                "HEALTH_RAW_PATH": str(raw or self.raw),
                "HEALTH_SEED_PATH": str(seeds or self.seeds),
            },
        )
        assert finished.returncode == 0, finished.stdout[-4000:]
        return self.folder / name / "warehouse.duckdb"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("backtest")
    world = make_world(31, folder / "world", accounts=40, days=420)
    return Company(folder, world.raw, world.seeds, world.vars)


@pytest.fixture(scope="module")
def built(company: Company) -> Path:
    """One full build."""
    return company.build("full")


def marts(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every mart's rows in one order."""
    with duckdb.connect(str(file), read_only=True) as warehouse:
        names = "select table_name from information_schema.tables where table_schema = 'marts'"
        return {
            name: warehouse.execute(f"select * from marts.{name} order by all").fetchall()
            for (name,) in warehouse.execute(names).fetchall()
            if name not in OF_RUNS
        }


def is_of_backtest(mart: str) -> bool:
    return mart.startswith("backtest_") or mart == "churn_autopsy"


def rows(file: Path, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(file), read_only=True) as warehouse:
        return fetch(warehouse, query)


def test_the_panel_is_what_the_history_says_of_closed_windows(built: Path) -> None:
    [found] = rows(
        built,
        """
        select
            count(*) as all_rows,
            count(case when is_churned then 1 end) as churned_rows,
            count(case when health_score is distinct from score_as_published then 1 end) as other,
            min(panel_date) as first_date,
            max(panel_date) as last_date
        from marts.backtest_panel
        """,
    )
    assert found["all_rows"] > 100 and found["churned_rows"] > 0
    # unchanged seeds weigh the stored signals as they were weighed then
    assert found["other"] == 0
    assert found["first_date"] >= END - timedelta(days=HISTORY_DAYS - 90)
    assert found["last_date"] <= END - timedelta(days=45)
    [left_out] = rows(
        built,
        """
        select count(*) as found
        from marts.customer_health_history as history
        anti join marts.backtest_panel as panel
            on history.score_model = panel.score_model and history.account_id = panel.account_id
            and history.as_of_date = panel.panel_date
        where as_of_date in (select panel_date from marts.backtest_panel)
        """,
    )
    assert left_out["found"] == 0


def test_a_candidate_changes_no_live_mart(company: Company, built: Path, tmp_path: Path) -> None:
    for file in company.seeds.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as source:
            table = list(csv.reader(source))
        copies = [["candidate", *row[1:]] for row in table[1:] if row[0] == "composite"]
        if file.stem == "score_models":
            copies = [[*row[:-2], "false", "false"] for row in copies]
        if file.stem == "band_rules":
            copies = [[row[0], "candidate", *row[2:]] for row in table[1:] if row[1] == "composite"]
        if file.stem in ("manual_overrides", "calibration_targets"):
            copies = []
        with (tmp_path / file.name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([*table, *copies])
    with_candidate = company.build("candidate", seeds=tmp_path)
    before, after = marts(built), marts(with_candidate)
    assert before.keys() == after.keys()
    assert [
        name for name in before if not is_of_backtest(name) and before[name] != after[name]
    ] == []
    # the same rows under another name: the same scores
    [panel] = rows(
        with_candidate,
        """
        select
            count(*) as candidate_rows,
            count(case when own.health_score is distinct from other.health_score
                or own.computed_band <> other.computed_band then 1 end) as differing
        from marts.backtest_panel as own
        inner join marts.backtest_panel as other using (account_id, panel_date)
        where own.score_model = 'candidate' and other.score_model = 'composite'
        """,
    )
    assert panel["candidate_rows"] > 50 and panel["differing"] == 0
    [compared] = rows(
        with_candidate,
        "select auc_difference, accounts_changing_band, verdict from marts.backtest_comparison"
        " where score_model = 'candidate' and compared_with = 'composite' and dimension = 'book'",
    )
    assert compared == {
        "auc_difference": 0,
        "accounts_changing_band": 0,
        "verdict": "not_told_apart",
    }


def test_nights_end_in_the_backtest_of_a_full_build(company: Company, built: Path) -> None:
    """The first night without it: that leaves empty marts, and the later ones lack nothing."""
    yesterday = (END - timedelta(days=2)).isoformat()
    file = company.build("nights", as_of_date=yesterday, backtest_enabled=False)
    assert {name for name, found in marts(file).items() if is_of_backtest(name) and found} == set()
    night = marts(company.build("nights"))
    full = marts(built)
    assert len(full["backtest_summary"]) > 20
    assert [name for name in full if is_of_backtest(name) and full[name] != night[name]] == []


def test_future_rows_never_change_a_score_of_the_panel(company: Company, built: Path) -> None:
    query = """
        select
            score_model, account_id, panel_date, population, health_score, computed_band, segment,
            csm_owner, arr, tenure_days
        from marts.backtest_panel where panel_date <= '{}' order by all
    """
    [last] = rows(built, "select max(panel_date) as panel_date from marts.backtest_panel")
    future = company.folder / "future"
    add_future_rows(company.raw, future, last["panel_date"], 31, vars=company.vars)
    as_it_was = rows(built, query.format(last["panel_date"]))
    assert as_it_was == rows(company.build("future", future), query.format(last["panel_date"]))
