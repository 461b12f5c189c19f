"""One HTML page from charts, with all it needs inside: it opens from disk without network."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import altair as alt
import vl_convert
from tabulate import tabulate

Rows = list[dict[str, Any]]

HERE = Path(__file__).parent
SECTION = """<section class="{kind}">
<h2>{question}</h2>
<p class="soft">{reading}</p>
{body}
{table}
</section>"""


@dataclass
class Section:
    """A question, how to read its answer, and the answer: a chart, a table, or a sentence."""

    question: str
    reading: str
    chart: alt.Chart | alt.LayerChart | None = None
    data: Rows = field(default_factory=list)
    note: str = ""
    is_table: bool = False


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) and abs(value) >= 2 else f"{value:,.3f}"
    return "-" if value is None else str(value)


def _table(data: Rows) -> str:
    cells = [{name: _cell(value) for name, value in row.items()} for row in data]
    return tabulate(cells, headers="keys", tablefmt="html", disable_numparse=True)


def _body(section: Section, name: str) -> tuple[str, str]:
    if section.is_table:
        return f'<div class="scroll words">{_table(section.data)}</div>', ""
    if section.chart is None:
        return f"<p>{html.escape(section.note)}</p>", ""
    label = html.escape(section.question)
    chart = f'<div class="chart" id="{name}" role="img" aria-label="{label}"></div>'
    note = f'<p class="soft">{html.escape(section.note)}</p>' if section.note else ""
    figures = f'<div class="scroll">{_table(section.data)}</div>'
    return chart + note, f"<details><summary>The figures</summary>{figures}</details>"


def _script_safe(text: str) -> str:
    """JSON inside a script element must not end it."""
    return text.replace("</", "<\\/")


def page(
    title: str, subtitle: str, figures: list[tuple[str, str]], sections: list[Section], footer: str
) -> str:
    """The page as one text."""
    specs, parts = {}, []
    for place, section in enumerate(sections):
        name = f"chart{place}"
        body, table = _body(section, name)
        if section.chart is not None:
            spec = section.chart.configure_axis(labelFontSize=12, titleFontSize=12).configure_view(
                stroke=None
            )
            specs[name] = spec.configure_legend(labelFontSize=12, symbolSize=90).to_dict()
        parts.append(
            SECTION.format(
                kind="wide" if section.is_table else "",
                question=html.escape(section.question),
                reading=html.escape(section.reading),
                body=body,
                table=table,
            )
        )
    template = Template((HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=html.escape(title),
        subtitle=html.escape(subtitle),
        style=(HERE / "page.css").read_text(encoding="utf-8"),
        scripts=vl_convert.javascript_bundle(),
        figures="".join(
            f"<li><b>{html.escape(value)}</b><span>{html.escape(name)}</span></li>"
            for name, value in figures
        ),
        sections="\n".join(parts),
        specs=_script_safe(json.dumps(specs, default=str)),
        footer=html.escape(footer),
    )
