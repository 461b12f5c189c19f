"""Planted faults in known, small numbers: what real feeds deliver besides the truth.

Every fault has a name (``<table>.<kind>``); the counts planted are returned and written beside
the data, so that what a warehouse reports can be held against them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pyarrow as pa

from .columns import SCHEMAS
from .company import Company
from .people import People
from .settings import DAY_US, NEVER, Settings, stream
from .usage import (
    FEATURE_PADDED,
    FEATURE_USED,
    LOGIN,
    LOGIN_SHOUTED,
    Events,
)

Row = dict[str, object]
STRANGER = "ACC-99001"
GHOST = "USR-999001"
IMPOSSIBLE = "2025-02-30"

# Shares of usage events. Those that get a row rejected add up to 0.03 %, well under the warning.
EVENT_SHARES = {
    "duplicate": 0.0004,
    "newer_version": 0.0002,
    "unknown_account": 0.0001,
    "missing_key": 0.00005,
    "missing_account": 0.00005,
    "unknown_user": 0.0002,
    "negative_count": 0.0001,
    "late": 0.002,
    "before_account_created": 0.00005,
    "after_churn": 0.00005,
    "untidy_code": 0.0005,
}


def planned(share: float, rows: int, dirt: float) -> int:
    """How many faults of a kind: its share, but at least one in data that are dirty at all."""
    return max(1, round(share * rows * dirt)) if dirt > 0 and rows > 0 else 0


class EventDirt:
    """Spreads the faults of usage events over the months in proportion to their days."""

    def __init__(
        self, settings: Settings, company: Company, people: People, months: list[tuple[int, int]]
    ) -> None:
        self.settings, self.company, self.people = settings, company, people
        self.months = months
        rng = stream(settings, "event dirt plan")
        weights = np.array([last - first + 1 for first, last in months], dtype=float)
        self.plan: dict[str, np.ndarray] = {}
        for kind, share in EVENT_SHARES.items():
            open_ = np.array([self._possible(kind, *month) for month in months]) * weights
            count = planned(share, settings.events, settings.dirt) if open_.sum() else 0
            chances = open_ / open_.sum() if open_.sum() else None
            drawn = rng.choice(len(months), count, p=chances) if count else []
            self.plan[kind] = np.bincount(np.asarray(drawn, dtype=int), minlength=len(months))
        self.planted = dict.fromkeys((f"usage_events.{kind}" for kind in EVENT_SHARES), 0)

    def _possible(self, kind: str, first: int, last: int) -> bool:
        if kind == "before_account_created":
            return bool(len(self._unborn(last)))
        if kind == "after_churn":
            return bool(len(self._gone(first)))
        return True

    def _unborn(self, last: int) -> np.ndarray:
        created = self.company.created_day
        return np.flatnonzero((created > last) & (created <= self.settings.last_day))

    def _gone(self, first: int) -> np.ndarray:
        company = self.company
        return np.flatnonzero((company.churn_day < first) & (company.reactivation_day >= NEVER))

    def soil(self, part: int, events: Events) -> Events:
        """Plant this month's faults; the result is in event-time order again."""
        counts = {kind: int(plan[part]) for kind, plan in self.plan.items()}
        if not any(counts.values()) or not len(events):
            return events
        rng = stream(self.settings, "event dirt", part)
        # No row carries two faults, so that each count can be checked by itself.
        rows = rng.permutation(len(events))[: sum(counts.values())]
        bounds = np.cumsum([0, *counts.values()])
        chosen = {
            kind: rows[low:high]
            for kind, low, high in zip(counts, bounds, bounds[1:], strict=False)
        }
        first, last = self.months[part]
        self._alter(rng, events, chosen, first, last)
        for kind, where in chosen.items():
            self.planted[f"usage_events.{kind}"] += len(where)
        copies = events.take(chosen["duplicate"])
        newer = events.take(chosen["newer_version"])
        newer.count = newer.count + 1
        newer.loaded_us = np.minimum(newer.loaded_us + DAY_US, self.settings.extract_us + 1)
        return events.join(copies).join(newer).sorted()

    def _alter(
        self,
        rng: np.random.Generator,
        events: Events,
        chosen: dict[str, np.ndarray],
        first: int,
        last: int,
    ) -> None:
        """The faults that change a row where it stands."""
        accounts, users = len(self.company), len(self.people)
        strays = chosen["unknown_account"]
        events.account[strays] = accounts + rng.integers(0, 5, len(strays))
        events.event[chosen["missing_key"]] = -1
        events.account[chosen["missing_account"]] = -1
        ghosts = chosen["unknown_user"]
        events.user[ghosts] = users + rng.integers(0, 5, len(ghosts))
        events.count[chosen["negative_count"]] *= -1
        late = chosen["late"]
        delay = rng.integers(1, 10, len(late)) * DAY_US
        events.loaded_us[late] = np.minimum(
            events.loaded_us[late] + delay, self.settings.extract_us
        )
        for kind, candidates in (
            ("before_account_created", self._unborn(last)),
            ("after_churn", self._gone(first)),
        ):
            if len(chosen[kind]):
                moved = rng.choice(candidates, len(chosen[kind]))
                events.account[chosen[kind]] = moved
                events.user[chosen[kind]] = self.people.offset[moved]
        untidy = chosen["untidy_code"]
        names = events.name[untidy]
        names = np.where(names == LOGIN, LOGIN_SHOUTED, names)
        events.name[untidy] = np.where(names == FEATURE_USED, FEATURE_PADDED, names)


