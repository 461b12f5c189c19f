"""The definition of each signal: its value on a date, and how much evidence stands behind it.

Source: the table of section 3 of the scoring page; decision log A6 to A9. A definition gives
(value, evidence count); the value is null where the account has no evidence by definition. What
the company's feeds allow, and how much evidence is enough, is decided in `scored_signals`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

from reference.config import Signal
from reference.contacts import CONVERSATION, TICKET, repeats
from reference.streams import Stream, gate
from reference.terms import renewals
from reference.view import View

TOLERANCE = 1e-9
YEAR_DAYS = 365
Found = tuple[float | None, float]


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _mean(values: list[float]) -> float | None:
    return _ratio(sum(values), len(values))


def login_frequency(view: View) -> Found:
    """Distinct (user, day) pairs with a login, per seat per week."""
    first = view.days_ago(view.known_days - 1)
    pairs = {
        (row.user_id, row.occurred_at.date())
        for row in view.logins
        if row.event_count > 0 and row.occurred_at.date() >= first
    }
    if not view.seats:
        return None, len(pairs)
    return len(pairs) * 7 / (view.seats * view.known_days), len(pairs)


def feature_adoption_rate(view: View) -> Found:
    """Core features used in 90 days out of those released."""
    released = view.company.core_features(view.on)
    used = {row.feature_id for row in view.events if row.event_count > 0} & released
    return _ratio(len(used), len(released)), len(used)


def seat_utilization_rate(view: View) -> Found:
    """Distinct users active in 30 days per seat, at most 1."""
    users = {
        row.user_id
        for row in view.events
        if row.user_id is not None
        and row.event_count > 0
        and view.is_recent(row.occurred_at.date())
    }
    if not view.seats:
        return None, len(users)
    return min(len(users) / view.seats, 1.0), len(users)


def usage_trend_ratio(view: View) -> Found:
    """Events per day in the last 30 days against the 60 days before."""
    recent = earlier = 0.0
    for row in view.events:
        if view.is_recent(row.occurred_at.date()):
            recent += row.event_count
        else:
            earlier += row.event_count
    if not earlier or view.tenure_days < 90:
        return None, earlier
    return recent * 60 / (earlier * 30), earlier


def admin_login_change(view: View) -> Found:
    """Relative change of the logins by admins, last 30 days against the 30 days before."""
    recent = before = 0.0
    for row in view.logins:
        user = view.company.users.get(row.user_id)
        is_known = user is not None and user.created_at.date() <= view.on
        if not is_known or user.role != "admin":
            continue
        if view.is_recent(row.occurred_at.date()):
            recent += row.event_count
        elif row.occurred_at.date() > view.days_ago(60):
            before += row.event_count
    return _ratio(recent - before, before), before


def csat_average(view: View) -> Found:
    """Mean score of the CSAT answers."""
    scores = [row.score for row in view.answers if row.survey_type == "csat"]
    return _mean(scores), len(scores)


def contact_rate(view: View) -> Found:
    """Contacts per seat per 30 days."""
    first = view.days_ago(view.known_days - 1)
    count = sum(contact.date >= first for contact in view.contacts)
    if not view.seats:
        return None, count
    return count * 30 / (view.seats * view.known_days), count


def contact_trend_ratio(view: View) -> Found:
    """Contacts of the last 30 days against the 60 days before, dampened."""
    recent = sum(view.is_recent(contact.date) for contact in view.contacts)
    earlier = len(view.contacts) - recent
    if not view.contacts or view.tenure_days < 90:
        return None, len(view.contacts)
    return (recent + 1) / (earlier / 2 + 1), len(view.contacts)


def escalation_rate(view: View) -> Found:
    """Share of the contacts that were escalated."""
    escalated = sum(contact.is_escalated(view.on) for contact in view.contacts)
    return _ratio(escalated, len(view.contacts)), len(view.contacts)


def first_contact_resolution_rate(view: View) -> Found:
    """Share of the resolved contacts that needed one reply at most and did not come back."""
    first = view.days_ago(89)
    good = total = 0
    for contact in view.all_contacts:
        row = contact.row
        if contact.kind == TICKET:
            is_solved = row.solved_at is not None and first <= row.solved_at.date() <= view.on
            if not is_solved or row.agent_reply_count is None:
                continue
            is_reopened = row.reopened_at is not None and row.reopened_at.date() <= view.on
            is_good = row.agent_reply_count <= 1 and not is_reopened
        else:
            if contact.date < first or row.resolution_outcome is None:
                continue
            is_good = row.resolution_outcome == "resolved"
        total += 1
        good += is_good and not contact.is_escalated(view.on)
    return _ratio(good, total), total


def repeat_contact_rate(view: View) -> Found:
    """Share of the contacts that come back to a topic of the 30 days before them."""
    answers = repeats(view.all_contacts, view.contacts)
    return _ratio(sum(answers), len(answers)), len(answers)


def churn_signal_count(view: View) -> Found:
    """Contacts, and older tickets with a recent conversation, that speak of leaving."""
    first = view.days_ago(89)
    looked_at = [
        contact
        for contact in view.all_contacts
        if contact.date >= first
        or any(row.started_at.date() >= first for row in contact.conversations)
    ]
    speaking = [contact for contact in looked_at if contact.has_intent_or_subject]
    if not speaking:
        return None, 0
    return float(sum(c.carries_churn_signal(view.seeds) for c in speaking)), len(speaking)


def sentiment_average(view: View) -> Found:
    """Mean sentiment of the conversations that have one."""
    stated = [row.sentiment for row in view.conversations if row.sentiment is not None]
    return _mean(stated), len(stated)


def sentiment_change(view: View) -> Found:
    """Mean sentiment of the last 30 days minus that of the 60 days before."""
    stated = [row for row in view.conversations if row.sentiment is not None]
    recent = [row.sentiment for row in stated if view.is_recent(row.started_at.date())]
    earlier = [row.sentiment for row in stated if not view.is_recent(row.started_at.date())]
    if not recent or not earlier:
        return None, len(stated)
    return sum(recent) / len(recent) - sum(earlier) / len(earlier), len(stated)


def nps_average(view: View) -> Found:
    """Each respondent's latest NPS answer, averaged."""
    latest: dict[tuple[str, str], SimpleNamespace] = {}
    for row in view.answers:
        if row.survey_type != "nps":
            continue
        # an answer without a user is a respondent of its own
        who = ("user", row.user_id) if row.user_id is not None else ("answer", row.response_id)
        known = latest.get(who)
        order = (row.responded_at, row.response_id)
        if known is None or order > (known.responded_at, known.response_id):
            latest[who] = row
    return _mean([row.score for row in latest.values()]), len(latest)


