"""The queue of customer_health_actions against a calculation of its own, and as it is printed."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pytest
from dbt_server import dbt_server
from harness import PROJECT
from warehouse import fetch, overlay_seeds

SCRIPT = PROJECT / "scripts" / "show_accounts_to_call.py"
NIGHTS = [date(2025, 6, 27), date(2025, 6, 28)]
HISTORY_DAYS = 100
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SIZE = ["--accounts", "160", "--days", "330", "--events", "60000", "--end", NIGHTS[-1].isoformat()]
MOVED_TO = "Zoe Newcomer"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Company:
    """A generated company after each of two nights; in the second some accounts have a new CSM."""

    folder: Path
    seeds: Path
    first: Path
    second: Path

    def rows(self, night: Path, query: str) -> list[dict[str, Any]]:
        with duckdb.connect(str(night / "warehouse.duckdb"), read_only=True) as connection:
            return fetch(connection, query)

    def queue(self, night: Path) -> dict[str, dict[str, Any]]:
        """The mart's rows by account."""
        rows = self.rows(night, "select * from marts.customer_health_actions")
        return {row["account_id"]: row for row in rows}


def write_seeds(folder: Path, raw: Path) -> Path:
    """The shipped seeds, with business hours in every other playbook and with overrides."""
    seeds = overlay_seeds(folder)
    path = seeds / "action_playbooks.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [
        line.replace("48,calendar", "30,business") if number % 2 else line
        for number, line in enumerate(lines)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    accounts = duckdb.sql(
        f"select account_id from '{raw}/accounts.parquet' order by account_id limit 12"
    ).fetchall()
    bands = ["red", "yellow", "green"]
    overrides = [
        f"composite,{account_id},{bands[i % 3]},met the board,kim,2025-06-{10 + i},2025-07-31"
        for i, (account_id,) in enumerate(accounts)
    ]
    with (seeds / "manual_overrides.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join(overrides) + "\n")
    return seeds


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("actions")
    raw, work = folder / "raw", folder / "work"
    generator = PROJECT / "scripts" / "make_raw_data.py"
    subprocess.run(
        [sys.executable, str(generator), "--out", str(raw), *SIZE], check=True, capture_output=True
    )
    seeds = write_seeds(folder / "seeds", raw)
    places = {"HEALTH_RAW_PATH": str(raw), "HEALTH_SEED_PATH": str(seeds)}
    for night in NIGHTS:
        if night == NIGHTS[1]:
            subprocess.run(["cp", "-r", str(work), str(folder / "first")], check=True)
            give_to_another_manager(raw)
        start = NIGHTS[0] - HISTORY_DAYS * DAY
        settings = {"as_of_date": night.isoformat(), "history_start_date": start.isoformat()}
        options = ["build", "--exclude", "resource_type:unit_test", "--vars"]
        finished = dbt_server().run_dbt([*options, json.dumps(settings)], work, places)
        assert finished.returncode == 0, finished.stdout[-4000:]
    return Company(folder, seeds, folder / "first", work)


def give_to_another_manager(raw: Path) -> None:
    """Every fifth account changes its CSM."""
    path = raw / "accounts.parquet"
    duckdb.sql(
        f"""
        copy (
            select * replace (
                case when row_number() over (order by account_id) % 5 = 0 then '{MOVED_TO}'
                else csm_owner end as csm_owner
            )
            from read_parquet('{path}')
        ) to '{path}.new' (format parquet)
        """
    )
    os.replace(f"{path}.new", path)


# ---- the calculation


def read_seed(seeds: Path, name: str) -> list[dict[str, str]]:
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def due_after(flagged: datetime, hours: int, is_business: bool) -> datetime:
    """Hour by hour."""
    at = flagged
    while hours:
        hours -= not is_business or at.weekday() < 5
        at += HOUR
    return at


def review_day(account_id: str) -> int:
    return int(hashlib.md5(account_id.encode()).hexdigest()[:4], 16) % 28 + 1


def next_review(account_id: str, first: date) -> date:
    """Day by day."""
    while first.day != review_day(account_id):
        first += DAY
    return first


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def expected_deadline(row: Row, playbook: Row, touchpoints: list[datetime]) -> dict[str, Any]:
    now, flagged = midnight(row["as_of_date"] + DAY), midnight(row["band_since"] + DAY)
    touched = [at for at in touchpoints if flagged <= at < now]
    is_urgent = bool(playbook["sla_hours"])
    first = max(touched).date() + 15 * DAY if touched else flagged.date() + DAY
    review = next_review(row["account_id"], first)
    end_of_review = midnight(review + DAY)
    due = end_of_review
    if is_urgent:
        due = due_after(flagged, int(playbook["sla_hours"]), playbook["hours"] == "business")
    if is_urgent and any(at <= due for at in touched):
        status = "met"
    elif due <= now:
        status = "breached"
    else:
        status = "met" if touched and not is_urgent else "open"
    call_by = end_of_review if touched else due
    waits = is_urgent and not touched
    return {
        "flagged_at": flagged,
        "due_at": due,
        "sla_status": status,
        "last_touchpoint_at": max(touched, default=None),
        "next_call_by": call_by,
        "next_review_on": None
        if waits
        else max(review, next_review(row["account_id"], now.date())),
        "is_due_today": call_by <= now + DAY or waits,
        "needs_call": not touched or call_by <= now + DAY,
        "tier": "urgent" if is_urgent else "review",
    }


def expected_priority(row: Row, ends_at: Mapping[str, float], middle: float) -> float:
    score = 50.0 if row["health_score"] is None else float(row["health_score"])
    risk = (100 - min(score, ends_at.get(row["band"], 100))) / 100
    arr = None if row["arr"] is None else float(row["arr"])
    value = 0.5 if arr is None else 0.0 if arr == 0 else arr / (arr + middle)
    days = row["days_to_renewal"]
    urgency = 0.0 if days is None else min(1.0, max(0.0, (180 - days) / 150))
    is_sure = row["band_is_certain"] or row["override_reason"] is not None
    certainty = 1.0 if is_sure else 0.5 + 0.5 * float(row["coverage"])
    return 100 * risk * (1 + value + urgency) / 3 * certainty


def expected_queue(company: Company, night: Path) -> dict[str, dict[str, Any]]:
    """All but the ranks and the words."""
    health = company.rows(night, "select * from marts.customer_health")
    lost = company.rows(
        night,
        "select * from marts.customer_health_signals where score_model = 'composite'"
        " and as_of_date = (select max(as_of_date) from marts.customer_health)"
        " and points_lost > 0 order by points_lost desc, signal_id",
    )
    worst: dict[str, str] = {}
    for row in lost:
        worst.setdefault(row["account_id"], row["signal_id"])
    touchpoints = defaultdict(list)
    for row in company.rows(night, "select * from staging.stg_crm__touchpoints"):
        touchpoints[row["account_id"]].append(row["occurred_at"])
    buckets = {row["signal_id"]: row["bucket"] for row in read_seed(company.seeds, "signals")}
    rules = [r for r in read_seed(company.seeds, "band_rules") if r["score_model"] == "composite"]
    playbooks = {
        (row["band"], row["bucket"], row["signal_id"]): row
        for row in read_seed(company.seeds, "action_playbooks")
        if row["score_model"] == "composite"
    }
    lines = sorted(
        (float(row["min_score"]), row["band"])
        for row in read_seed(company.seeds, "score_thresholds")
        if row["score_model"] == "composite"
    )
    starts = {band: start for start, band in lines}
    ends_at = {band: end for (_, band), (end, _) in zip(lines, lines[1:], strict=False)}
    middle = median(float(row["arr"]) for row in health if row["arr"])
    found = {}
    for row in health:
        signal = worst.get(row["account_id"]) if row["health_score"] is not None else None
        fired = [r for r in rules if r["rule_id"] in row["fired_rules"].split(",")]
        by_score = [band for start, band in lines if (row["health_score"] or 0) >= start][-1]
        if row["computed_band"] in starts and starts[row["computed_band"]] < starts[by_score]:
            worst_rule = min(fired, key=lambda rule: (starts[rule["best_band"]], rule["rule_id"]))
            signal = worst_rule["signal_id"]
        bucket = buckets.get(signal or "")
        keys = [(row["band"], "", signal), (row["band"], bucket, ""), (row["band"], "", "")]
        playbook = next((playbooks[key] for key in keys if key in playbooks), None)
        if playbook:
            found[row["account_id"]] = {
                **expected_deadline(row, playbook, touchpoints[row["account_id"]]),
                "worst_driver_signal_id": signal,
                "worst_driver_bucket": bucket,
                "action": playbook["action"],
                "next_step": playbook["text"],
                "priority": round(expected_priority(row, ends_at, middle) + 1e-9, 1),
                "csm_owner": row["csm_owner"],
            }
    return found


@pytest.mark.parametrize("night", ["first", "second"])
def test_the_queue_is_as_calculated(company: Company, night: str) -> None:
    folder = getattr(company, night)
    got, expected = company.queue(folder), expected_queue(company, folder)
    assert got.keys() == expected.keys()
    for account_id, wanted in expected.items():
        row = got[account_id]
        priority = float(row["priority"])
        assert abs(priority - wanted["priority"]) < 0.051, account_id
        shown = {name: row[name] for name in wanted} | {"priority": wanted["priority"]}
        assert shown == wanted, account_id
    # the company is one in which the rules matter
    rows = list(got.values())
    assert {row["tier"] for row in rows} == {"urgent", "review"}
    assert {row["sla_status"] for row in rows} == {"open", "met", "breached"}
    assert {row["sla_hours"] for row in rows} == {30, 48, None}


@pytest.mark.parametrize("night", ["first", "second"])
def test_each_manager_has_one_queue_in_order(company: Company, night: str) -> None:
    now = midnight(NIGHTS[night == "second"] + DAY)
    by_manager = defaultdict(list)
    for row in company.queue(getattr(company, night)).values():
        by_manager[row["csm_owner"]].append(row)
    for rows in by_manager.values():
        ordered = sorted(
            rows,
            key=lambda row: (
                not row["needs_call"],
                row["tier"] != "urgent",
                row["next_call_by"] > now,
                -row["priority"],
                row["account_id"],
            ),
        )
        assert [row["queue_rank"] for row in ordered] == list(range(1, len(rows) + 1))


def test_an_account_that_changes_hands_keeps_its_dates(company: Company) -> None:
    before, after = company.queue(company.first), company.queue(company.second)
    moved = [
        account_id
        for account_id, row in after.items()
        if row["csm_owner"] == MOVED_TO and account_id in before
    ]
    assert len(moved) > 5
    for account_id in moved:
        one, other = before[account_id], after[account_id]
        assert one["csm_owner"] != MOVED_TO
        if one["flagged_at"] == other["flagged_at"] and one["sla_status"] == other["sla_status"]:
            assert one["next_review_on"] is None or other["next_review_on"] >= one["next_review_on"]
            assert one["due_at"] == other["due_at"] or other["tier"] == "review"
        days = {row["next_review_on"].day for row in (one, other) if row["next_review_on"]}
        assert len(days) <= 1


def test_reviews_spread_over_the_month_of_every_manager(company: Company) -> None:
    """Of a manager's reviews at most a fifth fall on one day, and each week has some."""
    by_manager = defaultdict(Counter)
    for row in company.rows(company.first, "select * from marts.customer_health"):
        by_manager[row["csm_owner"]][review_day(row["account_id"])] += 1
    managers = {name: days for name, days in by_manager.items() if days.total() >= 15}
    assert len(managers) >= 3
    for name, days in managers.items():
        assert max(days.values()) <= max(3, 0.2 * days.total()), name
        weeks = {(day - 1) // 7 for day in days}
        assert weeks == {0, 1, 2, 3}, name


# ---- the page


def show(published: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HEALTH_PUBLISHED_PATH": str(published)}
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def is_place(line: str) -> bool:
    """Whether an account begins here."""
    return line[:3].strip().isdigit() and line[3:4] == "."


def test_the_page_shows_five_accounts_of_each_manager(company: Company) -> None:
    finished = show(company.second / "published.duckdb")
    assert finished.returncode == 0, finished.stderr
    lines = finished.stdout.splitlines()
    end = lines.index("Where to look next")
    assert max(map(len, lines[:end])) <= 115
    queue = company.queue(company.second)
    for manager in {row["csm_owner"] for row in queue.values()}:
        own = [row for row in queue.values() if row["csm_owner"] == manager]
        due = sum(row["is_due_today"] for row in own)
        title = f"{manager}: {due} to call today, {len(own)} in the queue"
        start = lines.index(title)
        shown = []
        for line in lines[start + 1 :]:
            if not line.strip():
                break
            if is_place(line):
                shown.append(int(line[:3]))
        wanted = sorted(own, key=lambda row: (not row["is_due_today"], row["queue_rank"]))
        assert shown == [row["queue_rank"] for row in wanted[:5]]


def test_the_page_takes_a_number_of_places(company: Company) -> None:
    finished = show(company.second / "published.duckdb", "--places", "1")
    titles = [line for line in finished.stdout.splitlines() if line.endswith(" in the queue")]
    places = [line for line in finished.stdout.splitlines() if is_place(line)]
    assert len(places) == len(titles)


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    finished = show(tmp_path / "nothing.duckdb")
    assert finished.returncode == 1
    assert "make demo" in finished.stdout


def test_the_page_reads_well_without_managers_contracts_or_scores(tmp_path: Path) -> None:
    path = tmp_path / "published.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.customer_health as select date '2025-06-30' as as_of_date,"
            " 'Insufficient data' as band_label from range(3)"
        )
        connection.execute(
            """
            create table marts.customer_health_actions as
            select
                'a' as account_id, '17850' as account_name, cast(null as varchar) as csm_owner,
                'Insufficient data' as band_label, cast(null as decimal(4, 1)) as health_score,
                cast(null as double) as arr, cast(null as integer) as days_to_renewal,
                date '2025-06-30' as as_of_date, 1 as queue_rank, 'review' as tier,
                'open' as sla_status, timestamp '2025-07-12 00:00:00' as next_call_by,
                date '2025-07-11' as next_review_on,
                true as needs_call, false as is_due_today,
                cast(null as timestamp) as last_touchpoint_at, 'Find the evidence' as action,
                'cs_operations' as owner_role, 'Look.' as next_step, 'Insufficient data.' as reason
            """
        )
    finished = show(path)
    assert finished.stdout.splitlines()[1:9] == [
        "Accounts to call, as of 2025-06-30",
        "3 accounts in scope: Insufficient data 3",
        "Reviews: 1 open",
        "",
        "(no CSM): 0 to call today, 1 in the queue",
        "  1. 17850  Insufficient data  review on 2025-07-11",
        "     do   Find the evidence (cs operations): Look.",
        "     why  Insufficient data.",
    ]
