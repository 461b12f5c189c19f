"""Builds of the project in a warehouse of its own, with what each of them cost."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.measure import BenchFailed, Cost, apart, folder_bytes, run

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

PROJECT = Path(__file__).resolve().parents[2]
# the dbt of this environment, whether or not it is activated
DBT = Path(sys.executable).with_name("dbt")


@dataclass(frozen=True)
class Build:
    """One run of dbt.

    publishing_seconds: of the on-run-end hooks; null where none ran. published_bytes: size of what
    readers open. warehouse_bytes: size of the working file. nodes: seconds by unique id of dbt.
    """

    cost: Cost
    publishing_seconds: float | None
    published_bytes: int
    warehouse_bytes: int
    nodes: dict[str, float]


class Warehouse:
    """A working file, a published file and seeds below one folder, empty at first.

    Every build reads the raw data at the same path: what changes from night to night is what a
    link there points to.
    """

    target = "duckdb"

    def __init__(self, work: Path) -> None:
        self.work = work
        shutil.rmtree(work, ignore_errors=True)
        for name in ("warehouse", "published"):
            (work / name).mkdir(parents=True)
        shutil.copytree(PROJECT / "seeds", work / "seeds")
        self.file = work / "warehouse" / "warehouse.duckdb"

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DBT_TARGET": self.target,
            "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
            "DBT_TARGET_PATH": str(self.work / "target"),
            "DBT_LOG_PATH": str(self.work / "logs"),
            "DBT_USE_COLORS": "false",
            "HEALTH_RAW_PATH": str(self.work / "raw"),
            "HEALTH_SEED_PATH": str(self.work / "seeds"),
            "HEALTH_DUCKDB_PATH": str(self.file),
            "HEALTH_PUBLISHED_PATH": str(self.work / "published" / "customer_health.duckdb"),
        }

    def use_raw(self, folder: Path) -> Cost | None:
        """Let the next builds read this folder; what that cost, where it costs anything."""
        link = self.work / "raw"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.resolve(), target_is_directory=True)
        return None

    def build(
        self,
        name: str,
        variables: dict[str, str],
        expected_dates: tuple[int, date],
        arguments: Sequence[str] = ("build",),
    ) -> Build:
        """Run dbt and check that the history then has so many dates, up to this one.

        Raises BenchFailed.
        """
        options = ["--vars", json.dumps(variables)]
        # A change of vars makes dbt parse the project anew. The nightly job has no vars that
        # change, so that this is no part of what it costs.
        run(
            [DBT, "parse", *options],
            self.work / f"{name}_parse.log",
            self._environment(),
            PROJECT,
        )
        cost = run(
            [DBT, *arguments, *options], self.work / f"{name}.log", self._environment(), PROJECT
        )
        found = self.scored_dates()
        if (found["dates"], found["last"]) != expected_dates:
            raise BenchFailed(
                f"{name}: customer_health_history holds {found['dates']} dates up to "
                f"{found['last']}, expected {expected_dates[0]} up to {expected_dates[1]}"
            )
        return self._read(cost)

    def _read(self, cost: Cost) -> Build:
        results = json.loads((self.work / "target" / "run_results.json").read_text())["results"]
        nodes = {result["unique_id"]: result["execution_time"] for result in results}
        endings = [seconds for node, seconds in nodes.items() if "on-run-end" in node]
        return Build(
            cost,
            sum(endings) if endings else None,
            *self.sizes(),
            nodes,
        )

    def scored_dates(self) -> dict[str, object]:
        """What the history holds, as `scored_dates` says."""
        return apart(scored_dates, self.file)

    def sizes(self) -> tuple[int, int]:
        """Bytes of what readers open, and of what builds work in."""
        return folder_bytes(self.work / "published"), folder_bytes(self.work / "warehouse")

    def change_weights(self) -> None:
        """Move one point from the second to the first weight of the composite model's default."""
        file = self.work / "seeds" / "score_weights.csv"
        lines = file.read_text(encoding="utf-8").splitlines()
        places = [i for i, line in enumerate(lines) if line.startswith("composite,*,")]
        for place, points in zip(places, (1, -1), strict=False):
            head, weight = lines[place].rsplit(",", 1)
            lines[place] = f"{head},{float(weight) + points:g}"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def expect_configuration(self, name: str, dates: int) -> None:
        """Check that so many dates are scored under the newest date's configuration.

        Raises BenchFailed.
        """
        found = self.scored_dates()["in_newest_configuration"]
        if found != dates:
            raise BenchFailed(f"{name}: {found} dates have the new weights, expected {dates}")


