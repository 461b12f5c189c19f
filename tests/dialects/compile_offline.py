"""Compiles every model and data test for one warehouse, without a connection, and parses the SQL.

The adapter is told of an empty warehouse whose raw schema holds every table of the input contract,
all text. Nothing runs: it shows that the SQL can be written and parses, and no more.

usage: compile_offline.py DIALECT (snowflake, bigquery, databricks, redshift or trino)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import agate
import sqlglot
from dbt.adapters.contracts.connection import AdapterResponse
from dbt.adapters.factory import FACTORY
from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).resolve().parents[2]
NO_ROWS = agate.Table([], column_names=["none"], column_types=[agate.Text()])


def pretend_to_be_connected(dialect: str, raw_columns: Mapping[str, list[str]]) -> None:
    """Let the dialect's adapter find an empty warehouse wherever it would ask a server.

    raw_columns: the column names of each raw table.
    """
    FACTORY.load_plugin(dialect)
    adapter = FACTORY.get_adapter_class_by_name(dialect)

    def get_relation(self: Any, database: str, schema: str, identifier: str) -> Any:
        if identifier not in raw_columns:
            return None
        names = {"database": database, "schema": schema, "identifier": identifier}
        return self.Relation.create(**names, type="table")

    def get_columns_in_relation(self: Any, relation: Any) -> list[Any]:
        names = raw_columns.get(relation.identifier, [])
        return [self.Column.create(name, "string") for name in names]

    def open_nothing(connection: Any) -> Any:
        connection.state, connection.handle = "open", object()
        return connection

    adapter.execute = lambda self, *_, **__: (AdapterResponse("OK"), NO_ROWS)
    adapter.get_relation = get_relation
    adapter.get_columns_in_relation = get_columns_in_relation
    adapter.list_relations_without_caching = lambda self, *_, **__: []
    adapter.list_schemas = lambda self, *_, **__: []
    adapter.ConnectionManager.open = staticmethod(open_nothing)
    for name in ("close", "cancel", "begin", "commit", "release", "rollback_if_open"):
        setattr(adapter.ConnectionManager, name, lambda self=None, *_, **__: None)


def compile_models(dialect: str) -> dict[str, dict[str, str]]:
    """The compiled SQL of every model and data test: by kind, then by name.

    Raises SystemExit with dbt's words.
    """
    options = ["--target", dialect, "--quiet"]
    parsed = dbtRunner().invoke(["parse", "--no-partial-parse", *options])
    if not parsed.success:
        raise SystemExit(f"{dialect}: {parsed.exception}")
    raw = {
        source.name: list(source.columns)
        for source in parsed.result.sources.values()
        if source.source_name == "raw"
    }
    pretend_to_be_connected(dialect, raw)
    done = dbtRunner(manifest=parsed.result).invoke(
        ["compile", "--no-populate-cache", "--exclude", "resource_type:analysis", *options]
    )
    if not done.success:
        failed = [r for r in done.result.results if r.status == "error"] if done.result else []
        said = [f"{result.node.name}: {result.message}" for result in failed]
        raise SystemExit(f"{dialect}: {done.exception or ''}" + "\n".join(said))
    compiled: dict[str, dict[str, str]] = {"model": {}, "test": {}}
    for result in done.result.results:
        if result.node.resource_type in compiled:
            compiled[result.node.resource_type][result.node.name] = result.node.compiled_code
    return compiled


def sentence_of(model: str, sql: str, dialect: str) -> str | None:
    """Why the SQL of a model does not parse; null where it does."""
    try:
        sqlglot.parse_one(sql, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        return f"{model}: {str(error).splitlines()[0]}"
    return None


def main(dialect: str) -> int:
    os.chdir(PROJECT)
    with TemporaryDirectory() as folder:
        os.environ |= {
            "DBT_PROFILES_DIR": str(Path(__file__).parent),
            "DBT_TARGET_PATH": folder,
            "DBT_LOG_PATH": folder,
        }
        compiled = compile_models(dialect)
    for kind, nodes in compiled.items():
        found = [line for name, sql in nodes.items() if (line := sentence_of(name, sql, dialect))]
        print(f"{dialect}: of {len(nodes)} {kind}s compiled, {len(nodes) - len(found)} parse")
        print("".join(f"  {line}\n" for line in sorted(found)), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
