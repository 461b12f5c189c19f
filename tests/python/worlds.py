"""Small random companies as raw files: odd, dirty, and the same for the same seed.

`make_world` writes one company; `add_future_rows` copies one and adds rows dated after a date, to
prove that the future changes no past score. No figure is expected of a world here: worlds are for
comparing two calculations, and for laws that hold in any company.
"""

from __future__ import annotations

import csv
import math
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
from reference.reading import read_raw
from reference.settings import settings_from
from reference.tables import TABLES, Column, Table

Row = dict[str, Any]
Rows = dict[str, list[Row]]
PROJECT_SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ZONES = ["UTC", "UTC", "UTC", "Asia/Kolkata", "America/Phoenix", "Asia/Tokyo", "Europe/Berlin"]
SEGMENTS = ["smb", "smb", "mid_market", "enterprise", "Enterprise", None]
INTENTS = ["how_to", "billing", "data_export", "competitor_mention", "Downgrade_Request", "bug"]
ISSUE_TYPES = ["billing", "bug", "how_to", "login"]
SUBJECTS = [
    "Question about the invoice",
    "Please CANCEL, our-contract!",
    "Cancellations of meetings in the calendar",
    "What is our Notice  Period?",
    'We are "switching to" another tool, sorry',
    "Competitors compared",
    "Grüße; can we export all\tour data",
    "???",
]
BLANK_TEXTS = ["", " ", "\t "]


@dataclass(frozen=True)
class WorldSpec:
    """What was written, and how it is to be scored.

    `seeds` is the folder of seed files written for this world (null when not asked for);
    `override_rows` and `freshness_rows` are already in it. `traits` say what is odd here.
    """

    seed: int
    raw: Path
    seeds: Path | None
    vars: dict[str, Any]
    as_of_dates: list[date]
    override_rows: list[dict[str, str]]
    freshness_rows: list[dict[str, str]]
    traits: tuple[str, ...]


@dataclass(frozen=True)
class Dirt:
    """A value to be written as this very text, whatever its column holds."""

    text: str


@dataclass
class Maker:
    """The rows of a company in the making; values are Python's own, moments are naive UTC."""

    rng: random.Random
    first: date
    last: date
    zone: ZoneInfo
    has_number_ids: bool
    feeds: dict[str, tuple[date, date]] = field(default_factory=dict)
    rows: Rows = field(default_factory=lambda: {name: [] for name in TABLES})
    counters: dict[str, int] = field(default_factory=dict)

    def new_id(self, prefix: str) -> str:
        """A fresh id; in a company with number ids a number."""
        number = self.counters.get(prefix, 0) + 1
        self.counters[prefix] = number
        if self.has_number_ids:
            base = 1000 * (sum(prefix.encode()) % 89 + 1)
            return str(base * 10 + number)
        odd = {3: prefix.lower(), 5: f"É{prefix}"}.get(number, prefix)
        return f"{odd}-{number}"

    def chance(self, share: float) -> bool:
        """True in that share of the cases."""
        return self.rng.random() < share

    def some(self, *values: Any) -> Any:
        """One of the values."""
        return self.rng.choice(values)

    def any_day(self, first: date | None = None, last: date | None = None) -> date:
        """A day of the range, by default of the company's whole time."""
        first, last = first or self.first, last or self.last
        return first + timedelta(days=self.rng.randint(0, max((last - first).days, 0)))

    def moment(self, on: date) -> datetime:
        """A moment of the UTC day, often on its very edges, never in an ambiguous local hour."""
        edge = self.rng.random()
        if edge < 0.05:
            at = time(0, 0)
        elif edge < 0.1:
            at = time(23, 59, 59, 999999)
        else:
            at = time(self.rng.randint(0, 23), self.rng.randint(0, 59), self.rng.randint(0, 59))
        found = datetime.combine(on, at)
        local = found.replace(tzinfo=UTC).astimezone(self.zone)
        is_ambiguous = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
        return datetime.combine(on, time(12, 0)) if is_ambiguous else found

    def after(self, moment: datetime, days: int) -> datetime:
        """A moment up to so many days later."""
        return self.moment(moment.date() + timedelta(days=self.rng.randint(0, days)))

    def add(self, table: str, **values: Any) -> Row:
        """Adds a row, unless it lies outside of the time in which its feed delivers.

        The returned row is the stored one: changing it changes the company.
        """
        row = dict(values)
        first, last = self.feeds.get(table, (date.min, date.max))
        dated_by = TABLES[table].dated_by
        if dated_by is None or first <= as_date(row[dated_by]) <= last:
            self.rows[table].append(row)
        return row


def as_date(value: date | datetime) -> date:
    """The date of a date or moment."""
    return value.date() if isinstance(value, datetime) else value


def days_later(on: date, days: int) -> date:
    """The date so many days later (earlier when negative)."""
    return on + timedelta(days=days)


# ---- accounts and what hangs on them


def _add_account(maker: Maker, customer_since: str) -> Row:
    rng = maker.rng
    created = days_later(maker.last, -maker.some(900, 500, 200, 130, 91, 89, 60, 29, 5, -10))
    since = None
    if customer_since == "all" or (customer_since == "some" and maker.chance(0.7)):
        since = days_later(created, maker.some(0, 0, -40, 3, 30))
    return maker.add(
        "accounts",
        account_id=maker.new_id("A"),
        created_at=maker.moment(created),
        account_name=maker.some("Müller, Söhne & Co", 'The "Inn"', None),
        segment=rng.choice(SEGMENTS),
        customer_since=since,
        industry=maker.some("retail", None),
        region=maker.some("emea", "amer", None),
        csm_owner=maker.some("kim", "lee", None),
        parent_account_id=None,
        is_internal=maker.some(True, False, False, False, None, None, False, False),
    )


