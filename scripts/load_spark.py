"""Put a folder of raw files into the raw schema of a Spark catalog, in bulk.

Reads what a DuckDB build reads: <table>.parquet, else a folder <table>/ of Parquet files, else
<table>.csv, and of these the columns of the input contract. Each table is written beside the one of
its name and then takes its place. May be repeated; a table without a file stays as it is.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import duckdb
from raw_files import RawTable, find_tables, literal

# runs one statement; returns its rows
Execute = Callable[[str], list[Sequence[object]]]


def main() -> None:
    """Load the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--raw", type=Path, default=Path(os.environ.get("HEALTH_RAW_PATH", "data/raw"))
    )
    parser.add_argument("--schema", default="raw", help="the var raw_schema of the builds")
    parser.add_argument(
        "--through",
        type=Path,
        default=os.environ.get("HEALTH_SPARK_LOAD_PATH"),
        help="a folder that the cluster can read too, for the files on their way",
    )
    options = parser.parse_args()
    reader = duckdb.connect()
    reader.execute("set TimeZone = 'UTC'")
    tables = find_tables(reader, options.raw)
    if not tables:
        sys.exit(f"{options.raw} holds no raw table; point HEALTH_RAW_PATH at your files")
    execute = connect()
    with tempfile.TemporaryDirectory(dir=options.through) as folder:
        # the workers of a cluster may be somebody else
        Path(folder).chmod(0o755)
        for name, rows in load(reader, execute, options.schema, tables, Path(folder)):
            print(f"{options.schema}.{name}: {rows} rows")


def connect() -> Execute:
    """Where the target spark of profiles.yml points."""
    if os.environ.get("HEALTH_SPARK_METHOD", "session") == "session":
        from pyspark.sql import SparkSession

        session = SparkSession.builder.enableHiveSupport().getOrCreate()
        return lambda statement: session.sql(statement).collect()
    from pyhive import hive

    cursor = hive.connect(
        host=os.environ.get("HEALTH_SPARK_HOST", "localhost"),
        port=int(os.environ.get("HEALTH_SPARK_PORT", "10000")),
        username=os.environ.get("HEALTH_SPARK_USER", "health"),
    ).cursor()

    def execute(statement: str) -> list[Sequence[object]]:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []

    return execute


def load(
    reader: duckdb.DuckDBPyConnection,
    execute: Execute,
    schema: str,
    tables: Sequence[RawTable],
    folder: Path,
) -> Iterable[tuple[str, int]]:
    """Fill the tables of a schema; gives the name and rows of each.

    folder: for the rows of one table as Parquet, which DuckDB writes and Spark reads.
    """
    # `if not exists` makes the catalog log a hundred lines of Java where it does
    if schema not in [row[0] for row in execute("show schemas")]:
        execute(f"create schema {schema}")
    for table in tables:
        rows = write_parquet(reader, table, folder / table.name)
        new, name = f"{schema}.{table.name}__loading", f"{schema}.{table.name}"
        execute(f"drop table if exists {new}")
        execute(
            f"create table {new} using parquet as select * from parquet.`{folder / table.name}`"
        )
        execute(f"drop table if exists {name}")
        execute(f"alter table {new} rename to {name}")
        yield table.name, rows


def write_parquet(reader: duckdb.DuckDBPyConnection, table: RawTable, folder: Path) -> int:
    """Write the rows of a raw table into a folder; returns how many."""
    folder.mkdir()
    folder.chmod(0o755)
    selected = ", ".join(
        f'{expression_of(column.expression, column.type)} as "{column.name}"'
        for column in table.columns
    )
    # in files of a size that several workers can share out
    written = reader.execute(
        f"copy (select {selected} from {table.relation}) to {literal(folder)} "
        "(format parquet, file_size_bytes '128MB')"
    ).fetchone()
    for file in folder.iterdir():
        file.chmod(0o644)
    return int(written[0]) if written else 0


def expression_of(expression: str, postgres_type: str) -> str:
    """A column as Spark can read it: Parquet as DuckDB writes it has unsigned and huge integers."""
    decimal = re.fullmatch(r"numeric(\(.*\))", postgres_type)
    if decimal:
        return f"cast({expression} as decimal{decimal[1]})"
    return f"cast({expression} as bigint)" if postgres_type == "bigint" else expression


if __name__ == "__main__":
    main()
