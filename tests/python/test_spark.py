"""Spark, in one process and on Parquet, makes the same marts as DuckDB from the same raw files."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from engines import columns_of_marts, rounded
from nights import make_nightly_company, night_after
from spark_server import SparkWarehouse, missing_java
from test_postgres import FIRST_NIGHT, HISTORY_START
from test_small_world import AS_OF_DATE, build_options, differences_by_hand, queries
from warehouse import SMALL_WORLD, run_build
from worlds import days_later, make_world


@pytest.fixture
def warehouse(tmp_path: Path) -> SparkWarehouse:
    """An empty warehouse. Without Java the test is skipped, or fails where no engine may be."""
    missing = missing_java()
    if missing and os.environ.get("TEST_EVERY_ENGINE"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return SparkWarehouse.create(tmp_path / "spark")


# a step costs Spark seconds, and a build has hundreds
@pytest.mark.parametrize(
    "variant",
    [
        None,
        pytest.param("feeds", marks=pytest.mark.long),
        pytest.param("stale_tickets", marks=pytest.mark.long),
    ],
)
def test_marts_are_as_worked_out_by_hand(
    variant: str | None, warehouse: SparkWarehouse, tmp_path: Path
) -> None:
    options = build_options(variant, tmp_path / "seeds")
    warehouse.build(SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE, **options)
    found = differences_by_hand(variant, warehouse.fetch(queries(variant)))
    assert not found, "\n".join(found)


def assert_same_marts(work: Path, warehouse: SparkWarehouse) -> None:
    with duckdb.connect(str(work / "warehouse.duckdb"), read_only=True) as connection:
        asked = {
            mart: f"select {', '.join(columns)} from marts.{mart}"
            for mart, columns in columns_of_marts(connection).items()
        }
        ours = {
            mart: Counter(rounded(row) for row in connection.execute(query).fetchall())
            for mart, query in asked.items()
        }
    found = []
    for mart, rows in warehouse.fetch(asked).items():
        theirs = Counter(rounded(row.values()) for row in rows)
        found += [f"{mart}: only on DuckDB: {row}" for row in (ours[mart] - theirs).elements()]
        found += [f"{mart}: only on Spark: {row}" for row in (theirs - ours[mart]).elements()]
    assert not found, "\n".join(found[:20])
    assert ours["customer_health_history"].total() > 0


@pytest.mark.long
def test_three_nights_with_late_rows_are_the_same(
    warehouse: SparkWarehouse, tmp_path: Path
) -> None:
    company = make_nightly_company(3, tmp_path / "seeds", end=days_later(FIRST_NIGHT, 12))
    # night 1 is missed, and rows of the last days come late
    for number in (0, 2, 3):
        on = days_later(FIRST_NIGHT, number)
        company.write(tmp_path / "raw", night_after(on))
        arguments = (tmp_path / "raw", on, HISTORY_START)
        options = {"seeds": company.seeds, "settings": company.vars}
        run_build(tmp_path / "duckdb", *arguments, **options)
        assert_same_marts(tmp_path / "duckdb", warehouse.build(*arguments, **options))


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_generated_companies_are_the_same(
    seed: int, warehouse: SparkWarehouse, tmp_path: Path
) -> None:
    world = make_world(seed, tmp_path / "world")
    arguments = (world.raw, world.as_of_dates[-1], world.as_of_dates[0])
    options = {"seeds": world.seeds, "settings": world.vars}
    run_build(tmp_path / "duckdb", *arguments, **options)
    assert_same_marts(tmp_path / "duckdb", warehouse.build(*arguments, **options))
