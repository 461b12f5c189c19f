"""Contract terms and invoices: renewals late and early, expansion, cancellation, who pays when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from .columns import date_texts, dates, ids, pick, stamps, table
from .company import STORIES, STORY_INDEX, Company, account_ids, trait
from .people import People
from .settings import DAY_US, EPOCH, NEVER, Settings, stream

PLANS = ("enterprise", "growth", "starter")
# List price per seat and year, by segment.
PRICES = (1680.0, 1140.0, 720.0)
# Sleepy accounts once bought more seats than they ever used.
SHELFWARE = 1.45


@dataclass
class Term:
    """One contract row; days are day numbers, ``last_day`` is the last day covered."""

    account: int
    start_day: int
    last_day: int
    seats: int | None  # None: an extra without seats of its own
    annual_value: float
    cancelled_day: int = int(NEVER)


def add_months(day: int, months: int) -> int:
    """The same day of the month some months later, the 28th at the latest."""
    start = date.fromordinal(EPOCH.toordinal() + day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return (date(year, month + 1, min(start.day, 28)) - EPOCH).days


class _Book:
    """Writes one account's terms after the other."""

    def __init__(self, settings: Settings, company: Company, people: People) -> None:
        self.rng = stream(settings, "contracts")
        self.settings, self.company, self.people = settings, company, people
        self.terms: list[Term] = []

    def users_at(self, account: int, day: int) -> int:
        """Users there on a day, or two weeks later while a new account still sends invites."""
        low, high = self.people.offset[account], self.people.offset[account + 1]
        day = min(max(day, int(self.company.created_day[account]) + 25), self.settings.last_day)
        everyone = np.arange(low, high)
        return max(int(self.people.here(everyone, np.int64(day)).sum()), 1)

    def seats_for(self, account: int, day: int) -> int:
        """Seats bought for the users of the day, with some room; fewer where people stopped."""
        room = max(self.rng.normal(1.07, 0.09), 0.85)
        room *= SHELFWARE if self.company.story[account] == STORY_INDEX["sleepy"] else 1.0
        severity = float(self.company.severity(np.int64(account), np.int64(day)))
        stopped = STORIES[self.company.story[account]].dropout * severity
        return max(round(self.users_at(account, day) * room * (1 - 0.6 * stopped)), 2)

    def value_of(self, account: int, seats: int, price_factor: float) -> float:
        """Annual value in whole dollars."""
        return float(round(seats * PRICES[self.company.segment[account]] * price_factor))

    def chain(self, account: int, start: int, stop: int, stops_by_cancel: bool) -> None:
        """Terms from ``start`` up to ``stop`` (first day without the customer; NEVER: goes on)."""
        rng, end_of_data = self.rng, self.settings.last_day
        months = 12
        if self.company.segment[account] == 0 and rng.random() < 0.35:
            months = 24
        if rng.random() < 0.03:
            self.open_ended(account, start, stop)
            return
        price = float(np.clip(rng.lognormal(0, 0.16), 0.6, 1.6))
        cursor = start
        while cursor <= end_of_data and cursor < stop:
            ends = add_months(cursor, months)
            if not stops_by_cancel and stop - ends < 120:
                # Who leaves at the end of a term: the last one is cut or stretched to that day.
                ends = stop
            seats = self.seats_for(account, cursor)
            term = Term(account, cursor, ends - 1, seats, self.value_of(account, seats, price))
            self.terms.append(term)
            if stop <= end_of_data and stop < ends:
                term.cancelled_day = stop
            replaced = self.change_inside(term, price, min(stop, end_of_data + 1))
            cursor = replaced or self.next_start(ends, stop)
            price *= 1 + 0.05 * rng.random()

    def open_ended(self, account: int, start: int, stop: int) -> None:
        """A term without an end, cancelled when the customer leaves."""
        seats = self.seats_for(account, start)
        term = Term(account, start, int(NEVER), seats, self.value_of(account, seats, 1.0))
        if stop <= self.settings.last_day:
            term.cancelled_day = stop
        self.terms.append(term)

    def next_start(self, ends: int, stop: int) -> int:
        """Paperwork is sometimes late; never so late that the customer has left meanwhile."""
        draw = self.rng.random()
        late = int(self.rng.integers(3, 26)) if draw < 0.12 else 0
        # One uncovered day: someone took the last day covered for the first one not covered.
        late = 1 if 0.12 <= draw < 0.135 else late
        return ends + late if ends + late + 30 < stop else ends

    def change_inside(self, term: Term, price: float, stop: int) -> int | None:
        """Growth adds seats beside a term; now and then a term is replaced by a bigger one.

        Returns the start of the replacement, or None where the term runs on.
        """
        account, rng = term.account, self.rng
        grows = self.company.story[account] == STORY_INDEX["grow"]
        middle = term.start_day + int(rng.integers(60, 240))
        if middle + 30 >= min(stop, term.last_day):
            return None
        missing = self.users_at(account, middle + 60) - term.seats
        if grows and missing > 0.08 * term.seats:
            seats = max(missing, 1)
            value = self.value_of(account, seats, price)
            extra = Term(account, middle, term.last_day, seats, value, term.cancelled_day)
            self.terms.append(extra)
        elif missing > 0.15 * term.seats and rng.random() < 0.5:
            term.cancelled_day = middle
            return middle
        return None

    def addon_chain(self, account: int, start: int, stop: int) -> None:
        """A small extra without seats, renewed yearly; the first thing that the unhappy drop."""
        rng, price = self.rng, float(self.rng.uniform(0.05, 0.15))
        cursor = start + int(rng.integers(100, 260))
        value = self.value_of(account, self.users_at(account, cursor), price)
        low_point = int(self.company.onset_day[account] + self.company.ramp_days[account])
        quits = min(low_point if rng.random() < 0.6 else int(NEVER), stop)
        while cursor <= self.settings.last_day and cursor < stop:
            ends = add_months(cursor, 12)
            term = Term(account, cursor, ends - 1, None, value)
            if cursor < quits <= self.settings.last_day and quits < ends:
                term.cancelled_day = quits
            self.terms.append(term)
            if term.cancelled_day < NEVER:
                return
            severity = self.company.severity(np.int64(account), np.int64(ends))
            if rng.random() < (0.9 if severity > 0.2 else 0.03):
                return
            cursor = ends

    def account_terms(self, account: int) -> None:
        """All terms of one account, those after a return included."""
        company = self.company
        start, churn = int(company.start_day[account]), int(company.churn_day[account])
        self.chain(account, start, churn, not company.leaves_at_term_end[account])
        if self.rng.random() < 0.35:
            self.addon_chain(account, start, churn)
        back = int(company.reactivation_day[account])
        if back < NEVER:
            self.chain(account, back, int(NEVER), True)