def _set(**changes: object) -> Callable[[Row], Row]:
    return lambda row: row | changes


def _newer(row: Row, **changes: object) -> Row:
    """A later version of a row, two hours on."""
    return row | changes | {"loaded_at": row["loaded_at"] + timedelta(hours=2)}


def _better_score(row: Row) -> Row:
    return _newer(row, score=min(int(row["score"]) + 1, 5))


def _clearer_mood(row: Row) -> Row:
    return _newer(row, sentiment=round((row["sentiment"] or 0.0) * 0.5, 2))


def _more_replies(row: Row) -> Row:
    return _newer(row, agent_reply_count=str(int(row["agent_reply_count"]) + 1))


def _later_by_days(row: Row) -> Row:
    return row | {"loaded_at": row["loaded_at"] + timedelta(days=3)}


def _is(**wanted: object) -> Callable[[Row], bool]:
    return lambda row: all(row[name] == value for name, value in wanted.items())


def _has(name: str) -> Callable[[Row], bool]:
    return lambda row: row[name] is not None


def _any(_: Row) -> bool:
    return True


def _everyday_ticket(row: Row) -> bool:
    return row["solved_at"] is not None and row["escalated_at"] is None


# table, kind, share of its rows, added beside the row or instead of it, which rows, the change
Fault = tuple[str, str, float, str, Callable[[Row], bool], Callable[[Row], Row]]
FAULTS: tuple[Fault, ...] = (
    ("accounts", "duplicate", 0.001, "beside", _any, _set()),
    ("users", "duplicate", 0.0003, "beside", _any, _set()),
    ("users", "unknown_account", 0.0001, "instead", _is(role="viewer"), _set(account_id=STRANGER)),
    ("contracts", "duplicate", 0.001, "beside", _any, _set()),
    ("tickets", "duplicate", 0.001, "beside", _any, _set()),
    ("tickets", "newer_version", 0.002, "beside", _any, _more_replies),
    ("tickets", "impossible_created", 0.0002, "instead", _any, _set(created_at=IMPOSSIBLE)),
    ("tickets", "impossible_solved", 0.0002, "instead", _everyday_ticket, _set(
        solved_at=f"{IMPOSSIBLE}T10:00:00Z"
    )),
    ("tickets", "unreadable_number", 0.0005, "instead", _any, _set(agent_reply_count="n/a")),
    ("tickets", "unknown_user", 0.0005, "instead", _any, _set(requester_user_id=GHOST)),
    ("tickets", "late", 0.003, "instead", _any, _later_by_days),
    ("conversations", "duplicate", 0.001, "beside", _any, _set()),
    ("conversations", "newer_version", 0.001, "beside", _any, _clearer_mood),
    ("conversations", "unknown_account", 0.0002, "instead", _any, _set(account_id=STRANGER)),
    ("conversations", "sentiment_out_of_range", 0.0005, "instead", _any, _set(sentiment=1.7)),
    ("conversations", "unknown_ticket", 0.0005, "instead", _has("ticket_id"), _set(
        ticket_id="TCK-9999999"
    )),
    ("survey_responses", "duplicate", 0.001, "beside", _any, _set()),
    ("survey_responses", "newer_version", 0.001, "beside", _is(survey_type="csat"), _better_score),
    ("survey_responses", "csat_out_of_range", 0.0002, "instead", _is(survey_type="csat"), _set(
        score=9
    )),
    ("survey_responses", "nps_out_of_range", 0.0002, "instead", _is(survey_type="nps"), _set(
        score=11
    )),
    ("survey_responses", "unknown_type", 0.001, "instead", _is(survey_type="csat"), _set(
        survey_type="ces"
    )),
    ("touchpoints", "duplicate", 0.0005, "beside", _any, _set()),
    ("touchpoints", "unknown_account", 0.0002, "instead", _any, _set(account_id=STRANGER)),
    ("invoices", "duplicate", 0.0005, "beside", _any, _set()),
    ("invoices", "impossible_date", 0.0002, "instead", _has("paid_on"), _set(paid_on=IMPOSSIBLE)),
    ("invoices", "unreadable_number", 0.0002, "instead", _any, _set(amount="1,204.00")),
    ("external_scores", "duplicate", 0.0005, "beside", _any, _set()),
    ("external_scores", "unknown_account", 0.0002, "instead", _any, _set(account_id=STRANGER)),
)  # fmt: skip


