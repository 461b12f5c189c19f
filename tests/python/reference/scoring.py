"""From normalized signals to a score, its bounds, its band and its explanation.

Source: scoring page sections 5 to 7, decision log A10 and A11.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reference.config import Configuration, Override, Rule, ScoreModel, Threshold, Weight
from reference.signals import TOLERANCE, Value

NUDGE = 1e-7
ONBOARDING, INSUFFICIENT = "onboarding", "insufficient_data"
UNSCORED_LABELS = {ONBOARDING: "Onboarding", INSUFFICIENT: "Insufficient data"}


def round_half_up(number: float | None, decimals: int) -> float | None:
    """The published figure: rounded half up, with a nudge against the last bit of a double."""
    if number is None:
        return None
    scale = 10**decimals
    return math.floor(number * scale + 0.5 + NUDGE) / scale


@dataclass(frozen=True)
class Score:
    """The score of one model, account and date, before any band. Null without a live group."""

    score: float | None
    floor: float | None
    ceiling: float | None
    coverage: float
    model_coverage: float
    effective_weights: Mapping[str, float]


def weighted_score(
    weights: tuple[Weight, ...], normalized: Mapping[str, float | None]
) -> float | None:
    """The mean of the group scores, each group at all of its weight. Null without any signal."""
    groups: dict[str, list[Weight]] = defaultdict(list)
    for weight in weights:
        groups[weight.score_group].append(weight)
    points = total = 0.0
    for members in groups.values():
        live = [w for w in members if normalized.get(w.signal_id) is not None]
        if live:
            score = sum(w.weight * normalized[w.signal_id] for w in live)
            score /= sum(w.weight for w in live)
            group_weight = sum(w.weight for w in members)
            points += group_weight * score
            total += group_weight
    return points / total if total else None


def effective_weights(
    weights: tuple[Weight, ...], normalized: Mapping[str, float | None]
) -> dict[str, float]:
    """The share (0 to 100) that each weighed signal has in the score, 0 for a missing one."""
    in_group: dict[str, float] = defaultdict(float)
    live_in_group: dict[str, float] = defaultdict(float)
    for weight in weights:
        in_group[weight.score_group] += weight.weight
        if normalized.get(weight.signal_id) is not None:
            live_in_group[weight.score_group] += weight.weight
    all_live = sum(in_group[group] for group in live_in_group)
    shares = {}
    for weight in weights:
        share = 0.0
        if normalized.get(weight.signal_id) is not None:
            group = weight.score_group
            share = 100 * in_group[group] / all_live * weight.weight / live_in_group[group]
        shares[weight.signal_id] = share
    return shares


def score_of(weights: tuple[Weight, ...], values: Mapping[str, Value], absent: set[str]) -> Score:
    """The score of an account; `absent` are the signals absent in the whole company."""
    normalized = {w.signal_id: values[w.signal_id].normalized_score for w in weights}
    live = sum(w.weight for w in weights if normalized[w.signal_id] is not None)
    missing = {
        w.signal_id
        for w in weights
        if normalized[w.signal_id] is None and w.signal_id not in absent
    }
    expected = live + sum(w.weight for w in weights if w.signal_id in missing)
    filled = sum(w.weight for w in weights if w.signal_id not in absent)
    return Score(
        score=weighted_score(weights, normalized),
        floor=weighted_score(weights, normalized | dict.fromkeys(missing, 0.0)),
        ceiling=weighted_score(weights, normalized | dict.fromkeys(missing, 100.0)),
        coverage=live / expected if expected else 0.0,
        model_coverage=filled / sum(w.weight for w in weights),
        effective_weights=effective_weights(weights, normalized),
    )


def bucket_score(
    weights: tuple[Weight, ...], values: Mapping[str, Value], bucket: str
) -> float | None:
    """The weighted mean of a bucket's signals in the model, null without evidence."""
    live = [
        (w.weight, values[w.signal_id].normalized_score)
        for w in weights
        if values[w.signal_id].signal.bucket == bucket
        and values[w.signal_id].normalized_score is not None
    ]
    return sum(w * n for w, n in live) / sum(w for w, _ in live) if live else None


