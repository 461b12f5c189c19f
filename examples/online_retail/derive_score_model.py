"""Derive the bounds and weights of recency_frequency from the earlier panel dates, and judge them.

Nothing is written: the rows that come out stand in `seed_rows/`. Recency earns nothing after 90
days, where a customer counts as lapsed. Searched is how many orders a year earn full points, and
how much each of the two weighs, by AUC on the earlier dates; the later ones are looked at once.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "scripts"))

from backtest.published import NothingToRead, default_model, open_published  # noqa: E402
from backtest.yardstick import Rows, SignalPanel, judged, signal_panel, table  # noqa: E402

LAPSE_DAYS = 90
BEST_COUNTS = (6, 8, 10, 12, 15, 20)
WEIGHTS = range(5, 100, 5)


def scores(days: np.ndarray, count: np.ndarray, best_count: int, weight: int) -> np.ndarray:
    """The health score of these bounds and weights, to one decimal, half up."""
    recency = 100 * np.clip((LAPSE_DAYS - days) / LAPSE_DAYS, 0, 1)
    frequency = 100 * np.clip(count / best_count, 0, 1)
    weighted = np.where(np.isnan(recency), 0, weight * np.nan_to_num(recency))
    weighted += np.where(np.isnan(frequency), 0, (100 - weight) * np.nan_to_num(frequency))
    live = np.where(np.isnan(recency), 0, weight) + np.where(np.isnan(frequency), 0, 100 - weight)
    return np.floor(weighted / np.maximum(live, 1) * 10 + 0.5 + 1e-7) / 10


def candidates(panel: SignalPanel, part: str) -> dict[tuple[int, int], np.ndarray]:
    """The scores of every choice on the rows of a part, by (orders for full points, weight)."""
    rows = panel.rows.at(panel.part(part))
    days, count = (
        rows.features[:, panel.signals.index(signal)]
        for signal in ("days_since_invoice", "invoice_count")
    )
    return {
        (best_count, weight): scores(days, count, best_count, weight)
        for best_count in BEST_COUNTS
        for weight in WEIGHTS
    }


def derive(panel: SignalPanel) -> tuple[tuple[int, int], Rows]:
    """The choice with the best AUC on the earlier dates, and those dates' rows."""
    early = panel.rows.at(panel.part("early"))
    aucs = {
        choice: judged("", -found, early).auc.value
        for choice, found in candidates(panel, "early").items()
    }
    return max(aucs, key=lambda choice: (round(aucs[choice], 6), choice)), early


def main(arguments: list[str] | None = None) -> int:
    """Print the rows and their AUC on both parts; return 0, or 1 where there is no backtest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--published", type=Path, default=HERE / "data" / "customer_health.duckdb")
    try:
        with open_published(parser.parse_args(arguments).published) as connection:
            panel = signal_panel(connection, default_model(connection))
    except NothingToRead as reason:
        print(reason, file=sys.stderr)
        return 1
    (best_count, weight), early = derive(panel)
    late = panel.rows.at(panel.part("late"))
    chosen = [candidates(panel, part)[best_count, weight] for part in ("early", "late")]
    print(
        f"Derived on {panel.days('early')}:\n"
        f"days_since_invoice: {LAPSE_DAYS} to 0 days, weight {weight}\n"
        f"invoice_count: 0 to {best_count} orders, weight {100 - weight}\n"
    )
    figures = [
        judged(f"earlier dates ({panel.days('early')})", -chosen[0], early),
        judged(f"later dates ({panel.days('late')})", -chosen[1], late),
    ]
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
