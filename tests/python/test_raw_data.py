"""The demo data generator: same arguments, same rows; honest sizes; stories; known faults."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "make_raw_data.py"
END = date(2025, 6, 30)
EVENTS = 60_000
SIZE = (
    *("--accounts", "80", "--users-per-account", "8", "--days", "400"),
    *("--events", str(EVENTS), "--end", END.isoformat()),
)

# interface.md, section 2
COLUMNS = {
    "accounts": "account_id created_at account_name segment customer_since industry region "
    "csm_owner parent_account_id is_internal",
    "users": "user_id account_id created_at email role title is_executive deactivated_at",
    "contracts": "contract_id account_id start_date end_date seats annual_value plan currency "
    "cancelled_at",
    "features": "feature_id feature_name is_core released_at",
    "usage_events": "event_id account_id event_name occurred_at user_id feature_id event_count "
    "loaded_at",
    "tickets": "ticket_id account_id created_at requester_user_id channel subject intent "
    "issue_type priority solved_at escalated_at is_escalated reopened_at agent_reply_count "
    "loaded_at",
    "conversations": "conversation_id account_id started_at channel ticket_id intent sentiment "
    "is_escalated resolution_outcome loaded_at",
    "survey_responses": "response_id account_id survey_type score responded_at user_id ticket_id "
    "loaded_at",
    "touchpoints": "touchpoint_id account_id occurred_at touchpoint_type csm_owner "
    "includes_executive",
    "invoices": "invoice_id account_id amount issued_on due_on paid_on voided_on currency",
    "churn_events": "account_id churned_on reactivated_on reason",
    "external_scores": "account_id scored_on system score",
}
EVENT_DATES = {
    "accounts": "created_at",
    "users": "created_at",
    "contracts": "start_date",
    "features": "released_at",
    "usage_events": "occurred_at",
    "tickets": "created_at",
    "conversations": "started_at",
    "survey_responses": "responded_at",
    "touchpoints": "occurred_at",
    "invoices": "issued_on",
    "churn_events": "churned_on",
    "external_scores": "scored_on",
}
KEYS = {
    "accounts": "account_id",
    "users": "user_id",
    "contracts": "contract_id",
    "features": "feature_id",
    "usage_events": "event_id",
    "tickets": "ticket_id",
    "conversations": "conversation_id",
    "survey_responses": "response_id",
    "touchpoints": "touchpoint_id",
    "invoices": "invoice_id",
    "churn_events": "account_id, churned_on",
    "external_scores": "account_id, scored_on, system",
}


def make(out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command; the later of two equal options counts."""
    command = [sys.executable, str(SCRIPT), "--out", str(out), *SIZE, *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def made(out: Path, *more: str) -> Path:
    """Run the command and insist on success."""
    done = make(out, *more)
    assert done.returncode == 0, done.stderr
    return out


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with one view per raw table."""
    connection = duckdb.connect()
    for name in COLUMNS:
        path = folder / f"{name}.parquet"
        path = path if path.is_file() else folder / name / "*.parquet"
        connection.execute(f"create view {name} as from read_parquet('{path}')")
    return connection


def contents(folder: Path) -> dict[str, bytes]:
    """Every data file's bytes by its place in the folder."""
    files = sorted(folder.rglob("*.parquet"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    """The single value of a query."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("dirty") / "raw")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("clean") / "raw", "--dirt", "0")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More accounts, so that averages over stories mean something."""
    more = ("--accounts", "400", "--events", "300000", "--dirt", "0")
    return made(tmp_path_factory.mktemp("company") / "raw", *more)


def test_the_same_arguments_give_the_same_rows(dirty: Path, tmp_path: Path) -> None:
    assert contents(made(tmp_path / "again")) == contents(dirty)


def test_another_seed_gives_other_rows(dirty: Path, tmp_path: Path) -> None:
    other, first = contents(made(tmp_path / "other", "--seed", "2")), contents(dirty)
    assert {name for name in first if other.get(name) == first[name]} <= {"features.parquet"}


def test_partition_by_day_changes_files_not_rows(dirty: Path, tmp_path: Path) -> None:
    by_day = made(tmp_path / "raw", "--partition", "day")
    files = sorted(path.name for path in (by_day / "usage_events").iterdir())
    assert len(files) == 400
    assert files[-1] == f"{END}.parquet"
    rows = [
        opened(folder).execute("from usage_events order by all").fetchall()
        for folder in (dirty, by_day)
    ]
    assert rows[0] == rows[1]


def test_files_hold_their_own_month_in_time_order(dirty: Path) -> None:
    for path in sorted((dirty / "usage_events").iterdir()):
        times = duckdb.sql(f"select occurred_at from '{path}'").fetchall()
        assert times == sorted(times)
        assert {f"{time:%Y-%m}" for (time,) in times} == {path.stem}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_those_of_the_interface(dirty: Path, table: str) -> None:
    described = opened(dirty).execute(f"describe {table}").fetchall()
    assert [row[0] for row in described] == COLUMNS[table].split()


def test_there_is_no_other_table(dirty: Path) -> None:
    shown = {path.stem for path in dirty.iterdir() if not path.name.startswith("_")}
    assert shown == set(COLUMNS)


@pytest.mark.parametrize("events", [EVENTS, 15_000, 400_000])
def test_event_count_is_about_what_was_asked_for(tmp_path: Path, events: int) -> None:
    folder = made(tmp_path / "raw", "--events", str(events))
    assert one(opened(folder), "select count(*) from usage_events") == pytest.approx(
        events, rel=0.1
    )


def test_account_and_user_numbers_are_kept(clean: Path) -> None:
    connection = opened(clean)
    assert one(connection, "select count(*) from accounts") == 80
    assert one(connection, "select count(*) from users") == pytest.approx(80 * 8, rel=0.1)


@pytest.mark.parametrize("table", COLUMNS)
def test_nothing_is_dated_after_the_end(dirty: Path, table: str) -> None:
    connection = opened(dirty)
    dates = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    dates = [name for name in dates if name.endswith(("_at", "_on", "_since")) or "start" in name]
    assert EVENT_DATES[table] in dates
    for name in dates:
        # invoices are due after the end as terms end after it: that is known beforehand
        if name != "due_on":
            latest = f"select max(try_cast(left(cast({name} as varchar), 10) as date)) from {table}"
            found = one(connection, latest)
            assert found is None or found <= END, (name, found)


def test_usage_reaches_from_the_first_day_to_the_last(clean: Path) -> None:
    span = "select count(distinct occurred_at::date), max(occurred_at)::date from usage_events"
    assert opened(clean).execute(span).fetchone() == (400, END)


@pytest.mark.parametrize("table", COLUMNS)
def test_clean_data_have_keys_and_accounts(clean: Path, table: str) -> None:
    connection, key = opened(clean), KEYS[table]
    assert one(connection, f"select count(*) from {table}") > 0
    doubles = f"select count(*) from (select {key} from {table} group by all having count(*) > 1)"
    assert one(connection, doubles) == 0
    for name in key.split(", "):
        assert one(connection, f"select count(*) from {table} where {name} is null") == 0
    if table != "features":
        strangers = f"select count(*) from {table} anti join accounts using (account_id)"
        assert one(connection, strangers) == 0


def test_clean_dates_follow_each_other(clean: Path) -> None:
    connection = opened(clean)
    checks = {
        "tickets": "solved_at < created_at or escalated_at < created_at or reopened_at < solved_at",
        "contracts": "end_date < start_date or cancelled_at::date <= start_date",
        "invoices": "due_on < issued_on or paid_on < issued_on or voided_on < issued_on",
        "churn_events": "reactivated_on <= churned_on",
        "users": "deactivated_at < created_at",
        "usage_events": "loaded_at < occurred_at or event_count < 1",
        "conversations": "sentiment not between -1 and 1",
        "survey_responses": "score not between if(survey_type = 'csat', 1, 0) "
        "and if(survey_type = 'csat', 5, 10)",
    }
    for table, broken in checks.items():
        assert one(connection, f"select count(*) from {table} where {broken}") == 0, table


def test_clean_users_work_for_the_account_of_the_event(clean: Path) -> None:
    broken = """
        select count(*)
        from usage_events as events
        left join users using (user_id)
        left join churn_events as churn
            on events.account_id = churn.account_id
            and occurred_at >= churned_on
            and occurred_at < coalesce(reactivated_on, date '9999-01-01')
        where events.user_id is not null and (
            users.account_id is distinct from events.account_id
            or occurred_at::date < created_at::date
            or occurred_at::date >= deactivated_at::date
            or churn.account_id is not null
        )
    """
    assert one(opened(clean), broken) == 0


def test_churners_use_less_before_they_leave(company: Path) -> None:
    """Mean over accounts of (last 90 days) / (90 to 210 days before), churners against stayers."""
    ratios = """
        with ends as (
            select account_id, churned_on as ends_on, true as churned from churn_events
            union all
            select account_id, date '2025-02-01', false
            from accounts anti join churn_events using (account_id)
            where customer_since < date '2024-07-01'
        ),
        counts as (
            select
                account_id, churned,
                sum(event_count) filter (occurred_at >= ends_on - 90) / 90.0 as late,
                sum(event_count) filter (occurred_at < ends_on - 90) / 120.0 as early
            from ends join usage_events using (account_id)
            where occurred_at >= ends_on - 210 and occurred_at < ends_on
            and ends_on >= date '2025-01-15'
            group by all
        )
        select churned, count(*), avg(coalesce(late, 0) / early), avg((late < early)::int)
        from counts where early > 0 group by churned order by churned
    """
    stayed, left = opened(company).execute(ratios).fetchall()
    assert left[1] >= 15
    assert left[2] < 0.85 and left[3] > 0.6
    assert left[2] < stayed[2] - 0.1


def test_churners_sound_worse_before_they_leave(company: Path) -> None:
    """Sentiment falls and signs of leaving rise in the 90 days before a churn."""
    moods = """
        with talks as (
            select
                coalesce(started_at >= churned_on - 90, false) as is_late,
                sentiment,
                intent in (
                    'data_export', 'cancellation_question', 'competitor_mention',
                    'contract_terms_question', 'downgrade_request'
                ) as is_sign
            from conversations
            left join churn_events
                on conversations.account_id = churn_events.account_id
                and started_at < churned_on
        )
        select avg(sentiment), avg(is_sign::int) from talks group by is_late order by is_late
    """
    usual, late = opened(company).execute(moods).fetchall()
    assert late[0] < usual[0] - 0.15
    assert late[1] > 2 * usual[1]


def test_it_is_a_believable_company(company: Path) -> None:
    connection = opened(company)
    churned = one(connection, "select count(distinct account_id) / 400.0 from churn_events")
    assert 0.06 < churned < 0.35
    csat = one(connection, "select avg(score) from survey_responses where survey_type = 'csat'")
    assert 3.7 < csat < 4.5
    attached = one(connection, "select avg((ticket_id is not null)::int) from conversations")
    assert 0.25 < attached < 0.42
    in_time = one(
        connection, "select avg((paid_on <= due_on)::int) from invoices where amount > '0'"
    )
    assert 0.8 < in_time < 0.99
    busy = "select count(*) from usage_events where dayofweek(occurred_at) {} (0, 6)"
    weekday, weekend = one(connection, busy.format("not in")), one(connection, busy.format("in"))
    assert weekend / 2 < 0.25 * weekday / 5
    sizes = "select median(users) from (select count(*) as users from users join accounts "
    sizes += "using (account_id) where segment = '{}' group by account_id)"
    big, middle, small = (
        one(connection, sizes.format(name)) for name in ("enterprise", "mid_market", "smb")
    )
    assert big > middle > small
    assert one(connection, "select count(distinct account_name) from accounts") == 400


VERSIONS = (
    "select count(*) from (select {key} from {table} where ({key}) is not null group by {key} "
)
DUPLICATE = VERSIONS + "having count(*) > 1 and count(distinct t::varchar) = 1)"
NEWER = VERSIONS + "having count(distinct t::varchar) > 1 and count(distinct loaded_at) > 1)"
STRANGER = "select count(*) from {table} where account_id like 'ACC-99%'"
LATE = (
    "select count(*) from (from {table} qualify count(*) over (partition by {key}) = 1) "
    "where loaded_at > {at} + interval 20 hour"
)
FAULT_CHECKS = {
    "accounts.duplicate": DUPLICATE,
    "users.duplicate": DUPLICATE,
    "users.unknown_account": STRANGER,
    "contracts.duplicate": DUPLICATE,
    "tickets.duplicate": DUPLICATE,
    "tickets.newer_version": NEWER,
    "tickets.impossible_created": "select count(*) from tickets where created_at = '2025-02-30'",
    "tickets.impossible_solved": "select count(*) from tickets where solved_at like '2025-02-30%'",
    "tickets.unreadable_number": "select count(*) from tickets where agent_reply_count = 'n/a'",
    "tickets.unknown_user": "select count(*) from tickets where requester_user_id like 'USR-99%'",
    # everyday rows reach the warehouse within the hour of their last change
    "tickets.late": """
        select count(*)
        from (from tickets qualify count(*) over (partition by ticket_id) = 1)
        where loaded_at > interval 20 hour + greatest(
            try_cast(created_at as timestamp), try_cast(solved_at as timestamp),
            escalated_at::timestamp, reopened_at::timestamp
        )
    """,
    "conversations.duplicate": DUPLICATE,
    "conversations.newer_version": NEWER,
    "conversations.unknown_account": STRANGER,
    "conversations.sentiment_out_of_range": "select count(*) from conversations "
    "where sentiment > 1",
    "conversations.unknown_ticket": "select count(*) from conversations anti join tickets "
    "using (ticket_id) where ticket_id is not null",
    "survey_responses.duplicate": DUPLICATE,
    "survey_responses.newer_version": NEWER,
    "survey_responses.csat_out_of_range": "select count(*) from survey_responses "
    "where survey_type = 'csat' and score not between 1 and 5",
    "survey_responses.nps_out_of_range": "select count(*) from survey_responses "
    "where survey_type = 'nps' and score not between 0 and 10",
    "survey_responses.unknown_type": "select count(*) from survey_responses "
    "where survey_type not in ('csat', 'nps')",
    "touchpoints.duplicate": DUPLICATE,
    "touchpoints.unknown_account": STRANGER,
    "invoices.duplicate": DUPLICATE,
    "invoices.impossible_date": "select count(*) from invoices where paid_on = '2025-02-30'",
    "invoices.unreadable_number": "select count(*) from invoices "
    "where try_cast(amount as double) is null",
    "external_scores.duplicate": DUPLICATE,
    "external_scores.unknown_account": STRANGER,
    "churn_events.reactivated_before_churn": "select count(*) from churn_events "
    "where reactivated_on < churned_on",
    "usage_events.duplicate": DUPLICATE,
    "usage_events.newer_version": NEWER,
    "usage_events.unknown_account": STRANGER,
    "usage_events.missing_key": "select count(*) from usage_events where event_id is null",
    "usage_events.missing_account": "select count(*) from usage_events where account_id is null",
    "usage_events.unknown_user": "select count(*) from usage_events where user_id like 'USR-99%'",
    "usage_events.negative_count": "select count(*) from usage_events where event_count < 0",
    "usage_events.late": LATE,
    "usage_events.before_account_created": "select count(*) from usage_events join accounts "
    "using (account_id) where occurred_at::date < created_at::date",
    "usage_events.after_churn": "select count(distinct event_id) from usage_events join "
    "churn_events using (account_id) where reactivated_on is null and occurred_at > churned_on + 1",
    "usage_events.untidy_code": "select count(*) from usage_events "
    "where event_name <> trim(lower(event_name))",
}


def fault_sql(fault: str) -> str:
    """The query that counts a fault's rows (or keys) in the data."""
    table = fault.split(".")[0]
    sql = FAULT_CHECKS[fault].format(table=table, key=KEYS[table], at=EVENT_DATES[table])
    return sql.replace("t::varchar", f"{table}::varchar")


@pytest.mark.parametrize("fault", FAULT_CHECKS)
def test_every_planted_fault_is_there_and_counted(dirty: Path, fault: str) -> None:
    planted = json.loads((dirty / "_generated.json").read_text())["planted_faults"]
    assert set(planted) == set(FAULT_CHECKS)
    found = one(opened(dirty), fault_sql(fault))
    assert planted[fault] >= 1
    # The extract's end can hide the lateness of the last rows, and one row more can be odd by
    # itself; a fault that is not planted at all, or planted everywhere, is seen.
    assert max(1, 0.5 * planted[fault]) <= found <= planted[fault] + 2


@pytest.mark.parametrize("fault", FAULT_CHECKS)
def test_clean_data_have_no_fault(clean: Path, fault: str) -> None:
    assert one(opened(clean), fault_sql(fault)) == 0


def test_shares_of_rejected_rows_stay_far_below_the_failure(tmp_path: Path) -> None:
    """Rows that staging must reject (not superseded ones), against the limits of interface.md."""
    folder = made(tmp_path / "raw", "--accounts", "300", "--events", "300000", "--days", "548")
    facts = json.loads((folder / "_generated.json").read_text())
    kinds = ("unknown_account", "missing", "impossible", "before_churn", "csat_out", "nps_out")
    rejected = dict.fromkeys(COLUMNS, 0)
    for fault, count in facts["planted_faults"].items():
        table, kind = fault.split(".")
        if any(word in kind for word in kinds) or fault == "invoices.unreadable_number":
            rejected[table] += count
    shares = {table: rejected[table] / facts["rows"][table] for table in COLUMNS}
    # One impossible churn among few churns cannot be less than that.
    assert {table for table, share in shares.items() if share > 0.001} <= {
        "churn_events",
        "invoices",
    }
    assert rejected["churn_events"] == 1
    assert all(share < 0.002 for table, share in shares.items() if table != "churn_events")


def test_an_earlier_output_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    out = made(tmp_path / "raw")
    (out / "usage_events" / "1999-01.parquet").write_bytes(b"stale")
    made(out, "--seed", "3")
    assert not (out / "usage_events" / "1999-01.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_a_company_s_own_files_are_never_replaced(tmp_path: Path) -> None:
    own = tmp_path / "raw" / "accounts.parquet"
    own.parent.mkdir()
    own.write_bytes(b"real")
    done = make(own.parent)
    assert done.returncode == 2
    assert "did not make" in done.stderr
    assert own.read_bytes() == b"real"
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_a_failed_run_keeps_the_earlier_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = made(tmp_path / "raw")
    before = contents(out)
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    import make_raw_data

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(make_raw_data, "write_events", broken)
    with pytest.raises(RuntimeError, match="disk"):
        make_raw_data.main(["--out", str(out), *SIZE])
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


@pytest.mark.parametrize(
    "odd",
    [
        ("--accounts", "1", "--users-per-account", "1", "--days", "1", "--events", "1"),
        ("--accounts", "3", "--days", "45", "--events", "200", "--partition", "day"),
    ],
)
def test_tiny_sizes_work(tmp_path: Path, odd: tuple[str, ...]) -> None:
    connection = opened(made(tmp_path / "raw", *odd))
    accounts = int(odd[1])
    assert one(connection, "select count(distinct account_id) from accounts") == accounts


@pytest.mark.parametrize(
    ("option", "value"),
    [("--accounts", "0"), ("--accounts", "90001"), ("--days", "-3"), ("--dirt", "-1")],
)
def test_impossible_sizes_are_refused_with_a_sentence(
    tmp_path: Path, option: str, value: str
) -> None:
    done = make(tmp_path / "raw", option, value)
    assert done.returncode == 2
    assert option in done.stderr and "must be" in done.stderr
    assert not (tmp_path / "raw").exists()
