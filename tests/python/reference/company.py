"""The accepted rows arranged by account, so that a date's view of an account is easy to cut out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from reference.lifecycle import Lifecycle, lifecycles
from reference.reading import RawData
from reference.settings import Settings
from reference.terms import Term, terms_of

Row = SimpleNamespace


def day(moment: datetime | None) -> date | None:
    """The UTC date of a moment, null for none."""
    return None if moment is None else moment.date()


class Dated:
    """Rows in order of their event date, to be cut by date."""

    def __init__(self, rows: Iterable[Row], dated_by: Callable[[Row], date]) -> None:
        self.rows = sorted(rows, key=dated_by)
        self.days = [dated_by(row) for row in self.rows]

    def between(self, first: date, last: date) -> list[Row]:
        """The rows dated from `first` to `last`, both included."""
        return self.rows[bisect_left(self.days, first) : bisect_right(self.days, last)]

    def until(self, last: date) -> list[Row]:
        """The rows dated on or before `last`."""
        return self.rows[: bisect_right(self.days, last)]


@dataclass
class Account:
    """One accepted account with all of its accepted rows, past and future."""

    row: Row
    lifecycle: Lifecycle
    terms: list[Term]
    users: list[Row]
    events: Dated
    tickets: Dated
    conversations: Dated
    answers: Dated
    touchpoints: Dated
    invoices: Dated

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.row.account_id


@dataclass
class Company:
    """All accepted rows of a company."""

    data: RawData
    settings: Settings
    accounts: dict[str, Account]

    @cached_property
    def tables(self) -> dict[str, list[Row]]:
        """The accepted rows of each raw table."""
        return {table: self.data.rows(table) for table in self.data.accepted}

    @cached_property
    def users(self) -> dict[str, Row]:
        """The accepted users by id."""
        return {row.user_id: row for row in self.tables["users"]}

    @cached_property
    def first_contract_start(self) -> date | None:
        """The earliest start of any accepted contract, also of one that never covers a day."""
        return min((row.start_date for row in self.tables["contracts"]), default=None)

    def core_features(self, on: date) -> set[str]:
        """The ids of the core features released on or before the date."""
        return {
            row.feature_id
            for row in self.tables["features"]
            if row.is_core and (row.released_at is None or row.released_at.date() <= on)
        }


def _by_account(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(row)
    return found


def company_from(data: RawData, settings: Settings) -> Company:
    """Arranges what was read by account."""
    company = Company(data, settings, {})
    tables = company.tables
    grouped: dict[str, dict[str, list[Row]]] = {
        name: _by_account(rows) for name, rows in tables.items() if name not in ("features",)
    }

    def dated(table: str, account_id: str, column: str) -> Dated:
        def event_date(row: Row) -> Any:
            value = getattr(row, column)
            return value.date() if isinstance(value, datetime) else value

        return Dated(grouped[table].get(account_id, ()), event_date)

    lives = lifecycles(tables["accounts"], tables["churn_events"])
    for row in tables["accounts"]:
        key = row.account_id
        company.accounts[key] = Account(
            row=row,
            lifecycle=lives[key],
            terms=terms_of(grouped["contracts"].get(key, ()), settings),
            users=grouped["users"].get(key, []),
            events=dated("usage_events", key, "occurred_at"),
            tickets=dated("tickets", key, "created_at"),
            conversations=dated("conversations", key, "started_at"),
            answers=dated("survey_responses", key, "responded_at"),
            touchpoints=dated("touchpoints", key, "occurred_at"),
            invoices=dated("invoices", key, "issued_on"),
        )
    return company
