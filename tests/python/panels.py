"""Generated panels for the statistics of the backtest, and the same statistics in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from harness import CompiledProject

FIRST_DAY = date(2025, 1, 31)
EPOCH = date(1970, 1, 1)
# in the order in which they read each other
CHAIN = [
    "int_backtest__slices",
    "int_backtest__signal_clusters",
    "int_backtest__signal_aucs",
    "int_backtest__best_signals",
    "int_backtest__proposed_weights",
    "int_backtest__proposed_scores",
    "int_backtest__predictors",
    "int_backtest__ranked_rows",
    "int_backtest__predictor_clusters",
    "int_backtest__predictor_aucs",
    "int_backtest__worst_accounts",
    "int_backtest__model_clusters",
    "int_backtest__contest_clusters",
    "int_backtest__contests",
    "int_backtest__signal_bins",
    "int_backtest__signal_distances",
    "int_backtest__distributions",
    "int_backtest__band_rates",
    "backtest_summary",
    "backtest_signals",
    "backtest_bands",
    "backtest_calibration",
    "backtest_thresholds",
    "backtest_drift",
    "backtest_weight_proposal",
    "backtest_comparison",
]
PANEL_TYPES = {
    "score_model": pa.string(),
    "account_id": pa.string(),
    "as_of_day": pa.int32(),
    "panel_date": pa.date32(),
    "quarter": pa.string(),
    "panel_part": pa.string(),
    "population": pa.string(),
    "health_score": pa.decimal128(28, 6),
    "computed_band": pa.string(),
    "weights_segment": pa.string(),
    "segment": pa.string(),
    "csm_owner": pa.string(),
    "arr": pa.float64(),
    "tenure_days": pa.int32(),
    "is_churned": pa.bool_(),
    "is_touched": pa.bool_(),
    "terms_ended": pa.int64(),
    "terms_renewed": pa.int64(),
}
# tables that a panel of generated rows has nothing in
EMPTY = {
    "int_backtest__last_logins": "account_id varchar, as_of_day integer, last_login_day integer",
    "int_scores__streams": "as_of_day integer, stream varchar",
    "customer_health_history": (
        "score_model varchar, account_id varchar, as_of_date date, health_score numeric(28, 6)"
    ),
    "int_config__calibration_targets": (
        "score_model varchar, band varchar, figure varchar, target double"
    ),
}


class Panel:
    """Rows of one generated book, and the tables that the statistics make of them."""

    def __init__(self, accounts: int, dates: int, seed: int) -> None:
        """Accounts seen on month ends; the later half of them on the later dates only."""
        self.rng = np.random.default_rng(seed)
        self.dates = [FIRST_DAY + timedelta(days=30 * number) for number in range(dates)]
        first = self.rng.integers(0, max(dates // 2, 1), accounts) * (np.arange(accounts) % 2)
        self.account = np.concatenate([np.full(dates - start, k) for k, start in enumerate(first)])
        self.date = np.concatenate([np.arange(start, dates) for start in first])
        self.arr = np.exp(self.rng.normal(10, 1, accounts))[self.account].round(2)
        self.rows: list[dict[str, Any]] = []
        self.signals: list[dict[str, Any]] = []

    @property
    def size(self) -> int:
        """How many rows one score model has."""
        return len(self.account)

    def clustered_labels(self, risk: np.ndarray, base: float) -> np.ndarray:
        """Whether each row churns: an account's rows have a part of their chance in common."""
        mine = self.rng.normal(0, 1, self.account.max() + 1)[self.account]
        chance = 1 / (1 + np.exp(-(np.log(base / (1 - base)) + risk + mine)))
        return self.rng.random(self.size) < chance

    def add_model(self, name: str, score: np.ndarray, churned: np.ndarray) -> None:
        """Rank the rows by a score (0 to 100) under the name of a score model."""
        last = len(self.dates) - 1
        for k in range(self.size):
            day = self.dates[self.date[k]]
            part = (
                "early" if self.date[k] <= last - 5 else "late" if self.date[k] > last - 2 else ""
            )
            self.rows.append(
                {
                    "score_model": name,
                    "account_id": f"a{self.account[k]:04d}",
                    "as_of_day": (day - EPOCH).days,
                    "panel_date": day,
                    "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
                    "panel_part": part or "between",
                    "population": "scored",
                    "health_score": round(float(score[k]), 1),
                    "computed_band": "green" if score[k] >= 60 else "red",
                    "weights_segment": "*",
                    "segment": f"s{self.account[k] % 2}",
                    "csm_owner": f"m{self.account[k] % 4}",
                    "arr": float(self.arr[k]),
                    "tenure_days": int(400 + 30 * self.date[k] - self.account[k]),
                    "is_churned": bool(churned[k]),
                    "is_touched": bool(k % 2),
                    "terms_ended": int(k % 3),
                    "terms_renewed": min(int(k % 3), int(self.account[k] % 3)),
                }
            )

    def add_signal(
        self, signal_id: str, score: np.ndarray, known: np.ndarray | None = None
    ) -> None:
        """What a signal earned on each row, 0 to 100; known: the rows that have it."""
        for k in range(self.size):
            if known is None or known[k]:
                self.signals.append(
                    {
                        "account_id": f"a{self.account[k]:04d}",
                        "as_of_day": (self.dates[self.date[k]] - EPOCH).days,
                        "signal_id": signal_id,
                        "signal_score": round(float(score[k]), 6),
                    }
                )

    def build(
        self,
        project: CompiledProject,
        weights: Mapping[str, float] | None = None,
        chain: Sequence[str] = CHAIN,
    ) -> duckdb.DuckDBPyConnection:
        """Run the project's SQL on the rows. weights: of every model, by signal."""
        connection = project.connect()
        connection.execute(f"use {project.models['backtest_panel']['database']}")
        fill(connection, project, "int_backtest__panel", self.rows, PANEL_TYPES)
        fill(
            connection,
            project,
            "int_backtest__signals",
            self.signals,
            {
                "account_id": pa.string(),
                "as_of_day": pa.int32(),
                "signal_id": pa.string(),
                "signal_score": pa.decimal128(28, 6),
            },
        )
        models = sorted({row["score_model"] for row in self.rows})
        self._fill_config(connection, project, models, weights or {})
        for name, columns in EMPTY.items():
            connection.execute(f"create table {project.relation(name)} ({columns})")
        connection.execute(
            f"create table {project.relation('stg_crm__external_scores')}"
            " (account_id varchar, scored_on date, system varchar, score double)"
        )
        for name in chain:
            project.build(connection, name)
        return connection

    def build_aucs(self, project: CompiledProject) -> duckdb.DuckDBPyConnection:
        """The same without what lies beyond the AUCs of the scores."""
        return self.build(project, chain=CHAIN[: CHAIN.index("int_backtest__predictor_aucs") + 1])

    def _fill_config(
        self,
        connection: duckdb.DuckDBPyConnection,
        project: CompiledProject,
        models: Sequence[str],
        weights: Mapping[str, float],
    ) -> None:
        text, number = pa.string(), pa.float64()
        fill(
            connection,
            project,
            "int_config__score_models",
            [{"score_model": name, "label": name.title(), "is_published": True} for name in models],
            {"score_model": text, "label": text, "is_published": pa.bool_()},
        )
        signals = sorted({row["signal_id"] for row in self.signals} | set(weights))
        fill(
            connection,
            project,
            "int_config__signals",
            [
                {"signal_id": name, "label": name, "bucket": "usage", "normalization": "linear"}
                for name in signals
            ],
            {"signal_id": text, "label": text, "bucket": text, "normalization": text},
        )
        fill(
            connection,
            project,
            "int_config__score_weights",
            [
                {
                    "score_model": model,
                    "segment": "*",
                    "score_group": name,
                    "signal_id": name,
                    "weight": weight,
                }
                for model in models
                for name, weight in weights.items()
            ],
            {
                "score_model": text,
                "segment": text,
                "score_group": text,
                "signal_id": text,
                "weight": number,
            },
        )
        fill(
            connection,
            project,
            "int_config__score_thresholds",
            [
                {"score_model": m, "segment": "*", "band": b, "band_label": b, "min_score": s}
                for m in models
                for b, s in (("red", 0.0), ("green", 60.0))
            ],
            {
                "score_model": text,
                "segment": text,
                "band": text,
                "band_label": text,
                "min_score": number,
            },
        )
        last = len(self.dates) - 1
        fill(
            connection,
            project,
            "int_backtest__dates",
            [
                {
                    "as_of_day": (day - EPOCH).days,
                    "as_of_date": day,
                    "panel_part": "early"
                    if k <= last - 5
                    else "late"
                    if k > last - 2
                    else "between",
                }
                for k, day in enumerate(self.dates)
            ],
            {"as_of_day": pa.int32(), "as_of_date": pa.date32(), "panel_part": text},
        )


