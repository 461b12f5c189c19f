"""Put a folder of raw files into the raw schema of a Postgres database, in bulk.

Reads what a DuckDB build reads: <table>.parquet, else a folder <table>/ of Parquet files, else
<table>.csv, and of these the columns of the input contract. One transaction: readers and builds see
the tables of before or all new ones. May be repeated; a table without a file stays as it is.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg2
import yaml
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = PROJECT / "models" / "staging" / "_sources.yml"
# what a night looks for among many events; the other tables are read whole
INDEXED = {"usage_events": ["occurred_at", "loaded_at"]}
# by the beginning of DuckDB's type; everything else travels as text
POSTGRES_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "bigint",
    "SMALLINT": "bigint",
    "INTEGER": "bigint",
    "BIGINT": "bigint",
    "UTINYINT": "bigint",
    "USMALLINT": "bigint",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(38,0)",
    "HUGEINT": "numeric(38,0)",
    "FLOAT": "double precision",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "TIMESTAMP": "timestamp without time zone",
}


@dataclass(frozen=True)
class Column:
    """A delivered column of the input contract.

    expression: SQL that gives its value as the CSV is to spell it. type: Postgres's type.
    """

    name: str
    expression: str
    type: str


@dataclass(frozen=True)
class RawTable:
    """A raw table that was found; `relation` is how DuckDB reads it."""

    name: str
    relation: str
    columns: Sequence[Column]


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


# ---- what is there


def find_tables(reader: duckdb.DuckDBPyConnection, raw: Path) -> list[RawTable]:
    """The raw tables of the input contract that a folder holds."""
    found = []
    for name, known in contract_columns().items():
        relation = relation_of(raw, name)
        if relation is not None:
            columns = delivered_columns(reader, relation, known)
            if not columns:
                sys.exit(f"{name} in {raw} has no column of the input contract")
            found.append(RawTable(name, relation, columns))
    return found


def contract_columns() -> dict[str, list[str]]:
    """The raw tables and their columns, as the project declares them."""
    (source,) = yaml.safe_load(SOURCES.read_text())["sources"]
    return {
        table["name"]: [column["name"] for column in table["columns"]] for table in source["tables"]
    }


def relation_of(raw: Path, name: str) -> str | None:
    """How DuckDB reads a raw table (macros/engines/raw_location.sql); None where there is none."""
    parquet, folder, text = (raw / f"{name}{end}" for end in (".parquet", "", ".csv"))
    if parquet.exists():
        return f"read_parquet({literal(parquet)}, binary_as_string = true)"
    if any(folder.glob("**/*.parquet")):
        return (
            f"read_parquet({literal(folder / '**' / '*.parquet')}, union_by_name = true, "
            "hive_partitioning = false, binary_as_string = true)"
        )
    return csv_relation(text) if text.exists() else None


def csv_relation(path: Path) -> str:
    """A CSV file as a relation of text columns; nothing is guessed and no line skipped."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    names = [name.strip().lower() or f"column_{place}" for place, name in enumerate(header, 1)]
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(path)}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', comment = '', strict_mode = true, columns = {{{columns}}})"
    )


def delivered_columns(
    reader: duckdb.DuckDBPyConnection, relation: str, known: Iterable[str]
) -> list[Column]:
    """The columns of the input contract that a relation has."""
    described = reader.execute(f"describe select * from {relation}").fetchall()
    types = {row[0].lower(): (row[0], row[1]) for row in described}
    return [column_of(name, *types[name]) for name in known if name in types]


def column_of(name: str, delivered_name: str, duckdb_type: str) -> Column:
    """How a column travels."""
    quoted = '"' + delivered_name.replace('"', '""') + '"'
    decimal = re.fullmatch(r"DECIMAL(\(\d+,\d+\))", duckdb_type)
    if decimal:
        return Column(name, quoted, f"numeric{decimal[1]}")
    if duckdb_type.startswith("TIMESTAMP_"):
        return Column(name, f"cast({quoted} as timestamp)", POSTGRES_TYPES["TIMESTAMP"])
    if duckdb_type == "FLOAT":
        return Column(name, f"cast({quoted} as double)", POSTGRES_TYPES["FLOAT"])
    if duckdb_type in POSTGRES_TYPES:
        return Column(name, quoted, POSTGRES_TYPES[duckdb_type])
    # Postgres has no text with a NUL in it
    return Column(name, f"replace(cast({quoted} as varchar), chr(0), '')", "text")


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


def literal(text: str | Path) -> str:
    """A text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"


if __name__ == "__main__":
    main()
