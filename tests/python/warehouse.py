"""Builds a warehouse from raw files with dbt and compares its marts with rows from elsewhere."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from dbt_server import dbt_server
from harness import PROJECT, run_dbt

Row = Mapping[str, Any]
SMALL_WORLD = PROJECT / "tests" / "small_world"


class BuildFailed(Exception):
    """dbt ended with an error; the message is what it printed."""


def overlay_seeds(target: Path, *folders: Path) -> Path:
    """Copy the project's seeds to `target` and lay the CSV files of each folder over them."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(PROJECT / "seeds", target)
    for folder in folders:
        for file in folder.glob("*.csv"):
            shutil.copy(file, target)
    return target


def run_build(
    work: Path,
    raw: Path,
    as_of_date: date,
    history_start_date: date,
    seeds: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    with_tests: bool = False,
    only: Sequence[str] = (),
    project: Path = PROJECT,
    engine: Mapping[str, str] | None = None,
    is_full_refresh: bool = False,
) -> None:
    """Run dbt on raw files.

    work: folder for the database and dbt's own files. settings: vars on top of the two dates.
    with_tests: run the data tests too. only: the models that are looked at; no others are built
    but those before them. project: another copy of the project's folder. engine: environment
    variables that name another engine than DuckDB. Raises BuildFailed.
    """
    environment = {
        "HEALTH_RAW_PATH": str(raw),
        "HEALTH_SEED_PATH": str(seeds or PROJECT / "seeds"),
        **(engine or {}),
    }
    variables = {
        **(settings or {}),
        "as_of_date": as_of_date.isoformat(),
        "history_start_date": history_start_date.isoformat(),
    }
    options = ["--vars", json.dumps(variables)]
    if is_full_refresh:
        options += ["--full-refresh"]
    if not with_tests:
        options += ["--exclude", "resource_type:test", "resource_type:unit_test"]
    if only:
        options += ["--select", *(f"+{name}" for name in only)]
    arguments = ["build", *options]
    if project == PROJECT and not engine:
        finished = dbt_server().run_dbt(arguments, work, environment)
    else:
        finished = run_dbt(arguments, work, environment, project)
    if finished.returncode != 0:
        raise BuildFailed(finished.stdout + finished.stderr)


def build(work: Path, *arguments: Any, **options: Any) -> duckdb.DuckDBPyConnection:
    """Run dbt on raw files, as `run_build` does, and open what it made, read-only."""
    run_build(work, *arguments, **options)
    return duckdb.connect(str(work / "warehouse.duckdb"), read_only=True)


def fetch(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every value as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(value: Any) -> str:
    """A value as the expected CSV files spell it: null empty, numbers without trailing zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)) or re.fullmatch(r"-?\d+\.\d+", str(value)):
        number = Decimal(str(value))
        return format(number.normalize(), "f") if number else "0"
    return str(value)


def differences(
    got: Iterable[Row],
    expected: Iterable[Row],
    keys: Sequence[str],
    columns: Sequence[str],
    tolerances: Mapping[str, float] | None = None,
    limit: int = 20,
) -> list[str]:
    """What differs between two sets of rows, as sentences; empty when they agree.

    keys: the columns that name a row. columns: those that are compared, exactly unless
    `tolerances` holds a largest absolute difference for the column.
    """
    tolerances = tolerances or {}
    got_rows = {tuple(as_text(row[key]) for key in keys): row for row in got}
    expected_rows = {tuple(as_text(row[key]) for key in keys): row for row in expected}
    found = [f"row {key} is missing" for key in expected_rows.keys() - got_rows.keys()]
    found += [f"row {key} is not expected" for key in got_rows.keys() - expected_rows.keys()]
    for key in sorted(got_rows.keys() & expected_rows.keys()):
        for column in columns:
            one, other = got_rows[key][column], expected_rows[key][column]
            if not agree(one, other, tolerances.get(column)):
                found.append(f"row {key}: {column} is {one!r}, expected {other!r}")
        if len(found) > limit:
            return [*sorted(found)[:limit], "..."]
    return sorted(found)


def agree(one: Any, other: Any, tolerance: float | None) -> bool:
    """Whether two values are the same, or, with a tolerance, as good as the same."""
    if tolerance is None or one in (None, "") or other in (None, ""):
        return as_text(one) == as_text(other)
    return abs(float(one) - float(other)) <= tolerance
