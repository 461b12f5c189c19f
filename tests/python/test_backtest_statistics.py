"""The statistics of the backtest agree with independent libraries, and with what honesty asks."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest
from harness import CompiledProject
from panels import Panel, compile_statistics, obuchowski
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint
from warehouse import fetch


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> CompiledProject:
    return compile_statistics(tmp_path_factory.mktemp("compile"))


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Two models with many ties, and clustered labels that follow both to some degree."""
    made = Panel(accounts=90, dates=7, seed=7)
    truth = made.rng.normal(0, 1, made.size)
    churned = made.clustered_labels(truth, 0.15)
    for name, noise in (("first", 1.0), ("second", 2.0)):
        score = 60 - 15 * (truth + noise * made.rng.normal(0, 1, made.size))
        made.add_model(name, np.clip(score.round(0), 0, 100), churned)
    return made


@pytest.fixture(scope="module")
def built(project: CompiledProject, panel: Panel) -> Iterator[duckdb.DuckDBPyConnection]:
    with panel.build(project) as connection:
        yield connection


def rows_of(panel: Panel, model: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Risk, churn, account and ARR of a model's rows."""
    rows = [row for row in panel.rows if row["score_model"] == model]
    return (
        np.array([-row["health_score"] for row in rows]),
        np.array([row["is_churned"] for row in rows]),
        np.array([row["account_id"] for row in rows]),
        np.array([row["arr"] for row in rows]),
    )


def test_auc_with_ties_is_that_of_scikit_learn(
    built: duckdb.DuckDBPyConnection, panel: Panel
) -> None:
    for model in ("first", "second"):
        risk, churned, _, arr = rows_of(panel, model)
        assert len(np.unique(risk)) < len(risk) / 3
        [got] = fetch(
            built,
            "select auc, arr_auc from intermediate.int_backtest__predictor_aucs"
            f" where predictor = 'health_score' and dimension = 'book' and score_model = '{model}'",
        )
        assert got["auc"] == pytest.approx(roc_auc_score(churned, risk), abs=1e-9)
        weighted = roc_auc_score(churned, risk, sample_weight=arr)
        assert got["arr_auc"] == pytest.approx(weighted, abs=1e-9)


def test_variance_is_obuchowskis(built: duckdb.DuckDBPyConnection, panel: Panel) -> None:
    risks = [rows_of(panel, model)[0] for model in ("first", "second")]
    _, churned, account, _ = rows_of(panel, "first")
    aucs, covariance = obuchowski(risks, churned, account)
    got = fetch(
        built,
        "select auc_variance from intermediate.int_backtest__predictor_aucs"
        " where predictor = 'health_score' and dimension = 'book' order by score_model",
    )
    assert [row["auc_variance"] for row in got] == pytest.approx(np.diag(covariance), rel=1e-6)
    [paired] = fetch(
        built,
        "select auc_difference, auc_difference_variance from intermediate.int_backtest__contests"
        " where score_model = 'first' and compared_with = 'second' and dimension = 'book'",
    )
    assert paired["auc_difference"] == pytest.approx(aucs[0] - aucs[1], abs=1e-9)
    difference = np.array([1, -1]) @ covariance @ np.array([1, -1])
    assert paired["auc_difference_variance"] == pytest.approx(difference, rel=1e-6)


def test_variances_are_what_resampled_accounts_show(
    built: duckdb.DuckDBPyConnection, panel: Panel
) -> None:
    first, churned, account, _ = rows_of(panel, "first")
    second = rows_of(panel, "second")[0]
    rng = np.random.default_rng(1)
    names = np.unique(account)
    places = {name: np.flatnonzero(account == name) for name in names}
    drawn = []
    for _ in range(400):
        rows = np.concatenate([places[name] for name in rng.choice(names, len(names))])
        one, other = (auc(risk[rows], churned[rows]) for risk in (first, second))
        tenths = [tenth_lift(risk[rows], churned[rows]) for risk in (first, second)]
        drawn.append([one, one - other, tenths[0] - tenths[1]])
    [got] = fetch(
        built,
        """
        select aucs.auc_variance, contests.auc_difference_variance, lift_difference_variance
        from intermediate.int_backtest__predictor_aucs as aucs
        inner join intermediate.int_backtest__contests as contests using (score_model, dimension)
        where aucs.score_model = 'first' and predictor = 'health_score' and dimension = 'book'
            and compared_with = 'second'
        """,
    )
    errors = np.sqrt(list(got.values()))
    assert errors[:2] == pytest.approx(np.std(drawn, axis=0)[:2], rel=0.15)
    # the line of the tenth moves from sample to sample, which the formula leaves out
    assert errors[2] == pytest.approx(np.std(drawn, axis=0)[2], rel=0.3)


def auc(risk: np.ndarray, churned: np.ndarray) -> float:
    """The share of pairs in which the churned row ranks as riskier, ties one half."""
    one, other = risk[churned][:, None], risk[~churned][None, :]
    return float(((one > other) + 0.5 * (one == other)).mean())


def tenth_lift(risk: np.ndarray, churned: np.ndarray) -> float:
    """Top-decile lift; rows that tie at the line are in the tenth in proportion."""
    places, caught = len(risk) / 10, 0.0
    for value in np.unique(risk)[::-1]:
        here = risk == value
        share = min(1.0, max(0.0, places / here.sum()))
        caught += share * churned[here].sum()
        places -= share * here.sum()
    return 10 * caught / churned.sum()


def test_lift_and_worst_accounts_take_ties_in_proportion(
    built: duckdb.DuckDBPyConnection, panel: Panel
) -> None:
    risk, churned, _, _ = rows_of(panel, "first")
    [got] = fetch(
        built,
        "select top_decile_lift, worst_per_csm_precision from marts.backtest_summary"
        " where score_model = 'first' and predictor = 'health_score' and dimension = 'book'",
    )
    lift = tenth_lift(risk, churned)
    assert float(got["top_decile_lift"]) == pytest.approx(lift, abs=1e-6)
    rows = [row for row in panel.rows if row["score_model"] == "first"]
    called = left = 0.0
    for owner, day in {(row["csm_owner"], row["as_of_day"]) for row in rows}:
        mine = np.array([row["csm_owner"] == owner and row["as_of_day"] == day for row in rows])
        places = 5.0
        for value in np.unique(risk[mine])[::-1]:
            here = mine & (risk == value)
            share = min(1.0, max(0.0, places / here.sum()))
            called, left = called + share * here.sum(), left + share * churned[here].sum()
            places -= share * here.sum()
    assert float(got["worst_per_csm_precision"]) == pytest.approx(left / called, abs=1e-6)


def test_possible_lines_flag_what_lies_below_them(
    built: duckdb.DuckDBPyConnection, panel: Panel
) -> None:
    risk, churned, _, arr = rows_of(panel, "first")
    rows = [row for row in panel.rows if row["score_model"] == "first"]
    per_date = len({row["panel_date"] for row in rows})
    affordable = []
    for got in fetch(built, "select * from marts.backtest_thresholds where score_model = 'first'"):
        flagged = -risk < got["line"]
        assert got["flagged_rows"] == flagged.sum()
        assert float(got["flagged_per_csm"]) == pytest.approx(
            flagged.sum() / per_date / 4, abs=1e-6
        )
        recall = churned[flagged].sum() / churned.sum()
        assert float(got["flag_recall"]) == pytest.approx(recall, abs=1e-6)
        if flagged.any():
            assert float(got["flag_precision"]) == pytest.approx(churned[flagged].mean(), abs=1e-6)
        covered = arr[flagged & churned].sum() / arr[churned].sum()
        assert float(got["churned_arr_recall"]) == pytest.approx(covered, abs=1e-6)
        affordable.append((flagged.sum() <= 5 * 4 * per_date, got["line"], got["fits_capacity"]))
    best = max(line for is_affordable, line, _ in affordable if is_affordable)
    assert [line for _, line, fits in affordable if fits] == [best]


def test_rates_have_wilson_intervals_that_know_repeated_accounts(
    project: CompiledProject,
    built: duckdb.DuckDBPyConnection,
    panel: Panel,
) -> None:
    once = Panel(accounts=200, dates=1, seed=3)
    once.add_model("once", once.rng.uniform(0, 100, 200), once.rng.random(200) < 0.3)
    query = (
        "select band, churned_rows, panel_rows, churn_rate_low, churn_rate_high"
        " from marts.backtest_bands where dimension = 'book' and score_model = '{}'"
    )
    with once.build(project) as connection:
        for row in fetch(connection, query.format("once")):
            expected = proportion_confint(row["churned_rows"], row["panel_rows"], method="wilson")
            got = (float(row["churn_rate_low"]), float(row["churn_rate_high"]))
            assert got == pytest.approx(expected, abs=1e-6)
    # rows of repeated accounts are worth n^3 p (1-p) (I-1) / ((n-1) I sum((x - n p)^2)) rows
    for row in fetch(built, query.format("first")):
        mine = [r for r in panel.rows if r["score_model"] == "first"]
        mine = [r for r in mine if r["computed_band"] == row["band"]]
        accounts = sorted({r["account_id"] for r in mine})
        n = np.array([sum(r["account_id"] == a for r in mine) for a in accounts])
        x = np.array(
            [sum(r["account_id"] == a and r["is_churned"] for r in mine) for a in accounts]
        )
        p, i, rows = x.sum() / n.sum(), len(accounts), n.sum()
        spread = ((x - n * p) ** 2).sum()
        worth = rows**3 * p * (1 - p) * (i - 1) / ((rows - 1) * i * spread)
        assert worth < rows
        expected = proportion_confint(p * worth, worth, method="wilson")
        got = (float(row["churn_rate_low"]), float(row["churn_rate_high"]))
        assert got == pytest.approx(expected, abs=1e-6)


def test_shuffled_labels_leave_intervals_that_cover_one_half(project: CompiledProject) -> None:
    panel = Panel(accounts=80, dates=6, seed=11)
    score = 50 + 15 * panel.rng.normal(0, 1, panel.account.max() + 1)[panel.account]
    score = np.clip(score + 5 * panel.rng.normal(0, 1, panel.size), 0, 100)
    churned = panel.clustered_labels((50 - score) / 10, 0.15)
    # whole accounts change places, so that the labels stay as clustered as they were
    names = np.unique(panel.account)
    table = np.zeros((len(names), len(panel.dates)), dtype=bool)
    table[panel.account, panel.date] = churned
    for seed in range(100):
        order = np.random.default_rng(seed).permutation(len(names))
        panel.add_model(f"seed {seed:02d}", score, table[order[panel.account], panel.date])
    query = """
        select
            count(*) as intervals,
            count(case when 0.5 between auc_low and auc_high then 1 end) as covering
        from intermediate.int_backtest__predictor_aucs
        where predictor = 'health_score' and dimension = 'book'
    """
    with panel.build_aucs(project) as connection:
        [got] = fetch(connection, query)
    assert got["intervals"] == 100
    assert got["covering"] >= 90


def test_planted_causes_come_out_on_top_and_planted_noise_does_not(
    project: CompiledProject,
) -> None:
    panel = Panel(accounts=400, dates=8, seed=5)
    causes = [f"cause_{number}" for number in range(3)]
    noises = [f"noise_{number}" for number in range(7)]
    values = {}
    for name in [*causes, *noises]:
        own = panel.rng.normal(0, 1, panel.account.max() + 1)[panel.account]
        values[name] = own + 0.3 * panel.rng.normal(0, 1, panel.size)
    churned = panel.clustered_labels(-0.8 * sum(values[name] for name in causes), 0.08)
    scores = {name: np.clip(50 + 18 * value, 0, 100).round(2) for name, value in values.items()}
    for name, score in scores.items():
        panel.add_signal(name, score, panel.rng.random(panel.size) < 0.9)
    panel.add_model("model", sum(scores.values()) / len(scores), churned)
    with panel.build(project, dict.fromkeys(scores, 10.0)) as connection:
        signals = fetch(connection, "select * from marts.backtest_signals order by auc desc")
        proposed = fetch(connection, "select * from marts.backtest_weight_proposal")
    assert {row["signal_id"] for row in signals[:3]} == set(causes)
    verdicts = {row["signal_id"]: row["verdict"] for row in signals}
    assert all(verdicts[name] in ("keep", "suspiciously_good") for name in causes)
    assert all(verdicts[name] in ("weak", "dead", "inverted") for name in noises)
    changes = {row["signal_id"]: float(row["weight_change"]) for row in proposed}
    assert min(changes[name] for name in causes) > 0 > max(changes[name] for name in noises)
    assert max(map(abs, changes.values())) <= 5
    assert sum(row["proposed_weight"] for row in proposed) == 100
    # judged on dates that had no part in it
    assert proposed[0]["auc_gain_low"] > 0


def test_distances_are_those_of_the_counts(project: CompiledProject) -> None:
    panel = Panel(accounts=150, dates=6, seed=9)
    risk = panel.rng.normal(0, 1, panel.size)
    churned = panel.clustered_labels(risk, 0.2)
    known = panel.rng.random(panel.size) < 0.8
    score = np.clip(55 - 20 * risk + 3 * panel.date, 0, 100).round(0)
    panel.add_signal("signal", score, known)
    panel.add_model("model", score, churned)
    with panel.build(project, {"signal": 100.0}) as connection:
        [got] = fetch(connection, "select * from marts.backtest_signals")
    middle = np.array([(score[known] < s).sum() + (score[known] == s).sum() / 2 for s in score])
    fifth = np.floor(middle * 5 / known.sum()).astype(int)
    one = [(known & churned & (fifth == k)).sum() for k in range(5)]
    other = [(known & ~churned & (fifth == k)).sum() for k in range(5)]
    assert float(got["information_value"]) == pytest.approx(distance(one, other), abs=1e-6)
    ten = np.where(known, np.minimum(np.floor(score / 10), 9).astype(int) + 1, 0)
    first = panel.date < 3
    seen = np.unique(ten)
    one = [(first & (ten == k)).sum() for k in seen]
    other = [(~first & (ten == k)).sum() for k in seen]
    assert float(got["psi"]) == pytest.approx(distance(one, other), abs=1e-6)


def distance(one: list[int], other: list[int]) -> float:
    """Sum of (p - q) ln(p / q) over bins, half a row added to each count."""
    p = (np.array(one) + 0.5) / (sum(one) + 0.5 * len(one))
    q = (np.array(other) + 0.5) / (sum(other) + 0.5 * len(other))
    return float(((p - q) * np.log(p / q)).sum())
