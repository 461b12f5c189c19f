"""What moved a score, what changed a band, and what is news: day by day, in plain loops.

Source: scoring page section 9, decision log E. Reads a history that is verified elsewhere (rows of
customer_health_history as dictionaries) and the reference's own signals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reference.config import Configuration, Rule, Threshold
from reference.scoring import band_of, effective_weights, round_half_up, weighted_score

Row = Mapping[str, Any]
Earned = Mapping[str, float | None]
COMPANY_REASONS = {"no_source", "stale", "young"}
UNSCORED = {"onboarding", "insufficient_data"}
LOOKBACK_DAYS = 90


@dataclass(frozen=True)
class Split:
    """The score on its way: `levels` are the old score, then after configuration, feeds and
    coverage, and the new score; `behaviour` is the points of each signal valued on both dates."""

    levels: tuple[float, float, float, float, float]
    behaviour: Mapping[str, float]


@dataclass(frozen=True)
class Setting:
    """A row of alert_settings."""

    is_on: bool
    threshold: float | None
    hysteresis_points: float | None
    min_dwell_days: int


class Story:
    """A history under one or more configurations, with what each signal earned under each.

    history: rows by (score_model, account_id, as_of_date). seeds_of: the configuration of a row.
    signals: of each configuration (by id()), the reference's signal rows by (score_model,
    account_id, as_of_date), each a dictionary by signal_id.
    """

    def __init__(
        self,
        history: Iterable[Row],
        seeds_of: Mapping[str, Configuration],
        signals: Mapping[int, Mapping[tuple[str, str, date], Mapping[str, Row]]],
    ) -> None:
        self.rows = {(r["score_model"], r["account_id"], r["as_of_date"]): r for r in history}
        self.dates = sorted({key[2] for key in self.rows})
        self.seeds_of = seeds_of
        self.signals = signals

    def seeds(self, row: Row) -> Configuration:
        """The configuration that scored a row."""
        return self.seeds_of[row["config_version"]]

    def thresholds(self, row: Row) -> tuple[Threshold, ...]:
        """The bands of a row's segment."""
        return self.seeds(row).thresholds_of(row["score_model"], row["segment"])

    def before(self, row: Row, days: int = 1) -> Row | None:
        """The account's row so many days before."""
        key = (row["score_model"], row["account_id"], row["as_of_date"] - timedelta(days=days))
        return self.rows.get(key)

    def silenced(self, row: Row, signal_id: str) -> bool:
        """Whether the signal spoke for nobody on the row's date."""
        same_day = (row["score_model"], row["account_id"], row["as_of_date"])
        found = self.signals[id(self.seeds(row))][same_day][signal_id]
        return found["missing_reason"] in COMPANY_REASONS

    def split(self, old: Row, new: Row) -> Split:
        """The change of a score between two rows that both have one."""
        seeds = self.seeds(new)
        weights = seeds.weights_of(new["score_model"], new["segment"])
        model, account = new["score_model"], new["account_id"]
        then = self.signals[id(seeds)][model, account, old["as_of_date"]]
        now = self.signals[id(seeds)][model, account, new["as_of_date"]]
        ids = [weight.signal_id for weight in weights]
        earlier = {i: then[i]["normalized_score"] for i in ids}
        later = {i: now[i]["normalized_score"] for i in ids}
        fed, covered = dict(earlier), {}
        for i in ids:
            reasons = (then[i]["missing_reason"], now[i]["missing_reason"])
            if (reasons[0] in COMPANY_REASONS) != (reasons[1] in COMPANY_REASONS):
                fed[i] = later[i]
            covered[i] = None
            if later[i] is not None:
                covered[i] = later[i] if earlier[i] is None else earlier[i]
        levels = [float(old["score_exact"])]
        for values in (earlier, fed, covered):
            score = weighted_score(weights, values)
            levels.append(levels[-1] if score is None else score)
        shares = effective_weights(weights, later)
        behaviour = {
            i: shares[i] * (later[i] - earlier[i]) / 100
            for i in ids
            if later[i] is not None and earlier[i] is not None
        }
        return Split((*levels, float(new["score_exact"])), behaviour)

    def movement(self, new: Row) -> dict[tuple[str, str], float] | None:
        """Points by part and signal over 30 days; None where one end has no score."""
        old = self.before(new, 30)
        if old is None or old["score_exact"] is None or new["score_exact"] is None:
            return None
        split = self.split(old, new)
        first, configured, _, covered, last = split.levels
        published = float(new["health_score"]) - float(old["health_score"])
        points = {
            ("configuration", ""): configured - first,
            ("coverage", ""): covered - configured,
            ("rounding", ""): published - (last - first),
        }
        return points | {("behaviour", i): value for i, value in split.behaviour.items()}

    def direction(self, old_band: str, old: Row, new: Row) -> str:
        """worse, better or neither, from a band of the old row's time to the new row's band."""
        ranks = {t.band: t.min_score for t in self.thresholds(new)}
        old_ranks = {t.band: t.min_score for t in self.thresholds(old)}
        if old_band not in old_ranks:
            is_worst = ranks.get(new["band"]) == min(ranks.values()) and len(ranks) > 1
            return "worse" if is_worst else "neither"
        if new["band"] not in ranks or ranks[new["band"]] == old_ranks[old_band]:
            return "neither"
        return "worse" if ranks[new["band"]] < old_ranks[old_band] else "better"

    def _turned_rules(self, old: Row, new: Row) -> list[Rule]:
        fired, was_fired = (set(filter(None, row["fired_rules"].split(","))) for row in (new, old))
        return [
            rule
            for rule in self.seeds(new).rules
            if rule.score_model == new["score_model"]
            and (rule.rule_id in fired) != (rule.rule_id in was_fired)
        ]

    def _any_feed_turned(self, old: Row, new: Row) -> bool:
        ids = [s.signal_id for s in self.seeds(new).signals]
        return any(self.silenced(old, i) != self.silenced(new, i) for i in ids)

    def _by_rules(self, old: Row, new: Row) -> tuple[str, bool]:
        turned = self._turned_rules(old, new)
        former = self.seeds(old).rules
        if not turned or any(rule not in former for rule in turned):
            return "configuration", old["config_version"] != new["config_version"]
        if any(self.silenced(old, r.signal_id) != self.silenced(new, r.signal_id) for r in turned):
            return "coverage", True
        return "rule", False

    def cause(self, old: Row, new: Row) -> tuple[str, bool]:
        """What made the band of a row another one than the day before, and whether of all."""
        if old["override_reason"] is not None or new["override_reason"] is not None:
            return "override", False
        is_reconfigured = old["config_version"] != new["config_version"]
        if "onboarding" in (old["band"], new["band"]):
            return "coverage", False
        if old["score_exact"] is None or new["score_exact"] is None:
            if is_reconfigured:
                return "configuration", True
            return "coverage", self._any_feed_turned(old, new)
        levels = [round_half_up(level, 1) for level in self.split(old, new).levels]
        bands = [band_of(levels[0], self.thresholds(old))]
        bands += [band_of(level, self.thresholds(new)) for level in levels[1:]]
        is_same = len(set(bands)) == 1
        if (is_same or bands[4] != new["band"]) and (
            self._turned_rules(old, new) or is_reconfigured
        ):
            return self._by_rules(old, new)
        step = 4 if is_same else max(i for i in range(4) if bands[i] != bands[4]) + 1
        is_rule_of_feed = any(
            self.silenced(old, r.signal_id) != self.silenced(new, r.signal_id)
            for r in self._turned_rules(old, new)
        )
        if step == 1:
            return "configuration", is_reconfigured
        if step in (2, 3):
            return "coverage", step == 2 or is_rule_of_feed
        return "score", False

    def band_changes(self) -> list[dict[str, Any]]:
        """Rows of customer_health_band_changes."""
        found = []
        for row in self.rows.values():
            old = self.before(row)
            if old is None or old["band"] == row["band"]:
                continue
            cause, is_company_wide = self.cause(old, row)
            found.append(
                {key: row[key] for key in ("score_model", "account_id", "as_of_date")}
                | {"from_band": old["band"], "to_band": row["band"], "cause": cause}
                | {"direction": self.direction(old["band"], old, row)}
                | {"is_company_wide": is_company_wide}
            )
        return found

    def _is_well_inside(self, row: Row, points: float | None) -> bool:
        if points is None or row["health_score"] is None:
            return False
        lines = [*(t.min_score for t in self.thresholds(row)), None]
        bands = [t.band for t in self.thresholds(row)]
        if row["band"] not in bands:
            return False
        place, score = bands.index(row["band"]), float(row["health_score"])
        above_lower = place == 0 or score >= lines[place] + points - 1e-9
        below_upper = lines[place + 1] is None or score <= lines[place + 1] - points
        return above_lower and below_upper

    def settled_changes(self, score_model: str, setting: Setting) -> list[dict[str, Any]]:
        """Changes between settled bands: a small machine that walks along each account's days."""
        found = []
        by_account: dict[str, list[Row]] = defaultdict(list)
        for (model, account, _), row in self.rows.items():
            if model == score_model:
                by_account[account].append(row)
        for account, rows in by_account.items():
            settled: str | None = None
            last_on = date.min
            run_since = None
            for row in sorted(rows, key=lambda r: r["as_of_date"]):
                on, days_in = row["as_of_date"], (row["as_of_date"] - row["band_since"]).days + 1
                is_settled = (
                    days_in >= setting.min_dwell_days
                    or row["override_reason"] is not None
                    or self._is_well_inside(row, setting.hysteresis_points)
                )
                if not is_settled:
                    continue
                is_new_run = row["band_since"] != run_since
                is_known = (on - last_on).days <= LOOKBACK_DAYS if settled else False
                if is_new_run and is_known and settled != row["band"]:
                    begun = self.rows[score_model, account, row["band_since"]]
                    day_before = self.before(begun)
                    cause = (None, None)
                    if day_before is not None:
                        cause = self.cause(day_before, begun)
                    found.append(
                        {"account_id": account, "as_of_date": on, "from_band": settled}
                        | {"to_band": row["band"], "direction": self.direction(settled, row, row)}
                        | {"cause": cause[0], "is_company_wide": cause[1]}
                    )
                settled, last_on, run_since = row["band"], on, row["band_since"]
        return found


def first_days(days: Sequence[date], quiet_days: int) -> list[date]:
    """The days that come after more than so many days without one."""
    ordered = sorted(days)
    return [
        day
        for place, day in enumerate(ordered)
        if place == 0 or (day - ordered[place - 1]).days > quiet_days
    ]
