"""What passes between the company and its customers: meetings, NPS, the old tool's score."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from . import words
from .columns import dates, ids, pick, stamps, table
from .company import STORY_INDEX, Company, account_ids, trait
from .people import VIEWER, People, user_ids
from .settings import DAY_US, Settings, stream
from .support import Answers, Support

# Days between touches, by segment; business reviews come on top.
TOUCH_EVERY = (16.0, 27.0, 42.0)
REVIEW_EVERY = (88, 110, 300)
EXECUTIVE_AT_REVIEW = (0.9, 0.75, 0.55)
EXECUTIVE_AT_TOUCH = (0.14, 0.10, 0.10)
NPS_EVERY_DAYS = 182
NPS_RESPONSE = 0.34
CHECK_IN, TRAINING, EMAIL, REVIEW = range(4)


def touchpoints_table(settings: Settings, company: Company) -> pa.Table:
    """The raw table ``touchpoints``: regular touches and business reviews, fewer in bad stories."""
    rng = stream(settings, "touchpoints")
    days = np.arange(settings.first_day, settings.last_day + 1)
    account, day = np.arange(len(company))[:, None], days[None, :]
    here = company.is_customer(account, day) & ~(company.is_prospect | company.is_internal)[:, None]
    severity = company.severity(account, day)
    # Nobody calls the sleepy ones, because nothing seems to be wrong with them.
    asleep = company.story == STORY_INDEX["sleepy"]
    care = np.clip(rng.lognormal(0, 0.25, len(company)), 0.5, 2) * np.where(asleep, 0.45, 1)
    care = care[:, None]
    left = 1 - trait("touch_loss")[company.story[account]] * severity
    working = (days + 3) % 7 < 5
    rate = care * left / np.array(TOUCH_EVERY)[company.segment[account]] * working * 7 / 5
    touches = here & (rng.random(here.shape) < rate)
    # A review has its day in each account's own rhythm, moved to the Friday before a weekend.
    rhythm = np.array(REVIEW_EVERY)[company.segment[account]]
    turn = rng.integers(0, 400, len(company))[:, None]
    moved = np.where((days + 3) % 7 >= 5, days - ((days + 3) % 7 - 4), days)
    held = ((moved[None, :] + turn) % rhythm == 0) & working & (rng.random(here.shape) < 0.3 + left)
    reviews = here & held & (day > company.start_day[account] + 45)
    rows = [np.nonzero(touches), np.nonzero(reviews)]
    who = np.concatenate([row[0] for row in rows])
    when = days[np.concatenate([row[1] for row in rows])]
    is_review = np.repeat([False, True], [len(row[0]) for row in rows])
    kind = rng.choice(3, len(who), p=(0.5, 0.15, 0.35))
    segment = company.segment[who]
    chance = np.where(
        is_review, np.array(EXECUTIVE_AT_REVIEW)[segment], np.array(EXECUTIVE_AT_TOUCH)[segment]
    )
    loss = trait("touch_loss")[company.story[who]] * company.severity(who, when)
    executive = rng.random(len(who)) < chance * (1 - loss)
    hours = 8 - np.array(words.REGION_OFFSETS)[company.region[who]] + rng.integers(1, 9, len(who))
    at_us = when * DAY_US + (hours % 24) * 3_600_000_000
    order = np.lexsort((who, at_us))
    return table(
        "touchpoints",
        touchpoint_id=ids("TCH-", np.arange(len(order)) + 1, 7),
        account_id=pick(account_ids(company), who[order]),
        occurred_at=stamps(at_us[order]),
        touchpoint_type=pick(words.TOUCHPOINT_TYPES, np.where(is_review, REVIEW, kind)[order]),
        csm_owner=pick(company.csm_names, company.csm[who][order]),
        includes_executive=pa.array(executive[order]),
    )


def _nps_answers(settings: Settings, company: Company, people: People) -> Answers:
    """Every user is asked twice a year on a day of their own; about a third answer."""
    rng = stream(settings, "nps")
    laps = settings.days // NPS_EVERY_DAYS + 1
    user = np.repeat(np.arange(len(people)), laps)
    lap = np.tile(np.arange(laps), len(people))
    first = rng.integers(0, NPS_EVERY_DAYS, len(people))
    asked = settings.first_day + first[user] + lap * NPS_EVERY_DAYS
    account = people.account[user]
    severity = company.severity(account, asked)
    silence = trait("touch_loss")[company.story[account]] * severity
    chance = NPS_RESPONSE * (1 - 0.9 * silence) * np.where(people.role[user] == VIEWER, 0.5, 1)
    chance = np.where(people.weight[user] < 0.1, 0.05, chance)
    outside = company.is_prospect[account] | company.is_internal[account]
    ok = company.is_customer(account, asked) & people.here(user, asked) & ~outside
    ok &= asked > people.created_day[user] + 20
    at_us = asked * DAY_US + ((9 + rng.gamma(1.3, 40.0, len(user))) * 3600).astype(np.int64) * (
        1_000_000
    )
    mood = company.contentment(account, asked)
    score = np.clip(np.rint(10 * (mood + 0.02 + rng.normal(0, 0.15, len(user)))), 0, 10)
    answered = ok & (rng.random(len(user)) < chance) & (at_us <= settings.extract_us)
    answers = (account, np.ones(len(user), bool), score, at_us, user, np.full(len(user), -1))
    return Answers(*(values[answered] for values in answers))


def surveys_table(
    settings: Settings, company: Company, people: People, support: Support
) -> pa.Table:
    """The raw table ``survey_responses``: CSAT and NPS in time order."""
    rng = stream(settings, "surveys")
    csat, nps = support.csat_answers(), _nps_answers(settings, company, people)
    both = {
        name: np.concatenate([getattr(csat, name), getattr(nps, name)])
        for name in Answers.__dataclass_fields__
    }
    order = np.lexsort((both["account"], both["at_us"]))
    both = {name: values[order] for name, values in both.items()}
    anonymous = rng.random(len(order)) < 0.04
    loaded = np.minimum((both["at_us"] // DAY_US + 1) * DAY_US, settings.extract_us)
    return table(
        "survey_responses",
        response_id=ids("RSP-", np.arange(len(order)) + 1, 7),
        account_id=pick(account_ids(company), both["account"]),
        survey_type=pick(("csat", "nps"), both["is_nps"].astype(int)),
        score=pa.array(both["score"].astype(np.int64)),
        responded_at=stamps(both["at_us"]),
        user_id=pick(user_ids(people), np.where(anonymous, -1, both["user"])),
        ticket_id=pick(support.ticket_ids, both["ticket"]),
        loaded_at=stamps(loaded),
    )


def external_scores_table(settings: Settings, company: Company) -> pa.Table:
    """The raw table ``external_scores``: a legacy tool that sees a little of what is going on."""
    rng = stream(settings, "external")
    all_days = np.arange(settings.first_day, settings.last_day + 1)
    months = all_days.astype("datetime64[D]").astype("datetime64[M]")
    days = all_days[all_days.astype("datetime64[D]") == months]
    account, day = (v.ravel() for v in np.meshgrid(np.arange(len(company)), days))
    keep = company.is_customer(account, day) & ~(company.is_prospect | company.is_internal)[account]
    account, day = account[keep], day[keep]
    # It looks at last month's figures and knows nothing of half of the stories.
    late = company.severity(account, day - 30) * (company.story[account] % 2 == 0)
    belief = 68 + 12 * (company.login[account] - 0.5) - 30 * late
    score = np.clip(belief + rng.normal(0, 13, len(account)), 0, 100)
    return table(
        "external_scores",
        account_id=pick(account_ids(company), account),
        scored_on=dates(day),
        system=pa.array(["legacy_tool"] * len(account), pa.string()),
        score=pa.array(np.round(score, 1)),
    )