def _add_users(maker: Maker, account: Row) -> list[str]:
    created = account["created_at"].date()
    users = []
    for number in range(maker.rng.randint(1, 7)):
        joined = maker.moment(days_later(created, maker.some(0, 0, 0, 10, 100, -3)))
        row = maker.add(
            "users",
            user_id=maker.new_id("U"),
            account_id=account["account_id"],
            created_at=joined,
            email=f"user{number}@example.org",
            role="admin" if number == 0 else maker.some("member", "Admin", None, "owner"),
            title=maker.some("CTO", None),
            is_executive=maker.some(True, False, None),
            deactivated_at=maker.after(joined, 400) if maker.chance(0.2) else None,
        )
        users.append(row["user_id"])
    return users


def _add_contract(maker: Maker, account: Row, start: date, end: date | None, **more: Any) -> Row:
    return maker.add(
        "contracts",
        **{
            "contract_id": maker.new_id("C"),
            "account_id": account["account_id"],
            "start_date": start,
            "end_date": end,
            "seats": maker.some(5.0, 10.0, 3.0, 10.0, 12.5, 0.0, None),
            "annual_value": maker.some(12000.0, 1000.0, 999.99, 5000.5, 0.0, None),
            "plan": maker.some("pro", "basic", None),
            "currency": "EUR",
            "cancelled_at": None,
            **more,
        },
    )


def _add_contracts(maker: Maker, account: Row) -> None:
    pattern = maker.some("none", "chain", "chain", "chain", "open", "overlap", "cancelled", "late")
    begin = as_date(account["customer_since"] or account["created_at"])
    if pattern == "open":
        end = maker.some(None, date(9999, 12, 31), date(9999, 1, 1))
        _add_contract(maker, account, begin, end)
    elif pattern == "overlap":
        _add_contract(maker, account, begin, days_later(begin, 800))
        _add_contract(maker, account, maker.any_day(), None)
    elif pattern == "cancelled":
        start = maker.some(begin, maker.any_day())
        cancelled = maker.moment(days_later(start, maker.some(-5, 0, 1, 40, 100, 364, 366, 380)))
        _add_contract(maker, account, start, days_later(start, 364), cancelled_at=cancelled)
        if maker.chance(0.5):
            _add_contract(
                maker, account, days_later(cancelled.date(), maker.some(-29, 0, 30)), None
            )
    elif pattern == "late":
        # a term that ran out inside the scored time, its successor late, missing or of one day
        start, end = begin, maker.any_day(days_later(maker.last, -110), maker.last)
        if start > end:
            return
        _add_contract(maker, account, start, end)
        successor = days_later(end, maker.some(2, 29, 30, 31, 32, 45, -29, -30, -31))
        if maker.chance(0.7):
            _add_contract(maker, account, successor, maker.some(successor, None))
    elif pattern == "chain":
        start, length = begin, maker.some(90, 180, 365)
        while start <= maker.last:
            end = days_later(start, length - 1)
            _add_contract(maker, account, start, end)
            start = days_later(end, maker.some(1, 1, 1, 2, -5, 10, 30, 31, 32, 50))


def _add_lifecycle(maker: Maker, account: Row) -> None:
    def churn(on: date, back: date | None) -> None:
        key = account["account_id"]
        if not any(
            (r["account_id"], r["churned_on"]) == (key, on) for r in maker.rows["churn_events"]
        ):
            reason = maker.some("price", None)
            maker.add(
                "churn_events", account_id=key, churned_on=on, reactivated_on=back, reason=reason
            )

    start = as_date(account["customer_since"] or account["created_at"])
    pattern = maker.some(*["none"] * 7, "gone", "back", "same_day", "twice", "before_start")
    on = maker.any_day(days_later(maker.last, -100), maker.last)
    if pattern == "gone":
        churn(on, None)
    elif pattern == "back":
        churn(on, days_later(on, maker.some(1, 10, 40, 95)))
    elif pattern == "same_day":
        churn(on, on)
    elif pattern == "twice":
        back = days_later(on, maker.some(5, 20))
        churn(on, back)
        churn(days_later(back, maker.some(0, 1, 20)), maker.some(None, days_later(back, 30)))
    elif pattern == "before_start":
        churn(
            days_later(start, -20), maker.some(None, days_later(start, 50), days_later(start, -5))
        )


def _add_features(maker: Maker) -> list[str]:
    released = [None, None, maker.first, days_later(maker.last, -45), days_later(maker.last, 20)]
    for day in released + [None]:
        maker.add(
            "features",
            feature_id=maker.new_id("F"),
            feature_name=maker.some("Reports", None),
            is_core=maker.some(True, None, True, False),
            released_at=None if day is None else maker.moment(day),
        )
    return [row["feature_id"] for row in maker.rows["features"]]


# ---- what happens


def _event(maker: Maker, account_id: str, on: date, name: str, **more: Any) -> None:
    at = maker.moment(on)
    maker.add(
        "usage_events",
        **{
            "event_id": maker.new_id("E"),
            "account_id": account_id,
            "event_name": name,
            "occurred_at": at,
            "user_id": None,
            "feature_id": None,
            "event_count": None,
            "loaded_at": maker.after(at, 3) if maker.chance(0.5) else None,
            **more,
        },
    )


def _add_usage(
    maker: Maker, account: Row, users: list[str], strangers: list[str], features: list[str]
) -> None:
    start = as_date(account["customer_since"] or account["created_at"])
    busy, fades = maker.some(0.02, 0.3, 0.6, 0.6), maker.some(1.0, 1.0, 0.4, 2.0)
    turn = maker.any_day()
    for days in range((maker.last - maker.first).days + 1):
        on = days_later(maker.first, days)
        if on < days_later(start, -2) or not maker.chance(busy * (fades if on > turn else 1.0)):
            continue
        for _ in range(maker.some(1, 1, 2)):
            kind = maker.some("login", "login", "login", "feature", "feature", "export")
            user = maker.some(*users, *users, None, *strangers)
            feature = maker.some(*features, None) if kind == "feature" else None
            count = maker.some(None, 1.0, 1.0, 2.0, 3.0, 0.5, 0.0)
            _event(
                maker, account["account_id"], on, kind,
                user_id=user, feature_id=feature, event_count=count,
            )  # fmt: skip


