"""The index, the groups of accounts and the audit of overrides, worked out again in plain Python.

Two nights of an invented company, with overrides of which one is deleted and one is edited before
the second night. What is worked out again starts from `customer_health_history`, the raw files and
the seed files.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from harness import PROJECT
from warehouse import differences, fetch, overlay_seeds, run_build

Row = Mapping[str, Any]
FIRST_NIGHT, SECOND_NIGHT = date(2025, 6, 29), date(2025, 6, 30)
HISTORY_START = date(2025, 1, 1)
RESTATED_FROM = SECOND_NIGHT - timedelta(days=3)
SIZE = (
    *("--accounts", "80", "--users-per-account", "6", "--days", "400", "--events", "50000"),
    *("--dirt", "0", "--end", SECOND_NIGHT.isoformat()),
)
DIMENSIONS = {
    "book": ("all", None), "segment": ("", "segment"), "csm": ("unassigned", "csm_owner"),
    "region": ("unknown", "region"), "plan": ("unknown", "plan"),
}  # fmt: skip
BUCKETS = ("usage", "support", "relationship", "financial")
WITHOUT_SCORE = ("onboarding", "insufficient_data")
OVERRIDE_COLUMNS = [
    "score_model", "account_id", "band", "reason", "author", "starts_on", "expires_on",
]  # fmt: skip
# bands of a segment of their own: the same score is at risk here and not there
THRESHOLDS = [("green", "Fine", 90), ("yellow", "Watch", 60), ("red", "Alarm", 0)]


@dataclass(frozen=True)
class Built:
    """The warehouse after the second night, and what it was built from."""

    file: Path
    history: list[dict[str, Any]]
    accounts: dict[str, dict[str, Any]]
    churned_on: dict[str, list[date]]
    thresholds: dict[tuple[str, str], dict[str, float]]
    overrides: list[dict[str, Any]]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query on the warehouse."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return fetch(connection, query)

    def min_score(self, row: Row, band: str) -> float | None:
        """Where a band begins for the account of a row of the history; null without a score."""
        own = self.thresholds.get((row["score_model"], row["segment"]))
        return (own or self.thresholds[row["score_model"], "*"]).get(band)

    def is_at_risk(self, row: Row) -> bool:
        """Whether the row's band is the worst of its segment."""
        return self.min_score(row, row["band"]) == 0

    def is_best(self, row: Row, band: str) -> bool:
        """Whether the band is the best of the row's segment."""
        own = self.thresholds.get((row["score_model"], row["segment"]))
        bounds = own or self.thresholds[row["score_model"], "*"]
        return bounds.get(band) == max(bounds.values())


