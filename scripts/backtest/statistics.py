"""AUC with its interval where accounts repeat, and lift, for what no mart holds: learned models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Auc:
    """Area under the ROC curve, and its 95 % interval (cut at 0 and 1)."""

    value: float
    low: float
    high: float


def _placements(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each value the share of the others that lie below it; a tie counts one half."""
    others = np.sort(others)
    below = np.searchsorted(others, values, side="left")
    up_to = np.searchsorted(others, values, side="right")
    return (below + up_to) / 2 / len(others)


def _cluster_sums(values: np.ndarray, clusters: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(clusters, weights=values, minlength=count)


def clustered_auc(risk: np.ndarray, churned: np.ndarray, accounts: np.ndarray) -> Auc:
    """AUC of a risk against what happened, with the variance of clustered data (Obuchowski 1997).

    Accounts stand in the panel once a date, so their rows are no independent observations.
    """
    names, clusters = np.unique(accounts, return_inverse=True)
    count = len(names)
    bad, good = risk[churned], risk[~churned]
    of_bad, of_good = _placements(bad, good), 1 - _placements(good, bad)
    auc = float(of_bad.mean())
    bad_rows = np.bincount(clusters[churned], minlength=count)
    good_rows = np.bincount(clusters[~churned], minlength=count)
    off_bad = _cluster_sums(of_bad, clusters[churned], count) - bad_rows * auc
    off_good = _cluster_sums(of_good, clusters[~churned], count) - good_rows * auc
    bad_clusters, good_clusters = (bad_rows > 0).sum(), (good_rows > 0).sum()
    variance = (
        bad_clusters / (bad_clusters - 1) * (off_bad**2).sum() / len(bad) ** 2
        + good_clusters / (good_clusters - 1) * (off_good**2).sum() / len(good) ** 2
        + 2 * count / (count - 1) * (off_bad * off_good).sum() / (len(bad) * len(good))
    )
    half = NORMAL_95 * float(np.sqrt(max(variance, 0.0)))
    return Auc(auc, max(auc - half, 0.0), min(auc + half, 1.0))


def top_decile_lift(risk: np.ndarray, churned: np.ndarray) -> float:
    """Churn rate of the tenth of the rows with the highest risk, over that of all rows.

    Rows that tie at the edge count with their share, so that the order of the file says nothing.
    """
    wanted = len(risk) / 10
    edge = np.sort(risk)[::-1][int(np.ceil(wanted)) - 1]
    above, tied = risk > edge, risk == edge
    caught = churned[above].sum() + churned[tied].sum() * (wanted - above.sum()) / tied.sum()
    return float(caught / wanted / churned.mean())
