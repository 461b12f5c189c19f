"""Movement, causes, alerts and CRM updates agree with plain loops over the same history."""

from __future__ import annotations

import csv
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import reference
from reference.actions import Setting, Story, first_days
from reference.company import company_from
from reference.config import read_seeds
from reference.contacts import contacts_on
from reference.reading import read_raw
from reference.settings import settings_from
from warehouse import PROJECT, build, differences, fetch
from worlds import WorldSpec, make_world

KEYS = ["score_model", "account_id", "as_of_date"]
HEARD = ("tickets", "conversations", "touchpoints")


@dataclass
class Told:
    """A built warehouse, and the same history for plain loops."""

    warehouse: duckdb.DuckDBPyConnection
    story: Story
    world: WorldSpec
    settings: dict[tuple[str, str], Setting]


def alert_settings(seeds: Path) -> dict[tuple[str, str], Setting]:
    """The seed alert_settings by score model and alert type."""
    with (seeds / "alert_settings.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["score_model"], row["alert_type"]): Setting(
                row["is_on"] == "true",
                float(row["threshold"]) if row["threshold"] else None,
                float(row["hysteresis_points"]) if row["hysteresis_points"] else None,
                int(row["min_dwell_days"]),
            )
            for row in csv.DictReader(file)
        }


def changed_seeds(seeds: Path, to: Path) -> Path:
    """The same seeds with other weights, lines, rules and evidence."""
    shutil.copytree(seeds, to)
    for name, old, new in [
        ("score_weights", r"(composite,\*,usage,login_frequency),[0-9.]+", r"\1,2"),
        ("score_weights", r"(composite,\*,relationship,nps_average),[0-9.]+", r"\1,20"),
        ("score_thresholds", r"(composite,\*,green,\w+),80", r"\1,72"),
        ("band_rules", r"(overdue,composite,overdue_share,>=),[0-9.]+", r"\1,0.01"),
        ("signals", r"(?m)^(csat_average,.*),,linear", r"\1,2,linear"),
    ]:
        path = to / f"{name}.csv"
        text, count = re.subn(old, new, path.read_text(encoding="utf-8"))
        assert count, f"nothing to change in {name}"
        path.write_text(text, encoding="utf-8")
    return to


def told(world: WorldSpec, work: Path, change_on: date | None) -> Told:
    """Build the world's dates, from one day on under changed seeds, and calculate its signals."""
    first, last = world.as_of_dates[0], world.as_of_dates[-1]
    seeds = [world.seeds]
    warehouse = None
    if change_on is not None:
        until = change_on - timedelta(days=1)
        build(work, world.raw, until, first, world.seeds, world.vars).close()
        seeds.append(changed_seeds(world.seeds, work / "changed"))
    warehouse = build(work, world.raw, last, first, seeds[-1], world.vars)
    history = fetch(warehouse, "select * from marts.customer_health_history")
    latest = {r["score_model"]: r["config_version"] for r in history if r["as_of_date"] == last}
    configurations = [read_seeds(folder) for folder in seeds]
    seeds_of = {
        row["config_version"]: configurations[-1]
        if latest[row["score_model"]] == row["config_version"]
        else configurations[0]
        for row in history
    }
    signals = {}
    for folder, configuration in zip(seeds, configurations, strict=True):
        by_key: dict[tuple[str, str, date], dict[str, Any]] = defaultdict(dict)
        for row in reference.run(world.raw, folder, world.as_of_dates, world.vars).signals:
            by_key[row["score_model"], row["account_id"], row["as_of_date"]][row["signal_id"]] = row
        signals[id(configuration)] = by_key
    return Told(warehouse, Story(history, seeds_of, signals), world, alert_settings(seeds[-1]))