def band_of(score: float, thresholds: tuple[Threshold, ...]) -> str:
    """The band of a rounded score: the highest threshold that it reaches."""
    reached = [t.band for t in thresholds if score >= t.min_score - TOLERANCE]
    return reached[-1] if reached else thresholds[0].band


def rule_fires(rule: Rule, value: float | None, is_silent: bool) -> bool:
    """Whether a band rule fires on a signal's value; never on a null one."""
    if value is None or (rule.only_when_silent and not is_silent):
        return False
    return {
        "<": value < rule.value - TOLERANCE,
        "<=": value <= rule.value + TOLERANCE,
        "=": abs(value - rule.value) <= TOLERANCE,
        ">=": value >= rule.value - TOLERANCE,
        ">": value > rule.value + TOLERANCE,
    }[rule.operator]


@dataclass(frozen=True)
class Banding:
    """The band of an account, how it came about, and whether more evidence could change it."""

    band: str
    band_label: str
    computed_band: str
    is_scored: bool
    band_is_certain: bool
    fired_rules: str
    override_reason: str | None


def _unscored_band(model: ScoreModel, score: Score, tenure_days: int) -> str | None:
    if tenure_days < model.min_tenure_days:
        return ONBOARDING
    knows_account = score.coverage >= model.min_coverage - TOLERANCE
    fills_model = score.model_coverage >= model.min_model_coverage - TOLERANCE
    if score.score is None or not knows_account or not fills_model:
        return INSUFFICIENT
    return None


def _active_override(
    seeds: Configuration, score_model: str, account_id: str, on: date
) -> Override | None:
    active = [
        o
        for o in seeds.overrides
        if (o.score_model, o.account_id) == (score_model, account_id)
        and o.starts_on <= on <= o.expires_on
    ]
    return active[0] if active else None


def _label(band: str, thresholds: tuple[Threshold, ...]) -> str:
    labels = {t.band: t.band_label for t in thresholds}
    return labels[band] if band in labels else UNSCORED_LABELS[band]


def _is_certain(score: Score, thresholds: tuple[Threshold, ...]) -> bool:
    if score.floor is None or score.ceiling is None:
        return False
    bounds = [round_half_up(score.floor, 1), round_half_up(score.ceiling, 1)]
    return len({band_of(bound, thresholds) for bound in bounds}) == 1


def banding_of(
    seeds: Configuration,
    model: ScoreModel,
    score: Score,
    values: Mapping[str, Value],
    *,
    account_id: str,
    segment: str,
    tenure_days: int,
    is_silent: bool,
    on: date,
) -> Banding:
    """The band of an account: by tenure, evidence, score, rules and override, in that order."""
    thresholds = seeds.thresholds_of(model.score_model, segment)
    fired = [
        rule
        for rule in seeds.rules
        if rule.score_model == model.score_model
        and rule_fires(rule, values[rule.signal_id].value, is_silent)
    ]
    computed = _unscored_band(model, score, tenure_days)
    is_scored = computed is None
    if computed is None:
        ranks = {threshold.band: rank for rank, threshold in enumerate(thresholds)}
        own = band_of(round_half_up(score.score, 1), thresholds)
        computed = min([own, *(rule.best_band for rule in fired)], key=lambda band: ranks[band])
    override = _active_override(seeds, model.score_model, account_id, on)
    band = computed if override is None else override.band
    return Banding(
        band=band,
        band_label=_label(band, thresholds),
        computed_band=computed,
        is_scored=is_scored,
        band_is_certain=_is_certain(score, thresholds),
        fired_rules=",".join(sorted(rule.rule_id for rule in fired)),
        override_reason=None if override is None else override.reason,
    )
