"""What the project promises whatever is delivered: the past stays, errors speak."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from test_against_reference import assert_same
from warehouse import SMALL_WORLD, BuildFailed, build, fetch, overlay_seeds
from worlds import add_future_rows, make_world

AS_OF_DATE = date(2025, 6, 30)
HISTORY = """
    select * exclude (config_version) from marts.customer_health_history
    where as_of_date <= ? order by all
"""
SIGNALS = "select * from marts.customer_health_signals where as_of_date <= ? order by all"


def small_world(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL_WORLD / "raw", tmp_path / "raw"))


def append(raw: Path, table: str, **values: str) -> None:
    """Add a row to a CSV table; columns that are not named stay empty."""
    path = raw / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert set(values) <= set(header)
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([values.get(column, "") for column in header])


def failure(tmp_path: Path, raw: Path, **settings: object) -> str:
    """What dbt prints when the build of this raw data stops."""
    with pytest.raises(BuildFailed) as error:
        build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, settings=settings).close()
    return str(error.value)


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_future_rows_of_any_table_never_change_a_past_score(seed: int, tmp_path: Path) -> None:
    world = make_world(seed, tmp_path / "world", scored_days=60)
    first, last = world.as_of_dates[0], world.as_of_dates[-1]
    cut = last - timedelta(days=20)
    add_future_rows(world.raw, tmp_path / "future", cut, seed, vars=world.vars)
    rows = []
    for name, raw in [("as_it_was", world.raw), ("with_future", tmp_path / "future")]:
        with build(tmp_path / name, raw, last, first, world.seeds, world.vars) as warehouse:
            rows.append(
                [warehouse.execute(query, [cut]).fetchall() for query in (HISTORY, SIGNALS)]
            )
    assert rows[0][0], "nothing was scored"
    assert rows[0] == rows[1]


def test_two_builds_of_the_same_input_give_the_same_rows(tmp_path: Path) -> None:
    marts = "select table_name from information_schema.tables where table_schema = 'marts'"
    built = []
    for _ in range(2):
        seeds = overlay_seeds(tmp_path / "seeds", SMALL_WORLD / "seeds")
        with build(
            tmp_path / "work", SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE, seeds
        ) as warehouse:
            tables = sorted(name for (name,) in warehouse.execute(marts).fetchall())
            built.append(
                {
                    table: warehouse.execute(f"select * from marts.{table} order by all").fetchall()
                    for table in tables
                }
            )
    assert built[0] == built[1]
    assert len(built[0]) >= 9


def test_only_accounts_are_needed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "accounts.csv").write_text("account_id,created_at\nA1,2024-01-01\n")
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, with_tests=True) as warehouse:
        rows = fetch(warehouse, "select * from marts.customer_health")
    assert [(row["account_id"], row["band"], row["segment"]) for row in rows] == [
        ("A1", "insufficient_data", "unknown")
    ]


def test_no_account_in_scope_is_an_empty_book(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "accounts.csv").write_text("account_id,created_at\nA1,2026-01-01\n")
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, with_tests=True) as warehouse:
        assert fetch(warehouse, "select * from marts.customer_health") == []


def test_missing_accounts_are_named(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    assert "The raw table accounts was not found" in failure(tmp_path, raw)


def test_a_missing_required_column_is_named(tmp_path: Path) -> None:
    raw = small_world(tmp_path)
    (raw / "tickets.csv").write_text("ticket_id,created_at\nT1,2025-01-01\n")
    message = failure(tmp_path, raw)
    assert "The raw table tickets has no column account_id, which is required." in message
    assert "has the columns: ticket_id, created_at." in message


def test_an_absent_source_is_not_read(tmp_path: Path) -> None:
    raw = small_world(tmp_path)
    (raw / "tickets.csv").write_text("nonsense\n1\n")
    with build(
        tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, settings={"absent_sources": ["tickets"]}
    ) as warehouse:
        assert fetch(warehouse, "select * from staging.stg_support__tickets") == []


def test_two_currencies_stop_the_build(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "accounts.csv").write_text("account_id,created_at\nA1,2024-01-01\n")
    (raw / "contracts.csv").write_text(
        "contract_id,account_id,start_date,currency\nC1,A1,2024-01-01,EUR\nC2,A1,2025-01-01,USD\n"
    )
    message = failure(tmp_path, raw)
    assert "more than one currency: EUR (contracts), USD (contracts)." in message


def test_too_many_rejected_rows_stop_the_build_before_any_mart(tmp_path: Path) -> None:
    raw = small_world(tmp_path)
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE) as warehouse:
        before = warehouse.execute("select * from marts.rejected_rows order by all").fetchall()
    for number in range(30):
        append(raw, "touchpoints", touchpoint_id=f"X{number}", account_id="nobody",
               occurred_at="2025-06-01")  # fmt: skip
    assert "touchpoints: 34 of " in failure(tmp_path, raw)
    with duckdb.connect(str(tmp_path / "work" / "warehouse.duckdb"), read_only=True) as warehouse:
        after = warehouse.execute("select * from marts.rejected_rows order by all").fetchall()
    assert before == after


def test_parquet_folders_and_typed_columns_read_like_text(tmp_path: Path) -> None:
    """The small world again, with every table as a folder of two typed Parquet files."""
    world = make_world(7, tmp_path / "world", scored_days=10)
    assert_same(world, tmp_path / "text")
    typed = tmp_path / "world" / "typed"
    typed.mkdir()
    with duckdb.connect() as connection:
        for file in sorted(world.raw.glob("*.csv")):
            (typed / file.stem).mkdir()
            connection.execute(
                f"create or replace table rows as select *, row_number() over () % 2 as part "
                f"from read_csv('{file}', all_varchar = true)"
            )
            for part in (0, 1):
                connection.execute(
                    f"copy (select * exclude (part) from rows where part = {part}) "
                    f"to '{typed / file.stem / f'{part}.parquet'}'"
                )
            file.unlink()
        for folder in typed.iterdir():
            shutil.copytree(folder, world.raw / folder.name)
    assert_same(world, tmp_path / "folders")
