"""Write the weights that the backtest proposes, as reviewable seed rows, and the evidence for them.

Nothing changes by itself: the file lies beside the seeds until somebody takes its rows over.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from pathlib import Path
from typing import Any

import duckdb
from backtest.published import NothingToRead, default_model, default_path, open_published, rows
from tabulate import tabulate

PROPOSAL = """
select *
from marts.backtest_weight_proposal
where score_model = ?
order by segment, score_group, signal_id
"""
VERDICTS = "select signal_id, label, verdict from marts.backtest_signals where score_model = ?"
NAME = "score_weights_proposed"


def seed_file() -> Path:
    """The seed that the proposal is about."""
    return Path(os.environ.get("HEALTH_SEED_PATH", "seeds")) / "score_weights.csv"


def refusal(score_model: str, proposal: list[dict[str, Any]]) -> str | None:
    """Why there is no proposal, in a sentence; null where there is one."""
    if not proposal:
        return f"No proposal: the score model {score_model} weighs no signal in the backtest."
    if all(row["proposed_weight"] is None for row in proposal):
        notes = sorted({row["note"] or "not enough churns" for row in proposal})
        return (
            f"No proposal for {score_model}: {'; '.join(notes)}. Weights drawn from so few would be"
            " noise; the weights stay as they are until more customers have left, or stayed."
        )
    return None


def proposed_rows(seed: Path, score_model: str, proposal: list[dict[str, Any]]) -> list[list[str]]:
    """The seed's rows, titles first, with the proposed weights in place of the current ones."""
    proposed = {
        (row["segment"], row["signal_id"]): row["proposed_weight"]
        for row in proposal
        if row["proposed_weight"] is not None
    }
    with seed.open(encoding="utf-8", newline="") as lines:
        titles, *present = list(csv.reader(lines))
    model, segment, signal, weight = (
        titles.index(name) for name in ("score_model", "segment", "signal_id", "weight")
    )
    written = [titles]
    for row in present:
        new = proposed.get((row[segment], row[signal])) if row[model] == score_model else None
        if new is not None:
            row[weight] = f"{new:g}"
        # the seed takes no weight of 0: a signal that is worth nothing leaves the model
        if new != 0:
            written.append(row)
    return written


def _rounded(value: float | None, places: int = 3) -> str:
    return "-" if value is None else f"{value:.{places}f}"


def _interval(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return "-"
    low, high = (_rounded(row[f"{name}_{end}"]) for end in ("low", "high"))
    return f"{_rounded(row[name])} ({low} to {high})"


def conclusion(row: dict[str, Any]) -> str:
    """What the later dates say of the proposal, in a sentence."""
    if row["auc_gain"] is None:
        return "Too few churns on the later dates to judge it: treat the proposal as untested."
    if row["auc_gain_low"] is not None and row["auc_gain_low"] > 0:
        return "On dates that it never saw, the proposal ranks better than today's weights."
    if row["auc_gain_high"] is not None and row["auc_gain_high"] < 0:
        return (
            "On dates that it never saw, the proposal ranks WORSE than today's weights: leave it."
        )
    return "On dates that it never saw, the two cannot be told apart: there is no hurry."


def report(score_model: str, proposal: list[dict[str, Any]], verdicts: dict[str, str]) -> str:
    """The evidence per signal and the out-of-time comparison, as Markdown."""
    evidence = [
        (
            row["signal_id"] if row["segment"] == "*" else f"{row['segment']}: {row['signal_id']}",
            f"{row['current_weight']:g}",
            "-" if row["proposed_weight"] is None else f"{row['proposed_weight']:g}",
            _interval(row, "auc"),
            "-" if row["evidence_share"] is None else f"{row['evidence_share']:.0%}",
            verdicts.get(row["signal_id"], "-"),
        )
        for row in proposal
    ]
    first = proposal[0]
    titles = (
        "signal",
        "weight",
        "proposed",
        "AUC alone (95 %)",
        "has a value",
        "verdict, all dates",
    )
    return "\n".join(
        (
            f"# Proposed weights of `{score_model}`",
            "",
            f"Derived from the panel dates {first['early_from']} to {first['early_until']}"
            f" ({first['churned_accounts']} churned accounts), judged on {first['late_from']} to"
            f" {first['late_until']} ({first['late_churned_accounts']}).",
            "",
            "| | AUC on the later dates (95 % interval) |",
            "|---|---|",
            f"| today's weights | {_interval(first, 'current_auc')} |",
            f"| proposed weights | {_interval(first, 'proposed_auc')} |",
            f"| difference, paired | {_interval(first, 'auc_gain')} |",
            "",
            conclusion(first),
            "",
            tabulate(evidence, titles, tablefmt="github", disable_numparse=True),
            "",
            f"To try it beside the live score: `make whatif`, with the rows of `{NAME}.csv` as the"
            " candidate's weights. To take it over: copy its rows into `score_weights.csv` and"
            " `dbt build`.",
            "",
        )
    )


def propose(connection: duckdb.DuckDBPyConnection, score_model: str | None, seed: Path) -> tuple:
    """The rows and the report of a proposal. Raises NothingToRead where there is none."""
    score_model = score_model or default_model(connection)
    proposal = rows(connection, PROPOSAL, score_model)
    why_not = refusal(score_model, proposal)
    if why_not:
        raise NothingToRead(why_not)
    verdicts = {row["signal_id"]: row["verdict"] for row in rows(connection, VERDICTS, score_model)}
    return proposed_rows(seed, score_model, proposal), report(score_model, proposal, verdicts)


def main(arguments: list[str] | None = None) -> int:
    """Write both files and print the report; 0 also where there is politely nothing to propose."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--published", type=Path, default=default_path(), help="published file")
    parser.add_argument(
        "--score-model", help="score model (default: the one customer_health shows)"
    )
    parser.add_argument("--seed", type=Path, default=seed_file(), help="score_weights.csv of today")
    parser.add_argument("--out", type=Path, default=Path("data"), help="folder for both files")
    options = parser.parse_args(arguments)
    try:
        with open_published(options.published) as connection:
            seed_rows, text = propose(connection, options.score_model, options.seed)
    except NothingToRead as reason:
        print(reason)
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / f"{NAME}.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(seed_rows)
    (options.out / f"{NAME}.md").write_text(text, encoding="utf-8")
    print(text)
    print(f"Written: {options.out / NAME}.csv and {options.out / NAME}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
