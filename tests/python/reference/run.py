"""The whole way: raw files and seeds in; history, signals, drivers and bad rows out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from reference.company import Company, company_from
from reference.config import Configuration, ScoreModel, read_seeds
from reference.oddities import data_warnings
from reference.reading import read_raw
from reference.scoring import (
    Score,
    banding_of,
    bucket_score,
    round_half_up,
    score_of,
)
from reference.settings import settings_from
from reference.signals import Value, is_absent, is_silent, scored_signals
from reference.streams import Stream, fixed_dates, is_stale_for, stale_sources, streams_on
from reference.tables import SURVEY_LIMITS
from reference.view import View

BUCKETS = ("usage", "support", "relationship", "financial")
Dict = dict[str, Any]


@dataclass
class Result:
    """Everything calculated, as plain rows.

    `history` has one row per score model, account in scope and date, `drivers` one per score model
    and account at the newest date, `signals` one per score model, account, date and signal.
    Unrounded figures stand in columns named `*_exact`; figures in `signals` are unrounded.
    """

    history: list[Dict] = field(default_factory=list)
    drivers: list[Dict] = field(default_factory=list)
    signals: list[Dict] = field(default_factory=list)
    rejected_rows: list[Dict] = field(default_factory=list)
    data_warnings: list[Dict] = field(default_factory=list)
    row_counts: list[Dict] = field(default_factory=list)


@dataclass
class AccountDay:
    """One account in scope on one date, with its signals."""

    view: View
    values: dict[str, Value]
    is_silent: bool


@dataclass
class BookDay:
    """The whole book on one date. `absent` are the signals absent in the company."""

    on: date
    accounts: list[AccountDay]
    absent: set[str]
    stale_sources: str


class Calculation:
    """Calculates the days of one company under one configuration."""

    def __init__(self, company: Company, seeds: Configuration) -> None:
        self.company = company
        self.seeds = seeds
        self.dates = fixed_dates(company)

    def _first_heard_of(self, streams: dict[str, Stream], on: date) -> date | None:
        """The company's oldest ticket, conversation, answer or touchpoint of a feed not ended."""
        heard = ("tickets", "conversations", "touchpoints", "csat_responses", "nps_responses")
        firsts = [streams[name].oldest for name in heard]
        # answers of other types belong to no stream, so nothing can end them
        firsts += [
            row.responded_at.date()
            for row in self.company.tables["survey_responses"]
            if row.survey_type not in SURVEY_LIMITS and row.responded_at.date() <= on
        ]
        return min((first for first in firsts if first is not None), default=None)

    def day(self, on: date) -> BookDay:
        """The book at the end of a date."""
        accounts = sorted(self.company.accounts.values(), key=lambda a: a.account_id)
        views = [View(self.company, self.seeds, account, on) for account in accounts]
        contacts = [contact for view in views for contact in view.all_contacts]
        streams = streams_on(self.dates, contacts, self.seeds, on)
        first_row = self._first_heard_of(streams, on)
        found = []
        for view in views:
            if view.account.lifecycle.is_in_scope(on):
                values = scored_signals(view, self.seeds.signals, streams)
                found.append(AccountDay(view, values, is_silent(view, streams, first_row)))
        absent = {
            signal.signal_id
            for signal in self.seeds.signals
            if is_absent([a.values[signal.signal_id] for a in found], is_stale_for(signal, streams))
        }
        return BookDay(on, found, absent, stale_sources(streams, self.seeds))


def _score_columns(score: Score, is_scored: bool) -> Dict:
    return {
        "health_score": round_half_up(score.score, 1) if is_scored else None,
        "score_exact": score.score if is_scored else None,
        "coverage": round_half_up(score.coverage, 6),
        "model_coverage": round_half_up(score.model_coverage, 6),
        "score_floor": round_half_up(score.floor, 1),
        "score_ceiling": round_half_up(score.ceiling, 1),
        "coverage_exact": score.coverage,
        "model_coverage_exact": score.model_coverage,
        "score_floor_exact": score.floor,
        "score_ceiling_exact": score.ceiling,
    }


def _account_columns(account: AccountDay) -> Dict:
    view = account.view
    coverage = view.coverage
    renewal = coverage.renewal_date
    row = view.account.row
    return {
        "segment": row.segment,
        "csm_owner": row.csm_owner,
        "region": row.region,
        "plan": coverage.plan,
        "tenure_days": view.tenure_days,
        "seats": round_half_up(view.seats, 6),
        "arr": round_half_up(view.arr, 6),
        "renewal_date": renewal,
        "days_to_renewal": None if renewal is None else (renewal - view.on).days,
        "is_past_due_renewal": coverage.is_past_due_renewal,
        "is_silent": account.is_silent,
    }