def _ticket(maker: Maker, account_id: str, on: date, **more: Any) -> Row:
    at = maker.moment(on)
    return maker.add(
        "tickets",
        **{
            "ticket_id": maker.new_id("T"),
            "account_id": account_id,
            "created_at": at,
            "requester_user_id": None,
            "channel": maker.some("email", "web", None),
            "subject": maker.some(*SUBJECTS, None, None, None),
            "intent": maker.some(*INTENTS, None, None, None, None),
            "issue_type": maker.some(*ISSUE_TYPES, None, None, None),
            "priority": None,
            "solved_at": maker.after(at, 20) if maker.chance(0.7) else None,
            "escalated_at": maker.some(None, None, None, maker.after(at, 10)),
            "is_escalated": maker.some(None, None, False, True),
            "reopened_at": maker.after(at, 40) if maker.chance(0.1) else None,
            "agent_reply_count": maker.some(0.0, 1.0, 1.0, 2.0, 5.0, None),
            "loaded_at": maker.after(at, 3) if maker.chance(0.5) else None,
            **more,
        },
    )


def _conversation(maker: Maker, account_id: str, at: datetime, **more: Any) -> Row:
    return maker.add(
        "conversations",
        **{
            "conversation_id": maker.new_id(maker.some("T", "V")),
            "account_id": account_id,
            "started_at": at,
            "channel": maker.some("voice", "chat", "email", None),
            "ticket_id": None,
            "intent": maker.some(*INTENTS, None, None, None),
            "sentiment": maker.some(-1.0, -0.6, -0.25, 0.0, 0.3, 0.6, 1.0, None),
            "is_escalated": maker.some(None, False, False, True),
            "resolution_outcome": maker.some("resolved", "resolved", "Abandoned", None, None),
            "loaded_at": maker.after(at, 3) if maker.chance(0.5) else None,
            **more,
        },
    )