def _capped(row: Row, last: object) -> Row:
    """Nothing is loaded after the extract."""
    if row.get("loaded_at") is not None and row["loaded_at"] > last:
        return row | {"loaded_at": last}
    return row


def _suitable(
    table: pa.Table, order: np.ndarray, taken: set[int], fits: Callable[[Row], bool], count: int
) -> list[tuple[int, Row]]:
    """The first ``count`` untouched rows in this order that a fault can be planted in."""
    found: list[tuple[int, Row]] = []
    for index in order.tolist():
        if len(found) == count:
            break
        if index not in taken:
            row = table.slice(index, 1).to_pylist()[0]
            if fits(row):
                found.append((index, row))
                taken.add(index)
    return found


def _soil_table(
    settings: Settings, name: str, table: pa.Table, planted: dict[str, int]
) -> pa.Table:
    """Plant the faults of one table; changed and added rows stand at its end."""
    rng = stream(settings, f"dirt {name}")
    order, taken = rng.permutation(table.num_rows), set()
    gone: list[int] = []
    added: list[Row] = []
    last = np.datetime64(settings.extract_us, "us").astype(object)
    for owner, kind, share, mode, fits, change in FAULTS:
        if owner != name:
            continue
        count = planned(share, table.num_rows, settings.dirt)
        found = _suitable(table, order, taken, fits, count)
        added += [_capped(change(row), last) for _, row in found]
        gone += [index for index, _ in found] if mode == "instead" else []
        planted[f"{name}.{kind}"] = len(found)
    keep = np.ones(table.num_rows, dtype=bool)
    keep[gone] = False
    extra = pa.Table.from_pylist(added, schema=SCHEMAS[name])
    return pa.concat_tables([table.filter(pa.array(keep)), extra])


def _wrong_churn(settings: Settings, company: Company, churns: pa.Table, accounts: pa.Table):
    """A churn that ends before it begins, of an account that never left."""
    stayed = np.flatnonzero(
        (company.churn_day >= NEVER)
        & ~(company.is_internal | company.is_prospect)
        & (company.start_day < settings.first_day + settings.days // 2)
    )[: planned(0.0, churns.num_rows + 1, settings.dirt)]
    day = settings.end - timedelta(days=min(40, settings.days - 1))
    rows = [
        {
            "account_id": accounts["account_id"][index].as_py(),
            "churned_on": day,
            "reactivated_on": day - timedelta(days=12),
            "reason": "budget",
        }
        for index in stayed.tolist()
    ]
    return pa.concat_tables([churns, pa.Table.from_pylist(rows, schema=churns.schema)]), len(rows)


def soil_tables(
    settings: Settings, company: Company, tables: dict[str, pa.Table]
) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """Plant the faults of all tables but usage_events.

    Returns:
        The tables, and the number of faults planted by ``<table>.<kind>``.
    """
    if settings.dirt == 0:
        return tables, {}
    planted: dict[str, int] = {}
    clean_accounts = tables["accounts"]
    dirty = {name: _soil_table(settings, name, table, planted) for name, table in tables.items()}
    dirty["churn_events"], planted["churn_events.reactivated_before_churn"] = _wrong_churn(
        settings, company, dirty["churn_events"], clean_accounts
    )
    return dirty, planted