class PostgresWarehouse(Warehouse):
    """A database on the server that the usual variables (PGHOST, ...) name, empty at first.

    Its raw tables are filled by the project's own loader, which is no part of a build's cost.
    """

    target = "postgres"

    def __init__(self, work: Path, database: str) -> None:
        super().__init__(work)
        self.database = database
        with closing(self._connect(os.environ.get("PGDATABASE", "postgres"))) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(f'drop database if exists "{database}"')
            cursor.execute(f'create database "{database}"')

    def _connect(self, database: str) -> Connection:
        import psycopg2

        return psycopg2.connect(
            host=os.environ.get("PGHOST", "localhost"),
            user=os.environ.get("PGUSER", "postgres"),
            dbname=database,
        )

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"PGDATABASE": self.database}

    def use_raw(self, folder: Path) -> Cost:
        """Fill the raw tables from this folder; returns what that cost."""
        return run(
            [sys.executable, PROJECT / "scripts" / "load_postgres.py", "--raw", folder],
            self.work / "load.log",
            self._environment(),
            PROJECT,
        )

    def scored_dates(self) -> dict[str, object]:
        """What the history holds, as `scored_dates` says."""
        (dates, last, same) = self._row(SCORED_DATES)
        return {"dates": dates, "last": last, "in_newest_configuration": same}

    def sizes(self) -> tuple[int, int]:
        """Bytes of what readers open, and of the whole database, raw tables and indexes too."""
        (published,) = self._row(
            "select sum(pg_total_relation_size(oid)) from pg_class "
            "where relnamespace = 'marts'::regnamespace and relkind = 'r'"
        )
        (database,) = self._row("select pg_database_size(current_database())")
        return int(published), int(database)

    def _row(self, query: str) -> tuple[Any, ...]:
        with closing(self._connect(self.database)) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchone()


# a catalog without a server; what dbt and Spark hold is one process's memory
SPARK_SETTINGS = """\
spark.master local[{cores}]
spark.driver.memory 6g
spark.ui.enabled false
spark.ui.showConsoleProgress false
spark.sql.shuffle.partitions {cores}
spark.sql.warehouse.dir {work}/spark
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={work}/metastore;create=true
spark.driver.extraJavaOptions -Dderby.system.home={work}
"""


class SparkWarehouse(Warehouse):
    """A catalog and Parquet files below the folder, empty at first; each build starts Spark.

    Its raw tables are filled by the project's own loader, which is no part of a build's cost.
    """

    target = "spark"

    def __init__(self, work: Path, cores: int) -> None:
        super().__init__(work)
        self.settings = work / "conf"
        self.settings.mkdir()
        text = SPARK_SETTINGS.format(work=work, cores=cores)
        (self.settings / "spark-defaults.conf").write_text(text, encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "HEALTH_SPARK_METHOD": "session",
            "SPARK_CONF_DIR": str(self.settings),
        }

    def use_raw(self, folder: Path) -> Cost:
        """Fill the raw tables from this folder; returns what that cost."""
        return run(
            [sys.executable, PROJECT / "scripts" / "load_spark.py", "--raw", folder],
            self.work / "load.log",
            self._environment(),
            PROJECT,
        )

    def scored_dates(self) -> dict[str, object]:
        """What the history holds, as `scored_dates` says."""
        return apart(scored_dates_on_spark, self.settings)

    def sizes(self) -> tuple[int, int]:
        """Bytes of the last two publications, and of all tables, the raw ones too."""
        return folder_bytes(self.work / "spark" / "marts_published.db"), folder_bytes(
            self.work / "spark"
        )


def has_selector(arguments: Sequence[str]) -> bool:
    """Whether the project has the selector that a dbt command names; true where it names none."""
    if "--selector" not in arguments:
        return True
    name = arguments[list(arguments).index("--selector") + 1]
    text = (PROJECT / "selectors.yml").read_text(encoding="utf-8")
    return bool(re.search(rf"^\s*-\s*name:\s*{re.escape(name)}\s*$", text, re.MULTILINE))


SCORED_DATES = """
    with history as (
        select distinct as_of_date, config_version from marts.customer_health_history
        where score_model in (select score_model from marts.customer_health)
    ),
    newest as (
        select max(config_version) as config_version from history
        where as_of_date = (select max(as_of_date) from history)
    )
    select
        count(distinct history.as_of_date),
        max(history.as_of_date),
        count(distinct history.as_of_date)
            filter (where history.config_version = newest.config_version)
    from history
    cross join newest
"""


def scored_dates(warehouse: Path) -> dict[str, object]:
    """What the history of a warehouse holds.

    Returns:
        `dates` (number of as-of dates), `last` (the newest), `in_newest_configuration` (number
        of dates whose default score has the configuration of the newest date).
    """
    # here, so that the process that measures stays small
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        dates, last, same = connection.execute(SCORED_DATES).fetchone()
    return {"dates": dates, "last": last, "in_newest_configuration": same}


def scored_dates_on_spark(settings: Path) -> dict[str, object]:
    """The same of a catalog that these settings name."""
    from pyspark.sql import SparkSession

    os.environ["SPARK_CONF_DIR"] = str(settings)
    (row,) = SparkSession.builder.enableHiveSupport().getOrCreate().sql(SCORED_DATES).collect()
    return {"dates": row[0], "last": row[1], "in_newest_configuration": row[2]}
