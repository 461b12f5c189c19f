"""The users of every account: roles, titles, arrivals, departures, how busy each one is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from . import words
from .columns import ids, pick, stamps, table
from .company import STORY_INDEX, Company, account_ids
from .settings import DAY_US, NEVER, Settings, stream

ROLES = ("admin", "member", "viewer")
ADMIN, MEMBER, VIEWER = range(3)
# Places in an account: the first user sets it up, the second is its champion.
FOUNDER, CHAMPION = 0, 1


@dataclass(frozen=True)
class People:
    """All users, ordered by account; ``offset[a]`` is the first user of account a."""

    account: np.ndarray
    place: np.ndarray  # 0, 1, 2 … within the account
    offset: np.ndarray  # (accounts + 1,)
    role: np.ndarray
    is_executive: np.ndarray
    created_day: np.ndarray
    deactivated_day: np.ndarray
    weight: np.ndarray  # how busy, 1 is typical
    dropout_at: np.ndarray  # stops for good when severity times the story's dropout passes this
    admin_stop_day: np.ndarray  # an admin of an account that loses its admin

    def __len__(self) -> int:
        return len(self.account)

    def here(self, user: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether the user exists and is not deactivated on the day; arguments broadcast."""
        return (self.created_day[user] <= day) & (day < self.deactivated_day[user])

    def draw(
        self, rng: np.random.Generator, company: Company, account: np.ndarray, day: np.ndarray
    ) -> np.ndarray:
        """A random user per (account, day), among those who are there; else the first one."""
        chosen = np.full(len(account), -1)
        for _ in range(4):
            place = (rng.random(len(account)) * company.size[account]).astype(np.int64)
            user = self.offset[account] + place
            chosen = np.where((chosen < 0) & self.here(user, day), user, chosen)
        return np.where(chosen < 0, self.offset[account], chosen)


def _arrivals(
    settings: Settings,
    company: Company,
    rng: np.random.Generator,
    account: np.ndarray,
    place: np.ndarray,
) -> np.ndarray:
    """Most users come with the account, the rest later; growing accounts gain them for long."""
    created = company.created_day[account]
    last = np.minimum(company.last_active_day(settings), settings.last_day)[account]
    grows = company.story[account] == STORY_INDEX["grow"]
    early = place < np.where(grows, 0.5, 0.75) * company.size[account]
    soon = created + (rng.random(len(account)) * 20).astype(np.int64)
    begin = np.where(grows, np.maximum(created, settings.first_day), created)
    later = begin + (rng.random(len(account)) * np.maximum(last - begin, 1)).astype(np.int64)
    day = np.where(early, soon, later)
    day = np.where(place <= CHAMPION, created, day)
    return np.maximum(np.minimum(day, last), np.minimum(created, settings.last_day))


def _departures(
    settings: Settings,
    company: Company,
    rng: np.random.Generator,
    created: np.ndarray,
    account: np.ndarray,
    place: np.ndarray,
) -> np.ndarray:
    """Eight in a hundred leave per year; a lost champion leaves when the story says so."""
    stay = (rng.exponential(365 / 0.08, len(account))).astype(np.int64) + 30
    left = np.where(place == FOUNDER, NEVER, created + stay)
    onset = company.onset_day[account]
    lost = (company.story[account] == STORY_INDEX["champion"]) & (place == CHAMPION)
    left = np.where(lost, onset, left)
    lost_admin = (company.story[account] == STORY_INDEX["admin"]) & (place == FOUNDER)
    left = np.where(lost_admin & (rng.random(len(account)) < 0.5), onset + 10, left)
    return np.where(left > company.last_active_day(settings)[account], NEVER, left)


