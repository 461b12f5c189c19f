"""Runs compiled models in an in-memory DuckDB, because a dbt process per case takes seconds.

dbt compiles once and writes a manifest; the SQL run here is what a build runs, except for hooks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt_common.clients.agate_helper import from_csv

PROJECT = Path(__file__).resolve().parents[2]


def places_of(work: Path, project: Path = PROJECT) -> dict[str, str]:
    """The variables that make dbt write into the folder `work`, its output without colours."""
    return {
        "HEALTH_DUCKDB_PATH": str(work / "warehouse.duckdb"),
        "HEALTH_PUBLISHED_PATH": str(work / "published.duckdb"),
        "DBT_TARGET_PATH": str(work / "target"),
        "DBT_LOG_PATH": str(work / "logs"),
        "DBT_PROFILES_DIR": str(project / "profiles"),
        "DBT_USE_COLORS": "false",
    }


def run_dbt(
    arguments: Iterable[str],
    work: Path,
    environment: Mapping[str, str] | None = None,
    project: Path = PROJECT,
) -> subprocess.CompletedProcess[str]:
    """Run dbt on the project; whatever it writes goes into `work`.

    arguments: command and options, e.g. ["build", "--vars", "{as_of_date: 2025-06-30}"].
    environment: variables on top of this process's. project: another copy of the project's folder.
    Returns the finished process; its stdout is uncoloured text. A non-zero exit raises nothing.
    """
    work.mkdir(parents=True, exist_ok=True)
    variables = {**os.environ, **places_of(work, project), **(environment or {})}
    command = [str(Path(sys.executable).with_name("dbt")), *arguments]
    return subprocess.run(command, cwd=project, env=variables, capture_output=True, text=True)


@dataclass(frozen=True)
class CompiledProject:
    """Nodes of a compiled manifest by name; `models` are those that were compiled."""

    models: Mapping[str, Mapping[str, Any]]
    seeds: Mapping[str, Mapping[str, Any]]

    @classmethod
    def compile(
        cls, work: Path, select: Iterable[str], settings: Mapping[str, Any] | None = None
    ) -> CompiledProject:
        """Compile the selected models with dbt.

        select: dbt selectors. settings: vars. Raises RuntimeError with dbt's output when it fails.
        """
        options = ["--select", *select, "--vars", json.dumps(settings or {})]
        finished = run_dbt(["compile", *options], work)
        if finished.returncode != 0:
            raise RuntimeError(finished.stdout + finished.stderr)
        nodes = json.loads((work / "target" / "manifest.json").read_text())["nodes"].values()
        return cls(
            models={node["name"]: node for node in nodes if node["resource_type"] == "model"},
            seeds={node["name"]: node for node in nodes if node["resource_type"] == "seed"},
        )

    def relation(self, name: str) -> str:
        """Quoted name (database.schema.table) under which the SQL knows a model or seed."""
        return (self.models | self.seeds)[name]["relation_name"]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """An empty in-memory warehouse with the schemas of all models and seeds."""
        connection = duckdb.connect()
        nodes = [*self.models.values(), *self.seeds.values()]
        for database in {node["database"] for node in nodes}:
            connection.execute(f"attach ':memory:' as {database}")
        for schema in {(node["database"], node["schema"]) for node in nodes}:
            connection.execute(f"create schema if not exists {'.'.join(schema)}")
        return connection

    def load_seed(self, connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> None:
        """Create a seed's table from `folder`, read as dbt reads it (without DuckDB's COPY)."""
        types = self.seeds[name]["config"]["column_types"]
        table = from_csv(str(folder / f"{name}.csv"), text_columns=types)
        columns = ", ".join(
            f'"{column}" {types.get(column, "varchar")}' for column in table.column_names
        )
        connection.execute(f"create table {self.relation(name)} ({columns})")
        if table.rows:
            marks = ", ".join("(" + ", ".join("?" for _ in row) + ")" for row in table.rows)
            cells = [cell for row in table.rows for cell in row]
            connection.execute(f"insert into {self.relation(name)} values {marks}", cells)

    def build(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Create a model's table by its compiled SQL; what it reads must be there."""
        sql = self.models[name]["compiled_code"]
        connection.execute(f"create table {self.relation(name)} as {sql}")
