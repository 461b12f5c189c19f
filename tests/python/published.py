"""Builds nights of the small world and looks at the files that they publish."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt_server import dbt_server
from harness import PROJECT, places_of

RAW = PROJECT / "tests" / "small_world" / "raw"
FIRST_NIGHT, SECOND_NIGHT = date(2025, 6, 29), date(2025, 6, 30)
# data tests cost half of a small build and have nothing to do with where its tables go
WITHOUT_TESTS = ["--exclude", "resource_type:test", "resource_type:unit_test"]
# they hold seconds and times of day
DIFFERENT_IN_EVERY_RUN = {"nightly_runs", "nightly_run_rows"}
NEWEST_DATES = """
    select max(as_of_date) from marts.customer_health union all
    select max(as_of_date) from marts.customer_health_history union all
    select max(as_of_date) from marts.customer_health_index
"""


def start_dbt(
    arguments: Sequence[str],
    work: Path,
    environment: Mapping[str, str] | None = None,
    project: Path = PROJECT,
    has_own_group: bool = False,
) -> subprocess.Popen[str]:
    """Start dbt on the project; whatever it writes goes into `work`, its output into one pipe.

    environment: variables on top of this process's. has_own_group: what dbt starts can be killed
    with it.
    """
    work.mkdir(parents=True, exist_ok=True)
    variables = {
        **os.environ, **places_of(work, project), **places(work), **(environment or {}),
    }  # fmt: skip
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("dbt")), *arguments],
        cwd=project,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=has_own_group,
    )


def places(work: Path) -> dict[str, str]:
    """The variables that say where raw files and seeds of the small world are, and its marts."""
    return {
        "HEALTH_RAW_PATH": str(RAW),
        "HEALTH_SEED_PATH": "seeds",
        "HEALTH_PUBLISHED_PATH": str(published_file(work)),
    }


def night_of(as_of_date: date, selection: Sequence[str] = WITHOUT_TESTS) -> list[str]:
    """The arguments of a nightly build of the small world."""
    variables = {"as_of_date": as_of_date.isoformat(), "history_start_date": "2025-06-20"}
    return ["build", "--vars", json.dumps(variables), *selection]


def build_night(
    work: Path,
    as_of_date: date,
    environment: Mapping[str, str] | None = None,
    selection: Sequence[str] = WITHOUT_TESTS,
    project: Path = PROJECT,
) -> tuple[int, str]:
    """Build a night of the small world; returns dbt's exit code and what it printed."""
    arguments = night_of(as_of_date, selection)
    if project == PROJECT:
        finished = dbt_server().run_dbt(arguments, work, places(work) | (environment or {}))
        return finished.returncode, finished.stdout
    process = start_dbt(arguments, work, environment, project)
    printed = process.communicate()[0]
    return process.returncode, printed


def build_well(work: Path, as_of_date: date, environment: Mapping[str, str] | None = None) -> None:
    """Build a night of the small world that has to succeed."""
    code, printed = build_night(work, as_of_date, environment)
    assert code == 0, printed


def published_file(work: Path) -> Path:
    """Where builds in `work` publish; the folder holds nothing else."""
    return work / "published" / "customer_health.duckdb"


def newest_dates(path: Path) -> set[date]:
    """The newest date of three marts, read as a reader does; one date if the file is whole."""
    with duckdb.connect(str(path), read_only=True) as reader:
        return {row[0] for row in reader.execute(NEWEST_DATES).fetchall()}


def tables_of(path: Path) -> dict[str, list[str]]:
    """The columns of every table and view of a database file, by `schema.name`."""
    with duckdb.connect(str(path), read_only=True) as reader:
        found = reader.execute(
            "select schema_name || '.' || table_name, list(column_name order by column_index) "
            "from duckdb_columns() where not internal group by all"
        )
        return dict(found.fetchall())


def mart_differences(path: Path, expected: Path) -> list[str]:
    """What differs between two published files, as sentences; empty when they agree."""
    if tables_of(path) != tables_of(expected):
        return [f"tables or columns differ: {tables_of(path)}, expected {tables_of(expected)}"]
    found = []
    with duckdb.connect() as both:
        both.execute(f"attach '{path}' as got (read_only)")
        both.execute(f"attach '{expected}' as expected (read_only)")
        for name in sorted(tables_of(path)):
            if name.removeprefix("marts.") in DIFFERENT_IN_EVERY_RUN:
                continue
            for one, other in (("got", "expected"), ("expected", "got")):
                query = f"from (from {one}.{name} except all from {other}.{name}) limit 3"
                rows = both.execute(query).fetchall()
                found += [f"{name}: only in {one}: {row}" for row in rows]
    return found


# a program of its own, because in one process a connection joins those that are open
READ_IN_A_LOOP = """
import json, os, sys, time
import duckdb
path, stop, query = sys.argv[1:]
seen, wrong, reads = set(), [], 0
while not os.path.exists(stop):
    try:
        with duckdb.connect(path, read_only=True) as reader:
            dates = {str(row[0]) for row in reader.execute(query).fetchall()}
        seen |= dates
        if len(dates) > 1:
            wrong.append(f"mixed dates {sorted(dates)}")
    except Exception as error:
        wrong.append(f"{type(error).__name__}: {error}")
    reads += 1
    if reads == 1:
        print("began", flush=True)
    time.sleep(0.02)
print(json.dumps({"seen": sorted(seen), "wrong": wrong[:5], "reads": reads}))
"""


@contextmanager
def four_readers(path: Path, stop: Path) -> Iterator[list[dict[str, Any]]]:
    """Four processes that open the file for each query until the block ends.

    stop: a file that does not exist. After the block, the list that it got holds, for each reader,
    the dates that it saw, what went wrong, and how often it read.
    """
    command = [sys.executable, "-c", READ_IN_A_LOOP, str(path), str(stop), NEWEST_DATES]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    reports: list[dict[str, Any]] = []
    try:
        assert [reader.stdout.readline() for reader in readers if reader.stdout] == ["began\n"] * 4
        yield reports
    finally:
        stop.touch()
        outputs = [reader.communicate()[0] for reader in readers]
    reports.extend(json.loads(output) for output in outputs)


@contextmanager
def small_disk(folder: Path, megabytes: float) -> Iterator[Path]:
    """A file system of that size at `folder`; skips the test where none can be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={int(megabytes * 1e6)}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("left out: no small file system can be mounted here (that takes root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
