"""Spark, in one process and on Parquet, makes the same marts as DuckDB from the same raw files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from published import FIRST_NIGHT, RAW, SECOND_NIGHT, build_well, night_of, start_dbt
from same_builds import (
    LONG_NIGHTS,
    REPAIRS,
    SMALL_WORLDS,
    SameMarts,
    check_runs,
    check_small_world,
    check_world,
    nights_with_late_rows,
)
from spark_server import SparkWarehouse


# a step costs Spark seconds, and a build has hundreds
@pytest.mark.parametrize("variant", SMALL_WORLDS)
def test_small_world_is_the_same(
    variant: str | None,
    spark_warehouse: SparkWarehouse,
    tmp_path: Path,
    assert_same_marts: SameMarts,
) -> None:
    check_small_world(variant, spark_warehouse, tmp_path, assert_same_marts)


@pytest.mark.parametrize(("company", "nights"), LONG_NIGHTS)
def test_nights_with_late_rows_are_the_same(
    company: int,
    nights: int,
    spark_warehouse: SparkWarehouse,
    tmp_path: Path,
    assert_same_marts: SameMarts,
) -> None:
    check_runs(company, nights_with_late_rows(nights), spark_warehouse, tmp_path, assert_same_marts)


@pytest.mark.long
def test_repairs_are_the_same(
    spark_warehouse: SparkWarehouse, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    check_runs(3, REPAIRS, spark_warehouse, tmp_path, assert_same_marts)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_generated_companies_are_the_same(
    seed: int, spark_warehouse: SparkWarehouse, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    check_world(seed, spark_warehouse, tmp_path, assert_same_marts)


def wait_for_node(process: subprocess.Popen[str], part: float) -> None:
    """Read what dbt prints until it begins the node that is so far into the build."""
    assert process.stdout
    for line in process.stdout:
        node = re.search(r" (\d+) of (\d+) START ", line)
        if node and int(node[1]) >= part * int(node[2]):
            return
    raise AssertionError("dbt ended before")


def wait_for_publication(warehouse: SparkWarehouse) -> None:
    """Until three marts more are copied than were."""
    folder = warehouse.work / "spark" / "marts_published.db"
    before = len(list(folder.iterdir()))
    while len(list(folder.iterdir())) < before + 3:
        time.sleep(0.1)


@pytest.mark.long
def test_killed_builds_are_mended(
    spark_warehouse: SparkWarehouse, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    """Readers keep the night before, and the next build publishes what an undisturbed one does."""
    work, environment = spark_warehouse.work, spark_warehouse.environment

    def start(as_of_date: date) -> subprocess.Popen[str]:
        return start_dbt(night_of(as_of_date), work, environment, has_own_group=True)

    def build(as_of_date: date) -> None:
        build_well(tmp_path / "duckdb", as_of_date)
        process = start(as_of_date)
        printed = process.communicate()[0]
        assert process.returncode == 0, printed[-3000:]
        assert_same_marts(tmp_path / "duckdb", spark_warehouse, f"the small world, {as_of_date}")

    spark_warehouse.load(RAW)
    build(FIRST_NIGHT)
    tables = tables_of(spark_warehouse)
    for part in (0.1, 0.4, 0.7, 0.95, None):
        process = start(SECOND_NIGHT)
        wait_for_node(process, part or 0.95)
        if part is None:
            wait_for_publication(spark_warehouse)
        # Java too, as when the machine goes down
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert_same_marts(tmp_path / "duckdb", spark_warehouse, f"killed at {part}")
    build(SECOND_NIGHT)
    assert tables_of(spark_warehouse) == tables


def tables_of(warehouse: SparkWarehouse) -> set[str]:
    """Every table and view of the builds, as `schema.name`."""
    schemas = [row["namespace"] for row in warehouse.fetch_all({"": "show schemas"})[""]]
    queries = {name: f"show tables in {name}" for name in schemas if name != "marts_published"}
    return {
        f"{schema}.{row['tableName']}"
        for schema, rows in warehouse.fetch_all(queries).items()
        for row in rows
    }
