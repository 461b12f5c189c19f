"""Postgres, a real server, makes the same marts as DuckDB from the same raw files."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from engines import PostgresWarehouse
from harness import PROJECT, run_dbt
from postgres_server import Server, running_server
from same_builds import (
    LONG_NIGHTS,
    REPAIRS,
    SMALL_WORLDS,
    SameMarts,
    check_runs,
    check_small_world,
    check_world,
    nights_with_late_rows,
)
from test_small_world import AS_OF_DATE
from warehouse import SMALL_WORLD, overlay_seeds, read_csv, run_build

Make = Callable[[str], PostgresWarehouse]


@pytest.mark.parametrize("variant", SMALL_WORLDS)
def test_small_world_is_the_same(
    variant: str | None, new_warehouse: Make, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    warehouse = new_warehouse(f"small_world_{variant}")
    check_small_world(variant, warehouse, tmp_path, assert_same_marts)


@pytest.mark.parametrize(("company", "nights"), [(3, 3), *LONG_NIGHTS])
def test_nights_with_late_rows_are_the_same(
    company: int,
    nights: int,
    new_warehouse: Make,
    tmp_path: Path,
    assert_same_marts: SameMarts,
) -> None:
    warehouse = new_warehouse(f"nights_{company}_{nights}")
    check_runs(company, nights_with_late_rows(nights), warehouse, tmp_path, assert_same_marts)


@pytest.mark.long
def test_repairs_are_the_same(
    new_warehouse: Make, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    check_runs(3, REPAIRS, new_warehouse("repairs"), tmp_path, assert_same_marts)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_generated_companies_are_the_same(
    seed: int, new_warehouse: Make, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    check_world(seed, new_warehouse(f"world_{seed}"), tmp_path, assert_same_marts)


@pytest.fixture(scope="module")
def server_in_english() -> Iterator[Server]:
    """A server whose databases put ana before Zoe."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(running_server(language="en_US"))
        except RuntimeError as error:
            if "locale" not in str(error):
                raise
            pytest.skip(f"left out: {error}")
        with closing(running.connect("postgres")) as connection:
            cursor = connection.cursor()
            cursor.execute("select 'ana' < 'Zoe'")
            assert cursor.fetchone() == (True,)
        yield running


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 4])
def test_the_database_may_have_another_collation(
    seed: int, server_in_english: Server, tmp_path: Path, assert_same_marts: SameMarts
) -> None:
    warehouse = PostgresWarehouse.create(server_in_english, f"world_{seed}", tmp_path / "work")
    check_world(seed, warehouse, tmp_path, assert_same_marts)


@pytest.mark.long
def test_unit_tests_pass(new_warehouse: Make) -> None:
    warehouse = new_warehouse("unit_tests").build(SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE)
    settings = {"as_of_date": str(AS_OF_DATE), "history_start_date": str(AS_OF_DATE)}
    arguments = ["test", "--select", "test_type:unit", "--vars", json.dumps(settings)]
    finished = run_dbt(arguments, warehouse.work, warehouse.environment)
    assert finished.returncode == 0, finished.stdout[-3000:]


# ---- who may do what


