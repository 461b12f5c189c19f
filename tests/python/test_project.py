"""The project's own rules: layers, descriptions, plain models, unit tests that pass."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from harness import PROJECT, run_dbt
from warehouse import SMALL_WORLD, build, overlay_seeds

MODELS = sorted((PROJECT / "models").rglob("*.sql"))


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt wrote down what the project is."""
    work = tmp_path_factory.mktemp("parse")
    finished = run_dbt(["--warn-error", "parse", "--no-partial-parse"], work)
    assert finished.returncode == 0, finished.stdout
    return work / "target"


@pytest.fixture(scope="module")
def manifest(parsed: Path) -> dict[str, Any]:
    return json.loads((parsed / "manifest.json").read_text())


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(unique_id: str, manifest: dict[str, Any]) -> str:
    """First folder of a model, or backtest, or actions (not of the marts), or seed, or source."""
    if not unique_id.startswith("model."):
        return unique_id.split(".")[0]
    folders = manifest["nodes"][unique_id]["fqn"][1:-1]
    if "backtest" in folders:
        return "backtest"
    return "actions" if folders[:2] == ["intermediate", "actions"] else folders[0]


def test_layers_are_read_in_one_direction(manifest: dict[str, Any]) -> None:
    may_read = {
        "run": {"run"},
        "staging": {"source", "run", "staging"},
        # the seed check compares segments and accounts with staging
        "intermediate": {"seed", "run", "staging", "snapshot", "intermediate"},
        "marts": {"staging", "intermediate", "marts", "actions"},
        # what changed is seen in what was published
        "actions": {"staging", "intermediate", "marts", "actions"},
        # the backtest looks back on what was published, and nothing looks at the backtest
        "backtest": {"staging", "intermediate", "marts", "backtest"},
    }
    read_by_scores = {"int_backtest__dates"}
    wrong = [
        f"{node['name']} reads {parent}"
        for node in models(manifest)
        for parent in node["depends_on"]["nodes"]
        if layer(parent, manifest) not in may_read[layer(node["unique_id"], manifest)]
        and parent.split(".")[-1] not in read_by_scores
    ]
    assert not wrong


def test_a_source_is_read_by_exactly_one_staging_model(manifest: dict[str, Any]) -> None:
    readers: dict[str, list[str]] = {source: [] for source in manifest["sources"]}
    for node in models(manifest):
        for parent in node["depends_on"]["nodes"]:
            if parent in readers:
                readers[parent].append(node["name"])
    assert {source: names for source, names in readers.items() if len(names) != 1} == {}


def test_explanations_read_marts_only(manifest: dict[str, Any]) -> None:
    view = next(node for node in models(manifest) if node["name"] == "customer_health_signals")
    assert {layer(parent, manifest) for parent in view["depends_on"]["nodes"]} == {"marts"}


def test_everything_is_described(manifest: dict[str, Any]) -> None:
    bare = [node["name"] for node in models(manifest) if "Grain:" not in node["description"]]
    bare += [
        f"{node['name']}.{column['name']}"
        for node in models(manifest)
        if layer(node["unique_id"], manifest) == "marts"
        for column in node["columns"].values()
        if not column["description"]
    ]
    bare += [
        f"{node['name']}.{column['name']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed"
        for column in node["columns"].values()
        if not column["description"] or not node["config"]["column_types"].get(column["name"])
    ]
    assert not bare


def test_marts_have_contracts(manifest: dict[str, Any]) -> None:
    assert [
        node["name"]
        for node in models(manifest)
        if layer(node["unique_id"], manifest) == "marts"
        and not node["config"]["contract"]["enforced"]
    ] == []


def test_metrics_are_described_and_name_no_path(parsed: Path) -> None:
    text = (parsed / "semantic_manifest.json").read_text()
    assert str(PROJECT) not in text and str(parsed.parent) not in text
    metrics = json.loads(text)["metrics"]
    assert len(metrics) > 10
    assert all(metric["label"] and metric["description"] for metric in metrics)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"\btarget\.(type|name)\b", "engine differences belong into macros/engines"),
        (r"\b(current_date|current_timestamp|now\(\)|getdate\(\))", "no wall clock in a model"),
        (r"[a-z0-9_)]::[a-z]", "`::` is not portable"),
        (r"\bqualify\b|\bgroup by all\b", "not portable"),
        (r"\{%-? *(for|elif)|\{%-? *if (?!is_incremental)", "no control Jinja in a model"),
        (r"\b(email|title)\b", "contact data stay in raw_input"),
    ],
)
def test_models_are_plain_sql(pattern: str, reason: str) -> None:
    found = [path.name for path in MODELS if re.search(pattern, path.read_text(), re.IGNORECASE)]
    assert not found, reason


def test_unit_tests_pass(tmp_path: Path) -> None:
    """dbt's unit tests take the columns of their fixtures from a built warehouse."""
    work, day = tmp_path / "work", date(2025, 6, 30)
    seeds = overlay_seeds(tmp_path / "seeds", SMALL_WORLD / "seeds")
    build(work, SMALL_WORLD / "raw", day, day, seeds).close()
    settings = {"as_of_date": day.isoformat(), "history_start_date": day.isoformat()}
    environment = {"HEALTH_RAW_PATH": str(SMALL_WORLD / "raw"), "HEALTH_SEED_PATH": str(seeds)}
    finished = run_dbt(
        ["test", "--select", "test_type:unit", "--vars", json.dumps(settings)], work, environment
    )
    assert finished.returncode == 0, finished.stdout[-6000:]
    assert int(re.search(r"PASS=(\d+)", finished.stdout)[1]) > 200


def test_no_machine_path_or_index_address_is_tracked() -> None:
    suspects = re.compile(r"/work/|/tmp/|https?://[^ )\"']*(pypi|simple)|index-url", re.IGNORECASE)
    folders = ["models", "macros", "seeds", "scripts", "examples", "docs", "requirements", "tests"]
    files = [
        path
        for folder in folders
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in {".sql", ".yml", ".md", ".py", ".csv", ".txt", ".in", ".tsv"}
        and "data" not in path.relative_to(PROJECT).parts
        and path != Path(__file__).resolve()
    ]
    assert [str(path) for path in files if suspects.search(path.read_text())] == []
