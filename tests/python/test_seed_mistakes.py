"""Each mistake in a seed stops the build with one sentence: the file, the row and the mend.

`seed_mistakes.tsv` holds one mistake a line: the seed, the text to replace (`*`: all rows;
nothing: add rows, separated by `|`), the new text, and what the checks must say.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from harness import PROJECT, CompiledProject, run_dbt

MISTAKES_FILE = Path(__file__).with_name("seed_mistakes.tsv")
AS_OF = "{as_of_date: 2025-06-30, history_start_date: 2025-06-01}"
RAW_ACCOUNTS = "account_id,created_at,segment\nacme,2024-01-01,smb\nbolt,2025-03-01,enterprise\n"
OVERRIDE = "composite,acme,red,at risk,kim,2025-01-01,2025-03-31"
UNREADABLE = ["", "   ", "abc", "'", '"', "1e999", "-1", "2.5", "%", "%%", "NaN", "é😀", "a,b", "*"]


def mistakes() -> list[dict[str, str]]:
    """The lines of seed_mistakes.tsv."""
    with MISTAKES_FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def edit(folder: Path, seed: str, old: str, new: str) -> None:
    """Change one file of a copied seeds folder; `old` and `new` as in seed_mistakes.tsv."""
    path = folder / f"{seed}.csv"
    text = path.read_text(encoding="utf-8")
    if old == "*":
        text = text.splitlines(keepends=True)[0]
    elif old:
        assert old in text
        text = text.replace(old, new)
    else:
        text += "".join(f"{row}\n" for row in new.split("|"))
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> CompiledProject:
    """The checks, and the models that name a configuration, compiled once."""
    models = ["int_checks__seed_rows", "int_checks__seeds", "int_config__score_models"]
    models += ["int_config__rows", "int_config__versions"]
    return CompiledProject.compile(tmp_path_factory.mktemp("compiled"), models)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the seeds to break."""
    return Path(shutil.copytree(PROJECT / "seeds", tmp_path / "seeds"))