def executive_touchpoints(view: View) -> Found:
    """Touchpoints with an executive; null where the account never had a touchpoint."""
    if view.latest_touchpoint is None:
        return None, 0
    attended = sum(row.includes_executive is True for row in view.touchpoints)
    return float(attended), len(view.touchpoints)


def days_since_touchpoint(view: View) -> Found:
    """Days since the latest touchpoint."""
    if view.latest_touchpoint is None:
        return None, 0
    return float((view.on - view.latest_touchpoint).days), 1


def _due_invoices(view: View) -> list[SimpleNamespace]:
    """Invoices (not credit notes) that were due in the 365 days ending the day before."""
    first, last = view.days_ago(YEAR_DAYS), view.days_ago(1)
    return [row for row in view.invoices if row.amount >= 0 and first <= row.due_on <= last]


def on_time_payment_rate(view: View) -> Found:
    """Share of the invoices due that were paid on or before their due date."""
    due = _due_invoices(view)
    on_time = sum(row.paid_on is not None and row.paid_on <= row.due_on for row in due)
    return _ratio(on_time, len(due)), len(due)


def overdue_share(view: View) -> Found:
    """Overdue amount, less open credit notes, per amount that was due or is overdue."""
    latest_due = view.days_ago(view.company.settings.overdue_grace_days)
    overdue = [
        row
        for row in view.invoices
        if row.amount >= 0 and row.due_on < latest_due and view.is_unpaid(row)
    ]
    due = _due_invoices(view)
    counted = {row.invoice_id: row.amount for row in [*due, *overdue]}
    credit = sum(
        -row.amount
        for row in view.invoices
        if row.amount < 0 and view.is_unpaid(row) and row.issued_on > view.days_ago(YEAR_DAYS)
    )
    owed = max(sum(row.amount for row in overdue) - credit, 0.0)
    return _ratio(owed, sum(counted.values())), len(counted)


def renewal_rate(view: View) -> Found:
    """Share of the ended terms with a known outcome that were renewed."""
    renewed, known = renewals(view.account.terms, view.on)
    return _ratio(renewed, known), known


