"""Reading the published file: the only thing that these commands look at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb

DEFAULT = "data/customer_health.duckdb"
NO_FILE = "{path} is not there: run `dbt build` or `make demo` first, or give --published."
NO_MART = (
    "{path} has no backtest: build the project with the var backtest_enabled (its default is true)."
)
NO_SCORES = (
    "The backtest has no scored row of {model}: no such score model, or no account with enough"
    " evidence on a panel date whose outcome is known."
)


class NothingToRead(Exception):
    """The published file, or the backtest in it, is missing; the message says what to do."""


def default_path() -> Path:
    """Where `dbt build` publishes: HEALTH_PUBLISHED_PATH, else its default."""
    return Path(os.environ.get("HEALTH_PUBLISHED_PATH", DEFAULT))


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the published file read-only. Raises NothingToRead."""
    if not path.is_file():
        raise NothingToRead(NO_FILE.format(path=path))
    connection = duckdb.connect(str(path), read_only=True)
    (panel_rows,) = connection.execute(
        """
        select count(*) from information_schema.tables
        where table_schema = 'marts' and table_name = 'backtest_panel'
        """
    ).fetchone()
    if panel_rows:
        (panel_rows,) = connection.execute("select count(*) from marts.backtest_panel").fetchone()
    if not panel_rows:
        connection.close()
        raise NothingToRead(NO_MART.format(path=path))
    return connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries; decimals become floats, which charts and tables take."""
    cursor = connection.execute(query, list(values))
    names = [column[0] for column in cursor.description]
    return [
        {
            name: float(cell) if type(cell).__name__ == "Decimal" else cell
            for name, cell in zip(names, row, strict=True)
        }
        for row in cursor.fetchall()
    ]


def default_model(connection: duckdb.DuckDBPyConnection) -> str:
    """The score model that customer_health shows."""
    found = connection.execute("select max(score_model) from marts.customer_health").fetchone()[0]
    if found is None:
        raise NothingToRead("customer_health is empty: no account is in scope.")
    return found
