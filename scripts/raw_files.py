"""The raw files of a folder as a build reads them, for the commands that load them into a server.

<table>.parquet, else a folder <table>/ of Parquet files, else <table>.csv, and of these the columns
of the input contract.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = PROJECT / "models" / "staging" / "_sources.yml"
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


def literal(text: str | Path) -> str:
    """A text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