ROLES = PROJECT / "scripts" / "postgres_roles.sql"
ROW_POLICIES = PROJECT / "scripts" / "postgres_row_policies.sql"
MANAGERS = """
    do $$ begin
        if to_regrole('csm_ana') is null then
            create role csm_ana login in role health_csm;
            create role csm_bob login in role health_csm;
        end if;
    end $$;
    grant connect on database "{}" to health_csm;
    insert into access.books values ('csm_ana', 'ana'), ('csm_bob', 'bob');
"""
# what a role may do with the tables and views of a schema, and with the schema itself
RIGHTS = """
    with roles (role) as (
        values ('health_loader'), ('health_builder'), ('health_reader'), ('health_csm')
    )
    select distinct roles.role, n.nspname as place, p.privilege
    from roles
    cross join pg_namespace as n
    cross join lateral (
        select privilege from pg_class as c
        cross join unnest(array[
            'select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'
        ]) as privileges (privilege)
        where c.relnamespace = n.oid and c.relkind in ('r', 'v')
            and has_table_privilege(roles.role, c.oid, privilege)
        union all
        select privilege from unnest(array['usage', 'create']) as privileges (privilege)
        where has_schema_privilege(roles.role, n.oid, privilege)
    ) as p
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select role, 'the database', privilege
    from roles
    cross join unnest(array['connect', 'create', 'temporary']) as privileges (privilege)
    where has_database_privilege(role, current_database(), privilege)
"""
TO_WRITE = ("insert", "update", "delete", "truncate", "references", "trigger")
# texts that would do harm where a text became SQL, and must come out as they went in
HOSTILE = """O'Neil"); drop schema marts cascade; -- $$ $publish$ {{ 1 / 0 }} %s \\ \\'"""


def denied(warehouse: PostgresWarehouse, user: str, statement: str) -> bool:
    try:
        replace(warehouse, user=user).execute(statement)
    except psycopg2.errors.InsufficientPrivilege:
        return True
    return False


def hostile_files(folder: Path) -> tuple[Path, Path]:
    """Raw files with a hostile name and owner, and seeds with a hostile label."""
    raw = Path(shutil.copytree(SMALL_WORLD / "raw", folder / "raw"))
    seeds = overlay_seeds(folder / "seeds", SMALL_WORLD / "seeds")
    for file, key, column in (
        (raw / "accounts.csv", "A01", "account_name"),
        (raw / "accounts.csv", "A12", "customer_since"),
        (seeds / "signals.csv", "login_frequency", "label"),
    ):
        rows = read_csv(file)
        for row in rows:
            if key in row.values():
                row[column] = HOSTILE
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return raw, seeds


def rights(warehouse: PostgresWarehouse, role: str) -> dict[str, set[str]]:
    """What a role may do, by schema."""
    found: dict[str, set[str]] = {}
    for row in warehouse.fetch(RIGHTS):
        if row["role"] == role:
            found.setdefault(row["place"], set()).add(row["privilege"])
    return found


def accounts_of_marts(warehouse: PostgresWarehouse, user: str) -> dict[str, set[str]]:
    """The accounts that a login sees in every mart that has any."""
    marts = warehouse.fetch(
        "select table_name, max(column_name) as who from information_schema.columns "
        "where table_schema = 'marts' and column_name in ('account_id', 'csm_owner') "
        "group by table_name having min(column_name) = 'account_id'"
    )
    login = replace(warehouse, user=user)
    return {
        mart["table_name"]: {
            row["account_id"]
            for row in login.fetch(f"select account_id from marts.{mart['table_name']}")
        }
        for mart in marts
    }


def check_books(warehouse: PostgresWarehouse) -> None:
    """Everybody sees their own accounts and no other, in every mart."""
    everything = accounts_of_marts(warehouse, "postgres")
    assert len(everything) > 10
    assert accounts_of_marts(warehouse, "health_reader") == everything
    book: dict[str, set[str]] = {"csm_ana": set(), "csm_bob": set()}
    for row in warehouse.fetch("select account_id, csm_owner from marts.customer_health"):
        if row["csm_owner"] in ("ana", "bob"):
            book[f"csm_{row['csm_owner']}"].add(row["account_id"])
    gone = warehouse.fetch("select account_id, csm_owner from marts.churn_autopsy")
    for login, own in book.items():
        assert own
        lost = {row["account_id"] for row in gone if f"csm_{row['csm_owner']}" == login}
        for mart, accounts in accounts_of_marts(warehouse, login).items():
            expected = lost if mart == "churn_autopsy" else everything[mart] & own
            assert accounts == expected, (login, mart)