def arr_trend_ratio(view: View) -> Found:
    """Annual value against a year ago."""
    before = view.arr_at(view.days_ago(YEAR_DAYS))
    if not before or view.arr is None:
        return None, 0
    return view.arr / before, 1


def days_since_invoice(view: View) -> Found:
    """Days since the latest invoice that is no credit note."""
    issued = [row.issued_on for row in view.invoices if row.amount >= 0]
    return (float((view.on - max(issued)).days), 1) if issued else (None, 0)


def invoice_count(view: View) -> Found:
    """Invoices, no credit notes, issued in the 365 days."""
    first = view.days_ago(YEAR_DAYS - 1)
    issued = [row for row in view.invoices if row.amount >= 0 and row.issued_on >= first]
    return float(len(issued)), len(issued)


DEFINITIONS: dict[str, Callable[[View], Found]] = {
    "login_frequency": login_frequency,
    "feature_adoption_rate": feature_adoption_rate,
    "seat_utilization_rate": seat_utilization_rate,
    "usage_trend_ratio": usage_trend_ratio,
    "admin_login_change": admin_login_change,
    "csat_average": csat_average,
    "contact_rate": contact_rate,
    "contact_trend_ratio": contact_trend_ratio,
    "escalation_rate": escalation_rate,
    "first_contact_resolution_rate": first_contact_resolution_rate,
    "repeat_contact_rate": repeat_contact_rate,
    "churn_signal_count": churn_signal_count,
    "sentiment_average": sentiment_average,
    "sentiment_change": sentiment_change,
    "nps_average": nps_average,
    "nps_category": nps_average,
    "executive_touchpoints": executive_touchpoints,
    "days_since_touchpoint": days_since_touchpoint,
    "on_time_payment_rate": on_time_payment_rate,
    "overdue_share": overdue_share,
    "renewal_rate": renewal_rate,
    "arr_trend_ratio": arr_trend_ratio,
    "days_since_invoice": days_since_invoice,
    "invoice_count": invoice_count,
}


@dataclass(frozen=True)
class Value:
    """One signal of one account and date. `value` is null exactly where a reason is given."""

    signal: Signal
    value: float | None
    missing_reason: str | None
    evidence_count: float

    @property
    def normalized_score(self) -> float | None:
        """The value on the scale 0 (worst) to 100 (best), null without value or normalization."""
        if self.value is None or self.signal.normalization is None:
            return None
        if self.signal.normalization == "steps":
            return _step_score(self.signal.steps, self.value)
        worst, best = self.signal.worst_value, self.signal.best_value
        return 100.0 * min(max((self.value - worst) / (best - worst), 0.0), 1.0)


def _step_score(steps: tuple[tuple[float, float], ...], value: float) -> float:
    """The score of the highest step that the value reaches; the lowest is open downwards."""
    reached = [score for bound, score in steps if value >= bound - TOLERANCE]
    return reached[-1] if reached else steps[0][1]


def scored_signals(
    view: View, signals: tuple[Signal, ...], streams: dict[str, Stream]
) -> dict[str, Value]:
    """All signals of the seed for one account and date, by signal id."""
    found = {}
    for signal in signals:
        value, evidence = DEFINITIONS[signal.signal_id](view)
        reason = gate(signal, streams, view.on)
        if reason is None and value is None:
            reason = "no_evidence"
        if reason is None and evidence < signal.min_evidence:
            reason = "too_few"
        shown = value if reason is None else None
        found[signal.signal_id] = Value(signal, shown, reason, float(evidence))
    return found


def is_absent(values: list[Value], is_stale: bool) -> bool:
    """Whether a signal is absent: not stale, and under 5 % of the accounts in scope have it."""
    having = sum(value.value is not None for value in values)
    return not is_stale and having * 20 < len(values)


def is_silent(view: View, streams: dict[str, Stream], first_row: date | None) -> bool:
    """Whether nobody of the account was heard of in 90 days, and that can be told.

    `first_row` is the date of the company's oldest ticket, conversation, answer or touchpoint.
    """
    if view.tenure_days < 90 or first_row is None or first_row > view.on - timedelta(days=89):
        return False
    if any(streams[name].is_stale for name in ("tickets", "conversations", "touchpoints")):
        return False
    has_ticket = any(c.kind != CONVERSATION for c in view.contacts)
    return not (has_ticket or view.conversations or view.answers or view.touchpoints)
