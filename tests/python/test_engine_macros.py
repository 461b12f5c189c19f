"""What engines spell differently means the same: one text for all, on the same odd values."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from engines import PostgresWarehouse, rounded
from harness import PROJECT, run_dbt
from spark_server import SparkWarehouse
from test_mutations import Mutation, applied, copy_project

MUTATIONS_FILE = Path(__file__).with_name("postgres_mutations.tsv")
TEXTS = [
    *(
        "",
        " ",
        "a",
        "B",
        "ana",
        "Zoe",
        "\t x \r\n",
        "\u00a0y",
        "É",
        "straße",
        "O'Neil",
        '"q"',
        "\\",
    ),
    *("a,b", ",a,,b,", "a;b;", ";", "a b c", "Aa-Bb_9", "line\nbreak", "$publish$", "%Y"),
    *("0", "12.5", "-1e3", "1e400", "1.", ".5", "NaN", "infinity", "12,5", "0x1f", "1e-13", "+7"),
    *(
        "2025-02-28",
        "2025-02-29",
        "2025-13-01",
        "2024-02-29",
        "28.02.2025",
        "29.02.2025",
        "1.3.2025",
    ),
    *("31.12.2024 23:59", "31.12.2024 24:00", "31.12.2024  7:5", "x31.12.2024", "31.12.2024x"),
    *("2025-03-09 02:30:00", "2025-11-02 01:30:00", "2025-06-30T23:59:59", "2025-06-30 10:00:60"),
    *("2025-06-30 12:00:00.1234567", "2025-06-30 12:00:00.9999999", "2025-06-30 12:00:00Z"),
    *(
        "2025-06-30 23:30:00-05:00",
        "2025-06-30 00:30:00+0530",
        "2025-06-30 12:00+02",
        "2025-06-30T12:00-0530",
        "2025-06-30 12:00Z",
        "epoch",
        "now",
    ),
]
NUMBERS = [0.0, 1.0, -0.5, 0.1, 12.345678, 1e9, 123456.5, 99999.995, 1 / 3, None]
# by what they show; v is a text, n a double, number a whole number from 1 on
OF_TEXTS = {
    "trimmed": "{{ trimmed('v') }}",
    "lower": "{{ lower_ascii('v') }}",
    "words": "{{ words('v') }}",
    "json": "{{ json_text('v') }}",
    "whole_match": "{{ matches('v', '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?') }}",
    "part_of_a_match": "{{ matches('v', '[0-9]') }}",
    "moment": "{{ read_timestamp('v') }}",
    "date": "{{ read_date('v') }}",
    "number": "{{ read_number('v') }}",
    "day_first": "{{ parse_format('v', '%d.%m.%Y') }}",
    "day_first_with_time": "{{ parse_format('v', '%d.%m.%Y %H:%M') }}",
    # what stands behind the last separator, engines name differently: null or an empty text
    "after_the_separator": "case when v like '%,%' then {{ part('v', ',', 2) }} end",
    "stable": "{{ stable_number('v', 1000) }}",
    "hashed_apart": "count(*) over (partition by {{ hash_64('v') }})",
}
OF_NUMBERS = {
    "finite": "{{ is_finite_number('n') }}",
    "as_text": "{{ decimal_text('n', 2) }}",
    "canonical": "{{ canonical_number('cast(n as decimal(38, 12))') }}",
    "rounded": "{{ rounded_text('n') }}",
    "days": "{{ days_text('number', 'after ', '') }}",
    "date": "{{ date_from_day('20000 + number') }}",
    "day": "{{ day_number(date_from_day('20000 + number')) }}",
    "day_of_a_moment": "{{ day_number(timestamp_from_hours('24 * number - 1')) }}",
    "later": "{{ add_days(date_from_day('20000'), 'number') }}",
    "moment": "{{ timestamp_text(timestamp_from_hours('480000 + number')) }}",
    # clocks go forward and back in these weeks
    "in_spring": "{{ local_to_utc(timestamp_from_hours('484245 + number'), 'Europe/Paris') }}",
    "in_autumn": "{{ local_to_utc(timestamp_from_hours('489285 + number'), 'Europe/Paris') }}",
}
QUERIES = {
    "texts": "select id, {columns} from texts",
    "numbers": "select number, {columns} from numbers",
    "parts": "select id, part from {{{{ with_parts('texts', 'v', ';', 'part') }}}}",
    "days": "{{{{ day_series(20000, 20003) }}}}",
    "no days": "{{{{ day_series(3, 2) }}}}",
    "together": "select {{{{ ordered_listagg('v', \"'|'\", 'v') }}}} from texts where v >= ' '",
    "order": "select id from texts order by {{{{ as_bytes('v') }}}} limit 20",
}


def inline_sql() -> str:
    """Every query, behind a marker with its name, as one text for dbt to render."""
    columns = {"texts": OF_TEXTS, "numbers": OF_NUMBERS}
    parts = []
    for name, query in QUERIES.items():
        shown = columns.get(name, {})
        listed = ",\n".join(f"{sql} as {column}" for column, sql in shown.items())
        parts.append(f"--- {name}\n{query.format(columns=listed)}")
    return "\n".join([*parts, "--- end"])


def rendered(
    work: Path, environment: dict[str, str] | None = None, project: Path = PROJECT
) -> dict[str, str]:
    """The queries as an engine's macros spell them."""
    arguments = ["compile", "--inline", inline_sql(), "--output", "json"]
    finished = run_dbt(arguments, work, environment, project)
    assert finished.returncode == 0, finished.stdout[-3000:]
    compiled = json.loads(finished.stdout[finished.stdout.index("{") :])["compiled"]
    pieces = re.split(r"^--- ([a-z ]+)\n", compiled + "\n", flags=re.MULTILINE)
    return {name: sql for name, sql in zip(pieces[1::2], pieces[2::2], strict=True) if sql.strip()}


