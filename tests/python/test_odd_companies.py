"""What the project promises whatever is delivered: the past stays, errors speak."""

from __future__ import annotations

import csv
import shutil
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dbt_server import dbt_server
from test_against_reference import assert_same
from warehouse import SMALL_WORLD, BuildFailed, build, fetch, overlay_seeds
from worlds import add_future_rows, make_world

AS_OF_DATE = date(2025, 6, 30)
HISTORY = """
    select * exclude (config_version) from marts.customer_health_history
    where as_of_date <= ? order by all
"""
SIGNALS = "select * from marts.customer_health_signals where as_of_date <= ? order by all"


def small_world(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL_WORLD / "raw", tmp_path / "raw"))


def append(raw: Path, table: str, **values: str) -> None:
    """Add a row to a CSV table; columns that are not named stay empty."""
    path = raw / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert set(values) <= set(header)
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([values.get(column, "") for column in header])


def failure(tmp_path: Path, raw: Path, **settings: object) -> str:
    """What dbt prints when the build of this raw data stops."""
    with pytest.raises(BuildFailed) as error:
        build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, settings=settings).close()
    return str(error.value)


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_future_rows_of_any_table_never_change_a_past_score(seed: int, tmp_path: Path) -> None:
    world = make_world(seed, tmp_path / "world", scored_days=60)
    first, last = world.as_of_dates[0], world.as_of_dates[-1]
    cut = last - timedelta(days=20)
    add_future_rows(world.raw, tmp_path / "future", cut, seed, vars=world.vars)
    rows = []
    for name, raw in [("as_it_was", world.raw), ("with_future", tmp_path / "future")]:
        looked_at = ["customer_health_history", "customer_health_signals"]
        with build(
            tmp_path / name, raw, last, first, world.seeds, world.vars, only=looked_at
        ) as warehouse:
            rows.append(
                [warehouse.execute(query, [cut]).fetchall() for query in (HISTORY, SIGNALS)]
            )
    assert rows[0][0], "nothing was scored"
    assert rows[0] == rows[1]


def test_two_builds_of_the_same_input_give_the_same_rows(tmp_path: Path) -> None:
    # the record of a run says when it ran
    marts = """
        select table_name from information_schema.tables
        where table_schema = 'marts' and table_name not like 'nightly_run%'
    """
    built = []
    for _ in range(2):
        seeds = overlay_seeds(tmp_path / "seeds", SMALL_WORLD / "seeds")
        with build(
            tmp_path / "work", SMALL_WORLD / "raw", AS_OF_DATE, AS_OF_DATE, seeds
        ) as warehouse:
            tables = sorted(name for (name,) in warehouse.execute(marts).fetchall())
            built.append(
                {
                    table: warehouse.execute(f"select * from marts.{table} order by all").fetchall()
                    for table in tables
                }
            )
    assert built[0] == built[1]
    assert len(built[0]) >= 9


def test_only_accounts_are_needed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "accounts.csv").write_text("account_id,created_at\nA1,2024-01-01\n")
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, with_tests=True) as warehouse:
        rows = fetch(warehouse, "select * from marts.customer_health")
    assert [(row["account_id"], row["band"], row["segment"]) for row in rows] == [
        ("A1", "insufficient_data", "unknown")
    ]


def test_no_account_in_scope_is_an_empty_book(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "accounts.csv").write_text("account_id,created_at\nA1,2026-01-01\n")
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, with_tests=True) as warehouse:
        assert fetch(warehouse, "select * from marts.customer_health") == []


def test_missing_accounts_are_named(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    assert "The raw table accounts was not found" in failure(tmp_path, raw)


def test_a_missing_required_column_is_named(tmp_path: Path) -> None:
    raw = small_world(tmp_path)
    (raw / "tickets.csv").write_text("ticket_id,created_at\nT1,2025-01-01\n")
    message = failure(tmp_path, raw)
    assert "The raw table tickets has no column account_id, which is required." in message
    assert "has the columns: ticket_id, created_at." in message


def test_an_absent_source_is_not_read(tmp_path: Path) -> None:
    raw = small_world(tmp_path)
    (raw / "tickets.csv").write_text("nonsense\n1\n")
    with build(
        *(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE),
        settings={"absent_sources": ["tickets"]},
        only=["stg_support__tickets"],
    ) as warehouse:
        assert fetch(warehouse, "select * from staging.stg_support__tickets") == []


def test_two_currencies_stop_the_build(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "accounts.csv").write_text("account_id,created_at\nA1,2024-01-01\n")
    (raw / "contracts.csv").write_text(
        "contract_id,account_id,start_date,currency\nC1,A1,2024-01-01,EUR\nC2,A1,2025-01-01,USD\n"
    )
    message = failure(tmp_path, raw)
    assert "more than one currency: EUR (contracts), USD (contracts)." in message


def test_too_many_rejected_rows_stop_the_build_before_any_mart(tmp_path: Path) -> None:
    raw = small_world(tmp_path)
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, only=["rejected_rows"]) as warehouse:
        before = warehouse.execute("select * from marts.rejected_rows order by all").fetchall()
    for number in range(30):
        append(raw, "touchpoints", touchpoint_id=f"X{number}", account_id="nobody",
               occurred_at="2025-06-01")  # fmt: skip
    assert "touchpoints: 34 of " in failure(tmp_path, raw)
    with duckdb.connect(str(tmp_path / "work" / "warehouse.duckdb"), read_only=True) as warehouse:
        after = warehouse.execute("select * from marts.rejected_rows order by all").fetchall()
    assert before == after


