"""What is accepted but odd, counted: data_warnings.

Source: "Bad rows" in the interface page, decision log A3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from reference.company import Company
from reference.reading import Reading
from reference.tables import SURVEY_LIMITS, TABLES
from reference.terms import Term, covers

Oddity = tuple[str, str, str]  # column, warning, example
_USER_COLUMNS = {
    "usage_events": "user_id",
    "tickets": "requester_user_id",
    "survey_responses": "user_id",
}


def _as_date(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _example(reading: Reading) -> str:
    if reading.table.name != "usage_events":
        return reading.row_key
    # usage events are checked per day, where the event's own key is no longer known
    return f"{reading.values['account_id']}|{reading.values['user_id'] or ''}"


def _about_values(reading: Reading) -> Iterator[tuple[str, str]]:
    yield from reading.problems.items()
    survey_type = reading.values.get("survey_type")
    if survey_type is not None and survey_type not in SURVEY_LIMITS:
        yield "survey_type", "unknown_survey_type"
    outcome = reading.values.get("resolution_outcome")
    if outcome is not None and outcome != "resolved":
        yield "resolution_outcome", "unknown_outcome"


def _about_account(reading: Reading, company: Company) -> Iterator[tuple[str, str]]:
    table = reading.table
    if not table.has_account or table.dated_by is None:
        return
    account = company.accounts[reading.values["account_id"]]
    happened = _as_date(reading.values[table.dated_by])
    if happened < account.row.created_at.date():
        yield table.dated_by, "before_account_created"
    if table.name != "churn_events" and account.lifecycle.is_after_churn(happened):
        yield table.dated_by, "after_account_churned"


def _about_user(reading: Reading, company: Company) -> Iterator[tuple[str, str]]:
    column = _USER_COLUMNS.get(reading.table.name)
    user_id = None if column is None else reading.values[column]
    if user_id is not None and company.users and user_id not in company.users:
        yield column, "unknown_user"


def _has_one_day_gap(term: Term, terms: list[Term]) -> bool:
    """Whether exactly one day after the term's end is uncovered before another term starts."""
    if term.end is None or (term.cancelled_on is not None and term.cancelled_on < term.end):
        return False
    is_uncovered = not any(covers(terms, other, term.end, grace_days=-1) for other in terms)
    return is_uncovered and any(t.start == term.end + timedelta(days=1) for t in terms)


def _about_contracts(company: Company) -> Iterator[tuple[str, Oddity]]:
    keys = {r.values["contract_id"]: r.row_key for r in company.data.accepted["contracts"]}
    for account in company.accounts.values():
        for term in account.terms:
            if _has_one_day_gap(term, account.terms):
                yield "contracts", ("end_date", "one_day_gap", keys[term.contract_id])


def _about_churn(company: Company) -> Iterator[tuple[str, Oddity]]:
    readings = company.data.accepted["churn_events"]
    for reading in readings:
        account_id, churned_on = reading.values["account_id"], reading.values["churned_on"]
        is_last = not any(
            other.values["account_id"] == account_id and other.values["churned_on"] > churned_on
            for other in readings
        )
        if reading.values["reactivated_on"] is not None or not is_last:
            continue
        account = company.accounts[account_id]
        activity = [*account.events.days, *account.tickets.days, *account.conversations.days]
        if any(happened > churned_on for happened in activity):
            yield "churn_events", ("churned_on", "activity_after_churn", reading.row_key)


def _all_oddities(company: Company) -> Iterator[tuple[str, Oddity]]:
    for name in TABLES:
        for reading in company.data.accepted[name]:
            about = [
                *_about_values(reading),
                *_about_account(reading, company),
                *_about_user(reading, company),
            ]
            for column, warning in about:
                yield name, (column, warning, _example(reading))
    yield from _about_contracts(company)
    yield from _about_churn(company)


def _smallest(examples: Iterable[str]) -> str:
    return ", ".join(sorted(set(examples), key=str.encode)[:3])


def data_warnings(company: Company) -> list[dict[str, Any]]:
    """One row per table, column and warning: how many accepted rows, and up to three examples."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for table, (column, warning, example) in _all_oddities(company):
        found[table, column, warning].append(example)
    return [
        {
            "source_table": table,
            "column_name": column,
            "warning": warning,
            "row_count": len(examples),
            "examples": _smallest(examples),
        }
        for (table, column, warning), examples in sorted(found.items())
    ]
