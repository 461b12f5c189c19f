"""The contacts of an account as they stand on a date: tickets, and conversations of their own.

Source: scoring page sections 3 and 4, decision log A7.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace

from reference.company import Account
from reference.config import Configuration
from reference.values import ascii_lower

TICKET, CONVERSATION = "tickets", "conversations"


@dataclass
class Contact:
    """A ticket with its conversations by a date, or a conversation that has no visible ticket."""

    kind: str
    row: SimpleNamespace
    moment: datetime
    contact_id: str
    conversations: list[SimpleNamespace] = field(default_factory=list)

    @property
    def date(self) -> date:
        """The UTC date of the contact."""
        return self.moment.date()

    @property
    def inherited(self) -> SimpleNamespace | None:
        """The conversation from which a ticket without an intent takes one."""
        if self.kind != TICKET or self.row.intent is not None:
            return None
        with_intent = [row for row in self.conversations if row.intent is not None]
        return min(with_intent, key=lambda r: (r.started_at, r.conversation_id), default=None)

    @property
    def intent(self) -> str | None:
        """Its own intent, or the inherited one."""
        return self.inherited.intent if self.inherited is not None else self.row.intent

    @property
    def topic(self) -> str | None:
        """A ticket's issue type, else the intent."""
        own = self.row.issue_type if self.kind == TICKET else None
        return own if own is not None else self.intent

    @property
    def has_intent_or_subject(self) -> bool:
        """Whether there is anything in which a churn signal could be found."""
        subject = self.row.subject if self.kind == TICKET else None
        return self.intent is not None or subject is not None

    def is_escalated(self, on: date) -> bool:
        """Whether it was escalated on or before the date."""
        if self.kind == CONVERSATION:
            return self.row.is_escalated is True
        if self.row.escalated_at is not None:
            own = self.row.escalated_at.date() <= on
        else:
            own = self.row.is_escalated is True
        return own or any(row.is_escalated is True for row in self.conversations)

    def carries_churn_signal(self, seeds: Configuration) -> bool:
        """Whether an intent, or the subject of a ticket without its own, speaks of leaving."""
        intents = [self.row.intent, *(row.intent for row in self.conversations)]
        if any(intent in seeds.churn_intents for intent in intents):
            return True
        if self.kind != TICKET or self.row.intent is not None:
            return False
        return has_keyword(self.row.subject, seeds.churn_keywords)


def bare_words(text: str) -> str:
    """The words of a text in lower case, with one blank before, between and after them."""
    return f" {re.sub('[^a-z0-9]+', ' ', ascii_lower(text)).strip(' ')} "


def has_keyword(subject: str | None, keywords: tuple[str, ...]) -> bool:
    """Whether one of the keywords stands in the subject as whole words, in order."""
    if subject is None:
        return False
    words = bare_words(subject)
    return any(bare_words(keyword) in words for keyword in keywords)


def contacts_on(account: Account, on: date) -> list[Contact]:
    """All contacts of the account by the end of the date, in order of time, then id.

    Of a ticket and a conversation with equal time and id the conversation stands first.
    """
    tickets = {
        row.ticket_id: Contact(TICKET, row, row.created_at, row.ticket_id)
        for row in account.tickets.until(on)
    }
    found = list(tickets.values())
    for row in account.conversations.until(on):
        ticket = tickets.get(row.ticket_id) if row.ticket_id is not None else None
        if ticket is not None:
            ticket.conversations.append(row)
        else:
            found.append(Contact(CONVERSATION, row, row.started_at, row.conversation_id))
    return sorted(found, key=lambda c: (c.moment, c.contact_id, c.kind))


def repeats(contacts: list[Contact], recent: list[Contact], within_days: int = 30) -> list[bool]:
    """For each recent contact with a topic: was the same topic's previous contact that near?

    `contacts` are all contacts by the date in order, `recent` those of the window.
    """
    by_topic: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.topic is not None:
            by_topic[contact.topic].append(contact)
    window = {id(contact) for contact in recent}
    answers = []
    for same_topic in by_topic.values():
        for index, contact in enumerate(same_topic):
            if id(contact) in window:
                previous = same_topic[index - 1] if index else None
                is_near = previous is not None and (
                    (contact.date - previous.date).days <= within_days
                )
                answers.append(is_near)
    return answers
