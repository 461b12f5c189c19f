"""Postgres, a real server, makes the same marts as DuckDB from the same raw files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg2
import pytest
from engines import PostgresWarehouse, engine_differences
from harness import PROJECT, run_dbt
from nights import make_nightly_company, night_after
from postgres_server import Server, running_server
from test_small_world import AS_OF_DATE, KEYS
from warehouse import SMALL_WORLD, differences, overlay_seeds, read_csv, run_build
from worlds import days_later, make_world

FIRST_NIGHT = date(2025, 6, 12)
HISTORY_START = date(2025, 5, 20)
Make = Callable[[str], PostgresWarehouse]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def new_warehouse(server: Server, tmp_path: Path) -> Make:
    """Makes an empty warehouse of a name, which no other test of this file has."""
    return lambda name: PostgresWarehouse.create(server, name, tmp_path / name)


@pytest.mark.parametrize(
    "variant",
    [
        None,
        pytest.param("feeds", marks=pytest.mark.long),
        pytest.param("stale_tickets", marks=pytest.mark.long),
    ],
)
def test_marts_are_as_worked_out_by_hand(
    variant: str | None, new_warehouse: Make, tmp_path: Path
) -> None:
    folder = SMALL_WORLD / "variants" / variant if variant else SMALL_WORLD
    seeds = overlay_seeds(tmp_path / "seeds", SMALL_WORLD / "seeds", folder / "seeds")
    settings = folder / "vars.json"
    warehouse = new_warehouse(f"small_world_{variant}").build(
        SMALL_WORLD / "raw",
        AS_OF_DATE,
        AS_OF_DATE,
        seeds=seeds,
        settings=json.loads(settings.read_text()) if settings.exists() else None,
        with_tests=variant is None,
    )
    found = []
    for file in sorted((folder / "expected").glob("*.csv")):
        expected = read_csv(file)
        columns = list(expected[0])
        got = warehouse.fetch(f"select {', '.join(columns)} from marts.{file.stem}")
        found += [
            f"{file.stem}: {line}" for line in differences(got, expected, KEYS[file.stem], columns)
        ]
    assert not found, "\n".join(found)


def assert_same_marts(work: Path, warehouse: PostgresWarehouse) -> None:
    found, counts = engine_differences(work / "warehouse.duckdb", warehouse)
    print(json.dumps(counts))
    assert not found, "\n".join(found[:20])
    assert counts["customer_health_history"] > 0


def test_three_nights_with_late_rows_are_the_same(new_warehouse: Make, tmp_path: Path) -> None:
    company = make_nightly_company(3, tmp_path / "seeds", end=days_later(FIRST_NIGHT, 12))
    warehouse = new_warehouse("nights")
    # night 1 is missed, and rows of the last days come late
    for number in (0, 2, 3):
        on = days_later(FIRST_NIGHT, number)
        company.write(tmp_path / "raw", night_after(on))
        arguments = (tmp_path / "raw", on, HISTORY_START)
        options = {"seeds": company.seeds, "settings": company.vars}
        run_build(tmp_path / "duckdb", *arguments, **options)
        assert_same_marts(tmp_path / "duckdb", warehouse.build(*arguments, **options))


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_generated_companies_are_the_same(seed: int, new_warehouse: Make, tmp_path: Path) -> None:
    world = make_world(seed, tmp_path / "world")
    arguments = (world.raw, world.as_of_dates[-1], world.as_of_dates[0])
    options = {"seeds": world.seeds, "settings": world.vars}
    run_build(tmp_path / "duckdb", *arguments, **options)
    warehouse = new_warehouse(f"world_{seed}").build(*arguments, **options)
    assert_same_marts(tmp_path / "duckdb", warehouse)


@pytest.mark.long
def test_unit_tests_pass(new_warehouse: Make) -> None:
    warehouse = new_warehouse("unit_tests").build(SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE)
    settings = {"as_of_date": str(AS_OF_DATE), "history_start_date": str(AS_OF_DATE)}
    arguments = ["test", "--select", "test_type:unit", "--vars", json.dumps(settings)]
    finished = run_dbt(arguments, warehouse.work, warehouse.environment)
    assert finished.returncode == 0, finished.stdout[-3000:]


# ---- who may do what


ROLES = PROJECT / "scripts" / "postgres_roles.sql"
OWN_BOOK = """
    alter table marts.customer_health enable row level security;
    create policy own_book on marts.customer_health for select to health_reader
    using (account_id = 'A01')
"""


def denied(warehouse: PostgresWarehouse, user: str, statement: str) -> bool:
    try:
        replace(warehouse, user=user).execute(statement)
    except psycopg2.errors.InsufficientPrivilege:
        return True
    return False


def test_each_role_can_do_what_it_should_and_nothing_else(
    new_warehouse: Make,
) -> None:
    warehouse = new_warehouse("roles")
    warehouse.execute(ROLES.read_text())
    replace(warehouse, user="health_loader").load(SMALL_WORLD / "raw")
    arguments = (SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE)
    builder, reader = (replace(warehouse, user=f"health_{role}") for role in ("builder", "reader"))
    run_build(warehouse.work, *arguments, engine=builder.environment)
    accounts = len(reader.fetch("select * from marts.customer_health"))
    assert accounts > 1 and reader.fetch("select * from marts.customer_health_signals")
    open_schemas = reader.fetch(
        "select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' "
        "and has_schema_privilege(nspname, 'usage')"
    )
    assert [row["nspname"] for row in open_schemas] == ["public", "marts"]
    assert (
        reader.fetch("select * from information_schema.tables where table_schema = 'public'") == []
    )
    for user, statement in [
        ("health_reader", "delete from marts.customer_health"),
        ("health_reader", "create table marts.own ()"),
        ("health_reader", "create table public.own ()"),
        ("health_reader", "select email from raw.users"),
        ("health_reader", "select email from raw_input.users"),
        ("health_reader", "select * from marts_work.customer_health"),
        ("health_builder", "delete from raw.users"),
        ("health_builder", "drop table raw.users"),
        ("health_loader", "select * from marts.customer_health"),
        ("health_loader", "create schema own"),
    ]:
        assert denied(warehouse, user, statement), (user, statement)
    # rows are replaced and not tables, so that a policy outlives the builds
    warehouse.execute(OWN_BOOK)
    run_build(warehouse.work, *arguments, engine=builder.environment)
    assert [row["account_id"] for row in reader.fetch("select * from marts.customer_health")] == [
        "A01"
    ]


# ---- the loader


def test_loading_may_be_repeated_and_follows_the_files(new_warehouse: Make, tmp_path: Path) -> None:
    warehouse = new_warehouse("loading")
    raw = tmp_path / "raw"
    raw.mkdir()
    file = raw / "accounts.csv"
    file.write_text('account_id,created_at,extra\na,2025-01-01,1\n"b,""\n",,\n\\N,"",2\n')
    rows = [
        {"account_id": "a", "created_at": "2025-01-01"},
        {"account_id": 'b,"\n', "created_at": None},
        {"account_id": "\\N", "created_at": None},
    ]
    for _ in range(2):
        assert warehouse.load(raw) == "raw.accounts: 3 rows\n"
        assert warehouse.fetch("select * from raw.accounts") == rows
    file.write_text("ACCOUNT_ID,region,created_at\na,emea,2025-01-01\n")
    warehouse.load(raw)
    assert warehouse.fetch("select * from raw.accounts") == [
        {"account_id": "a", "created_at": "2025-01-01", "region": "emea"}
    ]
