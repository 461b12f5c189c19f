"""Contract terms: which cover a date, what they add up to, which were renewed.

Source: scoring page section 2 and the renewal_rate row of section 3, decision log A6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

from reference.settings import Settings

SUCCESSOR_DAYS = timedelta(days=30)
OPEN_ENDED_YEAR = 9999


@dataclass(frozen=True)
class Term:
    """One term that covers at least a day. `end` is its first uncovered day, null: open-ended."""

    contract_id: str
    start: date
    end: date | None
    cancelled_on: date | None
    seats: float | None
    annual_value: float | None
    plan: str | None

    @property
    def actual_end(self) -> date | None:
        """The first day no longer covered, by running out or by cancellation."""
        return min((d for d in (self.end, self.cancelled_on) if d is not None), default=None)


@dataclass(frozen=True)
class Coverage:
    """What the terms that cover a date say of it; `seats` is null where none states them."""

    arr: float
    seats: float | None
    plan: str | None
    renewal_date: date | None
    is_past_due_renewal: bool


def _term(row: SimpleNamespace, settings: Settings) -> Term:
    end = row.end_date
    if end is not None and end.year == OPEN_ENDED_YEAR:
        end = None
    if end is not None and settings.contract_end_is_inclusive:
        end += timedelta(days=1)
    cancelled_on = None if row.cancelled_at is None else row.cancelled_at.date()
    return Term(
        row.contract_id, row.start_date, end, cancelled_on, row.seats, row.annual_value, row.plan
    )


def terms_of(rows: Iterable[SimpleNamespace], settings: Settings) -> list[Term]:
    """The terms of an account that ever cover a day, by id."""
    terms = [_term(row, settings) for row in rows]
    covering = [t for t in terms if t.actual_end is None or t.actual_end > t.start]
    return sorted(covering, key=lambda term: term.contract_id)


def has_successor(terms: list[Term], term: Term, end: date, by: date) -> bool:
    """Whether by the date another, later term starts within 30 days around the end of this one."""
    return any(
        other.contract_id != term.contract_id
        and other.start > term.start
        and end - SUCCESSOR_DAYS <= other.start <= end + SUCCESSOR_DAYS
        and other.start <= by
        for other in terms
    )


def is_in_grace(terms: list[Term], term: Term, on: date, grace_days: int) -> bool:
    """Whether a term that ran out lately still counts, because no other one has followed it."""
    if term.end is None or on < term.end or (on - term.end).days > grace_days:
        return False
    return not has_successor(terms, term, term.end, on)


def covers(terms: list[Term], term: Term, on: date, grace_days: int) -> bool:
    """Whether the term covers the date, days of grace included."""
    if term.start > on or (term.cancelled_on is not None and term.cancelled_on <= on):
        return False
    is_running = term.end is None or on < term.end
    return is_running or is_in_grace(terms, term, on, grace_days)


def coverage_on(terms: list[Term], on: date, grace_days: int) -> Coverage:
    """What the terms of an account add up to on a date."""
    live = [term for term in terms if covers(terms, term, on, grace_days)]
    stated = [term.seats for term in live if term.seats is not None]
    plans = [term for term in live if term.plan is not None]
    newest = max(plans, key=lambda term: (term.start, term.contract_id), default=None)
    return Coverage(
        arr=sum((term.annual_value or 0.0 for term in live), 0.0),
        seats=sum(stated) if stated else None,
        plan=None if newest is None else newest.plan,
        renewal_date=min((term.end for term in live if term.end is not None), default=None),
        is_past_due_renewal=any(term.end is not None and term.end <= on for term in live),
    )


def renewals(terms: list[Term], on: date) -> tuple[int, int]:
    """Of the terms that ended by the date: how many were renewed, how many have an outcome."""
    renewed = known = 0
    for term in terms:
        end = term.actual_end
        if end is None or end > on:
            continue
        is_renewed = has_successor(terms, term, end, on)
        renewed += is_renewed
        known += is_renewed or on - end > SUCCESSOR_DAYS
    return renewed, known
