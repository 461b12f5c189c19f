"""When an account starts, when it is in scope, and how long it has been a customer.

Source: scoring page section 2, decision log A4 and A5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

CHURN, REACTIVATION = "churn", "reactivation"


@dataclass(frozen=True)
class Lifecycle:
    """The start of an account and its lifecycle events from then on, in order.

    On one day a churn stands after a reactivation, so the last event is the one that holds.
    `prospect_from` is the first date from which the account is only a prospect, null for never.
    """

    start: date
    is_internal: bool
    prospect_from: date | None
    events: tuple[tuple[date, str], ...]

    def is_in_scope(self, on: date) -> bool:
        """Whether the account is scored on the date."""
        if self.is_internal or self.start > on:
            return False
        if self.prospect_from is not None and on >= self.prospect_from:
            return False
        return not self.is_churned(on)

    def is_churned(self, on: date) -> bool:
        """Whether the latest lifecycle event on or before the date is a churn."""
        past = [kind for happened, kind in self.events if happened <= on]
        return bool(past) and past[-1] == CHURN

    def is_after_churn(self, on: date) -> bool:
        """Whether the date lies after a churn and before the next reactivation."""
        churned = [d for d, kind in self.events if kind == CHURN and d < on]
        if not churned:
            return False
        latest = max(churned)
        churn_days = {d for d, kind in self.events if kind == CHURN}
        # a return on the day of another churn is outranked by it
        returns = {d for d, kind in self.events if kind == REACTIVATION} - churn_days
        return not any(latest < d <= on for d in returns)

    def tenure_days(self, on: date) -> int:
        """Days since the latest of start and reactivation on or before the date."""
        returns = [d for d, kind in self.events if kind == REACTIVATION and d <= on]
        return (on - max([self.start, *returns])).days


def _events(start: date, churns: Iterable[SimpleNamespace]) -> tuple[tuple[date, str], ...]:
    events = []
    for row in churns:
        if row.reactivated_on == row.churned_on:
            continue
        events.append((row.churned_on, CHURN))
        if row.reactivated_on is not None:
            events.append((row.reactivated_on, REACTIVATION))
    from_start = [event for event in events if event[0] >= start]
    return tuple(sorted(from_start, key=lambda event: (event[0], event[1] == CHURN)))


def lifecycles(
    accounts: Iterable[SimpleNamespace], churn_events: Iterable[SimpleNamespace]
) -> dict[str, Lifecycle]:
    """The lifecycle of each account, by account id."""
    accounts = list(accounts)
    churns: dict[str, list[SimpleNamespace]] = defaultdict(list)
    for row in churn_events:
        churns[row.account_id].append(row)
    first_customer = min((a.customer_since for a in accounts if a.customer_since), default=None)
    found = {}
    for account in accounts:
        start = account.customer_since or account.created_at.date()
        found[account.account_id] = Lifecycle(
            start=start,
            is_internal=account.is_internal is True,
            prospect_from=None if account.customer_since else first_customer,
            events=_events(start, churns[account.account_id]),
        )
    return found
