"""How much could be known: models learned on earlier panel dates, judged on later ones."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from backtest.published import NO_SCORES, NothingToRead, rows
from backtest.statistics import Auc, clustered_auc, top_decile_lift

MIN_CHURNS = 20
TOO_FEW = (
    "Not enough churns for a yardstick: {early} churned accounts on the earlier panel dates and"
    " {late} on the later ones, of {needed} needed on each. More history, or time, will bring them."
)


class TooFewChurns(NothingToRead):
    """There is a panel, and too little happened in it to learn from; the message says what."""


def learners() -> dict[str, object]:
    """The two learned models, fixed: nothing is tuned on the dates that judge them."""
    return {
        "logistic regression": make_pipeline(
            SimpleImputer(strategy="median", add_indicator=True),
            StandardScaler(),
            LogisticRegression(max_iter=1000),
        ),
        "gradient boosting": HistGradientBoostingClassifier(
            max_iter=100, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=20, random_state=0
        ),
    }


@dataclass(frozen=True)
class Rows:
    """Rows to learn from or to be judged on: features (nan where missing), outcome, account."""

    features: np.ndarray
    churned: np.ndarray
    accounts: np.ndarray

    def at(self, chosen: np.ndarray) -> Rows:
        """The chosen rows."""
        return Rows(self.features[chosen], self.churned[chosen], self.accounts[chosen])

    @property
    def churned_accounts(self) -> int:
        """Accounts that churn on any of the rows."""
        return len(np.unique(self.accounts[self.churned]))


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    auc: Auc
    lift: float


def judged(name: str, risk: np.ndarray, late: Rows) -> Figure:
    """The figures of a risk on the later rows."""
    return Figure(
        name,
        clustered_auc(risk, late.churned, late.accounts),
        top_decile_lift(risk, late.churned),
    )


def learned(early: Rows, late: Rows) -> list[Figure]:
    """Each learner, trained on the earlier rows and judged on the later ones.

    Raises TooFewChurns where either side has too few churns to tell anything.
    """
    if min(early.churned_accounts, late.churned_accounts) < MIN_CHURNS:
        raise TooFewChurns(
            TOO_FEW.format(
                early=early.churned_accounts, late=late.churned_accounts, needed=MIN_CHURNS
            )
        )
    known = ~np.isnan(early.features).all(axis=0)
    figures = []
    # one thread: a small panel, the same figures everywhere, and no fight for a busy machine
    with threadpool_limits(1):
        for name, learner in learners().items():
            learner.fit(early.features[:, known], early.churned)
            figures.append(judged(name, learner.predict_proba(late.features[:, known])[:, 1], late))
    return figures


@dataclass(frozen=True)
class SignalPanel:
    """The scored rows of a score model, with the signals as they counted on their dates."""

    signals: list[str]
    rows: Rows
    parts: np.ndarray
    dates: np.ndarray
    scores: dict[str, np.ndarray]

    def part(self, name: str) -> np.ndarray:
        """Which rows belong to the early, or the late, panel dates."""
        return self.parts == name

    def days(self, part: str) -> str:
        """The panel dates of a part, first to last."""
        days = np.unique(self.dates[self.part(part)])
        return " to ".join(dict.fromkeys(str(day) for day in (days[0], days[-1])))


# what the company had no source for, or a broken or young feed, is no evidence; nor is too little
SIGNAL_COLUMN = """
    case
        when reasons."{signal}" is null and signals."{signal}_evidence" >= {min_evidence}
            then signals."{signal}"
    end as "{signal}"
"""
PANEL = """
with reasons as (
    select as_of_date, {reasons}
    from marts.customer_health_signal_days
    group by as_of_date
)
select
    panel.account_id,
    cast(panel.panel_date as varchar) as panel_date,
    panel.panel_part,
    panel.is_churned,
    {columns}
from marts.backtest_panel as panel
left join marts.customer_health_signal_values as signals
    on panel.account_id = signals.account_id and panel.panel_date = signals.as_of_date
left join reasons on panel.panel_date = reasons.as_of_date
where panel.score_model = ? and panel.population = 'scored' and panel.panel_part <> 'between'
order by panel.account_id, panel.panel_date
"""
SIGNALS = """
select signal_id, coalesce(max(min_evidence), 0) as min_evidence
from marts.score_configurations
where
    seed = 'signals'
    and config_version in (select config_version from marts.customer_health)
group by signal_id
order by signal_id
"""
SCORES = """
select score_model, account_id, cast(panel_date as varchar) as panel_date, health_score
from marts.backtest_panel
where population = 'scored'
"""


def _as_floats(column: np.ndarray) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(column).astype(float), np.nan)


def _scores(connection: duckdb.DuckDBPyConnection, keys: list[tuple]) -> dict[str, np.ndarray]:
    """The scores of each model on the rows with these keys; its mean where it has none."""
    found: dict[str, dict[tuple, float]] = {}
    for row in rows(connection, SCORES):
        key = (row["account_id"], row["panel_date"])
        found.setdefault(row["score_model"], {})[key] = row["health_score"]
    scores = {}
    for model, by_key in sorted(found.items()):
        values = np.array([by_key.get(key, np.nan) for key in keys])
        if not np.isnan(values).all():
            scores[model] = np.where(np.isnan(values), np.nanmean(values), values)
    return scores


def signal_panel(connection: duckdb.DuckDBPyConnection, score_model: str) -> SignalPanel:
    """Read the scored rows of a model's panel, but for the dates between the two parts.

    Raises NothingToRead where there are none.
    """
    seed = rows(connection, SIGNALS)
    signals = [row["signal_id"] for row in seed]
    query = PANEL.format(
        reasons=", ".join(
            f"max(case when signal_id = '{signal}' then company_reason end) as \"{signal}\""
            for signal in signals
        ),
        columns=", ".join(
            SIGNAL_COLUMN.format(signal=row["signal_id"], min_evidence=row["min_evidence"])
            for row in seed
        ),
    )
    found = connection.execute(query, [score_model]).fetchnumpy()
    features = [_as_floats(found[signal]) for signal in signals]
    known = [index for index, column in enumerate(features) if not np.isnan(column).all()]
    if not known:
        raise NothingToRead(NO_SCORES.format(model=score_model))
    accounts, dates = (np.asarray(found[name], dtype=str) for name in ("account_id", "panel_date"))
    return SignalPanel(
        signals=[signals[index] for index in known],
        rows=Rows(
            np.column_stack([features[index] for index in known]),
            np.asarray(found["is_churned"], dtype=bool),
            accounts,
        ),
        parts=np.asarray(found["panel_part"], dtype=str),
        dates=dates,
        scores=_scores(connection, list(zip(accounts.tolist(), dates.tolist(), strict=True))),
    )


def table(figures: list[Figure]) -> str:
    """The figures as text, best AUC first."""
    width = max(len(figure.name) for figure in figures)
    lines = [f"{'':<{width}}    AUC   95 % interval   top-decile lift"]
    for figure in sorted(figures, key=lambda figure: -figure.auc.value):
        interval = f"{figure.auc.low:.3f} to {figure.auc.high:.3f}"
        lines.append(
            f"{figure.name:<{width}}  {figure.auc.value:.3f}  {interval}  {figure.lift:>15.2f}"
        )
    return "\n".join(lines)