def test_parquet_folders_and_typed_columns_read_like_text(tmp_path: Path) -> None:
    """The small world again, with every table as a folder of two typed Parquet files."""
    world = make_world(7, tmp_path / "world", scored_days=10)
    assert_same(world, tmp_path / "text")
    typed = tmp_path / "world" / "typed"
    typed.mkdir()
    with duckdb.connect() as connection:
        for file in sorted(world.raw.glob("*.csv")):
            (typed / file.stem).mkdir()
            connection.execute(
                f"create or replace table rows as select *, row_number() over () % 2 as part "
                f"from read_csv('{file}', all_varchar = true)"
            )
            for part in (0, 1):
                connection.execute(
                    f"copy (select * exclude (part) from rows where part = {part}) "
                    f"to '{typed / file.stem / f'{part}.parquet'}'"
                )
            file.unlink()
        for folder in typed.iterdir():
            shutil.copytree(folder, world.raw / folder.name)
    assert_same(world, tmp_path / "folders")


ACCOUNTS = "account_id,created_at\nA1,2024-01-01\nA2,2024-01-01\n"


def raw_with(tmp_path: Path, accounts: str = ACCOUNTS, **tables: str | bytes) -> Path:
    """A folder of CSV files with these contents."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for table, text in {"accounts": accounts, **tables}.items():
        content = text if isinstance(text, bytes) else text.encode()
        (raw / f"{table}.csv").write_bytes(content)
    return raw


def test_no_line_of_a_csv_file_is_taken_for_a_comment(tmp_path: Path) -> None:
    raw = raw_with(
        tmp_path, tickets="ticket_id,account_id,created_at\n1,A1,2025-06-01\n#2,A1,2025-06-02\n"
    )
    looked_at = ["stg_support__tickets"]
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, only=looked_at) as warehouse:
        rows = fetch(warehouse, "select ticket_id from staging.stg_support__tickets order by 1")
    assert [row["ticket_id"] for row in rows] == ["#2", "1"]


@pytest.mark.parametrize(
    ("tickets", "sentence"),
    [
        ("ticket_id,account_id,created_at\n1,A1\n", "line 2 (missing columns): 1,A1."),
        (
            'ticket_id,account_id,created_at,subject\n1,A1,2025-06-01,"19" screen\n',
            'line 2 (unquoted value): 1,A1,2025-06-01,"19" screen.',
        ),
        (b"ticket_id,account_id,created_at\n\xe9,A1,2025-06-01\n", "line 2 (invalid encoding)"),
        ("ticket_id;account_id;created_at\n", "the values are not separated by commas"),
        ("", "the file is empty"),
        ("ticket_id,account_id,created_at,Account_ID\n", "two columns have the same name"),
    ],
)
def test_a_csv_file_that_does_not_read_is_named(
    tickets: str | bytes, sentence: str, tmp_path: Path
) -> None:
    message = failure(tmp_path, raw_with(tmp_path, tickets=tickets))
    assert "tickets.csv" in message
    assert sentence in message


def test_vars_that_cannot_mean_what_they_say_are_named(tmp_path: Path) -> None:
    message = failure(
        tmp_path,
        raw_with(tmp_path),
        score_from="2025-13-01",
        renewal_grace_days="seven",
        reject_error_share="5%",
        contract_end_is_inclusive="false",
        source_timezone="Mars/Base",
        absent_sources=["ticket", "accounts"],
        date_formats={"tickets.createdat": "%d", "invoices.due_on": "d'm"},
        backtest_enabled="no",
        backtest_grain="day",
        backtest_min_churns=0,
        backtest_gap_days=90,
    )
    for words in [
        'The var score_from is "2025-13-01"; write a date such as 2025-06-30.',
        'The var renewal_grace_days is "seven"; write a whole number of days, 0 or more.',
        'The var reject_error_share is "5%"; write a share between 0 and 1, for example 0.05.',
        'The var contract_end_is_inclusive is "false"; write true or false, without quotes.',
        'The var source_timezone is "Mars/Base"; write a name such as Europe/Berlin or UTC.',
        'The var absent_sources names "ticket", which is no raw table',
        'The var absent_sources names "accounts", which every company has.',
        'The var date_formats names "tickets.createdat", which is no date or timestamp column',
        'The var date_formats gives "d\'m" for invoices.due_on; write a format such as %d/%m/%Y.',
        'The var backtest_enabled is "no"; write true or false, without quotes.',
        'The var backtest_grain is "day"; write week, month or quarter.',
        'The var backtest_min_churns is "0"; write a number, 1 or more.',
        'The var backtest_gap_days is "90"; write fewer days than churn_horizon_days has, 90.',
    ]:
        assert words in message


def test_files_that_no_table_was_read_from_are_named(tmp_path: Path) -> None:
    raw = raw_with(tmp_path, Users="user_id\n", _notes="x\n")
    (raw / "tickets").mkdir()
    (raw / "tickets" / "part.csv").write_text("x\n")
    environment = {"HEALTH_RAW_PATH": str(raw)}
    variables = "{as_of_date: 2025-06-30, history_start_date: 2025-06-30}"
    finished = dbt_server().run_dbt(["build", "--vars", variables], tmp_path / "work", environment)
    assert finished.returncode == 0
    assert f"{raw} holds what no raw table was read from: Users.csv, tickets/." in finished.stdout


def test_typed_parquet_as_pandas_and_old_spark_write_it(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    moment = datetime(2025, 6, 29, 23, 30, tzinfo=timezone(-timedelta(hours=2)))
    accounts = pa.table(
        {
            "account_id": pa.array([Decimal(10**17), Decimal(2)], pa.decimal128(38, 9)),
            "created_at": pa.array([moment, moment], pa.timestamp("ns", tz="UTC")),
            "segment": pa.array([b" smb ", b""], pa.binary()),
        }
    )
    users = pa.table(
        {
            "user_id": ["U1", "U2"],
            "account_id": pa.array([10**17, 2], pa.int64()),
            "created_at": pa.array([moment, moment], pa.timestamp("ns")),
        }
    )
    pq.write_table(accounts, raw / "accounts.parquet")
    (raw / "users" / "day=2025-06-29").mkdir(parents=True)
    pq.write_table(users, raw / "users" / "day=2025-06-29" / "part-0.parquet")
    looked_at = ["stg_crm__accounts", "stg_crm__users"]
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, only=looked_at) as warehouse:
        found = fetch(
            warehouse,
            """
            select account_id, accounts.created_at, segment, user_id
            from staging.stg_crm__accounts as accounts
            inner join staging.stg_crm__users using (account_id) order by account_id
            """,
        )
    utc = datetime(2025, 6, 30, 1, 30)
    assert [tuple(row.values()) for row in found] == [
        ("100000000000000000", utc, "smb", "U1"),
        ("2", utc, "unknown", "U2"),
    ]


def test_a_book_that_has_all_left_is_empty(tmp_path: Path) -> None:
    raw = raw_with(tmp_path, churn_events="account_id,churned_on\nA1,2025-06-20\nA2,2025-06-25\n")
    with build(
        tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE - timedelta(days=20), with_tests=True
    ) as warehouse:
        assert fetch(warehouse, "select * from marts.customer_health") == []
        assert fetch(warehouse, "select * from marts.customer_health_history") != []


def test_a_busy_day_of_conversations_that_become_tickets_is_no_square(tmp_path: Path) -> None:
    """4,000 alike contacts would be eight million pairs; each is compared with the first one."""
    numbers = range(4000)
    raw = raw_with(
        tmp_path,
        conversations="conversation_id,account_id,started_at,ticket_id,intent\n"
        + "".join(f"C{n:05},A1,2025-06-01 10:00,T{n:05},bug\n" for n in numbers),
        tickets="ticket_id,account_id,created_at\n"
        + "".join(f"T{n:05},A1,2025-06-05\n" for n in numbers),
    )
    looked_at = ["int_activity__repeat_contacts"]
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE, only=looked_at) as warehouse:
        repeats = fetch(
            warehouse,
            """
            select contact_type, count(*) as stretches, count(distinct contact_id) as contacts
            from intermediate.int_activity__repeat_contacts group by all order by all
            """,
        )
    # all but the first conversation and the first ticket
    assert [tuple(row.values()) for row in repeats] == [
        ("conversation", 3999, 3999),
        ("ticket", 3999, 3999),
    ]


def test_an_absurd_figure_is_not_published_and_breaks_nothing(tmp_path: Path) -> None:
    """An ARR that grew from 1e-12 to 9e14 gives a ratio that no published type holds."""
    raw = raw_with(
        tmp_path,
        contracts="contract_id,account_id,start_date,end_date,annual_value\n"
        "C1,A1,2023-01-01,2024-12-31,1e-12\nC2,A1,2025-01-01,2025-12-31,9e14\n",
    )
    with build(tmp_path / "work", raw, AS_OF_DATE, AS_OF_DATE) as warehouse:
        rows = fetch(
            warehouse,
            """
            select signal_value, is_missing, normalized_score from marts.customer_health_signals
            where as_of_date = date '2025-06-30' and score_model = 'composite'
                and account_id = 'A1' and signal_id = 'arr_trend_ratio'
            """,
        )
    assert [(row["signal_value"], row["is_missing"], row["normalized_score"]) for row in rows] == [
        (None, False, 100)
    ]
