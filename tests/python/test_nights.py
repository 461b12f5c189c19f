"""Builds night after night end in the rows of one full build, whatever came late."""

from __future__ import annotations

import csv
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import reference
from dbt_server import DbtServer, dbt_server
from nights import (
    RESTATE_DAYS,
    Company,
    Delivery,
    Play,
    make_nightly_company,
    night_after,
    stored_rows,
)
from test_against_reference import EXACT, KEYS, NEAR, SIGNALS_EXACT, SIGNALS_NEAR
from warehouse import BuildFailed, differences
from worlds import days_later

FIRST_NIGHT = date(2025, 6, 12)
HISTORY_START = date(2025, 5, 20)
MOVEMENT = {"score_change_7d", "score_change_30d", "band_since"}


@pytest.fixture(scope="module")
def dbt() -> DbtServer:
    return dbt_server()


@pytest.fixture(scope="module")
def two_nights(dbt: DbtServer, tmp_path_factory: pytest.TempPathFactory) -> Play:
    """A company after two nights, for tests that go on from there in a branch of their own."""
    folder = tmp_path_factory.mktemp("two_nights")
    company = make_nightly_company(5, folder / "seeds", end=days_later(FIRST_NIGHT, 10))
    play = Play(company, folder / "play", dbt, HISTORY_START)
    # days that are read again alone, when rows come that late
    add_moved_events(company, [days_later(night(2), -40), days_later(night(2), -100)])
    play.night(night(0))
    play.night(night(1))
    return play


def night(number: int) -> date:
    """The as-of date of a night; the first one has number 0."""
    return days_later(FIRST_NIGHT, number)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12))


def days(first: date, last: date) -> list[date]:
    """All days of the range, both ends included."""
    return [days_later(first, number) for number in range((last - first).days + 1)]


def copy_of(play: Play, to: Path) -> Path:
    """The warehouse as it is now."""
    return Path(shutil.copy(play.warehouse, to))


def assert_none(found: list[str]) -> None:
    assert not found, "\n".join(found)


def differences_from_reference(
    play: Play, raw: Path, dates: list[date], seeds: Path | None = None
) -> list[str]:
    """What the history and its explanations say otherwise than the reference on some dates."""
    expected = reference.run(raw, seeds or play.company.seeds, dates, play.company.vars)
    listed = ", ".join(f"date '{on}'" for on in dates)
    where = f"where as_of_date in ({listed})"
    history = stored_rows(play.warehouse, f"select * from marts.customer_health_history {where}")
    signals = stored_rows(play.warehouse, f"select * from marts.customer_health_signals {where}")
    published = {row["score_model"] for row in history}
    exact = [name for name in EXACT if name not in MOVEMENT]
    found = differences(
        history,
        [row for row in expected.history if row["score_model"] in published],
        KEYS, [*exact, *NEAR], NEAR,
    )  # fmt: skip
    return found + differences(
        signals,
        [row for row in expected.signals if row["score_model"] in published],
        [*KEYS, "signal_id"], [*SIGNALS_EXACT, *SIGNALS_NEAR], SIGNALS_NEAR,
    )  # fmt: skip


def busiest_account_event(company: Company) -> Delivery:
    """An event of the account that has most of them of late, among the customers."""
    internal = {d.row["account_id"] for d in company.deliveries["accounts"] if d.row["is_internal"]}
    churned = {d.row["account_id"] for d in company.deliveries["churn_events"]}
    events = company.clean("usage_events", datetime.max, night(-60), night(10))
    by_account = Counter(d.row["account_id"] for d in events)
    busiest = max(by_account.keys() - internal - churned, key=lambda key: (by_account[key], key))
    return next(d for d in events if d.row["account_id"] == busiest)


def add_moved_events(company: Company, dates: Iterable[date]) -> None:
    """Events of these days that came again two days later, with a newer time, on another day."""
    donor = busiest_account_event(company)
    for on in dates:
        for step in (-4, -1, 1):
            moved = {"event_id": company.maker.new_id("M"), "event_count": 5.0}
            at = noon(on)
            old = company.deliver("usage_events", donor.row | moved | {"occurred_at": at}, at)
            later = at + timedelta(days=2)
            company.correct(old, later, occurred_at=at + timedelta(days=step))


# ---- nights that equal a full build