def fill(
    connection: duckdb.DuckDBPyConnection,
    project: CompiledProject,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    types: Mapping[str, pa.DataType],
) -> None:
    """Create a model's table from rows."""
    columns = {}
    for column, kind in types.items():
        values = [row[column] for row in rows]
        if pa.types.is_decimal(kind):
            columns[column] = pa.array(values, pa.float64())
        else:
            columns[column] = pa.array(values, kind)
    casts = ", ".join(
        f"cast({column} as numeric(28, 6)) as {column}" if pa.types.is_decimal(kind) else column
        for column, kind in types.items()
    )
    generated = pa.table(columns)
    connection.register("generated_rows", generated)
    connection.execute(
        f"create table {project.relation(name)} as select {casts} from generated_rows"
    )
    connection.unregister("generated_rows")


def obuchowski(
    risks: Sequence[np.ndarray], churned: np.ndarray, cluster: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """AUCs of several rankings of the same rows, and their covariance matrix.

    Written from Obuchowski (1997), "Nonparametric analysis of clustered ROC curve data", with its
    sums over all pairs of rows and its S10, S01, S11.
    """
    m, n = churned.sum(), (~churned).sum()
    clusters = np.unique(cluster)
    with_churned = {k for k in clusters if churned[cluster == k].any()}
    with_retained = {k for k in clusters if (~churned)[cluster == k].any()}
    aucs, v10, v01 = [], [], []
    for risk in risks:
        one, other = risk[churned][:, None], risk[~churned][None, :]
        psi = (one > other) + 0.5 * (one == other)
        aucs.append(psi.mean())
        v10.append(psi.mean(axis=1))
        v01.append(psi.mean(axis=0))
    x_cluster, y_cluster = cluster[churned], cluster[~churned]
    x_sums = np.array(
        [[v[x_cluster == k].sum() - (x_cluster == k).sum() * a for k in clusters]
         for v, a in zip(v10, aucs, strict=True)]
    )  # fmt: skip
    y_sums = np.array(
        [[v[y_cluster == k].sum() - (y_cluster == k).sum() * a for k in clusters]
         for v, a in zip(v01, aucs, strict=True)]
    )  # fmt: skip
    i10, i01, i = len(with_churned), len(with_retained), len(clusters)
    s10 = i10 / ((i10 - 1) * m) * x_sums @ x_sums.T
    s01 = i01 / ((i01 - 1) * n) * y_sums @ y_sums.T
    s11 = i / (i - 1) * x_sums @ y_sums.T
    return np.array(aucs), s10 / m + s01 / n + s11 / (m * n) + s11.T / (m * n)


def compile_statistics(work: Path) -> CompiledProject:
    """The statistics of the backtest, compiled once."""
    return CompiledProject.compile(
        work,
        ["path:models/intermediate/backtest", "path:models/marts/backtest"],
        {"as_of_date": "2026-01-31"},
    )
