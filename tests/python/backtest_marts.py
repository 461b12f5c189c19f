"""A small published file with the marts of the backtest, for the tests of what reads them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np

DATES = [date(2026, month, 28) for month in range(1, 8)]
PARTS = ["early"] * 3 + ["between"] * 3 + ["late"]
# signal_id: how much it says of the outcome
SIGNALS = {"feature_adoption_rate": 2.0, "usage_trend_ratio": 1.0, "csat_average": 0.0}

TABLES = """
create schema marts;
create table marts.customer_health as
    select 'composite' as score_model, 'v1' as config_version;
create table marts.customer_health_models as select 'composite' as score_model;
create table marts.score_configurations (
    config_version varchar, seed varchar, signal_id varchar, min_evidence double);
create table marts.customer_health_signal_days (
    signal_id varchar, as_of_date date, company_reason varchar);
create table marts.backtest_panel (
    score_model varchar, account_id varchar, panel_date date, panel_part varchar,
    population varchar, health_score decimal(28, 6), is_churned boolean);
create table marts.backtest_gates as
    select 'auc_above_chance' as gate, 'error' as severity, true as is_passed,
        'The lower bound of the AUC is 0.71, above 0.5.' as sentence;
create table marts.backtest_lead_time as
    select 'composite' as score_model, days_before, 40 as churns, 30 as flagged_churns,
        0.75 as flagged_share, 0.6 as flagged_share_low, 0.86 as flagged_share_high,
        62.0 as median_warning_days, cast(null as varchar) as note
    from unnest([90, 60, 30]) as days(days_before);
create table marts.backtest_bands as
    select 'composite' as score_model, 'book' as dimension, 'all' as dimension_value, band,
        band as band_label, band_order, churn_rate, churn_rate - 0.02 as churn_rate_low,
        churn_rate + 0.02 as churn_rate_high, 1.0 as churn_lift, 0.3 as book_share,
        target as target_churn_rate, 0.9 as renewal_rate, 0.85 as renewal_rate_low,
        0.93 as renewal_rate_high, 0.95 as target_renewal_rate, 50 as terms_ended,
        45 as terms_renewed,
        0.1 as base_churn_rate, 100 as panel_rows, 30 as churned_accounts,
        cast(null as varchar) as note
    from (values ('red', 1, 0.4, 0.6), ('yellow', 2, 0.2, null), ('green', 3, 0.05, 0.05))
        as band_rows(band, band_order, churn_rate, target);
create table marts.backtest_calibration as
    select 'composite' as score_model, 'decile' as grouping, cast(range as integer) as group_number,
        range * 10.0 - 10 as score_from, range * 10.0 as score_to, 0.5 - range * 0.04 as churn_rate,
        0.4 - range * 0.04 as churn_rate_low, 0.6 - range * 0.04 as churn_rate_high,
        50 as panel_rows, 20 as churned_accounts, cast(null as varchar) as note
    from range(1, 11);
create table marts.backtest_summary as
    select 'composite' as score_model, predictor, predictor_kind, predictor as predictor_label,
        dimension, 'late' as dimension_value, auc, auc - 0.05 as auc_low, auc + 0.05 as auc_high,
        2.0 as top_decile_lift, 0.4 as churner_share_lowest_20, 300 as panel_rows,
        60 as churned_accounts, cast(null as varchar) as note
    from (values ('health_score', 'score', 0.75), ('tenure', 'baseline', 0.55),
        ('external:old_tool', 'external', 0.61)) as figures(predictor, predictor_kind, auc)
    cross join (values ('book'), ('part')) as dimensions(dimension);
create table marts.backtest_drift as
    select 'composite' as score_model, measure, subject, quarter, figure,
        figure - 0.05 as figure_low, figure + 0.05 as figure_high, 90 as panel_rows,
        cast(null as varchar) as note
    from (values ('score_psi', 'health_score', '2026-Q2', 0.12),
        ('band_churn_rate', 'red', '2026-Q1', 0.4), ('band_churn_rate', 'red', '2026-Q2', 0.35),
        ('band_churn_rate', 'green', '2026-Q2', 0.05))
        as figures(measure, subject, quarter, figure);
