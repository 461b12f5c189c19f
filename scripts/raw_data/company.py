"""The accounts and their stories: when each one starts, what befalls it, whether it leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from . import words
from .columns import dates, ids, pick, stamps, table
from .settings import DAY_US, NEVER, Settings, stream

SEGMENTS = ("enterprise", "mid_market", "smb")
SEGMENT_SHARES = (0.12, 0.34, 0.54)
# Median users per account before scaling to the mean that was asked for.
SEGMENT_SIZES = (42.0, 15.0, 6.0)


@dataclass(frozen=True)
class Story:
    """What happens to an account at full severity, as losses from its own normal (0 to 1)."""

    name: str
    share: float
    login: float  # chance that a typical user logs in on a working day
    satisfaction: float  # 0 to 1, before the story bites
    usage_loss: float = 0.0
    dropout: float = 0.0  # share of users that stop altogether
    satisfaction_loss: float = 0.0
    contact_change: float = 0.0  # -1: no contact any more; 2: three times as many
    escalation: float = 0.0  # added chance that a contact is escalated
    touch_loss: float = 0.0
    late_payment: float = 0.0  # added chance that an invoice is late or never paid
    churn_chance: float = 0.0
    ramp_days: tuple[int, int] = (1, 2)


STORIES = (
    Story("thrive", 0.19, 0.63, 0.84),
    Story("steady", 0.22, 0.49, 0.76),
    Story("sleepy", 0.09, 0.17, 0.58),
    Story("grow", 0.08, 0.58, 0.80),
    Story("fade", 0.16, 0.47, 0.72, 0.92, 0.80, 0.58, -0.1, 0.25, 0.90, 0.65, 0.70, (60, 120)),
    Story("silent", 0.07, 0.46, 0.72, 0.92, 0.80, 0.55, -1.0, 0.10, 1.00, 0.60, 0.72, (60, 120)),
    Story("champion", 0.07, 0.49, 0.74, 0.86, 0.78, 0.58, 0.1, 0.25, 0.95, 0.60, 0.64, (30, 70)),
    Story("admin", 0.04, 0.49, 0.74, 0.80, 0.75, 0.55, 0.2, 0.25, 0.90, 0.60, 0.62, (30, 70)),
    Story("fight", 0.06, 0.51, 0.70, 0.75, 0.65, 0.62, 1.6, 0.40, 0.70, 0.60, 0.64, (30, 70)),
    Story("pays_late", 0.05, 0.47, 0.71, 0.78, 0.65, 0.50, 0.3, 0.20, 0.80, 0.90, 0.62, (45, 90)),
)
STORY_INDEX = {story.name: index for index, story in enumerate(STORIES)}
# A good account leaves now and then, and no data say why: bought, closed, budget cut.
UNEXPLAINED_CHURN_PER_YEAR = 0.04
REACTIVATED_SHARE = 0.12
# What is left of a story after the account came back.
SEVERITY_AFTER_RETURN = 0.15


def trait(field: str) -> np.ndarray:
    """One column of STORIES, to be indexed by story."""
    return np.array([getattr(story, field) for story in STORIES])


@dataclass(frozen=True)
class Company:
    """All accounts, one array element each; days are day numbers, NEVER where it never happens."""

    segment: np.ndarray
    region: np.ndarray
    industry: np.ndarray
    csm: np.ndarray
    csm_names: tuple[str, ...]
    parent: np.ndarray  # index of the parent account, -1 without one
    names: list[str]
    is_internal: np.ndarray
    is_prospect: np.ndarray
    created_day: np.ndarray
    start_day: np.ndarray  # first day as a customer; prospects and internal ones: first day of use
    size: np.ndarray  # users that the account ever has
    story: np.ndarray
    onset_day: np.ndarray
    ramp_days: np.ndarray
    turn_day: np.ndarray  # the story ends well here; NEVER where it ends in churn
    churn_day: np.ndarray
    reactivation_day: np.ndarray
    leaves_at_term_end: np.ndarray
    login: np.ndarray  # chance that a typical user logs in on a working day
    satisfaction: np.ndarray
    drift_phase: np.ndarray  # (accounts, 2), radians

    def __len__(self) -> int:
        return len(self.segment)

    def is_customer(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether the account uses the product on the day; arguments broadcast."""
        churned = (day >= self.churn_day[account]) & (day < self.reactivation_day[account])
        return (day >= self.start_day[account]) & ~churned

    def severity(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """How far the account's story has gone, 0 to 1; arguments broadcast."""
        since = (day - self.onset_day[account]) / self.ramp_days[account]
        level = np.clip(since, 0, 1) ** 1.3
        after_turn = np.maximum(day - self.turn_day[account], 0)
        level = level * np.exp(-after_turn / 35.0)
        back = day >= self.reactivation_day[account]
        return np.where(back, np.minimum(level, SEVERITY_AFTER_RETURN), level)

    def drift(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Slow ups and downs that mean nothing, about -1 to 1: real accounts are never flat."""
        phase = self.drift_phase[account]
        slow = np.sin(day * (2 * np.pi / 311) + phase[..., 0])
        return 0.6 * slow + 0.4 * np.sin(day * (2 * np.pi / 97) + phase[..., 1])

    def contentment(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """How content the people are, 0 to 1: what CSAT, NPS and sentiment are drawn around."""
        loss = trait("satisfaction_loss")[self.story[account]] * self.severity(account, day)
        return np.clip(
            self.satisfaction[account] - loss + 0.05 * self.drift(account, day), 0.02, 0.98
        )

    def last_active_day(self, settings: Settings) -> np.ndarray:
        """The last day in the data on which each account is a customer."""
        gone = (self.churn_day < NEVER) & (self.reactivation_day >= NEVER)
        return np.where(gone, np.minimum(self.churn_day - 1, settings.last_day), settings.last_day)


def _start_days(settings: Settings, rng: np.random.Generator, count: int) -> np.ndarray:
    """Half of the accounts before the data begin, the rest ever faster over the span."""
    first, last = settings.first_day, settings.last_day
    early = first - 20 - (rng.random(count) ** 1.5 * 1300).astype(np.int64)
    later = first + (rng.random(count) ** 0.85 * (settings.days - 1)).astype(np.int64)
    starts = np.where(rng.random(count) < 0.5, early, later)
    # Somebody always has just begun: onboarding must be seen in every run.
    fresh = rng.random(count) < 0.015
    return np.where(fresh, last - rng.integers(2, 25, count), starts)


def _story_days(
    settings: Settings,
    rng: np.random.Generator,
    story: np.ndarray,
    segment: np.ndarray,
    start: np.ndarray,
) -> dict[str, np.ndarray]:
    """Onset, ramp, and how the story ends: churn by chance, otherwise a turn for the better."""
    count = len(story)
    bad = trait("churn_chance")[story] > 0
    low, high = np.array([s.ramp_days for s in STORIES])[story].T
    ramp = rng.integers(low, high)
    earliest = np.maximum(start + 70, settings.first_day - 200)
    reach = np.maximum(settings.last_day - 15 - earliest, 0)
    onset = np.where(
        bad & (reach > 0), earliest + (rng.random(count) * reach).astype(np.int64), NEVER
    )
    lag = ramp + np.clip(rng.lognormal(4.35, 0.55, count), 20, 220).astype(np.int64)
    # Big customers fight longer before they go.
    chance = trait("churn_chance")[story] * np.array([0.75, 1.0, 1.1])[segment]
    leaves = bad & (rng.random(count) < chance)
    years = np.maximum(settings.last_day - np.maximum(start, settings.first_day), 0) / 365
    plain = rng.random(count) < 1 - np.exp(-UNEXPLAINED_CHURN_PER_YEAR * years)
    plain_day = settings.last_day - (rng.random(count) * years * 365).astype(np.int64)
    churn = np.where(leaves & (onset < NEVER), onset + lag, NEVER)
    churn = np.where(~leaves & plain & (plain_day > start + 90), plain_day, churn)
    churn = np.where((churn > settings.last_day) | (churn <= settings.first_day), NEVER, churn)
    # Doomed accounts whose day lies beyond the data are still on their way down at the end.
    turn = np.where(leaves, NEVER, onset + lag + lag // 2)
    back = churn + rng.integers(45, 150, count)
    returns = (churn < NEVER) & (rng.random(count) < REACTIVATED_SHARE)
    back = np.where(returns & (back <= settings.last_day), back, NEVER)
    return {
        "onset_day": onset,
        "ramp_days": ramp,
        "turn_day": turn,
        "churn_day": churn,
        "reactivation_day": back,
    }


def _sizes(settings: Settings, rng: np.random.Generator, segment: np.ndarray) -> np.ndarray:
    """Log-normal users per account, scaled to the mean asked for, at least two where it can be."""
    raw = np.array(SEGMENT_SIZES)[segment] * rng.lognormal(0, 0.45, len(segment))
    scale = settings.users_per_account / raw.mean()
    return np.maximum(np.rint(raw * scale), min(2, settings.users_per_account)).astype(np.int64)


def _parents(rng: np.random.Generator, segment: np.ndarray) -> np.ndarray:
    """Some smaller accounts belong to an enterprise account that itself has no parent."""
    heads = np.flatnonzero(segment == 0)
    child = (segment != 0) & (rng.random(len(segment)) < 0.08)
    if not len(heads):
        return np.full(len(segment), -1)
    return np.where(child, rng.choice(heads, len(segment)), -1)


def _names(
    rng: np.random.Generator, industry: np.ndarray, region: np.ndarray, parent: np.ndarray
) -> list[str]:
    """Invented names, unique; a daughter carries her parent's name and a place."""
    firsts, seconds = len(words.FIRST_PARTS), len(words.SECOND_PARTS)
    order = rng.permutation(firsts * seconds)
    kinds = list(words.INDUSTRIES.values())
    suffix = rng.integers(0, 3, len(industry))
    names: list[str] = []
    for index, kind in enumerate(industry.tolist()):
        lap, place = divmod(index, len(order))
        first, second = divmod(int(order[place]), seconds)
        stem = words.FIRST_PARTS[first] + words.SECOND_PARTS[second]
        number = f" {lap + 1}" if lap else ""
        names.append(f"{stem} {kinds[kind][suffix[index]]}{number}")
    taken = set(names)
    for index in np.flatnonzero(parent >= 0).tolist():
        base = f"{names[parent[index]]} {words.REGION_WORDS[region[index]]}"
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base} {number}"
        taken.add(name)
        names[index] = name
    return names


def _csms(
    rng: np.random.Generator, segment: np.ndarray, region: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """A book of six managers (more for big companies); big accounts go to the first third."""
    count = int(np.clip(len(segment) // 100, 6, len(words.CSM_FIRST) * len(words.CSM_LAST)))
    laps = len(words.CSM_FIRST)
    names = tuple(
        f"{words.CSM_FIRST[i % laps]} {words.CSM_LAST[(i + i // laps) % laps]}"
        for i in range(count)
    )
    senior = max(count // 3, 1)
    chosen = senior + rng.integers(0, max(count - senior, 1), len(segment))
    chosen = np.where(segment == 0, rng.integers(0, senior, len(segment)), chosen)
    # One region leans on one manager, so that books differ in more than chance.
    lean = (region == 2) & (segment != 0) & (rng.random(len(segment)) < 0.6)
    return np.minimum(np.where(lean, count - 1, chosen), count - 1), names


def make_company(settings: Settings) -> Company:
    """Draw the accounts of the company and the story of each."""
    rng = stream(settings, "company")
    count = settings.accounts
    segment = rng.choice(3, count, p=SEGMENT_SHARES)
    region = rng.choice(3, count, p=(0.5, 0.35, 0.15))
    industry = rng.integers(0, len(words.INDUSTRIES), count)
    start = _start_days(settings, rng, count)
    shares = trait("share")
    story = rng.choice(len(STORIES), count, p=shares / shares.sum())
    odd = rng.random(count)
    is_internal = np.arange(count) < count // 150
    is_prospect = ~is_internal & (odd < 0.015) & (start > settings.first_day)
    outside = is_internal | is_prospect
    story = np.where(outside, STORY_INDEX["sleepy"], story)
    days = _story_days(settings, rng, story, segment, start)
    for name in ("onset_day", "churn_day", "reactivation_day"):
        days[name] = np.where(outside, NEVER, days[name])
    parent = np.where(outside, -1, _parents(rng, segment))
    industry = np.where(parent >= 0, industry[parent], industry)
    csm, csm_names = _csms(rng, segment, region)
    setup = (rng.random(count) ** 2 * 28).astype(np.int64)
    return Company(
        segment=segment,
        region=region,
        industry=industry,
        csm=csm,
        csm_names=csm_names,
        parent=parent,
        names=_names(rng, industry, region, parent),
        is_internal=is_internal,
        is_prospect=is_prospect,
        created_day=start - setup,
        start_day=start,
        size=_sizes(settings, rng, segment),
        story=story,
        leaves_at_term_end=rng.random(count) < 0.6,
        login=np.clip(trait("login")[story] + rng.normal(0, 0.07, count), 0.08, 0.85),
        satisfaction=np.clip(trait("satisfaction")[story] + rng.normal(0, 0.06, count), 0.3, 0.96),
        drift_phase=rng.random((count, 2)) * 2 * np.pi,
        **days,
    )


def account_ids(company: Company) -> pa.Array:
    """Ids of the accounts in the order of the company's arrays."""
    return ids("ACC-", np.arange(len(company)) + 1, 5)


def accounts_table(company: Company) -> pa.Table:
    """The raw table ``accounts``."""
    outside = company.is_internal | company.is_prospect
    names = account_ids(company)
    created = company.created_day * DAY_US + 28_800_000_000
    return table(
        "accounts",
        account_id=names,
        created_at=stamps(created),
        account_name=pa.array(company.names),
        segment=pick(SEGMENTS, company.segment),
        customer_since=dates(np.where(outside, NEVER, company.start_day)),
        industry=pick(tuple(words.INDUSTRIES), company.industry),
        region=pick(words.REGIONS, company.region),
        csm_owner=pick(company.csm_names, np.where(outside, -1, company.csm)),
        parent_account_id=pick(names, company.parent),
        is_internal=pa.array(company.is_internal),
    )


CHURN_REASONS = ("budget", "competitor", "low_usage", "product_fit", "support", "lost_champion")


def churn_table(settings: Settings, company: Company) -> pa.Table:
    """The raw table ``churn_events``; the stated reason is right more often than not."""
    rng = stream(settings, "churn")
    left = np.flatnonzero(company.churn_day < NEVER)
    left = left[np.argsort(company.churn_day[left], kind="stable")]
    truth = {"fade": 2, "silent": 2, "champion": 5, "fight": 4, "pays_late": 0}
    said = np.array([truth.get(s.name, -1) for s in STORIES])[company.story[left]]
    guess = rng.integers(-1, len(CHURN_REASONS), len(left))
    return table(
        "churn_events",
        account_id=pick(account_ids(company), left),
        churned_on=dates(company.churn_day[left]),
        reactivated_on=dates(company.reactivation_day[left]),
        reason=pick(CHURN_REASONS, np.where(rng.random(len(left)) < 0.65, said, guess)),
    )