def test_nights_with_late_rows_equal_one_full_build(dbt: DbtServer, tmp_path: Path) -> None:
    company = make_nightly_company(3, tmp_path / "seeds", end=night(12))
    play = Play(company, tmp_path / "play", dbt, HISTORY_START)
    play.night(night(0))
    play.night(night(1))
    # nights 2 and 3 are missed
    play.night(night(4))
    play.run(night(5), noon(night(5)))
    play.run(night(5), noon(night(5)) + timedelta(hours=6))
    play.night(night(5))
    play.night(night(6))
    # night 7 is missed
    play.night(night(8))
    comparable = play.comparable_dates()
    assert play.dates() == days(HISTORY_START, night(8))
    # rows of the days before a missed night may come too late to be restated
    assert len(comparable) >= len(play.dates()) - 4
    assert_none(play.differences_from(play.full_build("full")))
    assert_none(differences_from_reference(play, play.folder / "raw", comparable[-4:]))


def test_an_event_that_moved_to_another_day_counts_once(dbt: DbtServer, tmp_path: Path) -> None:
    """Also when only one of its two days is still read again every night."""
    company = make_nightly_company(4, tmp_path / "seeds", end=night(3), is_typed=False)
    add_moved_events(company, days(night(-40), night(-25)))
    play = Play(company, tmp_path / "play", dbt, HISTORY_START)
    play.night(night(0))
    play.night(night(1))
    assert play.comparable_dates() == play.dates()
    assert_none(play.differences_from(play.full_build("full")))


