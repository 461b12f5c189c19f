"""The commands around the backtest, on a small published file."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import duckdb
import numpy as np
import pytest
from backtest_marts import DATES, write_published
from harness import PROJECT
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(PROJECT / "scripts"))

import backtest_report
import propose_weights
import whatif
import yardstick
from backtest.curves import lift_points, roc_points
from backtest.published import open_published
from backtest.statistics import clustered_auc, top_decile_lift
from backtest.yardstick import signal_panel


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_published(tmp_path_factory.mktemp("published") / "published.duckdb")


@pytest.fixture
def changed(published: Path, tmp_path: Path):
    """The published file after a statement."""

    def change(*statements: str) -> Path:
        path = tmp_path / "changed.duckdb"
        path.write_bytes(published.read_bytes())
        with duckdb.connect(str(path)) as connection:
            for statement in statements:
                connection.execute(statement)
        return path

    return change


def import_example(name: str) -> ModuleType:
    path = PROJECT / "examples" / "online_retail" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"example_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- statistics


def test_auc_agrees_with_scikit_learn_and_ties_count_one_half():
    rng = np.random.default_rng(1)
    risk, churned = rng.integers(0, 5, 400).astype(float), rng.random(400) < 0.3
    found = clustered_auc(risk, churned, np.arange(400).astype(str))
    assert found.value == pytest.approx(roc_auc_score(churned, risk), abs=1e-12)
    assert found.low < found.value < found.high


def test_an_account_that_repeats_itself_does_not_narrow_the_interval():
    rng = np.random.default_rng(2)
    churned = rng.random(200) < 0.3
    risk = rng.normal(size=200) + churned
    accounts = np.arange(200).astype(str)
    once = clustered_auc(risk, churned, accounts)
    four = clustered_auc(np.tile(risk, 4), np.tile(churned, 4), np.tile(accounts, 4))
    assert four.high - four.low == pytest.approx(once.high - once.low, rel=1e-9)


def test_the_interval_is_that_of_a_bootstrap_of_accounts():
    rng = np.random.default_rng(3)
    accounts = np.repeat(np.arange(150), 4)
    own = rng.normal(size=150)[accounts]
    churned = own + rng.normal(size=600) > 1
    risk = own + 2 * rng.normal(size=600)
    found = clustered_auc(risk, churned, accounts.astype(str))
    values = []
    for _ in range(400):
        drawn = (rng.integers(0, 150, 150)[:, None] * 4 + np.arange(4)).ravel()
        values.append(roc_auc_score(churned[drawn], risk[drawn]))
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(np.std(values), rel=0.15)


def test_lift_shares_the_churns_of_tied_rows():
    churned = np.array([True] * 2 + [False] * 18)
    assert top_decile_lift(np.arange(20, 0, -1.0), churned) == pytest.approx(10)
    assert top_decile_lift(np.zeros(20), churned) == pytest.approx(1)
    assert lift_points(np.zeros(20), churned)[0]["lift"] == pytest.approx(1)
    assert lift_points(np.arange(20.0), churned)[0] == {"share": 0.1, "lift": 10.0}


def test_the_area_under_the_drawn_curve_is_the_auc():
    rng = np.random.default_rng(4)
    churned = rng.random(500) < 0.3
    scores = np.round(rng.normal(size=500) - churned, 1)
    points = roc_points(scores, churned)
    xs, ys = ([point[axis] for point in points] for axis in ("flagged_others", "flagged_churners"))
    assert (points[0], xs[-1], ys[-1]) == ({"flagged_others": 0, "flagged_churners": 0}, 1, 1)
    assert np.trapezoid(ys, xs) == pytest.approx(roc_auc_score(churned, -scores))


# ---- yardstick


def test_the_yardstick_learns_what_the_signals_know(published):
    text = yardstick.report(published)
    auc = {name: float(value) for name, value in re.findall(r"^(\S.*?)  +(0\.\d{3})  ", text, re.M)}
    assert auc["gradient boosting"] > auc["score: composite"] > auc["baseline: tenure"] == 0.55
    assert f"{DATES[0]} to {DATES[2]}, tested on {DATES[6]}" in text


def test_the_yardstick_does_not_see_the_dates_that_judge_it(published, changed):
    """Outcomes and signals of the dates between, and later outcomes, train nobody."""
    path = changed(
        "update marts.backtest_panel set is_churned = not is_churned where panel_part = 'between'",
        f"update marts.customer_health_signal_values set usage_trend_ratio = 0"
        f" where as_of_date between '{DATES[3]}' and '{DATES[5]}'",
    )
    assert yardstick.report(path) == yardstick.report(published)


def test_a_signal_that_does_not_count_is_no_evidence(changed):
    path = changed(
        "update marts.customer_health_signal_days set company_reason = 'stale'"
        f" where signal_id = 'usage_trend_ratio' and as_of_date = '{DATES[0]}'",
        "update marts.customer_health_signal_days set company_reason = 'no_source'"
        " where signal_id = 'csat_average'",
    )
    with open_published(path) as connection:
        panel = signal_panel(connection, "composite")
    assert panel.signals == ["feature_adoption_rate", "usage_trend_ratio"]
    missing = np.isnan(panel.rows.features)
    # one account in 50 has one observation where the seed asks for two
    assert missing[:, 0].sum() == 4 * 6
    assert missing[panel.dates == str(DATES[0]), 1].all()
    assert "new" not in panel.rows.accounts


def test_with_too_few_churns_the_yardstick_says_so(changed, capsys):
    path = changed("update marts.backtest_panel set is_churned = false where account_id > 'A0030'")
    assert yardstick.main(["--published", str(path)]) == 0
    assert "Not enough churns for a yardstick" in capsys.readouterr().out


@pytest.mark.parametrize("command", [yardstick, whatif, backtest_report])
def test_without_a_backtest_a_command_says_what_to_do(tmp_path, capsys, command):
    assert command.main(["--published", str(tmp_path / "none.duckdb")]) == 1
    assert "run `dbt build`" in capsys.readouterr().err
    with duckdb.connect(str(tmp_path / "old.duckdb")) as connection:
        connection.execute("create schema marts")
    assert command.main(["--published", str(tmp_path / "old.duckdb")]) == 1
    assert "backtest_enabled" in capsys.readouterr().err


@pytest.mark.parametrize("command", [yardstick, backtest_report])
def test_without_a_scored_row_a_command_says_so(changed, capsys, command):
    path = changed("update marts.backtest_panel set population = 'onboarding'")
    assert command.main(["--published", str(path)]) == 1
    assert "no scored row of composite" in capsys.readouterr().err


# ---- proposal


def test_the_proposal_is_the_seed_with_other_weights(published, tmp_path, capsys):
    arguments = ["--published", str(published), "--out", str(tmp_path)]
    assert (
        propose_weights.main([*arguments, "--seed", str(PROJECT / "seeds/score_weights.csv")]) == 0
    )
    with (tmp_path / "score_weights_proposed.csv").open(encoding="utf-8") as lines:
        proposed = list(csv.DictReader(lines))
    with (PROJECT / "seeds/score_weights.csv").open(encoding="utf-8") as lines:
        present = list(csv.DictReader(lines))
    assert [row | {"weight": ""} for row in proposed] == [row | {"weight": ""} for row in present]
    changed_rows = {
        (new["score_model"], new["signal_id"]): new["weight"]
        for old, new in zip(present, proposed, strict=True)
        if old != new
    }
    assert changed_rows == {
        ("composite", "feature_adoption_rate"): "65",
        ("composite", "usage_trend_ratio"): "32.5",
        ("composite", "csat_average"): "2.5",
    }
    text = (tmp_path / "score_weights_proposed.md").read_text(encoding="utf-8")
    assert "0.020 (0.005 to 0.035)" in text and "ranks better" in text
    assert text in capsys.readouterr().out


def test_a_signal_that_is_worth_nothing_leaves_the_model(changed, tmp_path):
    path = changed(
        "update marts.backtest_weight_proposal set proposed_weight = 0 where current_weight = 10"
    )
    with open_published(path) as connection:
        found, _ = propose_weights.propose(connection, None, PROJECT / "seeds/score_weights.csv")
    signals = [row[3] for row in found if row[0] == "composite"]
    assert "csat_average" not in signals and "feature_adoption_rate" in signals


def test_with_too_few_churns_nothing_is_proposed(changed, tmp_path, capsys):
    path = changed(
        "update marts.backtest_weight_proposal"
        " set proposed_weight = null, note = 'not enough churns (7 of 20)'"
    )
    out = tmp_path / "out"
    assert propose_weights.main(["--published", str(path), "--out", str(out)]) == 0
    assert "not enough churns (7 of 20)" in capsys.readouterr().out
    assert not out.exists()


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.01, 0.03, "ranks better"), (-0.03, -0.01, "WORSE"), (-0.01, 0.01, "cannot be told apart")],
)
def test_the_later_dates_judge_the_proposal(low, high, words):
    row = {"auc_gain": (low + high) / 2, "auc_gain_low": low, "auc_gain_high": high}
    assert words in propose_weights.conclusion(row)


# ---- what-if


def test_whatif_gives_commands_that_make_a_candidate(published, tmp_path, capsys):
    """The printed commands, run as they stand, add a model and touch no row that was there."""
    import shutil
    import subprocess

    seeds = tmp_path / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds)
    assert whatif.main(["--published", str(published), "--seeds", str(seeds)]) == 0
    text = capsys.readouterr().out
    lines = [line.strip() for line in text.splitlines() if line.startswith("   ") and ">>" in line]
    assert len(lines) == 4
    subprocess.run(["sh", "-ec", "\n".join(lines)], check=True)
    for name in ("score_models", "score_weights", "score_thresholds", "band_rules"):
        before = (PROJECT / "seeds" / f"{name}.csv").read_text(encoding="utf-8")
        after = (seeds / f"{name}.csv").read_text(encoding="utf-8")
        assert after.startswith(before)
        added = after.removeprefix(before).splitlines()
        assert len(added) == sum(
            bool(re.search(r"(^|,)composite,", line)) for line in before.splitlines()
        )
        assert all("composite_trial," in line for line in added)
    assert (seeds / "score_models.csv").read_text(encoding="utf-8").endswith(",false,false\n")


def test_whatif_says_what_the_candidate_is_worth(published, changed):
    with open_published(published) as connection:
        text = whatif.report(connection, PROJECT / "seeds")
    assert "composite_trial and composite cannot be told apart" in text
    assert "12 accounts change band, with 5,000 of ARR" in text
    with open_published(changed("delete from marts.backtest_comparison")) as connection:
        assert "There is no candidate" in whatif.report(connection, PROJECT / "seeds")


# ---- report


def test_the_report_needs_nothing_but_itself(published, tmp_path):
    out = tmp_path / "report.html"
    assert backtest_report.main(["--published", str(published), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    around = re.sub(r"<script>.*?</script>", "<script></script>", text, flags=re.DOTALL)
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", around)
    assert text.count('class="chart"') == 11
    assert "vegaEmbed(" in text and "The lower bound of the AUC is 0.71" in text
    # the charts' data stand in the page, and cannot end its script
    specs = text[text.index("const specs") :]
    assert specs.count("</script>") == 1


def test_a_chart_without_figures_is_a_sentence(changed):
    path = changed(
        "update marts.backtest_signals set auc = null, note = '7 churns: not enough to tell'",
        "delete from marts.backtest_lead_time",
    )
    text = backtest_report.report(path)
    assert "7 churns: not enough to tell" in text and "Not enough churns to tell." in text
    assert text.count('class="chart"') == 9


# ---- the example's own yardstick


def test_the_order_log_is_cut_at_the_date_and_judged_by_the_next_90_days(tmp_path):
    example = import_example("yardstick")
    orders = [("a", "2011-01-01"), ("a", "2011-06-01"), ("b", "2011-05-01"), ("c", "2011-01-01"),
              ("a", "2011-08-30"), ("b", "2011-08-31")]  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("create table lines (account_id varchar, occurred_at timestamp)")
        connection.executemany("insert into lines values (?, ?)", orders)
        connection.execute(f"copy lines to '{tmp_path}/usage_events.parquet'")
        connection.execute(
            "copy (select account_id, cast(occurred_at as date) as issued_on, 10.0 as amount"
            f" from lines) to '{tmp_path}/invoices.parquet'"
        )
    with example.open_orders(tmp_path) as connection:
        found = example.active_customers(connection, [date(2011, 6, 1)])
    # c was last seen 151 days before; a orders on the 90th day and b on the 91st
    assert found.accounts.tolist() == ["a", "b", "c"]
    assert found.churned.tolist() == [False, True, True]
    recency, since_first, days_30, *_, lines_180, value_180, value_365 = found.features[0]
    assert (recency, since_first, days_30) == (0, 151, 1)
    assert (lines_180, value_180, value_365) == (2, 20, 20)
    assert found.features[2][0] == 151