def _roles(
    company: Company, rng: np.random.Generator, account: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Role per user and whether the user is an executive."""
    size = company.size[account]
    admin = (place == FOUNDER) | ((place == 2) & (size >= 10)) | ((place == 3) & (size >= 40))
    executive = ((place == 4) & (size >= 5)) | ((place == 5) & (size >= 30))
    owner = (place == FOUNDER) & (size < 8) & (rng.random(len(account)) < 0.4)
    role = np.where(rng.random(len(account)) < 0.15, VIEWER, MEMBER)
    return np.where(admin, ADMIN, role), executive | owner


def make_people(settings: Settings, company: Company) -> People:
    """Draw the users of every account."""
    rng = stream(settings, "people")
    account = np.repeat(np.arange(len(company)), company.size)
    offset = np.concatenate([[0], np.cumsum(company.size)])
    place = np.arange(len(account)) - offset[account]
    created = _arrivals(settings, company, rng, account, place)
    role, executive = _roles(company, rng, account, place)
    weight = rng.gamma(5.0, 1 / 5.0, len(account)) * np.array([1.1, 1.05, 0.4])[role]
    weight = np.where(executive & (place != FOUNDER), 0.35 * weight, weight)
    weight = np.where(place == CHAMPION, 1.6, weight)
    weight = np.where(place == FOUNDER, np.maximum(weight, 0.9), weight)
    asleep = (place > CHAMPION) & (rng.random(len(account)) < 0.08)
    dropout = rng.random(len(account))
    admin_lost = (company.story[account] == STORY_INDEX["admin"]) & (role == ADMIN)
    return People(
        account=account,
        place=place,
        offset=offset,
        role=role,
        is_executive=executive,
        created_day=created,
        deactivated_day=_departures(settings, company, rng, created, account, place),
        weight=np.where(asleep, 0.02, weight),
        dropout_at=np.where(place <= CHAMPION, 0.5 + dropout / 2, dropout),
        admin_stop_day=np.where(admin_lost, company.onset_day[account], NEVER),
    )


def user_ids(people: People) -> pa.Array:
    """Ids of the users in the order of the arrays."""
    return ids("USR-", np.arange(len(people)) + 1, 6)


def _emails(rng: np.random.Generator, company: Company, people: People) -> pa.Array:
    """Addresses under example.com, unique within an account."""
    firsts, lasts = len(words.USER_FIRST), len(words.USER_LAST)
    # 7 shares no factor with 30 * 30, so the walk repeats only after every pair was used.
    step = (rng.integers(0, firsts * lasts, len(company))[people.account] + 7 * people.place) % (
        firsts * lasts
    )
    lap = people.place // (firsts * lasts)
    first = np.array(words.USER_FIRST)[step // lasts]
    last = np.array(words.USER_LAST)[step % lasts]
    tail = np.where(lap > 0, lap.astype(str), "")
    hosts = np.array([name.split()[0].lower() for name in company.names])[people.account]
    local = np.char.add(np.char.add(np.char.add(first, "."), last), tail)
    return pa.array(np.char.add(np.char.add(local, "@"), np.char.add(hosts, ".example.com")))


def users_table(settings: Settings, company: Company, people: People) -> pa.Table:
    """The raw table ``users``."""
    rng = stream(settings, "users")
    count = len(people)
    members = rng.integers(0, len(words.MEMBER_TITLES), count)
    bosses = len(words.MEMBER_TITLES) + rng.integers(0, len(words.EXECUTIVE_TITLES), count)
    title = np.where(people.is_executive, bosses, members)
    small_hours = 28_800_000_000 + rng.integers(0, 36_000, count) * 1_000_000
    left = people.deactivated_day * DAY_US + 64_800_000_000
    return table(
        "users",
        user_id=user_ids(people),
        account_id=pick(account_ids(company), people.account),
        created_at=stamps(people.created_day * DAY_US + small_hours),
        email=_emails(rng, company, people),
        role=pick(ROLES, people.role),
        title=pick((*words.MEMBER_TITLES, *words.EXECUTIVE_TITLES), title),
        is_executive=pa.array(people.is_executive),
        deactivated_at=stamps(np.where(people.deactivated_day < NEVER, left, -1)),
    )
