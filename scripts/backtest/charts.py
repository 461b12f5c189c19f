"""The charts of the report, each from rows of a backtest mart. Widths follow the page."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

Rows = list[dict[str, Any]]

# Okabe and Ito (2008): told apart without red-green vision, and in print
BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#666666",
)
KINDS = {
    "score": ("score, today's seeds", BLUE),
    "published": ("score as published then", SKY),
    "proposal": ("proposed weights", GREEN),
    "baseline": ("baseline", GREY),
    "external": ("another system", PURPLE),
    "candidate": ("another score model", VERMILLION),
}
VERDICTS = {
    "keep": GREEN,
    "weak": ORANGE,
    "dead": GREY,
    "inverted": VERMILLION,
    "suspiciously_good": PURPLE,
    "not_enough_churns": "#BBBBBB",
}
MODEL_COLOURS = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, GREY]
SHARE = alt.Axis(format="%", tickCount=6)
# a name breaks into lines of so many letters, so that it fits a telephone
NAME_LETTERS = 24
LINES = "split(datum.label, '|')"
# what counts as a shift, by the usual reading of the population stability index
PSI_LIMITS = [
    {"psi": 0.1, "reads": "0.1: a shift worth a look"},
    {"psi": 0.25, "reads": "0.25: another score than it was"},
]


def _wide(chart: alt.Chart | alt.LayerChart, height: int | alt.Step) -> alt.Chart:
    return chart.properties(width="container", height=height)


def _scale(colours: dict[str, str], present: list[str]) -> alt.Scale:
    names = [name for name in colours if name in present]
    return alt.Scale(domain=names, range=[colours[name] for name in names])


def _in_lines(name: str) -> str:
    return "|".join(wrap(name, NAME_LETTERS))


def intervals(
    data: Rows, value: str, name: str, colour: alt.Color, title: str, share: bool, order: list[str]
) -> alt.LayerChart:
    """Dots with their 95 % intervals, one line a name."""
    axis = SHARE if share else alt.Axis(format=".2f", tickCount=6)
    data = [row | {name: _in_lines(row[name])} for row in data]
    order = [_in_lines(one) for one in order]
    labels = alt.Axis(labelLimit=170, labelExpr=LINES, labelLineHeight=12)
    base = alt.Chart(alt.Data(values=data)).encode(
        y=alt.Y(f"{name}:N", title=None, sort=order, axis=labels)
    )
    low, high = f"{value}_low:Q", f"{value}_high:Q"
    scale = alt.Scale(zero=False, nice=False, padding=12)
    bars = base.mark_rule(strokeWidth=2).encode(
        x=alt.X(low, title=title, axis=axis, scale=scale), x2=high, color=colour
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X(f"{value}:Q"),
        color=colour,
        tooltip=[
            alt.Tooltip(f"{name}:N"),
            alt.Tooltip(f"{value}:Q", format=".3f"),
            alt.Tooltip(low, format=".3f"),
            alt.Tooltip(high, format=".3f"),
        ],
    )
    return alt.layer(bars, dots)


def predictors(data: Rows) -> alt.LayerChart:
    """AUC of the score and of everything simpler, on the same rows."""
    data = [row | {"kind": KINDS[row["predictor_kind"]][0]} for row in data]
    order = [row["predictor_label"] for row in sorted(data, key=lambda row: -row["auc"])]
    colours = dict(KINDS.values())
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=_scale(colours, [row["kind"] for row in data]),
        legend=alt.Legend(orient="bottom", columns=1),
    )
    chart = intervals(data, "auc", "predictor_label", colour, "AUC", False, order)
    chance = alt.Chart(alt.Data(values=[{"auc": 0.5}])).mark_rule(
        strokeDash=[4, 4], color="#333333"
    )
    return _wide(chart + chance.encode(x="auc:Q"), alt.Step(30))


def roc(data: Rows) -> alt.LayerChart:
    """Share of the churners caught, against the share of the others flagged with them."""
    models = sorted({row["score_model"] for row in data})
    lines = (
        alt.Chart(alt.Data(values=data))
        .mark_line(strokeWidth=2, interpolate="linear")
        .encode(
            x=alt.X("flagged_others:Q", title="retained accounts flagged", axis=SHARE),
            y=alt.Y("flagged_churners:Q", title="churners flagged", axis=SHARE),
            order="place:Q",
            color=alt.Color(
                "score_model:N",
                title=None,
                scale=alt.Scale(domain=models, range=MODEL_COLOURS[: len(models)]),
                legend=alt.Legend(orient="bottom", columns=1),
            ),
            strokeDash=alt.StrokeDash("score_model:N", title=None, scale=alt.Scale(domain=models)),
        )
    )
    chance = (
        alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(strokeDash=[4, 4], color="#333333", strokeWidth=1)
        .encode(x="x:Q", y="y:Q")
    )
    return _wide(lines + chance, 300)


def lift(data: Rows) -> alt.LayerChart:
    """How much more often the lowest scores churn than the whole book."""
    models = sorted({row["score_model"] for row in data})
    lines = (
        alt.Chart(alt.Data(values=data))
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("share:Q", title="lowest scores, share of the book", axis=SHARE),
            y=alt.Y("lift:Q", title="lift, times the base rate", scale=alt.Scale(domainMin=0)),
            color=alt.Color(
                "score_model:N",
                title=None,
                scale=alt.Scale(domain=models, range=MODEL_COLOURS[: len(models)]),
                legend=alt.Legend(orient="bottom", columns=1),
            ),
            strokeDash=alt.StrokeDash("score_model:N", title=None, scale=alt.Scale(domain=models)),
            tooltip=["score_model:N", alt.Tooltip("share:Q", format="%"), "lift:Q"],
        )
    )
    chance = (
        alt.Chart(alt.Data(values=[{"lift": 1}]))
        .mark_rule(strokeDash=[4, 4], color="#333333")
        .encode(y="lift:Q")
    )
    return _wide(lines + chance, 300)


def deciles(data: Rows) -> alt.LayerChart:
    """Churn rate of each tenth of the scores."""
    data = [
        row | {"scores": f"{row['score_from']:.0f}-{row['score_to']:.0f}", "order": place}
        for place, row in enumerate(sorted(data, key=lambda row: row["group_number"]))
    ]
    order = [row["scores"] for row in data]
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X("scores:N", title="health score, a tenth of the rows each", sort=order,
                axis=alt.Axis(labelAngle=-45)),
    )  # fmt: skip
    bars = base.mark_bar(color=SKY).encode(
        y=alt.Y("churn_rate:Q", title="churn rate (95 % interval)", axis=SHARE),
        tooltip=["scores:N", alt.Tooltip("churn_rate:Q", format=".1%"), "panel_rows:Q"],
    )
    whiskers = base.mark_rule(strokeWidth=2, color="#333333").encode(
        y="churn_rate_low:Q", y2="churn_rate_high:Q"
    )
    return _wide(bars + whiskers, 280)


def bands(
    data: Rows, colours: dict[str, str], figure: str, title: str, base_rate: str | None
) -> alt.LayerChart:
    """A rate of each band with its interval, and the rate that the band was to have."""
    order = [row["band_label"] for row in data]
    colour = alt.Color("band_label:N", scale=_scale(colours, order), legend=None)
    chart = intervals(data, figure, "band_label", colour, title, True, order)
    targets = [
        {"band_label": row["band_label"], "target": row[f"target_{figure}"]}
        for row in data
        if row[f"target_{figure}"] is not None
    ]
    ticks = (
        alt.Chart(alt.Data(values=targets))
        .mark_tick(thickness=3, size=26, color="#111111")
        .encode(
            x="target:Q",
            y=alt.Y("band_label:N", sort=order),
            tooltip=[alt.Tooltip("target:Q", format="%")],
        )
    )
    rates = [] if base_rate is None else [{"base": data[0][base_rate]}]
    rule = alt.Chart(alt.Data(values=rates)).mark_rule(strokeDash=[4, 4], color="#333333")
    return _wide(chart + ticks + rule.encode(x="base:Q"), alt.Step(44))


def lead_time(data: Rows) -> alt.LayerChart:
    """Share of the churned accounts that stood below green so many days before."""
    data = [row | {"before": f"{row['days_before']:.0f} days before"} for row in data]
    order = [row["before"] for row in sorted(data, key=lambda row: -row["days_before"])]
    chart = intervals(
        data,
        "flagged_share",
        "before",
        alt.value(BLUE),
        "churned accounts below green",
        True,
        order,
    )
    goal = alt.Chart(alt.Data(values=[{"goal": 2 / 3}])).mark_rule(
        strokeDash=[4, 4], color="#333333"
    )
    return _wide(chart + goal.encode(x="goal:Q"), alt.Step(44))


def signals(data: Rows) -> alt.LayerChart:
    """AUC of each signal alone, coloured by its verdict."""
    order = [row["label"] for row in sorted(data, key=lambda row: -row["auc"])]
    colour = alt.Color(
        "verdict:N",
        title="verdict",
        scale=_scale(VERDICTS, [row["verdict"] for row in data]),
        legend=alt.Legend(orient="bottom", columns=2),
    )
    chart = intervals(data, "auc", "label", colour, "AUC of the signal alone", False, order)
    chance = alt.Chart(alt.Data(values=[{"auc": 0.5}])).mark_rule(
        strokeDash=[4, 4], color="#333333"
    )
    return _wide(chart + chance.encode(x="auc:Q"), alt.Step(28))


def psi(data: Rows) -> alt.LayerChart:
    """How far the distribution of the score has moved, quarter by quarter."""
    bars = (
        alt.Chart(alt.Data(values=data))
        .mark_bar(color=SKY)
        .encode(
            x=alt.X("quarter:N", title="quarter", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("figure:Q", title="population stability index",
                    scale=alt.Scale(domainMin=0)),
            tooltip=["quarter:N", alt.Tooltip("figure:Q", format=".3f"), "panel_rows:Q"],
        )
    )  # fmt: skip
    limits = alt.Chart(alt.Data(values=PSI_LIMITS)).encode(y="psi:Q")
    rules = limits.mark_rule(strokeDash=[4, 4], color="#333333")
    words = limits.mark_text(align="left", baseline="bottom", dx=4, dy=-2).encode(
        x=alt.value(0), text="reads:N"
    )
    return _wide(bars + rules + words, 240)


def band_drift(data: Rows, colours: dict[str, str], labels: dict[str, str]) -> alt.LayerChart:
    """Churn rate of each band, quarter by quarter."""
    data = [row | {"band_label": labels.get(row["subject"], row["subject"])} for row in data]
    colour = alt.Color(
        "band_label:N",
        title=None,
        scale=_scale(colours, [row["band_label"] for row in data]),
        legend=alt.Legend(orient="bottom"),
    )
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X("quarter:N", title="quarter", axis=alt.Axis(labelAngle=0)), color=colour
    )
    lines = base.mark_line(point=alt.OverlayMarkDef(size=60), strokeWidth=2).encode(
        y=alt.Y("figure:Q", title="churn rate (95 % interval)", axis=SHARE),
        shape=alt.Shape("band_label:N", legend=None),
        tooltip=["band_label:N", "quarter:N", alt.Tooltip("figure:Q", format=".1%")],
    )
    whiskers = base.mark_rule(strokeWidth=1).encode(y="figure_low:Q", y2="figure_high:Q")
    return _wide(whiskers + lines, 260)


def comparison(data: Rows) -> alt.LayerChart:
    """Difference in AUC between the score and each alternative, with its paired interval."""
    order = [row["compared_with"] for row in sorted(data, key=lambda row: -row["auc_difference"])]
    data = [row | {"kind": _compared_kind(row["compared_kind"])} for row in data]
    colours = dict(KINDS.values())
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=_scale(colours, [row["kind"] for row in data]),
        legend=alt.Legend(orient="bottom", columns=1),
    )
    title = "difference in AUC"
    chart = intervals(data, "auc_difference", "compared_with", colour, title, False, order)
    zero = alt.Chart(alt.Data(values=[{"none": 0}])).mark_rule(strokeDash=[4, 4], color="#333333")
    return _wide(chart + zero.encode(x="none:Q"), alt.Step(30))


def _compared_kind(kind: str) -> str:
    return KINDS["candidate" if kind == "score_model" else kind][0]
