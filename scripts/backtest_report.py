"""Write the backtest as one HTML file that opens from disk: charts, figures, how to read them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import duckdb
from backtest import charts
from backtest.curves import curves
from backtest.page import Section, page
from backtest.published import (
    NO_SCORES,
    NothingToRead,
    default_model,
    default_path,
    open_published,
    rows,
)

Rows = list[dict[str, Any]]
FOOTER = (
    "Intervals are 95 %: clustered by account for AUC (Obuchowski 1997), Wilson for rates."
    " Figures from generated data prove that the machinery works and say nothing about the world."
)
TOO_FEW = "Not enough churns to tell."
SPAN = """
select
    cast(min(panel_date) as varchar) as first_date,
    cast(max(panel_date) as varchar) as last_date,
    count(distinct panel_date) as dates,
    count(*) as panel_rows,
    count(distinct account_id) as accounts,
    count(distinct case when is_churned then account_id end) as churned_accounts,
    avg(case when is_churned then 1.0 else 0.0 end) as churn_rate
from marts.backtest_panel
where score_model = ? and population = 'scored'
"""


def _known(data: Rows, *names: str) -> Rows:
    return [row for row in data if all(row[name] is not None for name in names)]


def _note(data: Rows) -> str:
    """Why some rows have no figure."""
    notes = sorted({row["note"] for row in data if row.get("note")})
    return "; ".join(notes)


def _pick(data: Rows, *names: str) -> Rows:
    return [{name: row[name] for name in names} for row in data]


def _charted(
    question: str,
    reading: str,
    data: Rows,
    figure: str,
    draw: Any,
    *names: str,
    otherwise: str = TOO_FEW,
) -> Section:
    """A section whose chart needs this figure; a sentence where no row has it."""
    drawn = _known(data, figure)
    if not drawn:
        return Section(question, reading, note=_note(data) or otherwise)
    return Section(question, reading, draw(drawn), _pick(drawn, *names))


def ranking(connection: duckdb.DuckDBPyConnection, model: str) -> list[Section]:
    """Does the score rank churners below the rest, and better than something simpler?"""
    summary = rows(
        connection,
        "select * from marts.backtest_summary"
        " where score_model = ? and dimension = 'book' order by predictor",
        model,
    )
    roc, lift = curves(connection)
    reading = "0.5 is chance (dashed), 1 is perfect. All rank the same rows."
    found = [
        _charted("Does the score rank churners below the rest?", reading, summary, "auc",
                 charts.predictors, "predictor", "auc", "auc_low", "auc_high", "top_decile_lift",
                 "churner_share_lowest_20", "panel_rows", "churned_accounts")
    ]  # fmt: skip
    if roc:
        found.append(
            Section(
                "ROC: what does it cost to catch them?",
                "From the lowest score upwards: churners caught against others flagged with them.",
                charts.roc(roc),
                [row for row in roc if row["place"] % 20 == 0],
            )
        )
        found.append(
            Section(
                "Lift: how much denser are churners among the lowest scores?",
                "2 at 10 % means: the lowest tenth churns twice as often as the book.",
                charts.lift(lift),
                lift,
            )
        )
    return found


def _band_colours(bands: Rows) -> dict[str, str]:
    """Bands from the lowest to the best: vermillion, orange …, green."""
    ordered = sorted(bands, key=lambda row: row["band_order"])
    colours = [charts.VERMILLION, charts.ORANGE, charts.SKY, charts.PURPLE][: len(ordered) - 1]
    return {
        row["band_label"]: colour
        for row, colour in zip(ordered, [*colours, charts.GREEN], strict=False)
    }


def calibration(connection: duckdb.DuckDBPyConnection, model: str) -> list[Section]:
    """Do score and bands mean what they say?"""
    deciles = rows(
        connection,
        "select * from marts.backtest_calibration where score_model = ? and grouping = 'decile'",
        model,
    )
    bands = rows(
        connection,
        "select * from marts.backtest_bands where score_model = ? and dimension = 'book'"
        " and band_order is not null order by band_order desc",
        model,
    )
    drift = rows(
        connection,
        "select * from marts.backtest_drift where score_model = ? order by quarter, subject",
        model,
    )
    colours = _band_colours(bands)
    labels = {row["band"]: row["band_label"] for row in bands}
    of_bands = [row for row in drift if row["measure"] == "band_churn_rate"]
    return [
        _charted("How does churn fall as the score rises?",
                 "Each step should be lower than the one before it.", deciles, "churn_rate",
                 charts.deciles, "score_from", "score_to", "churn_rate", "churn_rate_low",
                 "churn_rate_high", "panel_rows", "churned_accounts"),
        _charted("Do the bands mean what they say?",
                 "Black bars: the targets of the seed calibration_targets. Dashed: the base rate.",
                 bands, "churn_rate",
                 lambda data: charts.bands(
                     data, colours, "churn_rate", "churn rate", "base_churn_rate"
                 ),
                 "band_label", "churn_rate", "churn_rate_low", "churn_rate_high", "churn_lift",
                 "book_share", "target_churn_rate", "panel_rows", "churned_accounts"),
        _charted("Do they renew as the bands promise?",
                 "Of the terms that end within the window. Black bars: the targets.",
                 bands, "renewal_rate",
                 lambda data: charts.bands(data, colours, "renewal_rate", "renewal rate", None),
                 "band_label", "renewal_rate", "renewal_rate_low", "renewal_rate_high",
                 "target_renewal_rate", "terms_ended", "terms_renewed",
                 otherwise="No term with a known outcome ended within a window."),
        _charted("Is it still the score it was?",
                 "Population stability index of the score against the first quarter.",
                 [row for row in drift if row["measure"] == "score_psi"], "figure", charts.psi,
                 "quarter", "figure", "panel_rows"),
        _charted("Do the bands still mean what they meant?",
                 "Churn rate of each band, quarter by quarter.", of_bands, "figure",
                 lambda data: charts.band_drift(data, colours, labels), "quarter", "subject",
                 "figure", "figure_low", "figure_high", "panel_rows"),
    ]  # fmt: skip


def causes(connection: duckdb.DuckDBPyConnection, model: str) -> list[Section]:
    """How early, from which signals, and is an alternative better?"""
    lead = rows(connection, "select * from marts.backtest_lead_time where score_model = ?", model)
    signals = rows(
        connection,
        "select * from marts.backtest_signals where score_model = ? order by signal_id",
        model,
    )
    compared = rows(
        connection,
        "select * from marts.backtest_comparison"
        " where score_model = ? and dimension = 'book' order by compared_with",
        model,
    )
    median = next((row["median_warning_days"] for row in lead), None)
    reading = "As published then, of all churned accounts. The dashed line is two thirds."
    if median is not None:
        reading += f" Median from the first warning to the churn: {median:.0f} days."
    return [
        _charted("How early was it seen?", reading, lead, "flagged_share", charts.lead_time,
                 "days_before", "flagged_share", "flagged_share_low", "flagged_share_high",
                 "churns", "flagged_churns"),
        _charted("Which signals earn their weight?",
                 "Right of 0.5 it ranks churners below the rest, left of it the wrong way round.",
                 signals, "auc", charts.signals, "label", "weight", "verdict", "auc", "auc_low",
                 "auc_high", "information_value", "evidence_share", "psi"),
        _charted("Is something else better?",
                 "AUC of the score minus theirs, on the same rows: right of 0 the score is better,"
                 " and an interval that crosses 0 tells nothing apart.",
                 compared, "auc_difference", charts.comparison, "compared_with", "verdict",
                 "auc_difference", "auc_difference_low", "auc_difference_high", "lift_difference",
                 "panel_rows", "churned_accounts"),
    ]  # fmt: skip


def gates(connection: duckdb.DuckDBPyConnection) -> Section:
    """May this configuration be released?"""
    found = rows(connection, "select * from marts.backtest_gates order by gate")
    data = [
        {
            "": "passed" if row["is_passed"] else f"failed ({row['severity']})",
            "gate": row["sentence"],
        }
        for row in found
    ]
    return Section(
        "May this configuration be released?",
        "The gates of the seed release_gates, for the default score model.",
        data=data,
        is_table=bool(data),
        note="The seed release_gates has no row.",
    )


def headline(connection: duckdb.DuckDBPyConnection, model: str) -> tuple[str, list[tuple]]:
    """One sentence on the panel, and the figures that everybody asks for first."""
    span = rows(connection, SPAN, model)[0]
    if not span["panel_rows"]:
        raise NothingToRead(NO_SCORES.format(model=model))
    book = rows(
        connection,
        "select * from marts.backtest_summary where score_model = ? and dimension = 'book'"
        " and predictor = 'health_score'",
        model,
    )
    sentence = (
        f"Score model {model}. {span['dates']} panel dates, {span['first_date']} to"
        f" {span['last_date']}: what the score said on each, and who churned afterwards."
    )
    figures = [
        ("accounts", f"{span['accounts']:,}"),
        ("of them churned within a window", f"{span['churned_accounts']:,}"),
        ("rows (accounts times dates)", f"{span['panel_rows']:,}"),
        ("of the rows churn within the window", f"{span['churn_rate']:.1%}"),
    ]
    if book and book[0]["auc"] is not None:
        row = book[0]
        figures.insert(
            0, (f"AUC, {row['auc_low']:.3f} to {row['auc_high']:.3f}", f"{row['auc']:.3f}")
        )
        figures.insert(1, ("lift of the lowest tenth", f"{row['top_decile_lift']:.1f}"))
    return sentence, figures


def report(published: Path, model: str | None = None) -> str:
    """The page for a published file. Raises NothingToRead."""
    with open_published(published) as connection:
        model = model or default_model(connection)
        subtitle, figures = headline(connection, model)
        sections = [
            *ranking(connection, model),
            *calibration(connection, model),
            *causes(connection, model),
            gates(connection),
        ]
    return page("Backtest: what the score was worth", subtitle, figures, sections, FOOTER)


def main(arguments: list[str] | None = None) -> int:
    """Write the page; return 0, or 1 with a sentence where no backtest is published."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, default=default_path(), help="published file")
    parser.add_argument(
        "--score-model", help="score model (default: the one customer_health shows)"
    )
    parser.add_argument("--out", type=Path, default=Path("data/backtest_report.html"))
    options = parser.parse_args(arguments)
    try:
        text = report(options.published, options.score_model)
    except NothingToRead as reason:
        print(reason, file=sys.stderr)
        return 1
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, encoding="utf-8")
    print(f"Written: {options.out} ({len(text.encode()) / 1e6:.1f} MB). Open it in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