def checked(compiled: CompiledProject, folder: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse with the seeds of `folder` checked, for a company of two accounts."""
    connection = compiled.connect()
    for seed in compiled.seeds:
        compiled.load_seed(connection, seed, folder)
    connection.execute(
        f"create table {compiled.relation('stg_crm__accounts')} as"
        " select * from (values ('acme', 'smb'), ('bolt', 'enterprise')) as a (account_id, segment)"
    )
    compiled.build(connection, "int_checks__seed_rows")
    compiled.build(connection, "int_checks__seeds")
    return connection


def findings(compiled: CompiledProject, folder: Path) -> list[tuple[str, str]]:
    """(severity, sentence) of each finding in the seeds of `folder`, in order."""
    relation = compiled.relation("int_checks__seeds")
    query = f"select severity, sentence from {relation} order by severity, sentence"
    return checked(compiled, folder).sql(query).fetchall()


def versions(compiled: CompiledProject, folder: Path) -> dict[str, str]:
    """config_version of each score model under the seeds of `folder`, which have no mistake."""
    connection = checked(compiled, folder)
    for model in ["int_config__score_models", "int_config__rows", "int_config__versions"]:
        compiled.build(connection, model)
    relation = compiled.relation("int_config__versions")
    return dict(connection.sql(f"select score_model, config_version from {relation}").fetchall())


def test_the_shipped_seeds_have_no_mistake(compiled: CompiledProject) -> None:
    assert findings(compiled, PROJECT / "seeds") == []


@pytest.mark.parametrize("case", mistakes(), ids=lambda case: case["mistake"])
def test_a_mistake_is_one_sentence(
    compiled: CompiledProject, seeds: Path, case: Mapping[str, str]
) -> None:
    edit(seeds, case["seed"], case["old"], case["new"])
    assert findings(compiled, seeds) == [(case["severity"], case["sentence"])]


def test_a_model_needs_weights_and_thresholds_of_the_default_segment(
    compiled: CompiledProject, seeds: Path
) -> None:
    edit(seeds, "score_models", "", "draft,Draft,0.4,0.25,30,false,false")
    problem = (
        'the model "draft" has no row of the default segment *;'
        " add its rows here, or delete the model from seeds/score_models.csv."
    )
    assert findings(compiled, seeds) == [
        ("error", f"seeds/score_thresholds.csv: {problem}"),
        ("error", f"seeds/score_weights.csv: {problem}"),
    ]


def test_a_band_must_exist_in_every_segment_of_the_model(
    compiled: CompiledProject, seeds: Path
) -> None:
    edit(seeds, "score_thresholds", "", "composite,smb,yellow,Yellow,50|composite,smb,low,Low,0")
    edit(seeds, "manual_overrides", "", OVERRIDE)
    assert findings(compiled, seeds) == [
        (
            "error",
            f'seeds/manual_overrides.csv, row "{OVERRIDE}": the band "red" is not in'
            ' seeds/score_thresholds.csv for score_model "composite" and'
            ' segment "smb"; write one of its bands, or add this one there.',
        )
    ]


@pytest.mark.parametrize("value", UNREADABLE)
def test_no_cell_breaks_the_checks(compiled: CompiledProject, seeds: Path, value: str) -> None:
    """Every column of every seed holds the value once: findings, and no engine error."""
    for path in seeds.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        base = (
            rows[0] if rows else ["composite", "acme", "red", "r", "k", "2025-01-01", "2025-03-31"]
        )
        broken = [[*base[:i], value, *base[i + 1 :]] for i in range(len(header))]
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([header, *rows, *broken])
    sentences = [sentence for _, sentence in findings(compiled, seeds)]
    assert sentences
    assert all(sentence.startswith("seeds/") and sentence.endswith(".") for sentence in sentences)


ALLOWED = {
    "booleans in other spellings": [("score_models", "30,false,true", "30,No,1")],
    "numbers in other spellings": [
        ("score_weights", "login_frequency,12", "login_frequency,1.2e1")
    ],
    "blanks around values": [("score_weights", "login_frequency,12", " login_frequency , 12\t")],
    "blank lines and short rows": [("churn_intents", "", "|,|takeover_question")],
    "weights of a segment, in thirds": [
        (
            "score_weights",
            "",
            "composite,smb,a,csat_average,33.3333333|composite,smb,b,nps_average,33.3333333"
            "|composite,smb,c,login_frequency,33.3333333",
        )
    ],
    "bands of a segment": [
        (
            "score_thresholds",
            "",
            "composite,smb,green,Green,70|composite,smb,yellow,Yellow,35.5|composite,smb,red,Red,0",
        )
    ],
    "a signal that no model weighs": [
        ("signals", "", "custom_signal,usage,Custom,,,logins tickets,,,,,")
    ],
    "a rule of one model only": [
        ("band_rules", "overdue,support_view,overdue_share,>=,0.25,false,yellow\n", "")
    ],
    "overrides that follow one another": [
        (
            "manual_overrides",
            "",
            f"{OVERRIDE}|composite,acme,green,r,kim,2025-04-01,2025-04-01"
            "|support_view,acme,red,r,kim,2025-01-01,2025-03-31",
        )
    ],
    "a retired feed": [("source_freshness", "logins,4,", "logins,,2025-01-31")],
    "a playbook of a state without a score": [
        ("action_playbooks", "", "composite,onboarding,,,Welcome,csm,24,business,,Call them")
    ],
    "no playbooks": [("action_playbooks", "*", "")],
    "an extra column": [("signal_steps", "normalized_score\n", "normalized_score,note\n")],
}


@pytest.mark.parametrize("edits", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_is_allowed_is_no_mistake(
    compiled: CompiledProject, seeds: Path, edits: Iterable[tuple[str, str, str]]
) -> None:
    for change in edits:
        edit(seeds, *change)
    assert findings(compiled, seeds) == []


def test_files_saved_by_spreadsheets_are_read(compiled: CompiledProject, seeds: Path) -> None:
    """A byte order mark, CRLF line ends and quotes around everything change no version."""
    for path in seeds.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        with path.open("w", encoding="utf-8-sig", newline="") as lines:
            csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    assert findings(compiled, seeds) == []
    assert versions(compiled, seeds) == versions(compiled, PROJECT / "seeds")


SAME_VERSION = {
    "a number in another spelling": (
        "score_weights",
        "login_frequency,12\n",
        "login_frequency,12.00\n",
    ),
    "a step with an exponent": ("signal_steps", "0.0001,100", "1e-4,+100."),
    "a boolean in another spelling": ("score_models", "30,true,true", "30,Yes,1"),
    "an override": ("manual_overrides", "", OVERRIDE),
    "a blank line": ("churn_intents", "", ","),
    "a playbook": ("action_playbooks", "Recovery call,csm,48", "Recovery call,csm,24"),
}

OTHER_VERSION = {
    "a bound by its twelfth decimal": ("signal_steps", "0.0001,100", "0.000100000001,100"),
    "a label": ("signals", "Login frequency", "Logins"),
    "an intent": ("churn_intents", "", "takeover_question,"),
    "freshness": ("source_freshness", "logins,4", "logins,5"),
}


def test_the_order_of_rows_does_not_change_the_version(
    compiled: CompiledProject, seeds: Path
) -> None:
    for path in seeds.glob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([header, *reversed(rows)]), encoding="utf-8")
    assert versions(compiled, seeds) == versions(compiled, PROJECT / "seeds")


@pytest.mark.parametrize("change", SAME_VERSION.values(), ids=SAME_VERSION.keys())
def test_a_spelling_does_not_change_the_version(
    compiled: CompiledProject, seeds: Path, change: tuple[str, str, str]
) -> None:
    edit(seeds, *change)
    assert versions(compiled, seeds) == versions(compiled, PROJECT / "seeds")


@pytest.mark.parametrize("change", OTHER_VERSION.values(), ids=OTHER_VERSION.keys())
def test_a_change_for_all_models_changes_every_version(
    compiled: CompiledProject, seeds: Path, change: tuple[str, str, str]
) -> None:
    edit(seeds, *change)
    before, after = versions(compiled, PROJECT / "seeds"), versions(compiled, seeds)
    assert before.keys() == after.keys()
    assert all(before[model] != after[model] for model in before)


def test_a_weight_changes_the_version_of_its_model_only(
    compiled: CompiledProject, seeds: Path
) -> None:
    edit(seeds, "score_weights", "login_frequency,12\n", "login_frequency,11\n")
    edit(seeds, "score_weights", "feature_adoption_rate,12\n", "feature_adoption_rate,13\n")
    before, after = versions(compiled, PROJECT / "seeds"), versions(compiled, seeds)
    assert before["composite"] != after["composite"]
    assert before["support_view"] == after["support_view"]


def test_a_setting_that_scoring_uses_changes_every_version(
    compiled: CompiledProject, tmp_path: Path
) -> None:
    models = ["int_checks__seed_rows", "int_checks__seeds", "int_config__score_models"]
    models += ["int_config__rows", "int_config__versions"]
    other = CompiledProject.compile(tmp_path, models, {"overdue_grace_days": 8})
    before = versions(compiled, PROJECT / "seeds")
    after = versions(other, PROJECT / "seeds")
    assert all(before[model] != after[model] for model in before)


@dataclass(frozen=True)
class Warehouse:
    """A company of two accounts and nothing else, built by dbt from its own copy of the seeds."""

    folder: Path

    def build(self) -> subprocess.CompletedProcess[str]:
        """The nightly job on this warehouse."""
        places = {"HEALTH_SEED_PATH": "seeds", "HEALTH_RAW_PATH": "raw"}
        environment = {name: str(self.folder / place) for name, place in places.items()}
        return run_dbt(["build", "--vars", AS_OF], self.folder / "work", environment)

    def marts(self) -> dict[str, list[str]]:
        """The rows of every mart but the record of runs, which tells of failed ones too; sorted."""
        with duckdb.connect(str(self.folder / "work" / "warehouse.duckdb"), read_only=True) as db:
            tables = db.sql(
                "select table_name from information_schema.tables"
                " where table_schema = 'marts' and table_name not like 'nightly_run%'"
            ).fetchall()
            return {
                name: sorted(map(repr, db.sql(f"select * from marts.{name}").fetchall()))
                for (name,) in tables
            }


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse after a good night."""
    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(PROJECT / "seeds", folder / "seeds")
    (folder / "raw").mkdir()
    (folder / "raw" / "accounts.csv").write_text(RAW_ACCOUNTS)
    built = Warehouse(folder)
    finished = built.build()
    assert finished.returncode == 0, finished.stdout[-5000:]
    return built


def test_a_build_leaves_the_seed_files_as_they_are(warehouse: Warehouse) -> None:
    """dbt by itself writes SQL over seeds that lie outside the project."""
    for path in (PROJECT / "seeds").glob("*.csv"):
        assert (warehouse.folder / "seeds" / path.name).read_bytes() == path.read_bytes()


STOPPED = {
    "weights that do not add up": (
        "score_weights",
        lambda text: text.replace("login_frequency,12", "login_frequency,17"),
        'seeds/score_weights.csv, rows "composite,*,...": the weights add up to 105, not 100;'
        " lower them by 5.",
    ),
    "text where a number belongs": (
        "score_thresholds",
        lambda text: text.replace("composite,*,yellow,Yellow,40", "composite,*,yellow,Yellow,60%"),
        'seeds/score_thresholds.csv, row "composite,*,yellow,Yellow,60%": the min_score "60%" is'
        " not a number; write it without a percent sign, for example 60.",
    ),
    "a file saved with semicolons": (
        "source_freshness",
        lambda text: text.replace(",", ";"),
        "seeds/source_freshness.csv: the first line lacks stream, stale_after_days, ended_on; it"
        ' reads "stream;stale_after_days;ended_on", write "stream,stale_after_days,ended_on" and'
        " separate the values by commas.",
    ),
    "a file of no bytes": (
        "score_models",
        lambda text: "",
        'seeds/score_models.csv: the file is empty; write the first line "score_model,label,'
        'min_coverage,min_model_coverage,min_tenure_days,is_default,is_published" and the rows'
        " below it, or take the file back from an earlier version.",
    ),
}


@pytest.mark.parametrize(("seed", "change", "sentence"), STOPPED.values(), ids=STOPPED.keys())
def test_a_mistake_stops_the_build_before_any_mart_changes(
    warehouse: Warehouse, seed: str, change: Callable[[str], str], sentence: str
) -> None:
    before = warehouse.marts()
    assert before["customer_health"]
    path = warehouse.folder / "seeds" / f"{seed}.csv"
    shipped = path.read_text()
    path.write_text(change(shipped))
    try:
        finished = warehouse.build()
    finally:
        path.write_text(shipped)
    assert finished.returncode != 0
    assert sentence in finished.stdout
    assert warehouse.marts() == before


def test_a_warning_stops_nothing(warehouse: Warehouse) -> None:
    path = warehouse.folder / "seeds" / "manual_overrides.csv"
    shipped = path.read_text()
    path.write_text(shipped + OVERRIDE.replace("acme", "acne") + "\n")
    try:
        finished = warehouse.build()
    finally:
        path.write_text(shipped)
    assert finished.returncode == 0, finished.stdout[-5000:]
    assert 'no account has the account_id "acne"; check its spelling' in finished.stdout