@pytest.fixture(scope="module", params=[(3, True), (8, False), (14, True)])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A generated company of 60 dates, with and without a change of seeds in their middle."""
    seed, is_changed = request.param
    folder = tmp_path_factory.mktemp("movement")
    world = make_world(seed, folder / "world", accounts=14, scored_days=60)
    change_on = world.as_of_dates[40] if is_changed else None
    return told(world, folder / "work", change_on)


def assert_same(
    got: list[dict], expected: list[dict], keys: list[str], columns: list[str], **near: float
) -> None:
    found = differences(got, expected, keys, columns, near)
    assert not found, "\n".join(found)


def test_movement_is_split_exactly(company: Told) -> None:
    newest = company.story.dates[-1]
    expected = []
    for (model, account, on), row in company.story.rows.items():
        points = company.story.movement(row) if on == newest else None
        for (part, signal_id), value in (points or {}).items():
            key = {"score_model": model, "account_id": account, "part": part}
            expected.append(key | {"signal_id": signal_id, "points": value})
    got = fetch(company.warehouse, "select * from marts.customer_health_movement")
    assert expected
    keys = ["score_model", "account_id", "part", "signal_id"]
    assert_same(got, expected, keys, ["points"], points=6e-7)
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for row in got:
        totals[row["score_model"], row["account_id"]] += float(row["points"])
    changes = {(r["score_model"], r["account_id"]): float(r["score_change_30d"]) for r in got}
    assert totals == pytest.approx(changes, abs=2e-5)


def test_the_index_moves_by_its_parts(company: Told) -> None:
    rows = fetch(
        company.warehouse,
        "select parts.score_model, cast(sum(points) as double) as points,"
        " cast(max(index_change_30d) as double) as published,"
        " cast(max(newest.mean_health_score) - max(earlier.mean_health_score) as double) as moved"
        " from marts.customer_health_index_movement as parts"
        " inner join marts.customer_health_index as newest using (score_model, as_of_date)"
        " inner join marts.customer_health_index as earlier on earlier.dimension = 'book'"
        " and parts.score_model = earlier.score_model"
        " and parts.compared_with_date = earlier.as_of_date"
        " where newest.dimension = 'book' group by parts.score_model",
    )
    assert rows
    for row in rows:
        assert row["points"] == pytest.approx(row["published"], abs=2e-5)
        assert row["moved"] == pytest.approx(row["published"], abs=1e-9)


def test_every_change_of_band_has_its_cause(company: Told) -> None:
    got = fetch(company.warehouse, "select * from marts.customer_health_band_changes")
    expected = company.story.band_changes()
    assert expected
    columns = ["from_band", "to_band", "direction", "cause", "is_company_wide"]
    assert_same(got, expected, KEYS, columns)


def churn_signal_days(company: Told) -> dict[str, set[date]]:
    """By account the days on which a contact began to speak of leaving."""
    world = company.world
    seeds = read_seeds(world.seeds)
    settings = settings_from(world.vars or {})
    book = company_from(read_raw(world.raw, settings), settings)
    found: dict[str, set[date]] = defaultdict(set)
    for account in book.accounts.values():
        before: set[tuple[str, str]] | None = None
        for on in [company.story.dates[0] - timedelta(days=1), *company.story.dates]:
            speaking = {
                (contact.kind, contact.contact_id)
                for contact in contacts_on(account, on)
                if contact.carries_churn_signal(seeds)
            }
            if before is not None and speaking - before:
                found[account.account_id].add(on)
            before = speaking
    return found


def conditions(company: Told) -> dict[tuple[str, str, str, str], dict[date, bool]]:
    """The days on which something holds, by model, type, account and subject; and whether a feed
    or new weights may have made it."""
    story, settings = company.story, company.settings
    leaving = churn_signal_days(company)
    found: dict[tuple[str, str, str, str], dict[date, bool]] = defaultdict(dict)
    for (model, account, on), row in story.rows.items():
        old = story.before(row)

        def holds(alert_type: str, subject: str = "", is_made: bool = False) -> None:
            if (model, alert_type) in settings and settings[model, alert_type].is_on:  # noqa: B023
                of_account = "" if alert_type == "source_stale" else account  # noqa: B023
                found[model, alert_type, of_account, subject][on] = is_made  # noqa: B023

        for rule in story.seeds(row).rules:
            if rule.score_model == model and rule.rule_id in row["fired_rules"].split(","):
                is_feed = old is not None and (
                    story.silenced(old, rule.signal_id) != story.silenced(row, rule.signal_id)
                )
                is_edited = old is not None and rule not in story.seeds(old).rules
                holds("rule_fired", rule.rule_id, is_feed or is_edited)
        if on in leaving[account]:
            holds("churn_signal")
        if row["is_silent"]:
            unheard = old is not None and any(f in old["stale_sources"] for f in HEARD)
            holds("went_silent", is_made=unheard)
        for stream in filter(None, row["stale_sources"].split(",")):
            holds("source_stale", stream)
        bands = [t.band for t in story.thresholds(row)]
        renewal = settings.get((model, "renewal_at_risk"))
        days_left = row["days_to_renewal"]
        is_near = renewal and days_left is not None and days_left <= renewal.threshold
        if is_near and row["band"] in bands[:-1]:
            holds("renewal_at_risk")
        drop = settings.get((model, "score_drop"))
        change = row["score_change_30d"]
        if drop and change is not None and float(change) <= -drop.threshold:
            levels = story.split(story.before(row, 30), row).levels
            if float(change) - (levels[2] - levels[0]) <= -drop.threshold + 0.05:
                holds("score_drop")
    return found


def test_alerts_are_the_first_days_of_what_is_news(company: Told) -> None:
    first = company.story.dates[0]
    expected = []
    for (model, alert_type, account, subject), held in conditions(company).items():
        quiet = company.settings[model, alert_type].min_dwell_days
        for on in first_days(list(held), quiet):
            if on != first and not held[on]:
                key = {"score_model": model, "alert_type": alert_type, "as_of_date": on}
                expected.append(key | {"account_id": account or None, "subject": subject or None})
    for (model, alert_type), setting in company.settings.items():
        if not alert_type.startswith("band_") or not setting.is_on:
            continue
        for change in company.story.settled_changes(model, setting):
            if f"band_{change['direction']}" == alert_type and not change["is_company_wide"]:
                key = {"score_model": model, "alert_type": alert_type}
                key |= {name: change[name] for name in ("as_of_date", "account_id")}
                expected.append(key | {"subject": change["to_band"]})
    got = fetch(company.warehouse, "select * from marts.customer_health_alerts")
    assert len({row["alert_type"] for row in expected}) >= 3
    keys = ["score_model", "alert_type", "account_id", "subject", "as_of_date"]
    assert_same(got, expected, keys, [])
    assert len({row["alert_id"] for row in got}) == len(got)


def test_band_flips_count_both_kinds_of_changes(company: Told) -> None:
    counts: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    for change in company.story.band_changes():
        counts[change["score_model"], change["as_of_date"]][0] += 1
    models = {model for model, _, _ in company.story.rows}
    for model in models:
        for change in company.story.settled_changes(model, company.settings[model, "band_worse"]):
            counts[model, change["as_of_date"]][1] += 1
    expected = []
    for model in models:
        for on in company.story.dates:
            accounts = sum(key[0] == model and key[2] == on for key in company.story.rows)
            if accounts:
                row = {"score_model": model, "as_of_date": on, "accounts": accounts}
                row["band_changes"], row["settled_band_changes"] = counts[model, on]
                expected.append(row)
    got = fetch(company.warehouse, "select * from marts.customer_health_band_flips")
    columns = ["accounts", "band_changes", "settled_band_changes"]
    assert_same(got, expected, ["score_model", "as_of_date"], columns)


def test_the_crm_is_told_what_differs_from_the_day_before(company: Told) -> None:
    fields = {
        "health_score": "health_score",
        "health_band": "band_label",
        "health_band_since": "band_since",
        "health_band_is_certain": "band_is_certain",
        "health_is_silent": "is_silent",
        "health_rules": "fired_rules",
        "health_override_reason": "override_reason",
    }
    rows = {k[1:]: r for k, r in company.story.rows.items() if k[0] == "composite"}
    expected = []
    for (account, on), row in rows.items():
        old = rows.get((account, on - timedelta(days=1)))
        pushed = {name: row[column] for name, column in fields.items()}
        if old is None or any(row[c] != old[c] for c in fields.values()):
            kind = "appeared" if old is None else "changed"
            expected.append({"account_id": account, "as_of_date": on, "change_type": kind} | pushed)
        after = on + timedelta(days=1)
        if after in company.story.dates and (account, after) not in rows:
            gone = {"account_id": account, "as_of_date": after, "change_type": "left"}
            expected.append(gone | dict.fromkeys(fields))
    got = fetch(company.warehouse, "select * from marts.crm_health_updates")
    assert_same(got, expected, ["account_id", "as_of_date"], ["change_type", *fields])


def test_the_shipped_settings_are_those_of_the_tests() -> None:
    settings = alert_settings(PROJECT / "seeds")
    assert settings["composite", "band_worse"].is_on
    assert settings["composite", "score_drop"].threshold == 15
