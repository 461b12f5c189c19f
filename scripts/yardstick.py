"""Print how well the scores rank churners, beside models learned on the very same signals."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backtest.published import NothingToRead, default_model, default_path, open_published, rows
from backtest.statistics import Auc
from backtest.yardstick import (
    Figure,
    SignalPanel,
    TooFewChurns,
    judged,
    learned,
    signal_panel,
    table,
)

BASELINES = """
select predictor, auc, auc_low, auc_high, top_decile_lift
from marts.backtest_summary
where
    score_model = ?
    and predictor_kind in ('baseline', 'external')
    and dimension = 'part'
    and dimension_value = 'late'
    and auc is not null
"""
HOW_TO_READ = """The learned models were fitted on the earlier dates; nothing was tuned on the later
ones. The distance from a score to the better of the two is what its signals know and its weights
leave on the table. What no signal measures does not show here."""


def figures(panel: SignalPanel, baselines: list[dict]) -> list[Figure]:
    """The learned models, every score and the baselines, all on the later rows."""
    early, late = (panel.rows.at(panel.part(name)) for name in ("early", "late"))
    found = learned(early, late)
    found += [
        judged(f"score: {model}", -scores[panel.part("late")], late)
        for model, scores in panel.scores.items()
    ]
    found += [
        Figure(
            f"baseline: {row['predictor']}",
            Auc(row["auc"], row["auc_low"], row["auc_high"]),
            row["top_decile_lift"],
        )
        for row in baselines
    ]
    return found


def report(published: Path) -> str:
    """The whole text for a published file. Raises NothingToRead."""
    with open_published(published) as connection:
        score_model = default_model(connection)
        panel = signal_panel(connection, score_model)
        found = figures(panel, rows(connection, BASELINES, score_model))
    late = panel.rows.at(panel.part("late"))
    return "\n".join(
        (
            f"Trained on the panel dates {panel.days('early')}, tested on {panel.days('late')}:"
            f" {len(late.churned):,} rows, {late.churned.mean():.1%} churn.",
            f"Signals with evidence: {', '.join(panel.signals)}.",
            "",
            table(found),
            "",
            HOW_TO_READ,
        )
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the yardstick, or why there is none; return 1 where no backtest is published."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, default=default_path(), help="published file")
    try:
        print(report(parser.parse_args(arguments).published))
    except TooFewChurns as reason:
        print(reason)
    except NothingToRead as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
