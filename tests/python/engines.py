"""Raw files built on other engines, and their marts compared with DuckDB's value by value."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, Self

import duckdb
from harness import PROJECT
from postgres_server import USER, Server
from warehouse import run_build

# they hold seconds and times of day
DIFFERENT_IN_EVERY_RUN = {"nightly_runs", "nightly_run_rows"}
# the last bits of doubles differ from engine to engine; what is published has six decimals at most
DECIMALS = 6


@dataclass(frozen=True)
class PostgresWarehouse:
    """A database of a test server, a folder for dbt's own files, and who works with them."""

    server: Server
    name: str
    work: Path
    user: str = USER

    @classmethod
    def create(cls, server: Server, name: str, work: Path) -> PostgresWarehouse:
        """A warehouse in a new, empty database."""
        with closing(server.connect("postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'create database "{name}"')
        return cls(server, name, work)

    @property
    def engine(self) -> str:
        """The engine's name, for messages."""
        return "Postgres"

    @property
    def environment(self) -> dict[str, str]:
        """What makes dbt build here."""
        return {"DBT_TARGET": "postgres", **self.server.environment(self.name, self.user)}

    def copy(self, name: str, work: Path) -> PostgresWarehouse:
        """A copy of the database, which nobody may be using, and of dbt's own files.

        A database that has the name already is dropped.
        """
        if self.work.exists():
            shutil.copytree(self.work, work)
        with closing(self.server.connect("postgres")) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(f'drop database if exists "{name}" with (force)')
            cursor.execute(f'create database "{name}" template "{self.name}"')
        return replace(self, name=name, work=work)

    def load(self, raw: Path) -> str:
        """Put a folder of raw files into the raw schema; returns what the command printed.

        Raises subprocess.CalledProcessError.
        """
        command = [sys.executable, "scripts/load_postgres.py", "--raw", str(raw)]
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    def build(
        self, raw: Path, as_of_date: date, history_start_date: date, **options: Any
    ) -> PostgresWarehouse:
        """Load raw files and run dbt; options as of `warehouse.run_build`. Raises BuildFailed."""
        self.load(raw)
        run_build(
            self.work, raw, as_of_date, history_start_date, engine=self.environment, **options
        )
        return self

    def fetch(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        with closing(self.server.connect(self.name, self.user)) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def fetch_all(self, queries: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of each query as dictionaries."""
        return {name: self.fetch(query) for name, query in queries.items()}

    def execute(self, statements: str) -> None:
        """Run statements without rows, in one transaction. Raises psycopg2.Error."""
        with closing(self.server.connect(self.name, self.user)) as connection, connection:
            connection.cursor().execute(statements)

    def published_rows(self) -> dict[str, Counter[tuple[Any, ...]]]:
        """The rows of every published mart that does not tell of runs, as of one moment."""
        with closing(self.server.connect(self.name, self.user)) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            cursor = connection.cursor()
            cursor.execute(PUBLISHED)
            columns: dict[str, str] = dict(cursor.fetchall())
            found = {}
            for mart in sorted(columns.keys() - DIFFERENT_IN_EVERY_RUN):
                cursor.execute(f"select {columns[mart]} from marts.{mart}")
                found[mart] = Counter(cursor.fetchall())
            return found

    def relations(self) -> set[str]:
        """Every table and view, as `schema.name`."""
        rows = self.fetch(
            "select schemaname || '.' || tablename as name from pg_tables "
            "union select schemaname || '.' || viewname from pg_views"
        )
        return {row["name"] for row in rows if not row["name"].startswith(OF_POSTGRES)}


# marts and their columns by name, because a release may have added one at the end
PUBLISHED = """
    select
        table_name,
        string_agg(quote_ident(column_name), ', ' order by column_name collate "C")
    from information_schema.columns
    where table_schema = 'marts'
    group by table_name
"""
OF_POSTGRES = ("pg_", "information_schema.")


class Warehouse(Protocol):
    """What holds published marts: a database of Postgres, or a catalog of Spark."""

    @property
    def engine(self) -> str:
        """The engine's name, for messages."""

    def build(self, raw: Path, as_of_date: date, history_start_date: date, **options: Any) -> Self:
        """Load raw files and run dbt; options as of `warehouse.run_build`. Raises BuildFailed."""

    def fetch_all(self, queries: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of each query as dictionaries."""


def engine_differences(
    expected: Path, got: Warehouse
) -> tuple[list[str], dict[str, tuple[int, int]]]:
    """Compare every mart of a DuckDB file with the published ones of another engine.

    Returns what differs, as sentences, and the rows of each mart: on DuckDB, on the other.
    """
    with duckdb.connect(str(expected), read_only=True) as connection:
        queries = {
            mart: f"select {', '.join(columns)} from marts.{mart}"
            for mart, columns in columns_of_marts(connection).items()
        }
        ours = {
            mart: Counter(rounded(row) for row in connection.execute(query).fetchall())
            for mart, query in queries.items()
        }
    found, counts = [], {}
    for mart, rows in got.fetch_all(queries).items():
        theirs = Counter(rounded(row.values()) for row in rows)
        counts[mart] = (ours[mart].total(), theirs.total())
        found += [f"{mart}: only on DuckDB: {row}" for row in (ours[mart] - theirs).elements()]
        found += [
            f"{mart}: only on {got.engine}: {row}" for row in (theirs - ours[mart]).elements()
        ]
    return found, counts


def columns_of_marts(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The marts that are compared, and their columns."""
    found: dict[str, list[str]] = {}
    query = (
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'marts' order by table_name, ordinal_position"
    )
    for mart, column in connection.execute(query).fetchall():
        if mart not in DIFFERENT_IN_EVERY_RUN:
            found.setdefault(mart, []).append(column)
    return found


def rounded(row: Iterable[Any]) -> tuple[Any, ...]:
    """A row whose numbers compare alike, whatever their type; 0 has no sign."""
    return tuple(
        round(float(value), DECIMALS) + 0.0 if isinstance(value, (float, Decimal)) else value
        for value in row
    )