def make_terms(settings: Settings, company: Company, people: People) -> list[Term]:
    """All terms of all paying accounts that start within the data, by start and account."""
    book = _Book(settings, company, people)
    for account in np.flatnonzero(~company.is_internal & ~company.is_prospect).tolist():
        book.account_terms(account)
    kept = [term for term in book.terms if term.start_day <= settings.last_day]
    return sorted(kept, key=lambda term: (term.start_day, term.account))


def contracts_table(company: Company, terms: list[Term]) -> pa.Table:
    """The raw table ``contracts``."""
    account = np.array([term.account for term in terms], dtype=np.int64)
    has_seats = np.array([term.seats is not None for term in terms], dtype=bool)
    cancelled = np.array([term.cancelled_day for term in terms], dtype=np.int64)
    return table(
        "contracts",
        contract_id=ids("CON-", np.arange(len(terms)) + 1, 6),
        account_id=pick(account_ids(company), account),
        start_date=dates(np.array([term.start_day for term in terms], dtype=np.int64)),
        end_date=dates(np.array([term.last_day for term in terms], dtype=np.int64)),
        seats=pa.array([term.seats for term in terms], pa.int64()),
        annual_value=pa.array([term.annual_value for term in terms], pa.float64()),
        plan=pick(PLANS, np.where(has_seats, company.segment[account], -1)),
        currency=pa.array(["USD"] * len(terms), pa.string()),
        cancelled_at=stamps(np.where(cancelled < NEVER, cancelled * DAY_US + 43_200_000_000, -1)),
    )


@dataclass
class _Invoices:
    """Invoice facts before payment: account, issue day, amount; arrays of one length."""

    account: np.ndarray
    issued: np.ndarray
    amount: np.ndarray
    term_stop: np.ndarray


