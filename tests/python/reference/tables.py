"""The raw tables: their columns in the order of the interface page, kinds, keys and ranges."""

from __future__ import annotations

from dataclasses import dataclass

NEVER_BELOW_ZERO = (0.0, float("inf"))


@dataclass(frozen=True)
class Column:
    """One column of a raw table.

    `kind` is text, code, number, boolean, timestamp or date. `limits` are the lowest and highest
    accepted value of an optional number.
    """

    name: str
    kind: str
    is_key: bool = False
    is_required: bool = False
    limits: tuple[float, float] | None = None

    @property
    def is_date(self) -> bool:
        """Whether the column holds a point in time."""
        return self.kind in ("timestamp", "date")


@dataclass(frozen=True)
class Table:
    """One raw table.

    `columns` end with `loaded_at`, which every table may have; the others are in the page's order.
    `dated_by` names the column with the event date (null for features).
    """

    name: str
    columns: tuple[Column, ...]
    dated_by: str | None
    is_forgiving: bool = False  # its unreadable optional dates become null instead of rejecting

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns."""
        return tuple(column.name for column in self.columns if column.is_key)

    @property
    def has_account(self) -> bool:
        """Whether the rows must name an accepted account."""
        return self.name != "accounts" and any(c.name == "account_id" for c in self.columns)


_CODES = {
    "event_name", "role", "channel", "intent", "issue_type", "survey_type", "resolution_outcome",
}  # fmt: skip
_NUMBERS = {
    "seats": NEVER_BELOW_ZERO,
    "annual_value": NEVER_BELOW_ZERO,
    "agent_reply_count": NEVER_BELOW_ZERO,
    "event_count": NEVER_BELOW_ZERO,
    "sentiment": (-1.0, 1.0),
    "score": None,
    "amount": None,
}


def _kind(name: str) -> str:
    if name in _CODES:
        return "code"
    if name in _NUMBERS:
        return "number"
    if name.startswith(("is_", "includes_")):
        return "boolean"
    if name.endswith("_at"):
        return "timestamp"
    is_day = name.endswith(("_on", "_date")) or name == "customer_since"
    return "date" if is_day else "text"


def _table(
    name: str, dated_by: str | None, key: str, required: str, optional: str, forgiving: bool = False
) -> Table:
    columns = [
        Column(column, _kind(column), is_key=group == 0, is_required=group == 1,
               limits=_NUMBERS.get(column))
        for group, names in enumerate([key, required, optional])
        for column in names.split()
    ]  # fmt: skip
    columns.append(Column("loaded_at", "timestamp"))
    return Table(name, tuple(columns), dated_by, forgiving)


TABLES: dict[str, Table] = {
    table.name: table
    for table in [
        _table(
            "accounts", "created_at", "account_id", "created_at",
            "account_name segment customer_since industry region csm_owner parent_account_id "
            "is_internal",
            forgiving=True,
        ),
        _table(
            "users", "created_at", "user_id", "account_id created_at",
            "email role title is_executive deactivated_at",
            forgiving=True,
        ),
        _table(
            "contracts", "start_date", "contract_id", "account_id start_date",
            "end_date seats annual_value plan currency cancelled_at",
        ),
        _table("features", None, "feature_id", "", "feature_name is_core released_at"),
        _table(
            "usage_events", "occurred_at", "event_id", "account_id event_name occurred_at",
            "user_id feature_id event_count",
        ),
        _table(
            "tickets", "created_at", "ticket_id", "account_id created_at",
            "requester_user_id channel subject intent issue_type priority solved_at escalated_at "
            "is_escalated reopened_at agent_reply_count",
        ),
        _table(
            "conversations", "started_at", "conversation_id", "account_id started_at",
            "channel ticket_id intent sentiment is_escalated resolution_outcome",
        ),
        _table(
            "survey_responses", "responded_at", "response_id",
            "account_id survey_type score responded_at", "user_id ticket_id",
        ),
        _table(
            "touchpoints", "occurred_at", "touchpoint_id", "account_id occurred_at",
            "touchpoint_type csm_owner includes_executive",
        ),
        _table(
            "invoices", "issued_on", "invoice_id", "account_id amount issued_on",
            "due_on paid_on voided_on currency",
        ),
        _table("churn_events", "churned_on", "account_id churned_on", "", "reactivated_on reason"),
        _table("external_scores", "scored_on", "account_id scored_on system", "score", ""),
    ]
}  # fmt: skip

PRIVATE_COLUMNS = frozenset({"email", "title", "subject"})
SURVEY_LIMITS = {"csat": (1.0, 5.0), "nps": (0.0, 10.0)}
