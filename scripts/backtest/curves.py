"""ROC and lift curves of the scores, from the panel's rows."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

# as many points as the eye can tell apart
MOST_POINTS = 200
SCORED = """
select score_model, health_score, is_churned
from marts.backtest_panel
where population = 'scored'
order by score_model
"""


def _by_model(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    found = connection.execute(SCORED).fetchnumpy()
    models = np.asarray(found["score_model"], dtype=str)
    scores = np.asarray(found["health_score"], dtype=float)
    churned = np.asarray(found["is_churned"], dtype=bool)
    return {
        str(model): (scores[models == model], churned[models == model])
        for model in np.unique(models)
    }


def roc_points(scores: np.ndarray, churned: np.ndarray) -> list[dict[str, float]]:
    """For each line through the scores: which share of churners, and of others, lies below."""
    lines = np.unique(scores)
    if len(lines) > MOST_POINTS:
        lines = lines[np.linspace(0, len(lines) - 1, MOST_POINTS).astype(int)]
    bad, good = np.sort(scores[churned]), np.sort(scores[~churned])
    points = [
        {
            "flagged_others": float(np.searchsorted(good, line, side="right") / len(good)),
            "flagged_churners": float(np.searchsorted(bad, line, side="right") / len(bad)),
        }
        for line in lines
    ]
    return [{"flagged_others": 0.0, "flagged_churners": 0.0}, *points]


def lift_points(scores: np.ndarray, churned: np.ndarray) -> list[dict[str, float]]:
    """Churn rate of the lowest tenth, two tenths … of the scores, over that of all."""
    order = np.argsort(scores, kind="stable")
    ranked, sorted_scores = churned[order].astype(float), scores[order]
    # rows of one score share their churns, so that the order of the file says nothing
    _, group = np.unique(sorted_scores, return_inverse=True)
    ranked = (np.bincount(group, weights=ranked) / np.bincount(group))[group]
    points = []
    for tenth in range(1, 11):
        rows = max(round(len(ranked) * tenth / 10), 1)
        share = tenth / 10
        points.append({"share": share, "lift": float(ranked[:rows].mean() / churned.mean())})
    return points


def curves(connection: duckdb.DuckDBPyConnection) -> tuple[list[dict[str, Any]], ...]:
    """ROC and lift points of every score model that has both churned and retained rows."""
    roc, lift = [], []
    for model, (scores, churned) in _by_model(connection).items():
        if churned.all() or not churned.any():
            continue
        for place, point in enumerate(roc_points(scores, churned)):
            roc.append({"score_model": model, "place": place, **point})
        for point in lift_points(scores, churned):
            lift.append({"score_model": model, **point})
    return roc, lift