def test_deletions_without_loaded_at(dbt: DbtServer, tmp_path: Path) -> None:
    """Rows are deleted and overwritten inside the correction window, and nothing says when."""
    company = make_nightly_company(
        7, tmp_path / "seeds", end=night(8), is_typed=False, has_loaded_at=False
    )
    removed, at = [], noon(night(2))
    for table in ("usage_events", "tickets", "survey_responses", "invoices"):
        there = company.clean(table, at, night(-22), night(1))
        removed += there[:: max(len(there) // 3, 1)]
    for delivery in removed:
        company.remove(delivery, at)
    for delivery in company.clean("usage_events", at, night(-20), night(0))[::9]:
        if delivery.leaves is None:
            moved = delivery.row["occurred_at"] - timedelta(days=company.rng.randint(0, 4))
            company.correct(delivery, at, occurred_at=moved, event_count=7.0)
    assert len(removed) >= 8
    play = Play(company, tmp_path / "play", dbt, HISTORY_START)
    for number in (0, 1, 2, 3):
        play.night(night(number))
    comparable = play.comparable_dates()
    assert set(days(night(-1), night(3))) - set(comparable) == set()
    full = play.full_build("full")
    assert_none(play.differences_from(full))
    assert play.differences_from(full, play.dates()), "nothing was deleted that mattered"
    play.night(night(3), score_from=HISTORY_START.isoformat())
    assert play.comparable_dates() == play.dates()
    assert_none(play.differences_from(full))


@pytest.mark.long
def test_a_year_of_nights_equals_one_full_build(dbt: DbtServer, tmp_path: Path) -> None:
    rng = random.Random(1)
    company = make_nightly_company(11, tmp_path / "seeds", end=night(370), days=500, accounts=5)
    add_moved_events(company, days(night(-30), night(330))[::5])
    play = Play(company, tmp_path / "play", dbt, HISTORY_START)
    play.night(night(0))
    for number in range(1, 366):
        on, fate = night(number), rng.random()
        if fate < 0.08 and number < 365:
            continue
        if fate > 0.9:
            play.run(on, noon(on))
        play.night(on)
        if fate > 0.95:
            play.night(on)
        if 0.5 < fate < 0.53:
            play.run(rng.choice(play.dates()), night_after(on))
    assert play.dates() == days(HISTORY_START, night(365))
    comparable = play.comparable_dates()
    # every fifth day has events that come again for a day before those that a night restates
    assert len(comparable) > 0.4 * len(play.dates())
    full = play.full_build("full")
    assert_none(play.differences_from(full))
    assert_none(differences_from_reference(play, play.folder / "raw", comparable[-10:]))
    play.night(night(365), score_from=HISTORY_START.isoformat())
    assert play.comparable_dates() == play.dates()
    assert_none(play.differences_from(full))


# ---- one night in a branch of its own


def test_running_twice_changes_nothing(two_nights: Play, tmp_path: Path) -> None:
    play = two_nights.branch(tmp_path / "play")
    before = copy_of(play, tmp_path / "before.duckdb")
    play.night(night(1))
    assert_none(play.differences_since(before))


def add_very_late_rows(company: Company, at: datetime) -> None:
    """Rows of every dated table 5 to 100 days late, and an account after its own rows."""
    for table in ("usage_events", "tickets", "conversations", "survey_responses", "touchpoints",
                  "invoices"):  # fmt: skip
        donors = company.clean(table, at, date.min, night(1))
        key = {"usage_events": "event_id"}.get(table) or f"{table.removesuffix('s')}_id"
        key = {"survey_responses": "response_id"}.get(table, key)
        for late in (5, 20, 40, 100):
            for donor in donors[:: max(len(donors) // 3, 1)]:
                old = donor.row[_dated_by(table)]
                on = days_later(night(2), -late)
                moment = datetime.combine(on, old.time()) if isinstance(old, datetime) else on
                row = donor.row | {_dated_by(table): moment, key: company.maker.new_id("L")}
                company.deliver(table, row, at, counts_from=on)
    first = company.clean("usage_events", at, days_later(night(2), -100), night(1))[0]
    known_late = company.maker.new_id("A")
    for late in (90, 60, 31, 1):
        on = days_later(night(2), -late)
        row = first.row | {
            "event_id": company.maker.new_id("L"), "account_id": known_late,
            "occurred_at": noon(on), "event_name": "login",
        }  # fmt: skip
        company.deliver("usage_events", row, night_after(on))
    donor = company.deliveries["accounts"][0].row
    row = donor | {
        "account_id": known_late, "created_at": noon(days_later(night(2), -200)),
        "customer_since": None, "is_internal": False, "account_name": "Known late",
    }  # fmt: skip
    company.deliver("accounts", row, at, counts_from=days_later(night(2), -200))


def _dated_by(table: str) -> str:
    return {
        "usage_events": "occurred_at", "tickets": "created_at", "conversations": "started_at",
        "survey_responses": "responded_at", "touchpoints": "occurred_at", "invoices": "issued_on",
    }[table]  # fmt: skip


def test_very_late_rows_count_at_once_and_in_a_backfill_everywhere(
    two_nights: Play, tmp_path: Path
) -> None:
    play = two_nights.branch(tmp_path / "play")
    add_very_late_rows(play.company, noon(night(2)))
    play.night(night(2))
    newest = days(days_later(night(2), -RESTATE_DAYS), night(2))
    assert play.comparable_dates() == newest
    full = play.full_build("full")
    assert_none(play.differences_from(full))
    assert play.differences_from(full, play.dates()), "no row was late that mattered"

    # an older date alone, then rows older than what every night reads again, then all dates
    before = copy_of(play, tmp_path / "before.duckdb")
    older = days_later(HISTORY_START, 5)
    play.run(older, night_after(night(2)))
    assert_none(play.differences_since(before, [on for on in play.dates() if on != older]))
    newest_book = "select distinct as_of_date from marts.customer_health"
    assert stored_rows(play.warehouse, newest_book) == [{"as_of_date": night(2)}]
    assert play.differences_since(before, [older]), "the date was not replayed"
    assert_none(play.differences_from(full, [*newest, older]))

    old = play.company.clean(
        "usage_events", noon(night(2)), days_later(night(2), -60), days_later(night(2), -40)
    )
    for delivery in old[::4]:
        moved = delivery.row["occurred_at"] + timedelta(days=2)
        play.company.correct(delivery, noon(night(3)), occurred_at=moved, event_count=9.0)
    play.night(night(3), score_from=HISTORY_START.isoformat())
    assert play.comparable_dates() == play.dates()
    assert_none(play.differences_from(play.full_build("full")))


def with_other_weights(seeds: Path, to: Path) -> Path:
    """A copy of the seeds in which two points go from logins to answers."""
    shutil.copytree(seeds, to)
    with (to / "score_weights.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    changed = {"login_frequency": "10", "csat_average": "8"}
    rows = [
        [*row[:4], changed.get(row[3], row[4])] if row[:2] == ["composite", "*"] else row
        for row in rows
    ]
    with (to / "score_weights.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)
    return to


def test_new_weights_score_the_newest_date_and_history_when_asked(
    two_nights: Play, tmp_path: Path
) -> None:
    play = two_nights.branch(tmp_path / "play")
    before = copy_of(play, tmp_path / "before.duckdb")
    older = play.dates()
    play.seeds = with_other_weights(play.company.seeds, tmp_path / "seeds")
    play.night(night(2))
    assert_none(play.differences_since(before, older))
    versions = stored_rows(
        play.warehouse,
        """
        select as_of_date = (select max(as_of_date) from marts.customer_health) as is_newest,
            count(distinct config_version) as versions, min(config_version) as config_version
        from marts.customer_health_history where score_model = 'composite' group by 1 order by 1
        """,
    )
    assert [row["versions"] for row in versions] == [1, 1]
    assert versions[0]["config_version"] != versions[1]["config_version"]

    weighed_anew = play.branch(tmp_path / "weighed_anew")
    play.night(night(2), score_from=HISTORY_START.isoformat())
    full = play.full_build("full")
    assert_none(play.differences_from(full, play.dates()))
    weighed_anew.night(night(2), rescore_from=HISTORY_START.isoformat())
    assert_none(weighed_anew.differences_from(full, play.dates()))


# ---- accounts, users and features change


def test_attributes_of_the_past_stay_what_they_were(two_nights: Play, tmp_path: Path) -> None:
    play = two_nights.branch(tmp_path / "play")
    company, at, accounts = play.company, noon(night(2)), accounts_in_scope(play)
    # a run of the day so far sees what the nightly run sees otherwise
    company.change("accounts", accounts[0], at - timedelta(hours=2), region="seen by day")
    change_attributes(company, at, accounts)
    play.run(night(2), at - timedelta(hours=1))
    play.night(night(2))
    older, newer = days(days_later(night(2), -RESTATE_DAYS), night(1)), [night(2)]
    for _ in range(2):
        # the rows as they are now, with the attributes as they were
        two_nights.company.write(tmp_path / "raw_before", play.runs[-1].at)
        assert_none(differences_from_reference(play, tmp_path / "raw_before", older))
        assert_none(differences_from_reference(play, play.folder / "raw", newer))
        if night(3) not in newer:
            play.night(night(3), score_from=HISTORY_START.isoformat())
            older, newer = days(HISTORY_START, night(1))[::3], [night(2), night(3)]


def accounts_in_scope(play: Play) -> list[str]:
    rows = stored_rows(
        play.warehouse,
        """
        select distinct account_id from marts.customer_health_history
        where as_of_date = (select max(as_of_date) from marts.customer_health_history)
        order by account_id
        """,
    )
    return [row["account_id"] for row in rows]


def change_attributes(company: Company, at: datetime, accounts: list[str]) -> None:
    """Another segment, owner and region; an account becomes internal; roles and cores swap."""
    moved = {"segment": "moved", "csm_owner": "new", "region": "apac"}
    company.change("accounts", accounts[0], at, **moved)
    company.change("accounts", accounts[1], at, segment="enterprise")
    company.change("accounts", accounts[-1], at, is_internal=True)
    for user in {d.row["user_id"]: d.row for d in company.deliveries["users"]}.values():
        role = "member" if user["role"] == "admin" else "admin"
        company.change("users", user["user_id"], at, role=role)
    for feature in {d.row["feature_id"]: d.row for d in company.deliveries["features"]}.values():
        is_core = feature["is_core"] is False
        company.change("features", feature["feature_id"], at, is_core=is_core)


def test_accounts_that_vanish(dbt: DbtServer, tmp_path: Path) -> None:
    company = make_nightly_company(
        13, tmp_path / "seeds", end=night(4), days=30, accounts=200, has_dirt=False
    )
    play = Play(company, tmp_path / "play", dbt, days_later(FIRST_NIGHT, -4))
    play.night(night(0))
    accounts = accounts_in_scope(play)
    assert len(accounts) > 100
    vanish(company, accounts[:1], noon(night(1)))
    said = play.night(night(1))
    kept = [row["as_of_date"] for row in history_of(play, accounts[0])]
    assert kept == days(days_later(FIRST_NIGHT, -4), night(0))
    warned = stored_rows(play.warehouse, "select * from marts.data_warnings")
    is_warned = any(accounts[0] in (row["examples"] or "") for row in warned)
    assert is_warned or accounts[0] in said

    vanish(company, accounts[1:6], noon(night(2)))
    before = copy_of(play, tmp_path / "before.duckdb")
    with pytest.raises(BuildFailed, match="missing"):
        play.night(night(2))
    assert_none(play.differences_since(before))


def vanish(company: Company, accounts: list[str], at: datetime) -> None:
    for delivery in company.deliveries["accounts"]:
        if delivery.row["account_id"] in accounts:
            company.remove(delivery, at)


def history_of(play: Play, account_id: str) -> list[dict[str, date]]:
    """The dates of an account's history in the default model, oldest first."""
    return stored_rows(
        play.warehouse,
        f"""
        select as_of_date from marts.customer_health_history
        where score_model = 'composite' and account_id = '{account_id}' order by 1
        """,
    )
