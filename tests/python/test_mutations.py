"""Each line of mutations.tsv breaks one line of the project's SQL, and a test must notice.

The unit tests of the broken models come first, in few dbt runs: a unit test mocks everything that
its model reads, so it sees only the mutation of its own model, and one run can hold many
mutations. What they miss is built from raw files: the small world, then generated companies.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from unittest.mock import patch

import pytest
import reference
import test_against_reference
import test_small_world
from harness import PROJECT, run_dbt
from warehouse import SMALL_WORLD, BuildFailed, build
from worlds import make_world

MUTATIONS_FILE = Path(__file__).with_name("mutations.tsv")
COPIED = [
    "snapshots",
    "plugins",
    "dbt_project.yml",
    "selectors.yml",
    "profiles",
    "models",
    "macros",
    "seeds",
    "tests",
]
AS_OF_DATE = test_small_world.AS_OF_DATE.isoformat()
DATES = json.dumps({"as_of_date": AS_OF_DATE, "history_start_date": AS_OF_DATE})
WORLDS = [4, 2]


@dataclass(frozen=True)
class Mutation:
    """One edit of a file: a fragment of a line that stands there once, and what replaces it."""

    file: str
    fragment: str
    replacement: str
    breaks: str

    @cached_property
    def models(self) -> frozenset[str]:
        """Models whose SQL the edit changes: the model itself, or those that call the macro."""
        if self.file.startswith("models/"):
            return frozenset({Path(self.file).stem})
        before = (PROJECT / self.file).read_text(encoding="utf-8").partition(self.fragment)[0]
        macro = re.findall(r"macro (?:duckdb__|default__)?(\w+)", before)[-1]
        call = re.compile(rf"\b{macro}\(")
        models = (PROJECT / "models").rglob("*.sql")
        return frozenset(m.stem for m in models if call.search(m.read_text(encoding="utf-8")))


def read_mutations() -> list[Mutation]:
    """The lines of mutations.tsv."""
    with MUTATIONS_FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Mutation(**row) for row in rows]


MUTATIONS = read_mutations()


@contextmanager
def applied(project: Path, mutations: Iterable[Mutation]) -> Iterator[None]:
    """The copy of the project with these edits, for as long as the context lasts."""
    before: dict[Path, str] = {}
    try:
        for mutation in mutations:
            path = project / mutation.file
            text = path.read_text(encoding="utf-8")
            before.setdefault(path, text)
            assert text.count(mutation.fragment) == 1, f"not once in the file: {mutation}"
            path.write_text(text.replace(mutation.fragment, mutation.replacement), encoding="utf-8")
        yield
    finally:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")


def failed_nodes(work: Path) -> dict[str, str]:
    """Nodes that failed in the last dbt run in `work`, by unique id, with dbt's message.

    Raises RuntimeError for SQL that does not run: such a mutation tests nothing.
    """
    found = json.loads((work / "target" / "run_results.json").read_text(encoding="utf-8"))
    failed = {
        result["unique_id"]: str(result["message"])
        for result in found["results"]
        if result["status"] in ("fail", "error")
    }
    # the project's own checks end a build with an error too, but say so in a sentence
    broken = [text for text in failed.values() if re.search(r"(Parser|Binder|Catalog) Error", text)]
    if broken:
        raise RuntimeError("\n".join(["does not run:", *broken]))
    return failed


def models_of(mutations: Iterable[Mutation]) -> set[str]:
    """All models that one of the mutations changes."""
    return {model for mutation in mutations for model in mutation.models}


def batches(mutations: Sequence[Mutation]) -> list[list[Mutation]]:
    """The mutations in groups that share no model; one that changes no model stands alone."""
    found: list[list[Mutation]] = []
    for mutation in sorted(mutations, key=lambda mutation: -len(mutation.models)):
        fitting = (
            group
            for group in found
            if mutation.models and all(mutation.models.isdisjoint(m.models) for m in group)
        )
        group = next(fitting, None)
        if group is None:
            found.append([mutation])
        else:
            group.append(mutation)
    return found


@dataclass
class Project:
    """A copy of the project to break, and the checks that look at it.

    A check keeps its folder from mutation to mutation, because dbt parses only what changed there.
    """

    folder: Path
    work: Path
    passed: set[str] = field(default_factory=set)

    def killed_by_unit_tests(self, mutations: Sequence[Mutation]) -> dict[Mutation, str]:
        """The mutations that a unit test of their own models notices, with the test's name.

        mutations: a batch. That unit tests pass without a mutation, test_project.py says.
        """
        if not models_of(mutations):
            return {}
        world, work = self.work / "small_world", self.work / "unit_tests"
        if not work.exists():
            self.check_unbroken("small_world")
            shutil.copytree(world / "work", work)
        environment = {
            "HEALTH_RAW_PATH": str(SMALL_WORLD / "raw"),
            "HEALTH_SEED_PATH": str(world / "seeds"),
        }
        selected = [f"{model},test_type:unit" for model in sorted(models_of(mutations))]
        options = ["--vars", DATES, "--select", *selected]
        with applied(self.folder, mutations):
            finished = run_dbt(["test", *options], work, environment, self.folder)
        if finished.returncode not in (0, 1):
            raise RuntimeError(finished.stdout + finished.stderr)
        found: dict[Mutation, str] = {}
        for unique_id in sorted(failed_nodes(work)):
            _, _, model, name = unique_id.split(".", 3)
            found |= {m: name for m in mutations if model in m.models and m not in found}
        return found

    def killed_by_build(self, mutation: Mutation) -> str | None:
        """The first check from raw files that notices the mutation, with what it says."""
        for name in CHECKS:
            self.check_unbroken(name)
            with applied(self.folder, [mutation]):
                try:
                    self.check(name)
                except AssertionError as error:
                    return f"{name}: {first_line(error)}"
                except BuildFailed as error:
                    failing = failed_nodes(self.work / name / "work")
                    if not failing:
                        raise RuntimeError(f"does not compile: {error}") from error
                    return f"{name}: {min(failing)}"
        return None

    def check_unbroken(self, name: str) -> None:
        """Run one of CHECKS without a mutation, once: a check that fails anyway shows nothing."""
        if name not in self.passed:
            self.check(name)
            self.passed.add(name)

    def check(self, name: str) -> None:
        """Run one of CHECKS on the copy as it stands. Raises as the test does."""
        folder = self.work / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "work" / "warehouse.duckdb").unlink(missing_ok=True)
        copied = partial(build, project=self.folder)
        with ExitStack() as stack:
            for module in (test_small_world, test_against_reference):
                stack.enter_context(patch.object(module, "build", copied))
            CHECKS[name](folder)


def first_line(error: AssertionError) -> str:
    """What the check says of the first difference."""
    return str(error).splitlines()[0]


def check_small_world(folder: Path, variant: str | None = None) -> None:
    """The rows worked out by hand."""
    test_small_world.test_marts_are_as_worked_out_by_hand(variant, folder)


def check_generated_company(folder: Path, seed: int) -> None:
    """Every row of a generated company; the reference, which no mutation touches, runs once."""
    world = make_world(seed, folder / "world")
    expected = EXPECTED.get(seed) or reference.run(
        world.raw, world.seeds, world.as_of_dates, world.vars
    )
    EXPECTED[seed] = expected
    with patch.object(reference, "run", lambda *_: expected):
        test_against_reference.assert_same(world, folder / "work")


EXPECTED: dict[int, object] = {}
# the cheap ones and those that see most first
CHECKS: Mapping[str, Callable[[Path], None]] = {
    "small_world": check_small_world,
    **{f"world_{seed}": partial(check_generated_company, seed=seed) for seed in WORLDS},
    "small_world_feeds": partial(check_small_world, variant="feeds"),
    "small_world_stale_tickets": partial(check_small_world, variant="stale_tickets"),
}


def copy_project(target: Path) -> Path:
    """Copy what dbt reads of the project to `target`."""
    target.mkdir()
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)
    return target


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project that may be broken."""
    folder = tmp_path_factory.mktemp("mutations")
    return Project(copy_project(folder / "project"), folder)


def test_every_fragment_stands_once_in_its_file() -> None:
    assert len(MUTATIONS) >= 30
    for mutation in MUTATIONS:
        text = (PROJECT / mutation.file).read_text(encoding="utf-8")
        assert text.count(mutation.fragment) == 1, mutation


@pytest.mark.long
@pytest.mark.parametrize("batch", batches(MUTATIONS), ids=lambda batch: batch[0].breaks)
def test_a_broken_line_fails_a_test(project: Project, batch: list[Mutation]) -> None:
    killed = project.killed_by_unit_tests(batch)
    killers = {
        mutation: killed.get(mutation) or project.killed_by_build(mutation) for mutation in batch
    }
    for mutation, killer in killers.items():
        print(f"{mutation.breaks}: {killer}")
    assert not [mutation for mutation, killer in killers.items() if not killer]
