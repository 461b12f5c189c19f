"""Usage events, month by month and without a Python loop per event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from . import words
from .columns import SCHEMAS, coded, ids, pick, stamps, table
from .company import Company, account_ids, trait
from .people import People, user_ids
from .settings import DAY_US, NEVER, Settings, month_starts, stream

# Share of the event budget that logins may take; below it they are thinned.
LOGIN_BUDGET = 0.8
SECOND_LOGIN = 0.08
# Feature choice is one look-up in a table of this many slots per account.
SLOTS = 128
EVENT_NAMES = ("login", "feature_used", "api_call", "LOGIN", " feature_used ")
LOGIN, FEATURE_USED, API_CALL, LOGIN_SHOUTED, FEATURE_PADDED = range(5)
HOUR_US = 3_600_000_000


@dataclass
class Events:
    """Events of one month, arrays of one length, in event-time order; -1 is null."""

    event: np.ndarray
    account: np.ndarray
    user: np.ndarray
    name: np.ndarray
    feature: np.ndarray
    at_us: np.ndarray
    count: np.ndarray
    loaded_us: np.ndarray

    def __len__(self) -> int:
        return len(self.event)

    def take(self, rows: np.ndarray) -> Events:
        """The rows at these positions."""
        return Events(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def join(self, other: Events) -> Events:
        """These rows, then the other ones."""
        pairs = ((getattr(self, n), getattr(other, n)) for n in self.__dataclass_fields__)
        return Events(*(np.concatenate(pair) for pair in pairs))

    def sorted(self) -> Events:
        """In event-time order; rows of one moment keep their order."""
        return self.take(np.argsort(self.at_us, kind="stable"))


def calendar(days: np.ndarray) -> np.ndarray:
    """How busy a date is against a plain working day: weekends, late December, August."""
    stamps_ = days.astype("datetime64[D]")
    month = stamps_.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (stamps_ - stamps_.astype("datetime64[M]")).astype(np.int64) + 1
    weekend = (days + 3) % 7 >= 5  # 1970-01-01 was a Thursday
    feast = ((month == 12) & (day >= 23)) | ((month == 1) & (day <= 2))
    busy = np.where(weekend, 0.1, 1.0) * np.where(feast, 0.3, 1.0)
    return busy * np.where(month == 8, 0.9, 1.0)


def release_days(settings: Settings) -> np.ndarray:
    """Release day per feature; NEVER where it lies after the data or was always there."""
    shares = [share for _, _, share in words.FEATURES]
    early = settings.first_day - 400 - 37 * np.arange(len(shares))
    inside = [settings.first_day + int((s or 0) * settings.days) for s in shares]
    return np.where([s is None for s in shares], early, inside)


def features_table(settings: Settings) -> pa.Table:
    """The raw table ``features``: what has been released by the end of the data."""
    released = release_days(settings)
    names, core, _ = zip(*words.FEATURES, strict=True)
    return table(
        "features",
        feature_id=ids("FEA-", np.arange(len(names)) + 1, 2),
        feature_name=pick(names, np.arange(len(names))),
        is_core=pa.array(core),
        released_at=stamps(released * DAY_US + 36_000_000_000),
    ).filter(pa.array(released <= settings.last_day))


class Usage:
    """How much each user does on each day, scaled to the number of events asked for."""

    def __init__(self, settings: Settings, company: Company, people: People) -> None:
        self.settings, self.company, self.people = settings, company, people
        self._draw_adoption()
        self.months = month_starts(settings.first_day, settings.last_day)
        logins, calls = self._expected()
        self.thinning = min(1.0, LOGIN_BUDGET * settings.events / max(logins + calls, 1e-9))
        self.first_logins = logins * self.thinning / (1 + SECOND_LOGIN)
        rest = settings.events - (logins + calls) * self.thinning
        self.features_per_visit = rest / max(self.first_logins, 1e-9)

    def _draw_adoption(self) -> None:
        """Which account takes up which feature, when, how much, and when it gives it up."""
        company, rng = self.company, stream(self.settings, "adoption")
        shape = (len(company), len(words.FEATURES))
        released = release_days(self.settings)
        is_core = np.array([core for _, core, _ in words.FEATURES])
        eager = np.clip(company.login * 0.75 + 0.5 + rng.normal(0, 0.06, len(company)), 0.35, 0.99)
        chance = np.where(is_core, eager[:, None], 0.45 * eager[:, None])
        taken = rng.random(shape) < chance
        since = np.maximum(released, company.start_day[:, None])
        day = since + rng.exponential(22, shape).astype(np.int64)
        self.adopted_day = np.where(taken, day, NEVER)
        popularity = np.where(is_core, 1.0, 0.45) * np.linspace(1.3, 0.7, shape[1])
        self.feature_weight = popularity * rng.lognormal(0, 0.3, shape)
        self.feature_dropped_at = rng.uniform(0.1, 1.25, shape)

    def _level(self, days: np.ndarray) -> np.ndarray:
        """(accounts, days) chance of a typical user's login, before weekday and person."""
        company = self.company
        account = np.arange(len(company))[:, None]
        day = days[None, :]
        severity = company.severity(account, day)
        loss = 1 - trait("usage_loss")[company.story[account]] * severity
        # Users who stop altogether carry part of the loss; the rest still come, more seldom.
        remaining = 1 - trait("dropout")[company.story[account]] * severity
        still = np.sqrt(np.clip(loss * loss / np.maximum(remaining, 0.2), 0, 1))
        ramp = np.clip(0.45 + (day - company.start_day[account]) / 60, 0.45, 1)
        drift = np.exp(0.10 * company.drift(account, day))
        level = company.login[account] * still * ramp * drift
        return level * company.is_customer(account, day)

    def _chances(self, days: np.ndarray) -> np.ndarray:
        """(users, days) chance that a user comes by on a day."""
        company, people = self.company, self.people
        account = np.arange(len(company))[:, None]
        spread = trait("dropout")[company.story[account]] * company.severity(account, days[None])
        level = (self._level(days) * calendar(days)).astype(np.float32)
        user = np.arange(len(people))[:, None]
        chance = level[people.account] * people.weight.astype(np.float32)[:, None]
        gone = spread.astype(np.float32)[people.account] > people.dropout_at[:, None]
        chance *= np.where(gone, np.float32(0.01), np.float32(1))
        chance *= people.here(user, days[None, :])
        chance *= np.where(days[None, :] >= people.admin_stop_day[:, None], np.float32(0.02), 1)
        return np.minimum(chance, np.float32(0.93))

    def _calls(self, days: np.ndarray) -> np.ndarray:
        """(accounts, days) expected rows of pre-aggregated calls by machines, without a user."""
        adopted = self.adopted_day[:, words.API_FEATURE][:, None] <= days[None, :]
        return np.where(adopted, 0.9 * np.minimum(self._level(days) * 1.8, 1), 0)

    def _expected(self) -> tuple[float, float]:
        """Expected login rows and call rows over the whole span."""
        logins = calls = 0.0
        for first, last in self.months:
            days = np.arange(first, last + 1)
            logins += float(self._chances(days).sum(dtype=np.float64)) * (1 + SECOND_LOGIN)
            calls += float(self._calls(days).sum())
        return logins, calls

    def _feature_slots(self, day: int) -> np.ndarray:
        """(accounts, SLOTS) features in proportion to how much each account uses them."""
        company = self.company
        severity = company.severity(np.arange(len(company)), np.int64(day))
        usage_loss = trait("usage_loss")[company.story]
        alive = (self.adopted_day <= day) & (
            self.feature_dropped_at > (severity * usage_loss * 1.2)[:, None]
        )
        weight = np.where(alive, self.feature_weight, 0)
        weight[:, 0] = np.where(weight.sum(axis=1) == 0, 1.0, weight[:, 0])
        share = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
        place = (np.arange(SLOTS) + 0.5) / SLOTS
        slots = np.zeros((len(company), SLOTS), dtype=np.int8)
        for feature in range(share.shape[1] - 1):
            slots += share[:, feature][:, None] <= place
        return slots

    def _moments(self, rng: np.random.Generator, account: np.ndarray, day: np.ndarray):
        """Microseconds of events in the account's office hours, on the UTC date itself."""
        morning = rng.random(len(account)) < 0.55
        hour = np.where(morning, 10.3, 14.8) + rng.standard_normal(len(account)) * 1.6
        hour -= np.array(words.REGION_OFFSETS)[self.company.region[account]]
        seconds = (hour * 3600).astype(np.int64) % 86_400
        return day * DAY_US + seconds * 1_000_000

    def month(self, part: int, first_number: int) -> Events:
        """The clean events of one month, numbered on from ``first_number`` in time order."""
        first, last = self.months[part]
        days = np.arange(first, last + 1)
        rng = stream(self.settings, "events", part)
        chance = self._chances(days) * np.float32(self.thinning)
        user, column = np.nonzero(rng.random(chance.shape, dtype=np.float32) < chance)
        visits, day = len(user), days[column]
        again = np.flatnonzero(rng.random(visits) < SECOND_LOGIN)
        used = np.repeat(np.arange(visits), rng.poisson(self.features_per_visit, visits))
        callers, call_column = np.nonzero(
            rng.random((len(self.company), len(days))) < self._calls(days) * self.thinning
        )
        visit = np.concatenate([np.arange(visits), again, used])
        users = np.concatenate([user[visit], np.full(len(callers), -1)])
        account = np.concatenate([self.people.account[user[visit]], callers])
        name = np.repeat(
            [LOGIN, FEATURE_USED, API_CALL], [visits + len(again), len(used), len(callers)]
        )
        slots = self._feature_slots((first + last) // 2)
        feature = np.full(len(account), -1)
        is_use = name == FEATURE_USED
        chosen = rng.integers(0, SLOTS, int(is_use.sum()))
        feature[is_use] = slots[account[is_use], chosen]
        feature[name == API_CALL] = words.API_FEATURE
        count = np.ones(len(account), dtype=np.int64)
        count[is_use] = rng.geometric(0.55, len(chosen))
        size = self.company.size[callers]
        count[name == API_CALL] = 1 + rng.poisson(np.minimum(size, 60) * 0.12)
        at_us = self._moments(rng, account, np.concatenate([day[visit], days[call_column]]))
        # Loaders come by once an hour, five minutes past it.
        loaded = (at_us // HOUR_US + 1) * HOUR_US + 300_000_000
        loaded = np.minimum(loaded, self.settings.extract_us)
        numbers = np.zeros(len(account), dtype=np.int64)
        events = Events(numbers, account, users, name, feature, at_us, count, loaded).sorted()
        events.event = np.arange(first_number, first_number + len(events))
        return events

    def clean_months(self) -> Iterator[tuple[int, Events]]:
        """(month number, its events), one month in memory at a time."""
        number = 1
        for part in range(len(self.months)):
            events = self.month(part, number)
            number += len(events)
            yield part, events


class EventTables:
    """Turns events into Arrow tables; knows the ids that no account and no user has."""

    def __init__(self, company: Company, people: People) -> None:
        strangers = ids("ACC-", np.arange(5) + 99_001, 5)
        ghosts = ids("USR-", np.arange(5) + 999_001, 6)
        self.accounts = pa.concat_arrays([account_ids(company), strangers])
        self.users = pa.concat_arrays([user_ids(people), ghosts])
        self.features = ids("FEA-", np.arange(len(words.FEATURES)) + 1, 2)

    def table(self, events: Events) -> pa.Table:
        """The raw table ``usage_events`` for these rows, words dictionary-encoded."""
        arrays = [
            ids("EV-", events.event, 9),
            coded(self.accounts, events.account),
            coded(EVENT_NAMES, events.name),
            stamps(events.at_us),
            coded(self.users, events.user),
            coded(self.features, events.feature),
            pa.array(events.count),
            stamps(events.loaded_us),
        ]
        return pa.Table.from_arrays(arrays, names=SCHEMAS["usage_events"].names)
