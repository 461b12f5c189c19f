"""What is visible of one account on one date: the input of every signal's definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import SimpleNamespace

from reference.company import Account, Company
from reference.config import Configuration
from reference.contacts import Contact, contacts_on
from reference.terms import Coverage, coverage_on

WINDOW_DAYS, RECENT_DAYS = 90, 30
Row = SimpleNamespace


@dataclass
class View:
    """One account as it stands at the end of one date."""

    company: Company
    seeds: Configuration
    account: Account
    on: date

    def days_ago(self, days: int) -> date:
        """The date that lies so many days before this one."""
        return self.on - timedelta(days=days)

    def is_recent(self, when: date) -> bool:
        """Whether a date of the window lies in its last 30 days."""
        return when > self.days_ago(RECENT_DAYS)

    @cached_property
    def tenure_days(self) -> int:
        """Days since the account started, or came back."""
        return self.account.lifecycle.tenure_days(self.on)

    @cached_property
    def known_days(self) -> int:
        """Days of the window in which the account was a customer, at most 90."""
        return min(WINDOW_DAYS, self.tenure_days + 1)

    @cached_property
    def coverage(self) -> Coverage:
        """What the live terms say."""
        return self.coverage_at(self.on)

    def coverage_at(self, on: date) -> Coverage:
        """What the terms that covered an earlier date said then."""
        grace = self.company.settings.renewal_grace_days
        return coverage_on(self.account.terms, on, grace)

    def arr_at(self, on: date) -> float | None:
        """Annual value on a date; null where no contract of any account had started."""
        first = self.company.first_contract_start
        return None if first is None or first > on else self.coverage_at(on).arr

    @cached_property
    def arr(self) -> float | None:
        """Annual value of the live terms; null where no contract of any account has started."""
        return self.arr_at(self.on)

    @cached_property
    def seats(self) -> float | None:
        """Seats of the live terms, else the number of users there are, null for none."""
        if self.coverage.seats is not None:
            return self.coverage.seats
        present = [
            row
            for row in self.account.users
            if row.created_at.date() <= self.on
            and (row.deactivated_at is None or row.deactivated_at.date() > self.on)
        ]
        return float(len(present)) or None

    @cached_property
    def events(self) -> list[Row]:
        """Usage events of the 90 days."""
        return self.account.events.between(self.days_ago(WINDOW_DAYS - 1), self.on)

    @cached_property
    def logins(self) -> list[Row]:
        """Login events of the 90 days that name a user."""
        return [row for row in self.events if row.event_name == "login" and row.user_id is not None]

    @cached_property
    def all_contacts(self) -> list[Contact]:
        """All contacts by the date, in order."""
        return contacts_on(self.account, self.on)

    @cached_property
    def contacts(self) -> list[Contact]:
        """The contacts of the 90 days, in order."""
        first = self.days_ago(WINDOW_DAYS - 1)
        return [contact for contact in self.all_contacts if contact.date >= first]

    @cached_property
    def conversations(self) -> list[Row]:
        """The conversations of the 90 days, with or without a ticket."""
        return self.account.conversations.between(self.days_ago(WINDOW_DAYS - 1), self.on)

    @cached_property
    def answers(self) -> list[Row]:
        """The survey answers of the 90 days."""
        return self.account.answers.between(self.days_ago(WINDOW_DAYS - 1), self.on)

    @cached_property
    def touchpoints(self) -> list[Row]:
        """The touchpoints of the 90 days."""
        return self.account.touchpoints.between(self.days_ago(WINDOW_DAYS - 1), self.on)

    @cached_property
    def latest_touchpoint(self) -> date | None:
        """The date of the latest touchpoint ever by the date."""
        past = self.account.touchpoints.until(self.on)
        return past[-1].occurred_at.date() if past else None

    @cached_property
    def invoices(self) -> list[Row]:
        """The invoices and credit notes that count on the date: issued and not voided by then."""
        return [
            row
            for row in self.account.invoices.until(self.on)
            if row.voided_on is None or row.voided_on > self.on
        ]

    def is_unpaid(self, invoice: Row) -> bool:
        """Whether the invoice is unpaid on the date."""
        return invoice.paid_on is None or invoice.paid_on > self.on