def _signal_rows(
    key: Dict, seeds: Configuration, model: ScoreModel, account: AccountDay, score: Score
) -> list[Dict]:
    weights = seeds.weights_of(model.score_model, account.view.account.row.segment)
    weighed = {weight.signal_id: weight for weight in weights}
    rows = []
    for signal_id, value in account.values.items():
        weight = weighed.get(signal_id)
        normalized = value.normalized_score
        effective = score.effective_weights.get(signal_id, 0.0)
        lost = 0.0 if normalized is None else effective * (100 - normalized) / 100
        rows.append(
            key
            | {
                "signal_id": signal_id,
                "bucket": value.signal.bucket,
                "score_group": None if weight is None else weight.score_group,
                "signal_value": value.value,
                "normalized_score": normalized,
                "weight": 0.0 if weight is None else weight.weight,
                "effective_weight": effective,
                "points_lost": lost,
                "is_missing": value.value is None,
                "missing_reason": value.missing_reason,
                "evidence_count": value.evidence_count,
            }
        )
    return rows


def driver_sentence(label: str, unit: str, value: float, points_lost: float) -> str:
    """A driver as a sentence: label, value with two decimals and unit, points lost with one."""
    measure = f"{round_half_up(value, 2):.2f} {unit}".rstrip()
    return f"{label}: {measure}, {round_half_up(points_lost, 1):.1f} points lost"


def _drivers(signals: list[Dict], seeds: Configuration, is_scored: bool) -> Dict:
    """The three signals that cost most, as sentences, null in a band without a score."""
    by_id = {signal.signal_id: signal for signal in seeds.signals}
    losing = [row for row in signals if is_scored and row["points_lost"] > 0]
    # losses that differ only in the last bits of a double are equal, and the id decides
    losing.sort(key=lambda row: (-round(row["points_lost"], 9), row["signal_id"]))
    sentences: list[str | None] = [
        driver_sentence(
            by_id[row["signal_id"]].label,
            by_id[row["signal_id"]].unit,
            row["signal_value"],
            row["points_lost"],
        )
        for row in losing[:3]
    ]
    sentences += [None] * (3 - len(sentences))
    return {f"driver_{number}": text for number, text in enumerate(sentences, start=1)}


def _score_account(
    result: Result,
    seeds: Configuration,
    model: ScoreModel,
    book: BookDay,
    account: AccountDay,
    with_drivers: bool,
) -> None:
    row = account.view.account.row
    weights = seeds.weights_of(model.score_model, row.segment)
    score = score_of(weights, account.values, book.absent)
    banding = banding_of(
        seeds,
        model,
        score,
        account.values,
        account_id=row.account_id,
        segment=row.segment,
        tenure_days=account.view.tenure_days,
        is_silent=account.is_silent,
        on=book.on,
    )
    key = {
        "score_model": model.score_model,
        "account_id": row.account_id,
        "as_of_date": book.on,
    }
    buckets = {bucket: bucket_score(weights, account.values, bucket) for bucket in BUCKETS}
    result.history.append(
        key
        | _account_columns(account)
        | _score_columns(score, banding.is_scored)
        | {f"{bucket}_score": round_half_up(exact, 1) for bucket, exact in buckets.items()}
        | {f"{bucket}_score_exact": exact for bucket, exact in buckets.items()}
        | {
            "band": banding.band,
            "band_label": banding.band_label,
            "computed_band": banding.computed_band,
            "band_is_certain": banding.band_is_certain,
            "fired_rules": banding.fired_rules,
            "override_reason": banding.override_reason,
            "stale_sources": book.stale_sources,
        }
    )
    signals = _signal_rows(key, seeds, model, account, score)
    result.signals.extend(signals)
    if with_drivers:
        result.drivers.append(key | _drivers(signals, seeds, banding.is_scored))


def _add_movement(history: list[Dict]) -> None:
    """Adds score changes and band_since, looking at the stored dates only."""
    stored = {(r["score_model"], r["account_id"], r["as_of_date"]): r for r in history}
    for row in sorted(history, key=lambda r: r["as_of_date"]):
        model, account_id, on = row["score_model"], row["account_id"], row["as_of_date"]
        for days in (7, 30):
            then = stored.get((model, account_id, on - timedelta(days=days)), {})
            old, new = then.get("health_score"), row["health_score"]
            change = None if old is None or new is None else round(new - old, 1)
            row[f"score_change_{days}d"] = change
        before = stored.get((model, account_id, on - timedelta(days=1)))
        is_same = before is not None and before["band"] == row["band"]
        row["band_since"] = before["band_since"] if is_same else on


def run(
    raw: Path, seeds: Path, as_of_dates: Sequence[date], vars: Mapping[str, Any] | None = None
) -> Result:
    """Scores a company on the given dates, under every score model of the seeds.

    Args:
        raw: folder of raw files, `<table>.parquet`, `<table>/*.parquet` or `<table>.csv`.
        seeds: folder of the seed files.
        as_of_dates: all the stored dates; movement looks at these only.
        vars: the project's vars by name; defaults where not given.

    Raises:
        ValueError: a required table or column is missing, or amounts are in several currencies.
    """
    settings = settings_from(vars or {})
    data = read_raw(Path(raw), settings)
    configuration = read_seeds(Path(seeds))
    company = company_from(data, settings)
    calculation = Calculation(company, configuration)
    result = Result(
        rejected_rows=data.rejected_rows,
        data_warnings=data_warnings(company),
        row_counts=data.row_counts,
    )
    dates = sorted(set(as_of_dates))
    for on in dates:
        book = calculation.day(on)
        for model in configuration.models:
            for account in book.accounts:
                _score_account(result, configuration, model, book, account, on == dates[-1])
    _add_movement(result.history)
    return result