# by query
Results = dict[str, list[tuple[Any, ...]]]


def shown(row: Any) -> tuple[Any, ...]:
    return tuple(str(value) if hasattr(value, "isoformat") else value for value in rounded(row))


TEXT_ROWS = list(enumerate(TEXTS))
NUMBER_ROWS = list(enumerate(NUMBERS, 1))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """What DuckDB makes of the values."""
    found = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create table texts (id integer, v varchar)")
        connection.executemany("insert into texts values (?, ?)", TEXT_ROWS)
        connection.execute("create table numbers (number integer, n double)")
        connection.executemany("insert into numbers values (?, ?)", NUMBER_ROWS)
        for name, sql in rendered(tmp_path_factory.mktemp("duckdb")).items():
            found[name] = sorted(map(shown, connection.execute(sql).fetchall()), key=str)
    return found


def on_postgres(warehouse: PostgresWarehouse, project: Path = PROJECT) -> Results:
    """What Postgres makes of the values, in a database of another time zone."""
    queries = rendered(warehouse.work, warehouse.environment, project)
    found: Results = {}
    with closing(warehouse.server.connect(warehouse.name)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("set time zone 'Asia/Tokyo'")
        cursor.execute("create temporary table texts (id integer, v text)")
        cursor.executemany("insert into texts values (%s, %s)", TEXT_ROWS)
        cursor.execute("create temporary table numbers (number integer, n double precision)")
        cursor.executemany("insert into numbers values (%s, %s)", NUMBER_ROWS)
        for name, sql in queries.items():
            cursor.execute(sql)
            found[name] = sorted(map(shown, cursor.fetchall()), key=str)
    return found


def on_spark(warehouse: SparkWarehouse) -> Results:
    """What Spark makes of the values."""
    queries = rendered(warehouse.work, warehouse.environment)
    views = {}
    with duckdb.connect() as connection:
        for view, columns, rows in (
            ("texts", "id integer, v varchar", TEXT_ROWS),
            ("numbers", "number integer, n double", NUMBER_ROWS),
        ):
            file = warehouse.work / f"{view}.parquet"
            connection.execute(f"create table {view} ({columns})")
            connection.executemany(f"insert into {view} values (?, ?)", rows)
            connection.execute(f"copy {view} to '{file}' (format parquet)")
            views[view] = f"create temporary view {view} as select * from parquet.`{file}`"
    found = warehouse.fetch_all({**{f"view {name}": sql for name, sql in views.items()}, **queries})
    return {name: sorted((shown(row.values()) for row in found[name]), key=str) for name in queries}


def assert_the_same(expected: Results, got: Results, engine: str) -> None:
    assert expected["texts"] and got.keys() == expected.keys()
    names = {"texts": ["id", *OF_TEXTS], "numbers": ["number", *OF_NUMBERS]}
    wrong = []
    for query, rows in expected.items():
        for one, other in zip(rows, got[query], strict=False):
            columns = names.get(query, ["?"] * len(one))
            wrong += [
                f"{query} {one[0]!r} {column}: {a!r} on DuckDB, {b!r} on {engine}"
                for column, a, b in zip(columns, one, other, strict=True)
                if a != b
            ]
        assert len(rows) == len(got[query]), query
    assert not wrong, "\n".join(wrong)


def test_macros_mean_the_same_on_postgres(
    expected: Results, new_warehouse: Callable[[str], PostgresWarehouse]
) -> None:
    assert_the_same(expected, on_postgres(new_warehouse("macros")), "Postgres")


def test_macros_mean_the_same_on_spark(expected: Results, spark_warehouse: SparkWarehouse) -> None:
    assert_the_same(expected, on_spark(spark_warehouse), "Spark")


def read_mutations() -> list[Mutation]:
    with MUTATIONS_FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Mutation(**row) for row in rows]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("copied") / "project")


@pytest.mark.long
@pytest.mark.parametrize("mutation", read_mutations(), ids=lambda mutation: mutation.breaks)
def test_a_broken_macro_is_noticed(
    mutation: Mutation,
    expected: Results,
    copied: Path,
    new_warehouse: Callable[[str], PostgresWarehouse],
) -> None:
    warehouse = new_warehouse(f"macros_{read_mutations().index(mutation)}")
    with applied(copied, [mutation]):
        got = on_postgres(warehouse, copied)
    assert got != expected
