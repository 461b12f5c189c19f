"""Tickets, conversations of the AI agent, and the answers to "how did we do?"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from . import words
from .columns import ids, pick, stamp_texts, stamps, table
from .company import STORY_INDEX, Company, account_ids, trait
from .people import People, user_ids
from .settings import DAY_US, NEVER, Settings, stream
from .usage import HOUR_US, calendar

EVERYDAY = len(words.EVERYDAY_INTENTS)
MINUTE_US = 60_000_000
ATTACHED_PER_TICKET = 0.5  # so that about a third of the conversations belong to a ticket
CSAT_AFTER_TICKET, CSAT_AFTER_TALK = 0.42, 0.10


@dataclass(frozen=True)
class Contacts:
    """Contacts of one kind in time order: arrays of one length."""

    account: np.ndarray
    day: np.ndarray
    at_us: np.ndarray
    user: np.ndarray
    intent: np.ndarray  # index into words.INTENTS
    severity: np.ndarray

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True)
class Answers:
    """Survey answers; ``ticket`` and ``user`` are indices, -1 without one."""

    account: np.ndarray
    is_nps: np.ndarray
    score: np.ndarray
    at_us: np.ndarray
    user: np.ndarray
    ticket: np.ndarray


def _rates(settings: Settings, company: Company, days: np.ndarray) -> np.ndarray:
    """(accounts, days) expected contacts of one kind; sublinear in size, as support load is."""
    account = np.arange(len(company))[:, None]
    severity = company.severity(account, days[None])
    change = np.maximum(1 + trait("contact_change")[company.story[account]] * severity, 0)
    need = stream(settings, "need").lognormal(0, 0.3, len(company))[:, None]
    base = 0.1 * company.size.astype(float)[:, None] ** 0.85 * need / 30
    fresh = 1 + 1.2 * np.exp(-np.maximum(days[None] - company.start_day[:, None], 0) / 25)
    outside = (company.is_prospect | company.is_internal)[:, None]
    rate = base * fresh * change * calendar(days) * 7 / 5.2
    return np.where(outside, 0.3, 1) * rate * company.is_customer(account, days[None])


def _doom(company: Company, account: np.ndarray, day: np.ndarray) -> np.ndarray:
    """0 to 1: how near a churn for cause is; people ask before they leave."""
    left = company.churn_day[account] - day
    caused = company.onset_day[account] < NEVER
    return np.where(caused & (left >= 0), np.exp(-left / 45.0), 0)


def _intents(
    company: Company,
    rng: np.random.Generator,
    account: np.ndarray,
    day: np.ndarray,
    severity: np.ndarray,
) -> np.ndarray:
    """What each contact is about: everyday topics, a sore point in fights, signs of leaving."""
    count = len(account)
    everyday = rng.choice(EVERYDAY, count, p=np.array([24, 16, 14, 12, 12, 8, 8, 6]) / 100)
    sore = (account * 7) % EVERYDAY
    fights = (company.story[account] == STORY_INDEX["fight"]) & (rng.random(count) < 0.6 * severity)
    topic = np.where(fights, sore, everyday)
    chance = 0.012 + 0.10 * severity + 0.22 * _doom(company, account, day)
    leaving = EVERYDAY + rng.integers(0, len(words.CHURN_INTENTS), count)
    return np.where(rng.random(count) < chance, leaving, topic)


def _contacts(
    settings: Settings, company: Company, people: People, name: str, factor: float
) -> Contacts:
    """Draw the contacts of one kind over the whole span."""
    rng = stream(settings, name)
    days = np.arange(settings.first_day, settings.last_day + 1)
    counts = rng.poisson(_rates(settings, company, days) * factor)
    account, column = (
        np.repeat(v, counts.ravel()) for v in np.indices(counts.shape).reshape(2, -1)
    )
    day = days[column]
    hour = 12.5 + rng.standard_normal(len(day)) * 2.6
    hour -= np.array(words.REGION_OFFSETS)[company.region[account]]
    at_us = day * DAY_US + ((hour * 3600).astype(np.int64) % 86_400) * 1_000_000
    order = np.argsort(at_us, kind="stable")
    account, day, at_us = account[order], day[order], at_us[order]
    severity = company.severity(account, day)
    return Contacts(
        account=account,
        day=day,
        at_us=at_us,
        user=people.draw(rng, company, account, day),
        intent=_intents(company, rng, account, day, severity),
        severity=severity,
    )


def _subjects(rng: np.random.Generator, intent: np.ndarray) -> pa.Array:
    """A subject that fits the intent."""
    choices = [pair for _, pair in words.EVERYDAY_INTENTS.values()]
    choices += list(words.CHURN_INTENTS.values())
    flat = [subject for pair in choices for subject in pair]
    return pick(flat, 2 * intent + rng.integers(0, 2, len(intent)))


def _escalation(company: Company, account: np.ndarray, severity: np.ndarray) -> np.ndarray:
    """Chance that a contact is escalated."""
    return 0.025 + trait("escalation")[company.story[account]] * severity


def _lasting(hours: np.ndarray) -> np.ndarray:
    """Microseconds of a length in hours, in whole seconds as the feeds deliver them."""
    return (hours * 3600).astype(np.int64) * 1_000_000


class Support:
    """The three support tables, drawn together because they refer to each other."""

    def __init__(self, settings: Settings, company: Company, people: People) -> None:
        self.settings, self.company, self.people = settings, company, people
        self.tickets = _contacts(settings, company, people, "tickets", 1.0)
        self.talks = _contacts(settings, company, people, "talks", 0.95)
        self.ticket_ids = ids("TCK-", np.arange(len(self.tickets)) + 1, 7)
        self._handle()

    def _seen(self, at_us: np.ndarray) -> np.ndarray:
        """What lies after the extract has not happened yet."""
        return np.where(at_us > self.settings.extract_us, -1, at_us)

    def _handle(self) -> None:
        """How each ticket was worked on: escalated, solved, reopened, with how many replies."""
        tickets, rng = self.tickets, stream(self.settings, "handling")
        count = len(tickets)
        chance = _escalation(self.company, tickets.account, tickets.severity)
        escalated = rng.random(count) < chance
        delay = _lasting(rng.gamma(2.0, 9.0, count))
        self.escalated_us = self._seen(np.where(escalated, tickets.at_us + delay, -1))
        hours = rng.lognormal(2.4, 1.0, count) * (1 + 1.5 * tickets.severity + 1.5 * escalated)
        solved = tickets.at_us + _lasting(np.minimum(hours, 900))
        solved = np.where(escalated, np.maximum(solved, self.escalated_us + HOUR_US), solved)
        never = rng.random(count) < 0.02 + 0.05 * tickets.severity
        self.solved_us = self._seen(np.where(never, -1, solved))
        reopened = (self.solved_us >= 0) & (rng.random(count) < 0.03 + 0.10 * tickets.severity)
        again = self.solved_us + _lasting(rng.gamma(2.0, 20.0, count))
        self.reopened_us = self._seen(np.where(reopened, again, -1))
        self.replies = rng.poisson(0.65 + 0.9 * tickets.severity + 2.0 * escalated)

    def tickets_table(self) -> pa.Table:
        """The raw table ``tickets``, dates and reply counts as text."""
        tickets, rng = self.tickets, stream(self.settings, "ticket fields")
        count = len(tickets)
        # An agent tags some tickets; what the others are about only their conversations tell.
        tagged = rng.random(count) < 0.6
        kind = np.where(tickets.intent < EVERYDAY, tickets.intent, -1)
        urgency = np.clip(
            rng.choice(4, count, p=(0.25, 0.5, 0.18, 0.07)) + (self.escalated_us >= 0), 0, 3
        )
        last_change = np.maximum.reduce(
            [tickets.at_us, self.solved_us, self.escalated_us, self.reopened_us]
        )
        return table(
            "tickets",
            ticket_id=self.ticket_ids,
            account_id=pick(account_ids(self.company), tickets.account),
            created_at=stamp_texts(tickets.at_us),
            requester_user_id=pick(user_ids(self.people), tickets.user),
            channel=pick(words.TICKET_CHANNELS, rng.choice(4, count, p=(0.45, 0.3, 0.15, 0.1))),
            subject=_subjects(rng, tickets.intent),
            intent=pick(words.INTENTS, np.where(tagged, tickets.intent, -1)),
            issue_type=pick(words.ISSUE_TYPES, np.where(rng.random(count) < 0.7, kind, -1)),
            priority=pick(words.PRIORITIES, urgency),
            solved_at=stamp_texts(self.solved_us),
            escalated_at=stamp_texts(self.escalated_us),
            is_escalated=pa.array(self.escalated_us >= 0),
            reopened_at=stamp_texts(self.reopened_us),
            agent_reply_count=pa.array(self.replies.astype(str)),
            loaded_at=stamps(self._loaded(last_change)),
        )

    def _loaded(self, at_us: np.ndarray) -> np.ndarray:
        """Support data arrive every quarter of an hour."""
        quarter = 15 * MINUTE_US
        return np.minimum((at_us // quarter + 1) * quarter, self.settings.extract_us)

    def conversations_table(self) -> pa.Table:
        """The raw table ``conversations``: some belong to a ticket, most stand alone."""
        tickets, talks = self.tickets, self.talks
        rng = stream(self.settings, "conversations")
        owner = np.repeat(np.arange(len(tickets)), rng.poisson(ATTACHED_PER_TICKET, len(tickets)))
        wait = _lasting(rng.exponential(20, len(owner)))
        wait = np.where(rng.random(len(owner)) < 0.5, 2 * MINUTE_US, wait)
        ticket = np.concatenate([owner, np.full(len(talks), -1)])
        at_us = np.concatenate([tickets.at_us[owner] + wait, talks.at_us])
        account = np.concatenate([tickets.account[owner], talks.account])
        intent = np.concatenate([tickets.intent[owner], talks.intent])
        seen = np.flatnonzero(at_us <= self.settings.extract_us)
        order = seen[np.argsort(at_us[seen], kind="stable")]
        ticket, at_us, account, intent = (v[order] for v in (ticket, at_us, account, intent))
        day, count = at_us // DAY_US, len(order)
        severity = self.company.severity(account, day)
        content = self.company.contentment(account, day)
        sentiment = np.clip((content - 0.56) * 1.8 + rng.normal(0, 0.26, count), -1, 1)
        escalated = rng.random(count) < _escalation(self.company, account, severity)
        resolved = rng.random(count) < 0.42 + 0.38 * content
        failed = 1 + rng.choice(3, count, p=(0.5, 0.3, 0.2))
        outcome = np.where(escalated, 1, np.where(resolved, 0, failed))
        unread = rng.random(count) < 0.08
        return table(
            "conversations",
            conversation_id=ids("CNV-", np.arange(count) + 1, 7),
            account_id=pick(account_ids(self.company), account),
            started_at=stamps(at_us),
            channel=pick(words.TALK_CHANNELS, rng.choice(3, count, p=(0.6, 0.25, 0.15))),
            ticket_id=pick(self.ticket_ids, ticket),
            intent=pick(words.INTENTS, np.where(rng.random(count) < 0.07, -1, intent)),
            sentiment=pa.array(np.round(sentiment, 2), mask=unread),
            is_escalated=pa.array(escalated),
            resolution_outcome=pick(words.OUTCOMES, np.where(unread, -1, outcome)),
            loaded_at=stamps(self._loaded(at_us)),
        )

    def csat_answers(self) -> Answers:
        """Answers after solved tickets, and now and then after a talk."""
        rng, company = stream(self.settings, "csat"), self.company
        tickets = np.flatnonzero(
            (self.solved_us >= 0) & (rng.random(len(self.tickets)) < CSAT_AFTER_TICKET)
        )
        talks = np.flatnonzero(rng.random(len(self.talks)) < CSAT_AFTER_TALK)
        both = (self.tickets, tickets), (self.talks, talks)
        account = np.concatenate([kind.account[rows] for kind, rows in both])
        user = np.concatenate([kind.user[rows] for kind, rows in both])
        asked = np.concatenate([self.solved_us[tickets], self.talks.at_us[talks]])
        ticket = np.concatenate([tickets, np.full(len(talks), -1)])
        at_us = asked + _lasting(rng.gamma(1.2, 16.0, len(asked)))
        hurt = np.zeros(len(asked))
        hurt[: len(tickets)] = 0.15 * (self.escalated_us[tickets] >= 0)
        mood = company.contentment(account, at_us // DAY_US) - hurt
        score = np.clip(
            np.rint(1 + 4 * (0.95 * mood + 0.13 + rng.normal(0, 0.16, len(mood)))), 1, 5
        )
        seen = at_us <= self.settings.extract_us
        answers = (account, np.zeros(len(asked), bool), score, at_us, user, ticket)
        return Answers(*(values[seen] for values in answers))