def _add_support(maker: Maker, account: Row, users: list[str], foreign: list[str]) -> list[str]:
    key, tickets = account["account_id"], []
    contacts = maker.some(0, 1, 5, 12, 25)
    for _ in range(contacts):
        row = _ticket(maker, key, maker.any_day(), requester_user_id=maker.some(*users, None))
        tickets.append(row["ticket_id"])
        for _ in range(maker.some(0, 0, 1, 2)):
            # some start before their ticket exists, some long after
            at = maker.moment(days_later(row["created_at"].date(), maker.some(-4, -1, 0, 0, 2, 60)))
            _conversation(maker, key, at, ticket_id=row["ticket_id"])
        if maker.chance(0.15):
            # of equal time and id the conversation is the earlier contact
            topic = row["issue_type"] or row["intent"]
            twin = {"conversation_id": row["ticket_id"], "intent": topic}
            _conversation(maker, key, row["created_at"], **twin)
    for _ in range(contacts // 2):
        ticket = maker.some(None, None, "77701" if maker.has_number_ids else "T-gone", *foreign[:2])
        at = maker.moment(maker.any_day())
        row = _conversation(maker, key, at, ticket_id=ticket)
        if maker.chance(0.2):
            _conversation(maker, key, at, intent=row["intent"])
    return tickets


def _answer(maker: Maker, account_id: str, at: datetime, kind: str, **more: Any) -> None:
    score = maker.rng.randint(1, 5) if kind == "csat" else maker.rng.randint(0, 10)
    maker.add(
        "survey_responses",
        **{
            "response_id": maker.new_id("R"),
            "account_id": account_id,
            "survey_type": kind,
            "score": maker.some(float(score), float(score), 4.5),
            "responded_at": at,
            "user_id": None,
            "ticket_id": None,
            "loaded_at": None,
            **more,
        },
    )


def _add_answers(maker: Maker, account: Row, users: list[str]) -> None:
    for _ in range(maker.some(0, 2, 6, 10)):
        at = maker.moment(maker.any_day())
        for _ in range(maker.some(1, 1, 1, 2)):
            kind = maker.some("csat", "nps", "nps", "CSAT", "ces")
            _answer(
                maker, account["account_id"], at, kind.lower(), user_id=maker.some(*users, None)
            )


def _add_touchpoints(maker: Maker, account: Row) -> None:
    for _ in range(maker.some(0, 1, 4, 10)):
        maker.add(
            "touchpoints",
            touchpoint_id=maker.new_id("P"),
            account_id=account["account_id"],
            occurred_at=maker.moment(maker.any_day(days_later(maker.first, -30))),
            touchpoint_type=maker.some("call", "qbr", None),
            csm_owner=maker.some("kim", None),
            includes_executive=maker.some(True, False, None),
        )


def _invoice(maker: Maker, account_id: str, issued_on: date, **more: Any) -> None:
    due_on = maker.some(None, days_later(issued_on, 14), days_later(issued_on, -2))
    shown_due = due_on or days_later(issued_on, 30)
    late = maker.some(-10, -1, 0, 0, 0, 1, 7, 8, 60)
    maker.add(
        "invoices",
        **{
            "invoice_id": maker.new_id("I"),
            "account_id": account_id,
            "amount": maker.some(100.0, 300.0, 100.0, 99.95, 0.0, -100.0, -25.0),
            "issued_on": issued_on,
            "due_on": due_on,
            "paid_on": days_later(shown_due, late) if maker.chance(0.75) else None,
            "voided_on": days_later(issued_on, 20) if maker.chance(0.08) else None,
            "currency": maker.some("EUR", "EUR", None),
            **more,
        },
    )


def _add_invoices(maker: Maker, account: Row) -> None:
    issued = days_later(maker.last, -maker.some(460, 200, 100))
    step = maker.some(10, 30, 30, 90)
    if maker.chance(0.8):
        while issued <= maker.last:
            _invoice(maker, account["account_id"], issued)
            issued = days_later(issued, step)


def _add_external_scores(maker: Maker, account: Row) -> None:
    for back in (100, 60, 30):
        maker.add(
            "external_scores",
            account_id=account["account_id"],
            scored_on=days_later(maker.last, -back),
            system="old_tool",
            score=float(maker.rng.randint(0, 100)),
        )


def _add_exact_account(maker: Maker, offset: int) -> None:
    """An account whose rates hit the bounds of the default seeds exactly on one day."""
    on = days_later(maker.last, -offset)
    row = _add_account(maker, "none")
    row |= {"created_at": maker.moment(days_later(on, -400)), "is_internal": False}
    key = row["account_id"]
    admin = maker.add(
        "users", user_id=maker.new_id("U"), account_id=key, created_at=row["created_at"],
        email=None, role="admin", title=None, is_executive=None, deactivated_at=None,
    )["user_id"]  # fmt: skip
    _add_contract(maker, row, days_later(on, -400), None, seats=10.0)
    # recent 24, earlier 60: a usage trend of 0.8; admin logins 6 after 10: a change of -0.4
    for back, count in [(29, 6.0), (30, 10.0)]:
        _event(maker, key, days_later(on, -back), "login", user_id=admin, event_count=count)
    for back, count in [(0, 18.0), (89, 50.0)]:
        _event(maker, key, days_later(on, -back), "export", event_count=count)
    # 3 recent contacts after 8: a trend of 0.8
    for number in range(11):
        back = number * 9 if number < 3 else 31 + number * 5
        _ticket(
            maker, key, days_later(on, -back), intent="billing", issue_type=None, subject=None,
            escalated_at=None, is_escalated=number in (1, 5, 9), agent_reply_count=1.0,
        )  # fmt: skip
    for score in [4.0, 4.0, 4.0, 4.0, 5.0]:
        _answer(maker, key, maker.moment(days_later(on, -89)), "csat", score=score)
    for amount, paid in [(300.0, 0), (100.0, None)]:
        due = days_later(on, -8)
        _invoice(
            maker, key, days_later(on, -40), amount=amount, due_on=due, voided_on=None,
            paid_on=None if paid is None else due,
        )  # fmt: skip


# ---- dirt


def _copy(row: Row, table: Table, maker: Maker, **more: Any) -> Row:
    """A copy of a row under a fresh key, so that it supersedes nothing."""
    fresh = dict(row)
    if len(table.key) == 1:
        fresh[table.key[0]] = maker.new_id("X")
    return fresh | more


def _bad_copies(table: Table, row: Row, maker: Maker) -> list[Row]:
    """Rows of a table to be rejected, one for each reason that it can have."""
    found = [_copy(row, table, maker) | {table.key[0]: maker.some(None, Dirt(" "))}]
    for column in table.columns:
        if column.is_required and maker.chance(0.5):
            found.append(_copy(row, table, maker, **{column.name: None}))
            bad = {"number": "1_000", "timestamp": "2025-1-5", "date": "31.01.2025"}
            if column.kind in bad:
                found.append(_copy(row, table, maker, **{column.name: Dirt(bad[column.kind])}))
    if table.has_account:
        unknown = "99999999" if maker.has_number_ids else "nobody"
        found.append(_copy(row, table, maker, account_id=unknown))
    return found


def _bad_values(table: Table, row: Row, maker: Maker) -> list[Row]:
    """Rows with an optional value that cannot be read or is out of range."""
    bad = {
        "number": ["nan", "12,5", "1e999", "-0.5", "7", "-3"],
        "boolean": ["maybe", "2"],
        "timestamp": ["2025-02-30 10:00:00", "infinity", "2025-01-05 24:00"],
        "date": ["epoch", "2025-13-01"],
    }
    not_a_number = Dirt("nan") if maker.chance(0.5) else float("nan")

    def value(kind: str) -> Any:
        is_typed = kind == "number" and maker.chance(0.3)
        return not_a_number if is_typed else Dirt(maker.some(*bad[kind]))

    return [
        _copy(row, table, maker, **{column.name: value(column.kind)})
        for column in table.columns
        if not column.is_key and not column.is_required and column.kind in bad
        if maker.chance(0.6)
    ]


def _special_rows(table: Table, row: Row, maker: Maker) -> list[Row]:
    if table.name == "contracts":
        start = row["start_date"]
        return [_copy(row, table, maker, end_date=days_later(start, n)) for n in (-1, 0)]
    if table.name == "churn_events":
        on = days_later(row["churned_on"], -300)
        return [row | {"churned_on": on, "reactivated_on": days_later(on, -1)}]
    if table.name == "survey_responses":
        pairs = [("csat", 0.0), ("csat", 5.5), ("nps", 11.0), ("nps", -1.0)]
        return [_copy(row, table, maker, survey_type=t, score=s) for t, s in pairs]
    return []


def _versions(table: Table, row: Row, maker: Maker) -> list[Row]:
    """Further rows with the key of a row: older, newer, equal, identical, or newer and broken."""
    at = maker.moment(maker.last)
    donor = maker.rng.choice(maker.rows[table.name])
    optional = [c.name for c in table.columns if not c.is_key and not c.is_required]
    other = {name: donor.get(name) for name in maker.rng.sample(optional, len(optional) // 2)}
    stamp = maker.some(None, row.get("loaded_at"), at, maker.after(at, 3))
    found = [row | other | {"loaded_at": stamp}]
    if maker.chance(0.4):
        found.append(dict(row))
    if maker.chance(0.3) and table.dated_by is not None:
        broken = {table.dated_by: Dirt("soon"), "loaded_at": maker.after(at, 9)}
        found.append(row | broken)
    return found


def _add_dirt(maker: Maker) -> None:
    for table in TABLES.values():
        clean = list(maker.rows[table.name])
        if not clean or maker.chance(0.2):
            continue
        pick = maker.rng.choice
        dirt = [row for _ in range(3) for row in _versions(table, pick(clean), maker)]
        dirt += _bad_copies(table, pick(clean), maker) + _special_rows(table, pick(clean), maker)
        maker.rows[table.name] += dirt + _bad_values(table, pick(clean), maker)


# ---- writing


@dataclass(frozen=True)
class Writer:
    """How values are written: the zone of times without offset, the declared formats."""

    rng: random.Random
    zone: ZoneInfo
    date_formats: Mapping[str, str]

    def local(self, moment: datetime) -> datetime:
        """The wall-clock time of a moment in the source's zone."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def _time_text(self, moment: datetime) -> str:
        style = self.rng.random()
        if moment.time() == time(0, 0) and style < 0.5:
            return moment.date().isoformat()
        if style < 0.6:
            return self._clock_text(self.local(moment))
        if style < 0.8:
            return self._clock_text(moment) + "Z"
        hours = self.rng.choice([2, -5])
        offset = "+02:00" if hours == 2 else self.rng.choice(["-05", "-0500"])
        return self._clock_text(moment + timedelta(hours=hours)) + offset

    def _clock_text(self, moment: datetime) -> str:
        """Date and time; no seconds where there are none, or more digits than are kept."""
        separator = self.rng.choice(" T")
        if moment.microsecond:
            return moment.isoformat(sep=separator) + self.rng.choice(["", "9", "999"])
        spec = "seconds" if moment.second or self.rng.random() < 0.5 else "minutes"
        return moment.isoformat(sep=separator, timespec=spec)

    def _number_text(self, number: float) -> str:
        if math.isfinite(number) and number == int(number):
            whole = int(number)
            return self.rng.choice([f"{whole}", f"{whole}.", f"{whole}.0", f"{whole}e0"])
        return repr(number)

    def text(self, table: str, column: Column, value: Any) -> str:
        """A value as text, in one of the ways in which sources write it."""
        if isinstance(value, Dirt):
            return value.text
        if value is None:
            return self.rng.choice(BLANK_TEXTS)
        declared = self.date_formats.get(f"{table}.{column.name}")
        if isinstance(value, bool):
            yes, no = self.rng.choice([("true", "false"), ("T", "f"), ("Yes", "NO"), ("1", "0")])
            written = yes if value else no
        elif isinstance(value, datetime):
            local = self.local(value)
            written = local.strftime(declared) if declared else self._time_text(value)
        elif isinstance(value, date):
            clock = self.rng.choice(["", "", "", "T23:30:00Z", " 00:15:00+02:00"])
            written = value.strftime(declared) if declared else value.isoformat() + clock
        elif isinstance(value, float):
            written = self._number_text(value)
        else:
            is_shouted = column.kind == "code" and self.rng.random() < 0.1
            written = value.upper() if is_shouted and value.isascii() else value
        return f" {written}\t" if self.rng.random() < 0.05 else written

    def typed(self, value: Any, kind: pa.DataType) -> Any:
        """A value for a typed Parquet column."""
        if value is None:
            return None
        if pa.types.is_timestamp(kind):
            return value.replace(tzinfo=UTC) if kind.tz else self.local(value)
        if pa.types.is_decimal(kind):
            return Decimal(str(value)).quantize(Decimal("0.01"))
        if pa.types.is_integer(kind):
            return int(value)
        return float(value) if pa.types.is_floating(kind) else value


def _arrow_type(column: Column, values: list[Any], rng: random.Random) -> pa.DataType:
    """A type that holds the column's values, text where nothing else does."""
    stated = [value for value in values if value is not None]
    if any(isinstance(value, Dirt) for value in stated):
        return pa.string()
    if column.kind == "timestamp":
        return rng.choice([pa.timestamp("us"), pa.timestamp("us", tz="UTC"), pa.string()])
    if column.kind == "date":
        return rng.choice([pa.date32(), pa.string()])
    if column.kind == "boolean":
        return rng.choice([pa.bool_(), pa.int64(), pa.string()])
    if column.kind == "number":
        cents = [value for value in stated if round(value, 2) != value]
        return rng.choice([pa.float64(), pa.string() if cents else pa.decimal128(14, 2)])
    is_number = bool(stated) and all(str(value).isdigit() for value in stated)
    if column.name.endswith("_id") and is_number:
        return rng.choice([pa.int64(), pa.float64(), pa.string()])
    return pa.string()


def _arrow_table(table: str, columns: Sequence[Column], schema: pa.Schema, rows: Sequence[Row],
                 writer: Writer) -> pa.Table:  # fmt: skip
    arrays = []
    for column, kind in zip(columns, schema.types, strict=True):
        values = [row.get(column.name) for row in rows]
        if pa.types.is_string(kind):
            cells = [
                None if value is None and writer.rng.random() < 0.7
                else writer.text(table, column, value)
                for value in values
            ]  # fmt: skip
        else:
            cells = [writer.typed(value, kind) for value in values]
        arrays.append(pa.array(cells, kind))
    return pa.Table.from_arrays(arrays, schema=schema)


def _write_csv(path: Path, table: Table, columns: Sequence[Column], rows: Sequence[Row],
               writer: Writer) -> None:  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines)
        out.writerow([column.name for column in columns])
        for row in rows:
            out.writerow([writer.text(table.name, c, row.get(c.name)) for c in columns])


def _write_table(
    raw: Path, table: Table, columns: list[Column], rows: list[Row], writer: Writer, form: str
) -> None:
    if form == "csv":
        _write_csv(raw / f"{table.name}.csv", table, columns, rows, writer)
        return
    kinds = [
        pa.string()
        if form == "parquet_text"
        else _arrow_type(column, [row.get(column.name) for row in rows], writer.rng)
        for column in columns
    ]
    schema = pa.schema([(c.name, kind) for c, kind in zip(columns, kinds, strict=True)])
    if form == "parquet_folder" and len(rows) > 3:
        (raw / table.name).mkdir()
        half = len(rows) // 2
        for number, part in enumerate([rows[:half], rows[half:]]):
            arrow = _arrow_table(table.name, columns, schema, part, writer)
            pq.write_table(arrow, raw / table.name / f"part_{number}.parquet")
    else:
        arrow = _arrow_table(table.name, columns, schema, rows, writer)
        pq.write_table(arrow, raw / f"{table.name}.parquet")


def _columns(table: Table, rng: random.Random) -> list[Column]:
    """The columns that the source delivers, in an order of its own."""
    kept = [
        column
        for column in table.columns
        if column.is_key or column.is_required or rng.random() > 0.08
    ]
    if rng.random() < 0.3:
        rng.shuffle(kept)
    return kept


# ---- seeds


def _override_rows(maker: Maker) -> list[dict[str, str]]:
    rows = []
    accounts = sorted({row["account_id"] for row in maker.rows["accounts"][:6]})
    for account_id in accounts[:2]:
        starts = maker.any_day(days_later(maker.last, -80), maker.last)
        rows.append(
            {
                "score_model": maker.some("composite", "support_view"),
                "account_id": account_id,
                "band": maker.some("red", "green"),
                "reason": "They told us, on the phone",
                "author": "kim",
                "starts_on": starts.isoformat(),
                "expires_on": days_later(starts, maker.some(0, 10, 40)).isoformat(),
            }
        )
    return rows


def _freshness_rows(maker: Maker) -> list[dict[str, str]]:
    """Rows of source_freshness that replace those of the same stream."""
    ended_on = days_later(maker.last, -maker.some(0, 1, 20, 45)).isoformat()
    stream = maker.some(
        "tickets", "conversations", "usage_events", "payments", "contact_topics", "logins"
    )
    rows = [{"stream": stream, "stale_after_days": "4", "ended_on": ended_on}]
    rows.append({"stream": "touchpoints", "stale_after_days": "30", "ended_on": ""})
    rows.append({"stream": "sentiments", "stale_after_days": "", "ended_on": ""})
    return maker.some(rows, rows[1:], [])


def _append(seeds: Path, name: str, rows: list[dict[str, str]], key: str | None = None) -> None:
    """Adds rows to a seed file; rows of the file with the same `key` give way."""
    path = seeds / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        columns = list(reader.fieldnames or ())
        old = list(reader)
    new_keys = {row[key] for row in rows} if key else set()
    kept = [row for row in old if key is None or row[key] not in new_keys]
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(kept + rows)


def _weights(model: str, segment: str, rows: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    names = ["score_model", "segment", "score_group", "signal_id", "weight"]
    return [dict(zip(names, (model, segment, *row), strict=True)) for row in rows]


def _thresholds(model: str, segment: str, bands: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"score_model": model, "segment": segment, "band": band, "band_label": band.title(),
         "min_score": bound}
        for band, bound in bands
    ]  # fmt: skip


def _vary_seeds(seeds: Path) -> None:
    """Weights and bands of one segment's own, a third model, and rules with other operators."""
    own = [
        ("usage", "login_frequency", "20"), ("usage", "usage_trend_ratio", "12.5"),
        ("support", "csat_average", "30"), ("support", "escalation_rate", "17.5"),
        ("money", "overdue_share", "10"), ("money", "renewal_rate", "10"),
    ]  # fmt: skip
    _append(seeds, "score_weights", _weights("composite", "enterprise", own))
    # the optional signals, which the shipped seed leaves out
    _append(
        seeds,
        "signals",
        [
            {"signal_id": name, "bucket": "financial", "label": name, "reads": "invoices",
             "needs_days": days, "normalization": "linear", "worst_value": worst,
             "best_value": best}
            for name, days, worst, best in (
                ("days_since_invoice", "", "90", "0"), ("invoice_count", "60", "1", "12"),
            )
        ],
    )  # fmt: skip
    bands = [("green", "70"), ("yellow", "50.5"), ("red", "20"), ("critical", "0")]
    _append(seeds, "score_thresholds", _thresholds("composite", "enterprise", bands))
    model = {"score_model": "trial", "label": "Trial", "min_coverage": "0.5",
             "min_model_coverage": "0", "min_tenure_days": "0", "is_default": "false",
             "is_published": "false"}  # fmt: skip
    _append(seeds, "score_models", [model])
    trial = [("a", "contact_rate", "40"), ("a", "days_since_touchpoint", "20"),
             ("b", "seat_utilization_rate", "20"), ("b", "days_since_invoice", "10"),
             ("b", "invoice_count", "10")]  # fmt: skip
    _append(seeds, "score_weights", _weights("trial", "*", trial))
    bands = [("green", "60"), ("yellow", "30"), ("red", "0")]
    _append(seeds, "score_thresholds", _thresholds("trial", "*", bands))
    rules = [("perfect", "csat_average", "=", "4.2", "red"),
             ("much_contact", "contact_rate", ">", "0.5", "yellow"),
             ("feeling", "sentiment_change", "<", "0", "red")]  # fmt: skip
    names = ["rule_id", "signal_id", "operator", "value", "best_band"]
    _append(
        seeds,
        "band_rules",
        [
            dict(zip(names, rule, strict=True)) | {"score_model": m, "only_when_silent": "false"}
            for rule in rules
            for m in ("trial", "composite")
        ],
    )


def _write_seeds(
    source: Path, seeds: Path, overrides: list[dict[str, str]], freshness: list[dict[str, str]],
    is_varied: bool,
) -> None:  # fmt: skip
    shutil.rmtree(seeds, ignore_errors=True)
    shutil.copytree(source, seeds)
    if is_varied:
        _vary_seeds(seeds)
    _append(seeds, "manual_overrides", overrides)
    _append(seeds, "source_freshness", freshness, key="stream")


# ---- the world


def _feeds(maker: Maker) -> dict[str, tuple[date, date]]:
    """When each feed delivers: some begin late (young), some stop early (stale)."""
    feeds = {}
    for table in ("usage_events", "tickets", "conversations", "survey_responses", "touchpoints"):
        first, last = date.min, date.max
        if maker.chance(0.15):
            first = days_later(maker.last, -maker.some(100, 89, 60, 20))
        if maker.chance(0.1):
            last = days_later(maker.last, -maker.some(4, 5, 22, 50))
        feeds[table] = (first, last)
    return feeds


def _fill(maker: Maker, accounts: int) -> None:
    customer_since = maker.some("none", "none", "all", "some")
    features = _add_features(maker)
    users: list[str] = []
    tickets: list[str] = []
    ghost = "88801" if maker.has_number_ids else "U-ghost"
    for _ in range(accounts):
        account = _add_account(maker, customer_since)
        own_users = _add_users(maker, account)
        _add_contracts(maker, account)
        _add_lifecycle(maker, account)
        _add_usage(maker, account, own_users, [*users[:1], ghost], features)
        tickets = _add_support(maker, account, own_users, tickets) + tickets
        _add_answers(maker, account, own_users)
        _add_touchpoints(maker, account)
        _add_invoices(maker, account)
        _add_external_scores(maker, account)
        users = own_users + users
    for offset in (0, 17):
        _add_exact_account(maker, offset)


def _vars(maker: Maker) -> dict[str, Any]:
    found: dict[str, Any] = {"source_timezone": maker.zone.key}
    choices: dict[str, Callable[[], Any]] = {
        "contract_end_is_inclusive": lambda: maker.some(True, False),
        "overdue_grace_days": lambda: maker.some(0, 7, 14),
        "payment_terms_days": lambda: maker.some(14, 30),
        "renewal_grace_days": lambda: maker.some(0, 10, 30, 45),
        "date_formats": lambda: maker.some(
            {"invoices.issued_on": "%d/%m/%Y", "tickets.created_at": "%d.%m.%Y %H:%M:%S"},
            {"contracts.end_date": "%m/%d/%Y", "accounts.created_at": "%Y%m%d %H:%M:%S"},
        ),
    }
    for name, choose in choices.items():
        if maker.chance(0.4):
            found[name] = choose()
    return found


def _write_raw(maker: Maker, raw: Path, variables: dict[str, Any]) -> list[str]:
    """Writes the files; some tables are not delivered, or named in `absent_sources`."""
    writer = Writer(maker.rng, maker.zone, variables.get("date_formats", {}))
    traits, absent = [], []
    for table in TABLES.values():
        rows = maker.rows[table.name]
        maker.rng.shuffle(rows)
        fate = maker.rng.random() if table.name != "accounts" else 1.0
        form = maker.some("csv", "csv", "parquet_text", "parquet", "parquet", "parquet_folder")
        if fate < 0.06:
            traits.append(f"no {table.name}")
            continue
        if fate < 0.1:
            absent.append(table.name)
        elif fate < 0.12:
            rows = []
        traits.append(f"{table.name}: {form}, {len(rows)} rows")
        _write_table(raw, table, _columns(table, maker.rng), rows, writer, form)
    if absent:
        variables["absent_sources"] = absent
    return traits


def make_world(
    seed: int,
    out: Path,
    *,
    accounts: int = 20,
    days: int = 200,
    end: date = date(2025, 6, 30),
    scored_days: int = 120,
    with_seeds: bool = True,
    seeds_from: Path = PROJECT_SEEDS,
) -> WorldSpec:
    """Writes the raw files of a small odd company to `out/raw`, the same for the same arguments.

    Args:
        seed: what makes this company different from others.
        out: folder to write to; its `raw` and `seeds` are replaced.
        accounts: number of accounts, before two made to hit bounds exactly and before dirt.
        days: length of the company's activity, which ends on `end`.
        scored_days: number of suggested as-of dates, the last one is `end`.
        with_seeds: also write a full seeds folder, with this world's overrides, to `out/seeds`.
        seeds_from: the seeds folder to copy.
    """
    rng = random.Random(seed)
    zone = ZoneInfo(rng.choice(ZONES))
    maker = Maker(rng, days_later(end, -days), end, zone, has_number_ids=rng.random() < 0.3)
    maker.feeds = _feeds(maker)
    _fill(maker, accounts)
    variables = _vars(maker)
    overrides, freshness = _override_rows(maker), _freshness_rows(maker)
    if rng.random() < 0.75:
        _add_dirt(maker)
    raw, seeds = out / "raw", out / "seeds"
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir(parents=True)
    traits = _write_raw(maker, raw, variables)
    is_varied = rng.random() < 0.5
    if with_seeds:
        _write_seeds(seeds_from, seeds, overrides, freshness, is_varied)
    return WorldSpec(
        seed=seed,
        raw=raw,
        seeds=seeds if with_seeds else None,
        vars=variables,
        as_of_dates=[days_later(end, -back) for back in reversed(range(scored_days))],
        override_rows=overrides,
        freshness_rows=freshness,
        traits=tuple(traits),
    )


# ---- the future


def _future_account(maker: Maker, days: int) -> Row:
    row = _add_account(maker, "none")
    row["created_at"] = maker.moment(days_later(maker.first, days))
    row["is_internal"] = False
    return row


def _fill_future(maker: Maker, accepted: Mapping[str, list[Any]]) -> None:
    """Rows of every table dated after the date, also such as reach back in a second column."""
    after = days_later(maker.first, -1)
    old_accounts = sorted(row.account_id for row in accepted["accounts"])[:8]
    known_users = {row.user_id for row in accepted["users"]}
    known_tickets = {row.ticket_id for row in accepted["tickets"]}
    used = sorted({row.user_id for row in accepted["usage_events"]} - known_users - {None})
    named = sorted({row.ticket_id for row in accepted["conversations"]} - known_tickets - {None})
    fresh = [_future_account(maker, number * 3) for number in range(3)]
    fresh[1] |= {"customer_since": days_later(maker.first, 1)}
    keys = old_accounts + [row["account_id"] for row in fresh]
    tickets = []
    for key in keys:
        on = maker.any_day()
        account = {"account_id": key, "created_at": maker.moment(on), "customer_since": None}
        _add_users(maker, account | {"created_at": maker.moment(days_later(maker.first, 3))})
        _add_contract(maker, account, on, maker.some(None, days_later(on, 3)))
        _add_lifecycle_after(maker, key, accepted)
        for _ in range(3):
            _event(maker, key, maker.any_day(), "login", user_id=maker.some(*used, None))
            tickets.append(_ticket(maker, key, maker.any_day(), escalated_at=maker.moment(after)))
            _conversation(maker, key, maker.moment(maker.any_day()))
            _answer(maker, key, maker.moment(maker.any_day()), maker.some("csat", "nps"))
            issued = maker.any_day()
            _invoice(maker, key, issued, due_on=days_later(after, -20), paid_on=after)
        _add_touchpoints(maker, account)
    for user_id in used[:1]:
        # someone who was active before, and is known only now
        maker.rows["users"][0] |= {"user_id": user_id, "role": "admin"}
    for ticket_id in named[:1]:
        owners = [r.account_id for r in accepted["conversations"] if r.ticket_id == ticket_id]
        tickets[0] |= {"ticket_id": ticket_id, "account_id": owners[0]}
    maker.rows["touchpoints"] = [
        row for row in maker.rows["touchpoints"] if row["occurred_at"].date() >= maker.first
    ]
    maker.add(
        "features",
        feature_id=maker.new_id("F"), feature_name="Later", is_core=True,
        released_at=maker.moment(maker.first),
    )  # fmt: skip
    for key in keys:
        maker.add("external_scores", account_id=key, scored_on=maker.any_day(), system="late",
                  score=1.0)  # fmt: skip


def _add_lifecycle_after(maker: Maker, account_id: str, accepted: Mapping[str, list[Any]]) -> None:
    on = maker.any_day()
    taken = {(row.account_id, row.churned_on) for row in accepted["churn_events"]}
    if (account_id, on) not in taken and maker.chance(0.7):
        back = maker.some(None, on, days_later(on, 3))
        maker.add(
            "churn_events", account_id=account_id, churned_on=on, reactivated_on=back, reason=None
        )


def _is_dated(table: Table, names: list[str]) -> bool:
    """Whether the delivered columns tell the rows' date; a feature without one is as old as all."""
    return table.name != "features" or "released_at" in names


def _extend_csv(path: Path, table: Table, rows: list[Row], writer: Writer) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    if not _is_dated(table, header):
        return
    columns = {column.name: column for column in table.columns}
    with path.open("a", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines)
        for row in rows:
            out.writerow([writer.text(table.name, columns[n], row.get(n)) for n in header])


def _extend(raw: Path, table: Table, rows: list[Row], writer: Writer) -> None:
    """Adds rows to a table in the form in which it is delivered; a missing table begins now."""
    single, folder, text = (raw / f"{table.name}{end}" for end in (".parquet", "", ".csv"))
    if text.exists():
        _extend_csv(text, table, rows, writer)
    elif single.exists() or folder.is_dir():
        source = single if single.exists() else min(folder.iterdir())
        schema = pq.read_schema(source)
        if not _is_dated(table, schema.names):
            return
        named = {column.name: column for column in table.columns}
        columns = [named[name] for name in schema.names]
        arrow = _arrow_table(table.name, columns, schema, rows, writer)
        if single.exists():
            pq.write_table(pa.concat_tables([pq.read_table(single), arrow]), single)
        else:
            pq.write_table(arrow, folder / "part_future.parquet")
    else:
        _write_csv(text, table, table.columns, rows, writer)


def add_future_rows(
    raw_in: Path,
    raw_out: Path,
    after: date,
    seed: int,
    *,
    vars: Mapping[str, Any] | None = None,
) -> None:
    """Copies a world and adds rows of every table dated after a date; no old row is corrected.

    Among them are rows that reach back: a ticket escalated before it was created, an invoice due
    and paid before it was issued, a user known only after the first event, a ticket that was named
    by conversations before it came.

    Args:
        raw_in: raw folder to copy, as `make_world` wrote it.
        raw_out: folder to write, replaced.
        after: the last date that must not change.
        seed: what makes these rows different from others.
        vars: the world's vars (their time zone and date formats are used in writing).
    """
    shutil.rmtree(raw_out, ignore_errors=True)
    shutil.copytree(raw_in, raw_out)
    settings = settings_from(vars or {})
    data = read_raw(raw_in, settings)
    accepted = {name: data.rows(name) for name in TABLES}
    has_number_ids = all(row.account_id.isdigit() for row in accepted["accounts"])
    rng = random.Random(seed)
    maker = Maker(rng, days_later(after, 1), days_later(after, 40), settings.zone, has_number_ids)
    # far beyond the ids that the world itself has used
    maker.counters = dict.fromkeys("AUCFETVRPIX", 100_000)
    _fill_future(maker, accepted)
    writer = Writer(rng, settings.zone, settings.date_formats)
    for table in TABLES.values():
        _extend(raw_out, table, maker.rows[table.name], writer)


# ---- a company whose rows somebody else delivers


def make_company(
    seed: int,
    seeds: Path,
    *,
    accounts: int,
    days: int,
    end: date,
    has_dirt: bool = True,
    seeds_from: Path = PROJECT_SEEDS,
) -> tuple[Maker, dict[str, Any]]:
    """Makes the rows of a company, without raw files, and its folder of seed files.

    Every table is delivered, and no feed begins late or ends early.

    Args:
        seed: the same seed and arguments make the same company.
        seeds: folder of seed files to write, replaced.
        accounts: number of accounts, besides two that hit the bounds of the seeds.
        days: days of activity, the last of which is `end`.
        has_dirt: also make rows to be rejected, further versions of rows and odd values.
        seeds_from: the seeds folder to copy.

    Returns:
        The company's maker, which holds the rows, and its vars.
    """
    rng = random.Random(seed)
    zone = ZoneInfo(rng.choice(ZONES))
    maker = Maker(rng, days_later(end, -days), end, zone, has_number_ids=rng.random() < 0.3)
    _fill(maker, accounts)
    variables = _vars(maker)
    overrides = _override_rows(maker)
    if has_dirt:
        _add_dirt(maker)
    _write_seeds(seeds_from, seeds, overrides, [], is_varied=rng.random() < 0.5)
    return maker, variables