def _issue(
    settings: Settings, company: Company, terms: list[Term], rng: np.random.Generator
) -> _Invoices:
    """Bill each term quarterly, or yearly for most enterprise ones, from a year before the data."""
    rows: list[tuple[int, int, float, int]] = []
    for term in terms:
        yearly = rng.random() < (0.6 if company.segment[term.account] == 0 else 0.2)
        months = 12 if yearly else 3
        stop = min(term.last_day + 1, term.cancelled_day)
        day, lap = term.start_day, 0
        while day < stop and day <= settings.last_day:
            left = term.last_day + 1 - day
            part = min(months / 12, left / 365) if term.last_day < NEVER else months / 12
            if day >= settings.first_day - 365:
                rows.append((term.account, day, round(term.annual_value * part, 2), stop))
            lap += 1
            day = add_months(term.start_day, lap * months)
    account, issued, amount, stops = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return _Invoices(account.astype(np.int64), issued.astype(np.int64), amount, stops)


def _payment(
    settings: Settings,
    company: Company,
    bills: _Invoices,
    due: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Paid and voided day per invoice: most pay in time, stories pay late, leavers not at all."""
    count = len(due)
    account = bills.account
    trouble = trait("late_payment")[company.story[account]] * company.severity(account, due)
    sloppy = np.where(rng.random(len(company)) < 0.12, 0.25, 0.03)[account]
    late = rng.random(count) < sloppy + trouble
    early = due - np.minimum(rng.gamma(2.0, 5.0, count).astype(np.int64), due - bills.issued)
    delay = 1 + rng.gamma(1.3, 9 + 35 * trouble, count).astype(np.int64)
    paid = np.where(late, due + delay, early)
    churn = company.churn_day[account]
    gone = (bills.issued < churn) & (churn < NEVER) & (paid >= churn) & (rng.random(count) < 0.5)
    paid = np.where(gone | (late & (rng.random(count) < 0.4 * trouble)), NEVER, paid)
    voided = np.where(rng.random(count) < 0.006, bills.issued + rng.integers(1, 20, count), NEVER)
    # What the leavers never paid is written off half of the time.
    voided = np.where(gone & (rng.random(count) < 0.5), churn + 40, voided)
    paid = np.where(voided < NEVER, NEVER, paid)
    last = settings.last_day
    return np.where(paid > last, NEVER, paid), np.where(voided > last, NEVER, voided)


def invoices_table(settings: Settings, company: Company, terms: list[Term]) -> pa.Table:
    """The raw table ``invoices``, dates and amounts as text; credit notes are negative."""
    rng = stream(settings, "invoices")
    bills = _issue(settings, company, terms, rng)
    terms_days = np.array([45, 30, 30])[company.segment[bills.account]]
    due = bills.issued + terms_days
    paid, voided = _payment(settings, company, bills, due, rng)
    silent_due = rng.random(len(due)) < 0.02  # the loader's default of 30 days applies
    credit = np.flatnonzero(rng.random(len(due)) < 0.015)
    issued_credit = bills.issued[credit] + rng.integers(10, 40, len(credit))
    credit, issued_credit = (v[issued_credit <= settings.last_day] for v in (credit, issued_credit))
    credited = -np.round(bills.amount[credit] * rng.uniform(0.05, 0.25, len(credit)), 2)
    account = np.concatenate([bills.account, bills.account[credit]])
    issued = np.concatenate([bills.issued, issued_credit])
    order = np.lexsort((account, issued))
    settled = np.where(rng.random(len(credit)) < 0.8, issued_credit, NEVER)
    columns = {
        "amount": np.concatenate([bills.amount, credited]),
        "due": np.concatenate([np.where(silent_due, NEVER, due), issued_credit]),
        "paid": np.concatenate([paid, settled]),
        "voided": np.concatenate([voided, np.full(len(credit), NEVER)]),
    }
    columns = {name: values[order] for name, values in columns.items()}
    return table(
        "invoices",
        invoice_id=ids("INV-", np.arange(len(order)) + 1, 7),
        account_id=pick(account_ids(company), account[order]),
        amount=pa.array([f"{value:.2f}" for value in columns["amount"].tolist()], pa.string()),
        issued_on=date_texts(issued[order]),
        due_on=date_texts(columns["due"]),
        paid_on=date_texts(columns["paid"]),
        voided_on=date_texts(columns["voided"]),
        currency=pa.array(["USD"] * len(order), pa.string()),
    )