def read_rows(path: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        return fetch(connection, f"from '{path}'")


def make_overrides(churned_on: Mapping[str, list[date]], stayed: list[str]) -> list[dict[str, Any]]:
    """Overrides of every kind: lapsed, ended long before the churn, running, planned, to a worse
    band, and two that the second night no longer finds as they were."""
    left = sorted(
        (days[0], account_id)
        for account_id, days in churned_on.items()
        if date(2025, 5, 10) < days[0] < SECOND_NIGHT
    )
    assert len(left) >= 2, "the company has too few churns for this test"

    def override(account_id: str, band: str, author: str, starts_on: date, days: int) -> dict:
        last = starts_on + timedelta(days=days)
        values = ("composite", account_id, band, "they told us", author, starts_on, last)
        return dict(zip(OVERRIDE_COLUMNS, values, strict=True))

    (early, lapsed), (late, long_before) = left[0], left[-1]
    found = [
        override(lapsed, "green", "ada", early - timedelta(days=40), 20),
        override(long_before, "green", "ada", max(late - timedelta(days=120), HISTORY_START), 5),
        override(stayed[4], "red", "bo", date(2025, 4, 1), 30),
        override(stayed[5], "green", "bo", date(2025, 7, 10), 30),
        override(stayed[6], "green", "bo", date(2025, 6, 20), 30),
        override(stayed[7], "yellow", "bo", date(2025, 6, 20), 30),
    ]
    return found + [override(one, "green", "cy", date(2025, 6, 1), 90) for one in stayed[:4]]


def write_overrides(seeds: Path, overrides: Iterable[Row]) -> None:
    with (seeds / "manual_overrides.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OVERRIDE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(overrides)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("index")
    raw, seeds = folder / "raw", overlay_seeds(folder / "seeds")
    script = PROJECT / "scripts" / "make_raw_data.py"
    subprocess.run([sys.executable, str(script), "--out", str(raw), *SIZE], check=True)
    accounts = {row["account_id"]: row for row in read_rows(raw / "accounts.parquet")}
    churned_on = defaultdict(list)
    for row in sorted(read_rows(raw / "churn_events.parquet"), key=lambda row: row["churned_on"]):
        churned_on[row["account_id"]].append(row["churned_on"])
    stayed = sorted(
        one for one, row in accounts.items() if one not in churned_on and not row["is_internal"]
    )
    segment = accounts[stayed[0]]["segment"]
    with (seeds / "score_thresholds.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            ("composite", segment, band, label, bound) for band, label, bound in THRESHOLDS
        )
    overrides = make_overrides(churned_on, stayed)
    for night in (FIRST_NIGHT, SECOND_NIGHT):
        write_overrides(seeds, overrides if night == FIRST_NIGHT else second_night(overrides))
        run_build(folder / "work", raw, night, HISTORY_START, seeds, with_tests=True)
    thresholds: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    with (seeds / "score_thresholds.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            bounds = thresholds[row["score_model"], row["segment"]]
            bounds[row["band"]] = float(row["min_score"])
    file = folder / "work" / "warehouse.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        history = fetch(connection, "from marts.customer_health_history")
    return Built(file, history, accounts, churned_on, dict(thresholds), overrides)


def second_night(overrides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The seed of the second night: the override that runs for stayed[6] is gone, the next one has
    another reason."""
    edited = overrides[5] | {"reason": "they told us twice"}
    return [*overrides[:4], edited, *overrides[6:]]


def published(value: float | None, decimals: int) -> float | None:
    """What a mart shows: half up."""
    if value is None:
        return None
    return math.floor(value * 10**decimals + 0.5000001) / 10**decimals


def total(values: Iterable[Any]) -> Any:
    """The sum of what is known; null when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def share(part: Any, whole: Any) -> float | None:
    return float(part) / float(whole) if part is not None and whole else None


def figures(rows: list[Row]) -> dict[str, Any]:
    """What the index and the groups say of some accounts of one date."""
    scored = [row for row in rows if row["health_score"] is not None]
    weights = [row for row in scored if row["arr"] is not None]
    weighted = total(row["health_score"] * row["arr"] for row in weights)
    return {
        "accounts": len(rows),
        "scored_accounts": len(scored),
        "arr": total(row["arr"] for row in rows),
        "mean_health_score": published(
            share(total(row["health_score"] for row in scored), len(scored)), 1
        ),
        "arr_weighted_health_score": published(
            share(weighted, total(row["arr"] for row in weights)), 1
        ),
    }


def at_risk(built: Built, rows: list[Row]) -> dict[str, Any]:
    """How much of some accounts is in the worst band."""
    risky = [row for row in rows if built.is_at_risk(row)]
    has_arr = any(row["arr"] is not None for row in rows)
    return {
        "at_risk_accounts": len(risky),
        "arr_at_risk": (total(row["arr"] for row in risky) or 0) if has_arr else None,
    }


def by_dimension(rows: Iterable[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """The rows of the history under each model, date, dimension and dimension value."""
    found = defaultdict(list)
    for row in rows:
        for dimension, (otherwise, column) in DIMENSIONS.items():
            value = (row[column] if column else None) or otherwise
            found[row["score_model"], row["as_of_date"], dimension, value].append(row)
    return found


KEYS = ["score_model", "as_of_date", "dimension", "dimension_value"]


def keyed(key: tuple[Any, ...], names: list[str] | None = None) -> dict[str, Any]:
    return dict(zip(names or KEYS, key, strict=True))


def test_the_index_is_what_the_history_adds_up_to(built: Built) -> None:
    expected = []
    for key, rows in by_dimension(built.history).items():
        known = [row for row in rows if row["score_change_30d"] is not None]
        better = sum(row["score_change_30d"] > 0 for row in known)
        worse = sum(row["score_change_30d"] < 0 for row in known)
        moved = {
            "improving_accounts": better,
            "declining_accounts": worse,
            "share_improving": published(share(better, len(known)), 6),
            "share_declining": published(share(worse, len(known)), 6),
        }
        expected.append({**keyed(key), **figures(rows), **moved, **at_risk(built, rows)})
    assert any(row["arr_at_risk"] for row in expected)
    assert len({row["dimension"] for row in expected}) == 5
    got = built.rows("from marts.customer_health_index")
    assert set(got[0]) == set(expected[0])
    assert not differences(got, expected, KEYS, [*expected[0]])


def test_bands_and_buckets_split_the_index(built: Built) -> None:
    banded, risky = defaultdict(list), defaultdict(list)
    for key, rows in by_dimension(built.history).items():
        for row in rows:
            banded[*key, row["band"]].append(row)
            if built.is_at_risk(row):
                scores = [
                    (row[f"{bucket}_score"], place)
                    for place, bucket in enumerate(BUCKETS)
                    if row[f"{bucket}_score"] is not None
                ]
                risky[*key, BUCKETS[min(scores)[1]] if scores else "none"].append(row)
    bands = [
        keyed(key, [*KEYS, "band"])
        | {"accounts": len(rows), "arr": total(row["arr"] for row in rows)}
        | {"band_label": max(row["band_label"] for row in rows)}
        for key, rows in banded.items()
    ]
    got = built.rows("from marts.customer_health_index_bands")
    assert not differences(got, bands, [*KEYS, "band"], [*bands[0]])
    buckets = [
        keyed(key, [*KEYS, "bucket"])
        | {"at_risk_accounts": len(rows), "arr_at_risk": total(row["arr"] for row in rows)}
        for key, rows in risky.items()
    ]
    assert len({row["bucket"] for row in buckets}) >= 3
    got = built.rows("from marts.customer_health_index_buckets")
    assert not differences(got, buckets, [*KEYS, "bucket"], [*buckets[0]])


def test_parents_are_the_accounts_that_name_them(built: Built) -> None:
    groups = defaultdict(dict)
    latest = [row for row in built.history if row["as_of_date"] == SECOND_NIGHT]
    for row in latest:
        parent = built.accounts[row["account_id"]]["parent_account_id"]
        if parent and parent != row["account_id"]:
            groups[row["score_model"], parent][row["account_id"]] = row
    for row in latest:
        if (row["score_model"], row["account_id"]) in groups:
            groups[row["score_model"], row["account_id"]][row["account_id"]] = row
    assert groups
    expected = []
    for (score_model, parent), members in groups.items():
        rows = [*members.values()]
        banded = [row for row in rows if row["band"] not in WITHOUT_SCORE]
        worst = min(
            banded,
            key=lambda row: (
                built.min_score(row, row["band"]),
                row["health_score"] is None, row["health_score"] or 0,
                row["arr"] is None, -(row["arr"] or 0), row["account_id"],
            ),
            default={},
        )  # fmt: skip
        expected.append(
            {
                "score_model": score_model,
                "parent_account_id": parent,
                "parent_account_name": built.accounts.get(parent, {}).get("account_name"),
                "as_of_date": SECOND_NIGHT,
                **figures(rows),
                "worst_band": worst.get("band"),
                "worst_band_label": worst.get("band_label"),
                "worst_account_id": worst.get("account_id"),
                **at_risk(built, rows),
                "next_renewal_date": min(
                    (row["renewal_date"] for row in rows if row["renewal_date"]), default=None
                ),
            }
        )
    got = built.rows("from marts.customer_health_parents")
    assert set(got[0]) == set(expected[0])
    assert not differences(got, expected, ["score_model", "parent_account_id"], [*expected[0]])


def audited(built: Built, override: Row, is_in_seed: bool) -> dict[str, Any]:
    """The row of the audit that an override must have."""
    rows = sorted(
        (
            row
            for row in built.history
            if row["score_model"] == override["score_model"]
            and row["account_id"] == override["account_id"]
        ),
        key=lambda row: row["as_of_date"],
    )
    last = override["expires_on"] if is_in_seed else RESTATED_FROM - timedelta(days=1)
    days = [row for row in rows if override["starts_on"] <= row["as_of_date"] <= last]
    bounds = [
        (built.min_score(row, row["band"]), built.min_score(row, row["computed_band"]))
        for row in days
    ]
    known = [(shown, computed) for shown, computed in bounds if None not in (shown, computed)]
    churn = next(
        (
            on
            for on in built.churned_on.get(override["account_id"], [])
            if on > override["starts_on"]
        ),
        None,
    )
    watched = last + timedelta(days=90)
    after = [row for row in rows if days and row["as_of_date"] == min(watched, SECOND_NIGHT)]
    return {
        **{name: override[name] for name in OVERRIDE_COLUMNS},
        "is_in_seed": is_in_seed,
        "days_in_effect": len(days),
        "days_better": sum(shown > computed for shown, computed in known),
        "days_worse": sum(shown < computed for shown, computed in known),
        "first_day_in_effect": days[0]["as_of_date"] if days else None,
        "first_computed_band": days[0]["computed_band"] if days else None,
        "first_health_score": days[0]["health_score"] if days else None,
        "latest_day_in_effect": days[-1]["as_of_date"] if days else None,
        "latest_computed_band": days[-1]["computed_band"] if days else None,
        "latest_health_score": days[-1]["health_score"] if days else None,
        "watched_until": min(watched, SECOND_NIGHT) if days else None,
        "is_outcome_final": bool(days) and watched <= SECOND_NIGHT,
        "outcome_band": after[0]["band"] if after else None,
        "outcome_health_score": after[0]["health_score"] if after else None,
        "churned_on": churn,
        "days_to_churn": (churn - override["starts_on"]).days if churn else None,
        "is_lapsed_into_churn": bool(days) and churn is not None and churn <= watched,
    }


def test_the_audit_keeps_every_override_and_what_came_of_it(built: Built) -> None:
    now = {override["account_id"]: override for override in second_night(built.overrides)}
    # edited and deleted rows changed places in the seed of the second night
    expected = [
        audited(built, now.get(one["account_id"], one), one["account_id"] in now)
        for one in built.overrides
    ]
    assert any(row["is_lapsed_into_churn"] for row in expected)
    assert [row["account_id"] for row in expected if not row["is_in_seed"]]
    got = built.rows("from marts.override_audit")
    assert not differences(got, expected, ["account_id", "starts_on"], [*expected[0]])


def test_overrides_that_keep_accounts_green_are_named(built: Built) -> None:
    since = SECOND_NIGHT - timedelta(days=89)
    best = [
        row
        for row in built.history
        if row["score_model"] == "composite" and row["as_of_date"] >= since
        if built.is_best(row, row["band"])
    ]
    authors = {one["account_id"]: one["author"] for one in built.overrides}
    kept: dict[str, int] = defaultdict(int)
    for row in best:
        computed = built.min_score(row, row["computed_band"])
        if (
            row["override_reason"]
            and computed is not None
            and not built.is_best(row, row["computed_band"])
        ):
            kept[authors[row["account_id"]]] += 1
    got = {
        row["subject"]: row
        for row in built.rows("from marts.gaming_signals where gaming_check = 'green_by_override'")
    }
    assert kept["cy"] > 0
    for author, row in got.items():
        assert row["rows_behind"] == kept[author], author
        assert float(row["observed"]) == pytest.approx(kept[author] / len(best), abs=1e-6)


def test_accounts_with_few_and_pleased_answers_are_named(built: Built) -> None:
    rows = built.rows(
        f"select account_id, csat_average, csat_average_evidence as answers, "
        f"escalation_rate_evidence as contacts from marts.customer_health_signal_values "
        f"where as_of_date = date '{SECOND_NIGHT}' and escalation_rate_evidence > 0"
    )
    answers, contacts = (sum(row[name] for row in rows) for name in ("answers", "contacts"))
    average = sum((row["csat_average"] or 0) * row["answers"] for row in rows) / answers
    expected = {
        row["account_id"]: (
            row["answers"] / row["contacts"] * 2 < answers / contacts
            and row["csat_average"] > average
        )
        for row in rows
        if row["contacts"] >= 10 and row["answers"] > 0
    }
    got = built.rows("from marts.gaming_signals where gaming_check = 'survey_selection'")
    assert expected
    assert {row["subject"]: row["is_flagged"] for row in got} == expected
