"""Spark, in one process and on Parquet, makes the same marts as DuckDB from the same raw files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from datetime import date
from pathlib import Path
from threading import Thread

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
from spark_server import WORKERS, SparkWarehouse, plan_faults, running_cluster


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


# read every event, or the days of every user
OF_EVENTS = [
    "stg_product__usage_events_rejected",
    "stg_product__usage_event_repeats",
    "int_activity__user_days",
    "int_activity__feature_days",
    "int_activity__stream_days",
    "int_activity__event_loads",
    "int_windows__usage_facts",
    "int_windows__usage",
    "int_checks__odd_dates",
]


@pytest.mark.long
def test_a_cluster_builds_the_same(
    has_spark: None, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    with running_cluster(tmp_path / "cluster") as cluster:
        check_small_world(None, cluster, tmp_path, assert_same_marts)
        executors = list((cluster.work / "workers").glob("app-*/*"))
        assert len(executors) == WORKERS
        files = {file.stem: file for file in (cluster.work / "target/compiled").rglob("*.sql")}
        plans = cluster.fetch_all(
            # small tables are sent to everybody, and here all are small
            {"small": "set spark.sql.autoBroadcastJoinThreshold = -1"}
            | {name: f"explain formatted {files[name].read_text()}" for name in OF_EVENTS}
        )
    faults = {name: plan_faults(plans[name][0]["plan"]) for name in OF_EVENTS}
    assert faults == {name: [] for name in OF_EVENTS}


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
        assert process.stdout
        wait_for_node(process, part or 0.95)
        if part is None:
            # somebody has to read what dbt prints, or it waits
            Thread(target=process.stdout.read, daemon=True).start()
            wait_for_publication(spark_warehouse)
        # Java too, as when the machine goes down
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
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