def test_each_role_can_do_what_it_should_and_nothing_else(
    new_warehouse: Make, tmp_path: Path
) -> None:
    warehouse = new_warehouse("roles")
    warehouse.execute(ROLES.read_text())
    raw, seeds = hostile_files(tmp_path)
    replace(warehouse, user="health_loader").load(raw)
    builder = replace(warehouse, user="health_builder")

    def build_again() -> None:
        arguments = (warehouse.work, raw, AS_OF_DATE, AS_OF_DATE)
        run_build(*arguments, seeds=seeds, engine=builder.environment)

    build_again()
    warehouse.execute(ROW_POLICIES.read_text() + MANAGERS.format(warehouse.name))
    check_books(warehouse)
    # a text stays a text, wherever it came from
    names = warehouse.fetch(
        "select account_name from marts.customer_health where account_id = 'A01'"
    )
    assert names == [{"account_name": HOSTILE}]
    labels = "select label from marts.score_configurations where seed = 'signals'"
    assert {"label": HOSTILE} in warehouse.fetch(labels)

    own = {"connect"}
    write = {"select", *TO_WRITE}
    assert rights(warehouse, "health_reader") == {
        "the database": own, "marts": {"usage", "select"}, "public": {"usage"}
    }  # fmt: skip
    assert rights(warehouse, "health_loader") == {
        "the database": own, "raw": {"usage", "create", *write}, "public": {"usage"}
    }  # fmt: skip
    assert rights(warehouse, "health_csm") == {
        "the database": own, "marts": {"usage", "select"}, "access": {"usage", "select"},
        "public": {"usage"},
    }  # fmt: skip
    built = {"marts", "marts_work", "raw_input", "staging", "seeds", "snapshots", "intermediate"}
    everything = {"usage", "create", *write}
    assert rights(warehouse, "health_builder") == {
        "the database": {"connect", "create", "temporary"}, "raw": {"usage", "select"},
        "public": {"usage"}, **dict.fromkeys([*built, "publishing"], everything),
    }  # fmt: skip
    # marts without accounts are the company's, but for what explains a score
    shown = warehouse.fetch(
        "select relname as table_name from pg_class where relnamespace = 'marts'::regnamespace "
        "and relkind in ('r', 'v') and has_table_privilege('health_csm', oid, 'select')"
    )
    others = {row["table_name"] for row in shown} - accounts_of_marts(warehouse, "csm_ana").keys()
    assert others == {"score_configurations", "customer_health_signal_days"}
    assert replace(warehouse, user="csm_ana").fetch("select * from access.books") == [
        {"login": "csm_ana", "csm_owner": "ana"}
    ]
    for user, statement in [
        ("health_reader", "select email from raw.users"),
        ("health_reader", "select email from raw_input.users"),
        ("health_reader", "create temporary table own (id text)"),
        ("health_reader", "alter table marts.customer_health disable row level security"),
        ("health_builder", "drop table raw.users"),
        ("health_loader", "create schema own"),
        ("csm_ana", "select * from marts.rejected_rows"),
        ("csm_ana", "update marts.customer_health set health_score = 100"),
        ("csm_ana", "insert into access.books values ('csm_ana', 'bob')"),
        ("csm_ana", "set role health_reader"),
    ]:
        assert denied(warehouse, user, statement), (user, statement)

    # a release with other columns, and a build that replaces every row
    builder.execute(
        "alter table marts.customer_health_history add column gone integer;"
        "alter table marts.customer_health_drivers drop column driver_3"
    )
    before = warehouse.published_rows()
    warehouse.execute("delete from marts.customer_health")
    build_again()
    check_books(warehouse)
    after = warehouse.published_rows()
    columns = "select * from marts.customer_health_drivers limit 1"
    assert "driver_3" in warehouse.fetch(columns)[0]
    kept = before.keys() - {"customer_health", "customer_health_history", "customer_health_drivers"}
    assert all(before[mart] == after[mart] for mart in kept)


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
