"""Builds on Postgres that are killed or cut off, several threads, and readers all the while.

What readers see stays whole, and the run after a crash ends as if nothing had happened.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from engines import PostgresWarehouse
from harness import PROJECT
from postgres_server import Server
from published import FIRST_NIGHT, NEWEST_DATES, RAW, SECOND_NIGHT, night_of, start_dbt

ROLES = PROJECT / "scripts" / "postgres_roles.sql"


NAME = "crash"
# what dbt would write beside its output, which costs a quarter of its time
BRIEF = ["--log-level-file", "none", "--no-write-json"]


@dataclass(frozen=True)
class Nights:
    """Warehouses that tests copy: after the first night, and after an undisturbed second one.

    nodes: how many nodes the second night has.
    """

    first: PostgresWarehouse
    second: PostgresWarehouse
    nodes: int


# for as long as the server, because their databases have names
@pytest.fixture(scope="session")
def nights(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("nights")
    work = PostgresWarehouse.create(server, NAME, folder / "work")
    work.execute(ROLES.read_text())
    replace(work, user="health_loader").load(RAW)
    build_well(builder(work))
    first = work.copy("crash_first", folder / "first")
    printed = build_well(builder(work), SECOND_NIGHT)
    count = re.search(r" of (\d+) START ", printed)
    assert count, printed
    return Nights(first, work.copy("crash_second", folder / "second"), int(count[1]))


@pytest.fixture
def work(nights: Nights, tmp_path: Path) -> PostgresWarehouse:
    # always under one name, because dbt parses everything anew for another
    warehouse = nights.first.copy(NAME, tmp_path / "work")
    # a copy has no rights of its own
    warehouse.execute(ROLES.read_text())
    return builder(warehouse)


def builder(warehouse: PostgresWarehouse) -> PostgresWarehouse:
    """The warehouse as the role sees it that runs dbt."""
    return replace(warehouse, user="health_builder")


def build_well(warehouse: PostgresWarehouse, on: Any = FIRST_NIGHT, threads: int = 2) -> str:
    environment = {**warehouse.environment, "HEALTH_THREADS": str(threads)}
    process = start_dbt([*BRIEF, *night_of(on)], warehouse.work, environment)
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    return printed


def check_readers_are_served(work: PostgresWarehouse, nights: Nights) -> None:
    """What readers see is one night or the other, whole."""
    got = work.published_rows()
    assert got in (nights.first.published_rows(), nights.second.published_rows())


def check_next_run_mends(work: PostgresWarehouse, nights: Nights) -> None:
    """A clean run publishes what the undisturbed one did, and leaves nothing else behind."""
    build_well(work, SECOND_NIGHT)
    got, expected = work.published_rows(), nights.second.published_rows()
    assert [mart for mart in expected if got.get(mart) != expected[mart]] == []
    assert work.relations() == nights.second.relations()


# ---- killed, or cut off from the server


def start_night(work: PostgresWarehouse) -> subprocess.Popen[str]:
    return start_dbt([*BRIEF, *night_of(SECOND_NIGHT)], work.work, work.environment)


def wait_for_node(process: subprocess.Popen[str], node: int) -> None:
    """Read until the build begins its node of that number; 0 is dbt's start."""
    assert process.stdout
    line = "-" if node > 0 else ""
    while line and f" {node} of " not in line:
        line = process.stdout.readline()


def kill(process: subprocess.Popen[str], _: PostgresWarehouse) -> None:
    process.kill()


def cut_off(_: subprocess.Popen[str], work: PostgresWarehouse) -> None:
    """End every session of the build on the server."""
    replace(work, user="postgres").fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and application_name = 'dbt'"
    )


Crash = Callable[[subprocess.Popen[str], PostgresWarehouse], None]
# stratified, so that a few are spread over the build as well as many
CASES = [
    (kill, 0, 1),
    pytest.param(cut_off, 0, 1, marks=pytest.mark.long),
    *(pytest.param(kill, part, 12, marks=pytest.mark.long) for part in range(12)),
    *(pytest.param(cut_off, part, 5, marks=pytest.mark.long) for part in range(5)),
]


@pytest.mark.parametrize(("crash", "part", "parts"), CASES)
def test_a_build_that_breaks_off_anywhere_is_mended(
    nights: Nights, work: PostgresWarehouse, crash: Crash, part: int, parts: int
) -> None:
    luck = random.Random(f"{part} of {parts}")
    node = int((part + luck.random()) / parts * (nights.nodes + 1))
    process = start_night(work)
    wait_for_node(process, node)
    # a node takes about a tenth of a second
    time.sleep(luck.random() * (3 if node == 0 else 0.2))
    crash(process, work)
    # read at once: on the server, what was asked last may still go on
    check_readers_are_served(work, nights)
    if crash is kill:
        assert process.wait() != 0
        check_next_run_mends(work, nights)
        process.communicate()
    else:
        process.communicate()
        check_readers_are_served(work, nights)
        check_next_run_mends(work, nights)


