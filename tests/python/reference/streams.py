"""Evidence streams: what the company's feeds can speak to on a date.

Source: scoring page section 3, "Evidence"; decision log A7.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from reference.company import Company, day
from reference.config import Configuration, Signal
from reference.contacts import CONVERSATION, TICKET, Contact

# the streams that are cut from these three tables share their end and their staleness
CUT_FROM = {
    "usage_events": {"usage_events"},
    "logins": {"usage_events"},
    "user_events": {"usage_events"},
    "feature_events": {"usage_events"},
    "tickets": {"tickets"},
    "conversations": {"conversations"},
    "escalations": {"tickets", "conversations"},
    "contact_topics": {"tickets", "conversations"},
    "contact_intents": {"tickets", "conversations"},
    "sentiments": {"conversations"},
    "touchpoints": set(),
    "contracts": set(),
    "csat_responses": set(),
    "nps_responses": set(),
    "attendances": set(),
    "payments": set(),
    "invoices": set(),
}
# each stream's dates, by the table that its rows came from
Dates = dict[str, dict[str, list[date]]]


@dataclass(frozen=True)
class Stream:
    """A stream on a date: its oldest and newest row by then (null: it is empty)."""

    oldest: date | None
    newest: date | None
    is_stale: bool

    @property
    def is_empty(self) -> bool:
        """Whether no row speaks."""
        return self.oldest is None


def _ticket_dates(company: Company, found: Dates) -> None:
    for row in company.tables["tickets"]:
        created = row.created_at.date()
        found["tickets"]["tickets"].append(created)
        if row.escalated_at is not None:
            found["escalations"]["tickets"].append(max(created, row.escalated_at.date()))
        elif row.is_escalated is True:
            found["escalations"]["tickets"].append(created)


def _conversation_dates(company: Company, found: Dates) -> None:
    for row in company.tables["conversations"]:
        started = row.started_at.date()
        found["conversations"]["conversations"].append(started)
        if row.is_escalated is not None:
            found["escalations"]["conversations"].append(started)
        if row.sentiment is not None:
            found["sentiments"]["conversations"].append(started)


def _usage_dates(company: Company, found: Dates) -> None:
    for row in company.tables["usage_events"]:
        happened = row.occurred_at.date()
        found["usage_events"]["usage_events"].append(happened)
        if row.user_id is not None:
            found["user_events"]["usage_events"].append(happened)
            if row.event_name == "login":
                found["logins"]["usage_events"].append(happened)
        if row.feature_id is not None:
            found["feature_events"]["usage_events"].append(happened)


def _other_dates(company: Company, found: Dates) -> None:
    for row in company.tables["touchpoints"]:
        found["touchpoints"]["touchpoints"].append(day(row.occurred_at))
        if row.includes_executive is not None:
            found["attendances"]["touchpoints"].append(day(row.occurred_at))
    for row in company.tables["contracts"]:
        found["contracts"]["contracts"].append(row.start_date)
    for row in company.tables["survey_responses"]:
        if row.survey_type in ("csat", "nps"):
            stream = f"{row.survey_type}_responses"
            found[stream]["survey_responses"].append(day(row.responded_at))
    for row in company.tables["invoices"]:
        found["invoices"]["invoices"].append(row.issued_on)
        if row.paid_on is not None:
            found["payments"]["invoices"].append(max(row.issued_on, row.paid_on))


def fixed_dates(company: Company) -> Dates:
    """The dates of all streams whose rows do not depend on the date of view, in order."""
    found: Dates = defaultdict(lambda: defaultdict(list))
    _usage_dates(company, found)
    _ticket_dates(company, found)
    _conversation_dates(company, found)
    _other_dates(company, found)
    for tables in found.values():
        for dates in tables.values():
            dates.sort()
    return found


def contact_dates(contacts: list[Contact]) -> Dates:
    """The dates of the streams contact_topics and contact_intents, from all contacts on a date.

    What a ticket inherits from a conversation is that conversation's row and has its date, but
    not an earlier one than the ticket's own.
    """
    found: Dates = defaultdict(lambda: defaultdict(list))
    for contact in contacts:
        is_ticket = contact.kind == TICKET
        has_own_topic = contact.row.intent is not None or (
            is_ticket and contact.row.issue_type is not None
        )
        has_own_words = contact.row.intent is not None or (
            is_ticket and contact.row.subject is not None
        )
        for stream, has_own in [
            ("contact_topics", has_own_topic),
            ("contact_intents", has_own_words),
        ]:
            if has_own:
                found[stream][contact.kind].append(contact.date)
            elif contact.inherited is not None:
                inherited_on = max(contact.date, contact.inherited.started_at.date())
                found[stream][CONVERSATION].append(inherited_on)
    for tables in found.values():
        for dates in tables.values():
            dates.sort()
    return found


def _has_ended(name: str, seeds: Configuration, on: date) -> bool:
    row = seeds.freshness.get(name)
    return row is not None and row.ended_on is not None and row.ended_on < on


def _span(
    name: str, dates: dict[str, list[date]], seeds: Configuration, on: date
) -> tuple[date | None, date | None]:
    """The oldest and newest row of a stream by the date, null when it is empty."""
    if _has_ended(name, seeds, on):
        return None, None
    visible = [
        (rows[0], rows[bisect_right(rows, on) - 1])
        for table, rows in dates.items()
        if rows and rows[0] <= on
        and not (table in CUT_FROM[name] and _has_ended(table, seeds, on))
    ]  # fmt: skip
    if not visible:
        return None, None
    return min(oldest for oldest, _ in visible), max(newest for _, newest in visible)


def _is_old(name: str, newest: date | None, seeds: Configuration, on: date) -> bool:
    row = seeds.freshness.get(name)
    if newest is None or row is None or row.stale_after_days is None:
        return False
    return (on - newest).days > row.stale_after_days


def streams_on(
    fixed: Dates, contacts: list[Contact], seeds: Configuration, on: date
) -> dict[str, Stream]:
    """All streams as they stand on a date. `contacts` are those of the whole company by then."""
    dates = {**fixed, **contact_dates(contacts)}
    spans = {name: _span(name, dates.get(name, {}), seeds, on) for name in CUT_FROM}
    old = {name for name, (_, newest) in spans.items() if _is_old(name, newest, seeds, on)}
    return {
        name: Stream(
            oldest,
            newest,
            is_stale=name in old or (oldest is not None and bool(CUT_FROM[name] & old)),
        )
        for name, (oldest, newest) in spans.items()
    }


def stale_sources(streams: dict[str, Stream], seeds: Configuration) -> str:
    """The stale streams that the seed names, alphabetical, comma-separated."""
    return ",".join(sorted(n for n, s in streams.items() if s.is_stale and n in seeds.freshness))


def gate(signal: Signal, streams: dict[str, Stream], on: date) -> str | None:
    """Why a signal is null for every account (no_source, stale, young); null where it is not."""
    reads = [streams[name] for name in signal.reads]
    if reads and all(stream.is_empty for stream in reads):
        return "no_source"
    if any(stream.is_stale for stream in reads):
        return "stale"
    if signal.needs_days is not None:
        first_needed = on - timedelta(days=signal.needs_days - 1)
        if any(s.oldest is not None and s.oldest > first_needed for s in reads):
            return "young"
    return None


def is_stale_for(signal: Signal, streams: dict[str, Stream]) -> bool:
    """Whether a stream that the signal reads is stale."""
    return any(streams[name].is_stale for name in signal.reads)
