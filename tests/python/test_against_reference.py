"""The SQL and the Python reference, written apart, agree on every row of generated companies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import reference
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from warehouse import build, differences, fetch
from worlds import WorldSpec, make_world

KEYS = ["score_model", "account_id", "as_of_date"]
EXACT = [
    "segment",
    "csm_owner",
    "region",
    "plan",
    "tenure_days",
    "health_score",
    "band",
    "band_label",
    "computed_band",
    "score_floor",
    "score_ceiling",
    "band_is_certain",
    "usage_score",
    "support_score",
    "relationship_score",
    "financial_score",
    "renewal_date",
    "days_to_renewal",
    "is_past_due_renewal",
    "score_change_7d",
    "score_change_30d",
    "band_since",
    "is_silent",
    "fired_rules",
    "override_reason",
    "stale_sources",
]
# half a unit in the sixth decimal, which is published, and 1e-9 of calculation
NEAR = dict.fromkeys(["coverage", "model_coverage", "seats", "arr"], 5.1e-7) | {"score_exact": 1e-6}
SIGNALS_EXACT = ["bucket", "score_group", "is_missing", "missing_reason"]
SIGNALS_NEAR = dict.fromkeys(
    [
        "signal_value",
        "normalized_score",
        "weight",
        "effective_weight",
        "points_lost",
        "evidence_count",
    ],
    5.1e-7,
)


LOOKED_AT = [
    "customer_health_history", "customer_health_signals", "customer_health_models",
    "rejected_rows", "data_warnings",
]  # fmt: skip


def assert_same(world: WorldSpec, work: Path, only: Sequence[str] = LOOKED_AT) -> None:
    """only: as of `run_build`; the marts that are compared."""
    expected = reference.run(world.raw, world.seeds, world.as_of_dates, world.vars)
    first, last = world.as_of_dates[0], world.as_of_dates[-1]
    with build(work, world.raw, last, first, world.seeds, world.vars, only=only) as warehouse:
        published = {
            row["score_model"]
            for row in fetch(
                warehouse,
                "select score_model from intermediate.int_config__score_models where is_published",
            )
        }
        found = {
            "history": differences(
                fetch(warehouse, "select * from marts.customer_health_history"),
                [row for row in expected.history if row["score_model"] in published],
                KEYS,
                [*EXACT, *NEAR],
                NEAR,
            ),
            "signals": differences(
                fetch(warehouse, "select * from marts.customer_health_signals"),
                [row for row in expected.signals if row["score_model"] in published],
                [*KEYS, "signal_id"],
                [*SIGNALS_EXACT, *SIGNALS_NEAR],
                SIGNALS_NEAR,
            ),
            "drivers": differences(
                fetch(warehouse, "select * from marts.customer_health_models"),
                [row for row in expected.drivers if row["score_model"] in published],
                KEYS,
                ["driver_1", "driver_2", "driver_3"],
            ),
            "rejected_rows": differences(
                fetch(warehouse, "select * from marts.rejected_rows"),
                expected.rejected_rows,
                ["source_table", "row_key", "reason", "reject_number"],
                [],
            ),
            "data_warnings": differences(
                fetch(warehouse, "select * from marts.data_warnings"),
                expected.data_warnings,
                ["source_table", "column_name", "warning"],
                ["row_count", "examples"],
            ),
        }
    sentences = [f"{name}: {line}" for name, lines in found.items() for line in lines]
    assert not sentences, "\n".join(sentences)


@pytest.mark.parametrize("seed", range(1, 7))
def test_generated_company(seed: int, tmp_path: Path) -> None:
    assert_same(make_world(seed, tmp_path / "world"), tmp_path / "work")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(7, 31))
def test_more_generated_companies(seed: int, tmp_path: Path) -> None:
    assert_same(make_world(seed, tmp_path / "world", accounts=25), tmp_path / "work")


@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    seed=st.integers(10_000, 10**9),
    accounts=st.integers(0, 6),
    days=st.integers(2, 150),
    scored_days=st.integers(1, 40),
)
def test_small_odd_company(
    tmp_path_factory: pytest.TempPathFactory, seed: int, accounts: int, days: int, scored_days: int
) -> None:
    """Companies with hardly any accounts or days, where shares and windows are odd."""
    folder = tmp_path_factory.mktemp("odd")
    world = make_world(
        seed, folder / "world", accounts=accounts, days=days, scored_days=scored_days
    )
    # whether anything stumbles over so little
    assert_same(world, folder / "work", only=())