def wait_for_publication(work: PostgresWarehouse, process: subprocess.Popen[str]) -> None:
    """Until the server publishes."""
    with closing(work.server.connect(work.name)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        publishing = False
        while process.poll() is None and not publishing:
            cursor.execute(
                "select count(*) > 0 from pg_stat_activity where datname = current_database() "
                "and state = 'active' and query like '%$publish$%' and pid <> pg_backend_pid()"
            )
            publishing = cursor.fetchone() == (True,)
            time.sleep(0.002)
        assert publishing


@pytest.mark.parametrize(
    ("crash", "seconds"),
    [
        pytest.param(kill, 0.02, marks=pytest.mark.long),
        *(pytest.param(kill, 0.08 * i, marks=pytest.mark.long) for i in range(5)),
        *(pytest.param(cut_off, 0.08 * i, marks=pytest.mark.long) for i in range(5)),
    ],
)
def test_a_build_that_breaks_off_while_it_publishes_is_mended(
    nights: Nights, work: PostgresWarehouse, crash: Crash, seconds: float
) -> None:
    # quiet, because nobody reads the pipe and dbt would wait when it is full
    process = start_dbt(["--quiet", *BRIEF, *night_of(SECOND_NIGHT)], work.work, work.environment)
    wait_for_publication(work, process)
    time.sleep(seconds)
    crash(process, work)
    check_readers_are_served(work, nights)
    process.communicate()
    check_next_run_mends(work, nights)


# ---- readers, and several threads

# half of them ask everything in one statement, half in a transaction that sees one moment
READ_IN_A_LOOP = """
import json, os, sys, time
import psycopg2
host, database, stop, is_whole, query = sys.argv[1:]
reader = psycopg2.connect(host=host, dbname=database, user="health_reader")
if is_whole == "yes":
    reader.autocommit, statements = True, [query]
else:
    reader.set_session(isolation_level="REPEATABLE READ", readonly=True)
    statements = query.split("union all")
cursor = reader.cursor()
seen, wrong, reads = set(), [], 0
while not os.path.exists(stop):
    dates = set()
    try:
        for statement in statements:
            cursor.execute(statement)
            dates |= {str(row[0]) for row in cursor.fetchall()}
            time.sleep(0.01)
        reader.commit()
        seen |= dates
        if len(dates) != 1:
            wrong.append(f"mixed dates {sorted(dates)}")
    except psycopg2.Error as error:
        wrong.append(f"{type(error).__name__}: {error}")
        reader.rollback()
    if len(wrong) == 1:
        print(wrong, file=sys.stderr, flush=True)
    reads += 1
    if reads == 1:
        print("began", flush=True)
    time.sleep(0.2)
print(json.dumps({"seen": sorted(seen), "wrong": wrong[:5], "reads": reads}))
"""
# the view that explains scores reads three marts
READ = (
    f"{NEWEST_DATES} union all select max(as_of_date) from marts.customer_health_signals "
    "where as_of_date >= (select max(as_of_date) from marts.customer_health_history) "
    "union all select max(as_of_date) from marts.customer_health_drivers"
)


@contextmanager
def four_readers(warehouse: PostgresWarehouse, stop: Path) -> Iterator[list[dict[str, Any]]]:
    """Four processes that read the marts again and again until the block ends.

    stop: a file that does not exist. After the block, the list that it got holds, for each reader,
    the dates that it saw, what went wrong, and how often it read.
    """
    place = [str(warehouse.server.folder), warehouse.name, str(stop)]
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READ_IN_A_LOOP, *place, is_whole, READ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for is_whole in ("yes", "no", "yes", "no")
    ]
    reports: list[dict[str, Any]] = []
    try:
        assert [reader.stdout.readline() for reader in readers if reader.stdout] == ["began\n"] * 4
        yield reports
    finally:
        stop.touch()
        outputs = [reader.communicate()[0] for reader in readers]
    reports.extend(json.loads(output) for output in outputs)


# as if the release before had had other columns: one too many, one too few, one of another type
OTHER_COLUMNS = [
    "alter table marts.customer_health_history add column gone integer",
    "alter table marts.customer_health_drivers drop column driver_3",
    "alter table marts.customer_health_index drop column accounts, add column accounts text",
]


@pytest.mark.parametrize("builds", [1, pytest.param(30, marks=pytest.mark.long)])
def test_four_threads_deadlock_never_and_readers_stay_undisturbed(
    work: PostgresWarehouse, tmp_path: Path, builds: int
) -> None:
    """Half of the builds find marts whose columns are others."""
    with four_readers(work, tmp_path / "stop") as reports:
        for number in range(builds):
            if number % 2 == 0:
                for statement in OTHER_COLUMNS:
                    work.execute(statement)
            build_well(work, FIRST_NIGHT + timedelta(days=number + 1), threads=4)
            print(f"{number + 1} builds", flush=True)
    print(reports)
    assert [report["wrong"] for report in reports] == [[]] * 4
    assert all(len(report["seen"]) >= builds for report in reports), reports
