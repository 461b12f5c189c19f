"""Put a folder of raw files into the raw schema of a Postgres database, in bulk.

Reads what a DuckDB build reads: <table>.parquet, else a folder <table>/ of Parquet files, else
<table>.csv, and of these the columns of the input contract. One transaction: readers and builds see
the tables of before or all new ones. May be repeated; a table without a file stays as it is.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from raw_files import RawTable, find_tables, literal

# what a night looks for among many events; the other tables are read whole
INDEXED = {"usage_events": ["occurred_at", "loaded_at"]}


def main() -> None:
    """Load the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--raw", type=Path, default=Path(os.environ.get("HEALTH_RAW_PATH", "data/raw"))
    )
    parser.add_argument("--schema", default="raw", help="the var raw_schema of the builds")
    options = parser.parse_args()
    reader = duckdb.connect()
    reader.execute("set TimeZone = 'UTC'")
    tables = find_tables(reader, options.raw)
    if not tables:
        sys.exit(f"{options.raw} holds no raw table; point HEALTH_RAW_PATH at your files")
    with connect() as target:
        for name, rows in load(reader, target, options.schema, tables):
            print(f"{options.schema}.{name}: {rows} rows")


def connect() -> Connection:
    """A connection to where the target postgres of profiles.yml points."""
    return psycopg2.connect(
        host=os.environ.get("PGHOST", "localhost"),
        user=os.environ.get("PGUSER", "postgres"),
        dbname=os.environ.get("PGDATABASE", "customer_health"),
    )


# ---- loading


def load(
    reader: duckdb.DuckDBPyConnection,
    target: Connection,
    schema: str,
    tables: Sequence[RawTable],
) -> Iterable[tuple[str, int]]:
    """Fill the tables of a schema; gives the name and rows of each. The caller commits."""
    with target.cursor() as cursor:
        # asked first, because who may only fill a schema may not even ask to create it
        cursor.execute("select to_regnamespace(%s) is null", [f'"{schema}"'])
        if cursor.fetchone() == (True,):
            cursor.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        for table in tables:
            name = sql.Identifier(schema, table.name)
            wanted = {column.name: column.type for column in table.columns}
            if columns_of(cursor, schema, table.name) == wanted:
                cursor.execute(sql.SQL("truncate {}").format(name))
            else:
                create(cursor, schema, table)
            rows = copy_rows(reader, cursor, name, table)
            cursor.execute(sql.SQL("analyze {}").format(name))
            yield table.name, rows


def columns_of(cursor: psycopg2.extensions.cursor, schema: str, table: str) -> Mapping[str, str]:
    """Name and type of each column of a table; empty where there is no such table."""
    cursor.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum",
        [f'"{schema}"."{table}"'],
    )
    return dict(cursor.fetchall())


def create(cursor: psycopg2.extensions.cursor, schema: str, table: RawTable) -> None:
    """Create a table in place of the one of that name; the next build makes its views anew."""
    name = sql.Identifier(schema, table.name)
    typed = sql.SQL(", ").join(
        sql.SQL("{} " + column.type).format(sql.Identifier(column.name)) for column in table.columns
    )
    cursor.execute(sql.SQL("drop table if exists {} cascade").format(name))
    cursor.execute(sql.SQL("create table {} ({})").format(name, typed))
    for column in table.columns:
        if column.name in INDEXED.get(table.name, []) and column.type.startswith("timestamp"):
            # the views see a zoned moment in UTC
            zoned = "timezone('UTC', {})" if "with time zone" in column.type else "{}"
            cursor.execute(
                sql.SQL("create index on {} ((" + zoned + "))").format(
                    name, sql.Identifier(column.name)
                )
            )


def copy_rows(
    reader: duckdb.DuckDBPyConnection,
    cursor: psycopg2.extensions.cursor,
    name: sql.Identifier,
    table: RawTable,
) -> int:
    """Copy the rows through a temporary CSV file; returns how many."""
    selected = ", ".join(f'{column.expression} as "{column.name}"' for column in table.columns)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        reader.execute(
            f"copy (select {selected} from {table.relation}) to {literal(file)} "
            "(format csv, header false, nullstr '\\N')"
        )
        with file.open(encoding="utf-8") as rows:
            # null is \N without quotes, which a text of these two characters never is
            cursor.copy_expert(
                sql.SQL("copy {} from stdin (format csv, null '\\N')").format(name), rows
            )
        return cursor.rowcount


if __name__ == "__main__":
    main()