create table marts.backtest_comparison as
    select 'composite' as score_model, compared_with, compared_kind, 'book' as dimension,
        'all' as dimension_value, 300 as panel_rows, 60 as churned_accounts, 0.75 as auc,
        0.74 as compared_auc, 0.01 as auc_difference, -0.02 as auc_difference_low,
        0.04 as auc_difference_high, 2.0 as lift, 1.9 as compared_lift, 0.1 as lift_difference,
        -0.1 as lift_difference_low, 0.3 as lift_difference_high,
        cast(12 as double) as accounts_changing_band, cast(5000 as double) as arr_changing_band,
        'not_told_apart' as verdict, cast(null as varchar) as note
    from (values ('composite_trial', 'score_model'), ('tenure', 'baseline'))
        as compared(compared_with, compared_kind)
    union all
    select 'composite_trial', 'composite', 'score_model', 'book', 'all', 300, 60, 0.74, 0.75, -0.01,
        -0.04, 0.02, 1.9, 2.0, -0.1, -0.3, 0.1, 12, 5000, 'not_told_apart', null;
create table marts.backtest_signals as
    select 'composite' as score_model, signal_id, signal_id as label, 10.0 as weight, auc,
        auc - 0.04 as auc_low, auc + 0.04 as auc_high, 0.2 as information_value,
        1.0 as evidence_share, 0.05 as psi, verdict, cast(null as varchar) as note
    from (values ('feature_adoption_rate', 0.75, 'keep'), ('usage_trend_ratio', 0.62, 'keep'),
        ('csat_average', 0.5, 'dead')) as figures(signal_id, auc, verdict);
create table marts.backtest_weight_proposal as
    select 'composite' as score_model, '*' as segment, signal_id, 'usage' as score_group,
        current_weight, proposed_weight, auc, auc - 0.04 as auc_low, auc + 0.04 as auc_high,
        1.0 as evidence_share, 45 as churned_accounts, date '2026-01-28' as early_from,
        date '2026-03-28' as early_until, date '2026-07-28' as late_from,
        date '2026-07-28' as late_until, 0.74 as current_auc, 0.7 as current_auc_low,
        0.78 as current_auc_high, 0.76 as proposed_auc, 0.72 as proposed_auc_low,
        0.8 as proposed_auc_high, 0.02 as auc_gain, 0.005 as auc_gain_low, 0.035 as auc_gain_high,
        40 as late_churned_accounts, cast(null as varchar) as note
    from (values ('feature_adoption_rate', 60.0, 65.0, 0.75),
        ('usage_trend_ratio', 30.0, 32.5, 0.62), ('csat_average', 10.0, 2.5, 0.5))
        as weights(signal_id, current_weight, proposed_weight, auc);
"""


def write_published(path: Path, accounts: int = 300, seed: int = 0) -> Path:
    """Write the file: accounts whose churn follows two of three signals, seen on seven dates."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(accounts, len(SIGNALS)))
    names = ", ".join(f"{name} double, {name}_evidence double" for name in SIGNALS)
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)
        connection.execute(
            "create table marts.customer_health_signal_values"
            f" (account_id varchar, as_of_date date, {names})"
        )
        for signal_id in SIGNALS:
            connection.execute(
                "insert into marts.score_configurations values ('v1', 'signals', ?, 2)", [signal_id]
            )
        for day, part in zip(DATES, PARTS, strict=True):
            connection.execute(
                "insert into marts.customer_health_signal_days select unnest(?), ?, null",
                [list(SIGNALS), day],
            )
            values = truth + 0.3 * rng.normal(size=truth.shape)
            doom = -values @ np.array(list(SIGNALS.values())) + rng.normal(size=accounts) - 2
            risk = 50 + 10 * values[:, 0] + rng.normal(size=accounts)
            panel, signals = [], []
            for place in range(accounts):
                account = f"A{place:04d}"
                for model, score in (
                    ("composite", risk[place]),
                    ("composite_trial", risk[place] / 2),
                ):
                    row = (
                        model,
                        account,
                        day,
                        part,
                        "scored",
                        round(score, 1),
                        bool(doom[place] > 0),
                    )
                    panel.append(row)
                # too little evidence, and a row that must not count
                cells = [
                    cell for value in values[place] for cell in (float(value), place % 50 + 1.0)
                ]
                signals.append((account, day, *cells))
            panel.append(("composite", "new", day, part, "onboarding", None, True))
            for table, found in (
                ("backtest_panel", panel),
                ("customer_health_signal_values", signals),
            ):
                marks = ", ".join("?" * len(found[0]))
                connection.executemany(f"insert into marts.{table} values ({marks})", found)
    return path
