"""The analysts' seed files, typed.

Source: "Seeds" in the interface page. Mistakes in a seed are the build's to refuse; here they show
up as a KeyError or ValueError at the latest when the row is used.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reference.values import ascii_lower, read_boolean, read_code, read_date, read_number, read_text

DEFAULT_SEGMENT = "*"
OPERATORS = ("<", "<=", "=", ">=", ">")


@dataclass(frozen=True)
class ScoreModel:
    """A score model and the least evidence it needs (coverages 0 to 1, tenure in days)."""

    score_model: str
    min_coverage: float
    min_model_coverage: float
    min_tenure_days: float


@dataclass(frozen=True)
class Signal:
    """A signal: what it reads, what it needs, how it is normalized. `steps` rise by bound."""

    signal_id: str
    bucket: str
    label: str
    unit: str
    reads: tuple[str, ...]
    needs_days: float | None
    min_evidence: float
    normalization: str | None
    worst_value: float | None
    best_value: float | None
    steps: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Weight:
    """The weight of a signal within a group of one model and segment."""

    signal_id: str
    score_group: str
    weight: float


@dataclass(frozen=True)
class Threshold:
    """A band and the least score that belongs to it."""

    band: str
    band_label: str
    min_score: float


@dataclass(frozen=True)
class Rule:
    """A band rule: where it fires the band is at best `best_band`."""

    rule_id: str
    score_model: str
    signal_id: str
    operator: str
    value: float
    only_when_silent: bool
    best_band: str


@dataclass(frozen=True)
class Override:
    """A band set by hand on the days starts_on to expires_on, both included."""

    score_model: str
    account_id: str
    band: str
    reason: str
    starts_on: date
    expires_on: date


@dataclass(frozen=True)
class Freshness:
    """When a stream counts as stale (null: never), and since when its feed is retired."""

    stale_after_days: float | None
    ended_on: date | None


@dataclass(frozen=True)
class Configuration:
    """All seeds that scoring uses.

    `weights` and `thresholds` are keyed by model and segment, thresholds rise by min_score;
    `freshness` is keyed by stream; keywords are as delivered.
    """

    models: tuple[ScoreModel, ...]
    signals: tuple[Signal, ...]
    weights: dict[tuple[str, str], tuple[Weight, ...]]
    thresholds: dict[tuple[str, str], tuple[Threshold, ...]]
    rules: tuple[Rule, ...]
    churn_intents: frozenset[str]
    churn_keywords: tuple[str, ...]
    overrides: tuple[Override, ...]
    freshness: dict[str, Freshness]

    def weights_of(self, score_model: str, segment: str) -> tuple[Weight, ...]:
        """The weights of the account's own segment where the model has any, else the default."""
        own = self.weights.get((score_model, segment))
        return own if own is not None else self.weights[score_model, DEFAULT_SEGMENT]

    def thresholds_of(self, score_model: str, segment: str) -> tuple[Threshold, ...]:
        """The thresholds of the account's own segment where the model has any, else the default."""
        own = self.thresholds.get((score_model, segment))
        return own if own is not None else self.thresholds[score_model, DEFAULT_SEGMENT]


def seed_rows(seeds: Path, name: str) -> list[dict[str, str | None]]:
    """The rows of a seed file as trimmed text, blank as null."""
    with (seeds / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [{column: read_text(value) for column, value in row.items()} for row in rows]


def _number(text: str | None) -> float:
    number = read_number(text)
    if number is None:
        raise ValueError("A number is missing in a seed.")
    return number


def _signals(seeds: Path) -> tuple[Signal, ...]:
    steps: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in seed_rows(seeds, "signal_steps"):
        steps[row["signal_id"]].append(
            (_number(row["lower_bound"]), _number(row["normalized_score"]))
        )
    return tuple(
        Signal(
            signal_id=row["signal_id"],
            bucket=row["bucket"],
            label=row["label"] or row["signal_id"],
            unit=row["unit"] or "",
            reads=tuple((row["reads"] or "").split()),
            needs_days=read_number(row["needs_days"]),
            min_evidence=read_number(row["min_evidence"]) or 0.0,
            normalization=read_code(row["normalization"]),
            worst_value=read_number(row["worst_value"]),
            best_value=read_number(row["best_value"]),
            steps=tuple(sorted(steps[row["signal_id"]])),
        )
        for row in seed_rows(seeds, "signals")
    )


def _models(seeds: Path) -> tuple[ScoreModel, ...]:
    return tuple(
        ScoreModel(
            row["score_model"],
            _number(row["min_coverage"]),
            _number(row["min_model_coverage"]),
            _number(row["min_tenure_days"]),
        )
        for row in seed_rows(seeds, "score_models")
    )


def _weights(seeds: Path) -> dict[tuple[str, str], tuple[Weight, ...]]:
    found: dict[tuple[str, str], list[Weight]] = defaultdict(list)
    for row in seed_rows(seeds, "score_weights"):
        weight = Weight(row["signal_id"], row["score_group"], _number(row["weight"]))
        found[row["score_model"], row["segment"]].append(weight)
    return {key: tuple(sorted(rows, key=lambda w: w.signal_id)) for key, rows in found.items()}


def _thresholds(seeds: Path) -> dict[tuple[str, str], tuple[Threshold, ...]]:
    found: dict[tuple[str, str], list[Threshold]] = defaultdict(list)
    for row in seed_rows(seeds, "score_thresholds"):
        threshold = Threshold(row["band"], row["band_label"], _number(row["min_score"]))
        found[row["score_model"], row["segment"]].append(threshold)
    return {key: tuple(sorted(rows, key=lambda t: t.min_score)) for key, rows in found.items()}


def _rules(seeds: Path) -> tuple[Rule, ...]:
    rules = tuple(
        Rule(
            row["rule_id"],
            row["score_model"],
            row["signal_id"],
            row["operator"],
            _number(row["value"]),
            read_boolean(row["only_when_silent"]) or False,
            row["best_band"],
        )
        for row in seed_rows(seeds, "band_rules")
    )
    if any(rule.operator not in OPERATORS for rule in rules):
        raise ValueError("A band rule has an unknown operator.")
    return rules


def _overrides(seeds: Path) -> tuple[Override, ...]:
    return tuple(
        Override(
            row["score_model"],
            row["account_id"],
            row["band"],
            row["reason"],
            read_date(row["starts_on"]),
            read_date(row["expires_on"]),
        )
        for row in seed_rows(seeds, "manual_overrides")
    )


def read_seeds(seeds: Path) -> Configuration:
    """Reads the seed files of a folder.

    Raises:
        FileNotFoundError: a seed file is missing.
        ValueError: a number, date, boolean or operator of a seed cannot be read.
    """
    churn = seed_rows(seeds, "churn_intents")
    return Configuration(
        models=_models(seeds),
        signals=_signals(seeds),
        weights=_weights(seeds),
        thresholds=_thresholds(seeds),
        rules=_rules(seeds),
        churn_intents=frozenset(ascii_lower(r["intent"]) for r in churn if r["intent"]),
        churn_keywords=tuple(r["keyword"] for r in churn if r["keyword"]),
        overrides=_overrides(seeds),
        freshness={
            row["stream"]: Freshness(
                read_number(row["stale_after_days"]), read_date(row["ended_on"])
            )
            for row in seed_rows(seeds, "source_freshness")
        },
    )
