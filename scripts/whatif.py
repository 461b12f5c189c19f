"""Say how to try other weights beside the live score, and what the backtest says of candidates."""

from __future__ import annotations

import argparse
import csv
import io
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import duckdb
from backtest.published import NothingToRead, default_model, default_path, open_published, rows
from tabulate import tabulate

HOW_TO = """A candidate is a score model like any other with is_published false: scored on the dates
of the backtest and compared there, and absent from every live mart. To try other weights:

1. Copy the rows of {model} under a new name (from the project's root):

{commands}

2. Change what you want to try, in the rows of {candidate} only: weights (they add up
   to 100), thresholds, rules. `make propose-weights` has a proposal from the evidence.

3. dbt build

4. make whatif
   (or: dbt show --select backtest_comparison)

To drop it, delete its rows. To take it over, give {model} its weights.
"""
COPY = """   rows=$(sed -n 's/{old}/{new}/p' {file}) && printf '%s\\n' "$rows" >> {file}"""
CANDIDATES = """
select distinct score_model
from marts.backtest_comparison
where
    compared_kind = 'score_model'
    and score_model not in (select score_model from marts.customer_health_models)
order by score_model
"""
COMPARISON = """
select *
from marts.backtest_comparison
where score_model = ? and compared_with = ? and compared_kind = 'score_model'
order by
    case dimension when 'book' then 1 when 'part' then 2 else 3 end, dimension_value
"""
VERDICTS = {
    "better": "{candidate} ranks churners better than {model}.",
    "worse": "{candidate} ranks churners worse than {model}.",
    "not_told_apart": "{candidate} and {model} cannot be told apart on this panel.",
}


def commands(seeds: Path, model: str, candidate: str) -> str:
    """The shell commands that copy a model's rows in the four seeds that hold them."""
    with (seeds / "score_models.csv").open(encoding="utf-8", newline="") as lines:
        titles, *present = list(csv.reader(lines))
    own = next(dict(zip(titles, row, strict=True)) for row in present if row[0] == model)
    own |= {
        "score_model": candidate,
        "label": f"{own['label']} (candidate)",
        "is_default": "false",
        "is_published": "false",
    }
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([own[title] for title in titles])
    lines = [f"   printf '%s\\n' {shlex.quote(text.getvalue())} >> {seeds / 'score_models.csv'}"]
    for name in ("score_weights", "score_thresholds"):
        lines.append(COPY.format(old=f"^{model},", new=f"{candidate},", file=seeds / f"{name}.csv"))
    lines.append(
        COPY.format(
            old=rf"^\([^,]*\),{model},", new=rf"\1,{candidate},", file=seeds / "band_rules.csv"
        )
    )
    return "\n".join(lines)


def _figure(row: dict[str, Any], name: str) -> str:
    return "-" if row[name] is None else f"{row[name]:.3f}"


def _difference(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return row["note"] or "-"
    return f"{row[name]:+.3f} ({row[name + '_low']:+.3f} to {row[name + '_high']:+.3f})"


def comparison(candidate: str, model: str, found: list[dict[str, Any]]) -> str:
    """What the backtest says of a candidate against the live model, as text."""
    if not found:
        return f"{candidate} has no rows on common panel dates with {model}."
    lines = [
        (
            row["dimension_value"] if row["dimension"] == "book" else
            f"{row['dimension']} {row['dimension_value']}",
            row["panel_rows"],
            row["churned_accounts"],
            _figure(row, "auc"),
            _figure(row, "compared_auc"),
            _difference(row, "auc_difference"),
            _difference(row, "lift_difference"),
        )
        for row in found
    ]  # fmt: skip
    titles = ("", "rows", "churned", candidate, model, "AUC difference (95 %)", "lift difference")
    book = next((row for row in found if row["dimension"] == "book"), found[0])
    words = [
        VERDICTS.get(book["verdict"], book["note"] or "").format(candidate=candidate, model=model)
    ]
    if book["accounts_changing_band"] is not None:
        arr = book["arr_changing_band"]
        words.append(
            f"On the newest panel date {book['accounts_changing_band']:,.0f} accounts change band"
            + (f", with {arr:,.0f} of ARR." if arr else ".")
        )
    return f"{tabulate(lines, titles, disable_numparse=True)}\n\n{' '.join(words)}"


def report(connection: duckdb.DuckDBPyConnection, seeds: Path) -> str:
    """How to try a candidate, and what is known of those there are."""
    model = default_model(connection)
    parts = [
        HOW_TO.format(
            model=model,
            candidate=f"{model}_trial",
            commands=commands(seeds, model, f"{model}_trial"),
        )
    ]
    candidates = [row["score_model"] for row in rows(connection, CANDIDATES)]
    for candidate in candidates:
        found = rows(connection, COMPARISON, candidate, model)
        parts.append(f"{candidate}\n\n{comparison(candidate, model, found)}\n")
    if not candidates:
        parts.append("There is no candidate in the last build.")
    return "\n".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Print it; return 0, or 1 with a sentence where no backtest is published."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, default=default_path(), help="published file")
    parser.add_argument(
        "--seeds", type=Path, default=Path(os.environ.get("HEALTH_SEED_PATH", "seeds"))
    )
    options = parser.parse_args(arguments)
    try:
        with open_published(options.published) as connection:
            print(report(connection, options.seeds))
    except NothingToRead as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
