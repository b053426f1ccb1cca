"""No dead flags: every option of every command changes what is printed, what is written, or the exit status."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import qipan
import qipan.experiments.figures.drawing
import qipan.experiments.report.page
import qipan.experiments.report.study
import qipan.experiments.studies.compare
import qipan.model
from qipan.experiments.command_line import COMMANDS, main
from qipan.experiments.command_line import qipan as command_line
from tests.end_to_end.studies import PATTERNS

SHORT = ("--replicates", "3", "--workers", "1", "--set", "run.last_year=2024")
COMPARE = ("compare", "baseline", "national-design", *SHORT, "--assumptions", "0")
RUN = ("run", "baseline", *SHORT)

Changes = dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]


def running(command: tuple[str, ...]) -> Changes:
    """For each option of `run` and `compare`: arguments without it, and arguments that differ in it alone."""
    name, plain, dry = command[0], (*command, "--no-report"), (*command, "--dry-run")
    return {
        (name, "settings"): (plain, (*plain, "--set", "world.behaviour.revise=0.9")),
        (name, "replicates"): (plain, (*plain, "--replicates", "4")),
        (name, "seed"): (plain, (*plain, "--seed", "2")),
        (name, "folder"): (plain, (*plain, "--out", "{elsewhere}")),
        (name, "force"): (
            (*plain, "--seed", "3", "--out", "{result}"),
            (*plain, "--seed", "3", "--out", "{result}", "--force"),
        ),
        (name, "workers"): (dry, (*dry, "--workers", "3")),
        (name, "scheduler"): (dry, (*dry, "--scheduler", "nowhere")),
        (name, "executor"): (dry, (*dry, "--executor", "compiled")),
        (name, "language"): (plain, (*plain, "--lang", "zh")),
        (name, "no_report"): (command, plain),
        (name, "strict"): (("FAILS", *plain), ("FAILS", *plain, "--strict")),
        (name, "dry_run"): (plain, dry),
        (name, "quiet"): (plain, (*plain, "--quiet")),
    }


ATTRIBUTE = (
    "attribute",
    "theory/shared-prize-small",
    "--set",
    "policy.coordination.pilots=2",
    "--set",
    "world.behaviour.rounds=3",
    "--replicates",
    "3",
)
PRECISE = (
    "compare",
    "baseline",
    "national-design",
    "--workers",
    "1",
    "--set",
    "run.last_year=2024",
    "--assumptions",
    "0",
    "--no-reference",
    "--no-report",
    "--precision",
    "90%",
    "--max-replicates",
    "100",
)
STORED = ("compare", "{result}", "{other}")
SEVERAL = (
    "compare",
    "baseline",
    "burn",
    "lever-key-areas",
    *SHORT,
    "--no-reference",
    "--assumptions",
    "0",
    "--no-report",
)
DRAWN = ("plot", "{several}", "--size", "slide", "--format", "svg")


def attributing() -> Changes:
    """The options of `attribute`, on a world of three regions; figures are drawn for one of them only."""
    dry, changes = (*ATTRIBUTE, "--dry-run"), running((*ATTRIBUTE, "--workers", "1"))
    planned = {
        "settings": ("--set", "world.behaviour.temperature=0.9"),
        "replicates": ("--replicates", "4"),
        "seed": ("--seed", "2"),
        "folder": ("--out", "{elsewhere}"),
        "fraction": ("--fraction", "1/2"),
    }
    return {**changes, **{("attribute", option): (dry, (*dry, *more)) for option, more in planned.items()}}


VALUED = (
    "national-design",
    *("--set", "world.data=synthetic"),
    *("--set", "world.regions=4"),
    *("--set", "world.sector_count=3"),
    *("--set", "run.last_year=2024"),
    *("--replicates", "4"),
)


def valuing() -> Changes:
    """The options of `worth` and `best`; those of planning do not run anything."""
    found: Changes = {}
    for name in ("worth", "best"):
        asked = (name, *VALUED)
        dry, changes = (*asked, "--dry-run"), running((*asked, "--workers", "1"))
        planned = {
            "settings": ("--set", "world.behaviour.temperature=0.9"),
            "replicates": ("--replicates", "5"),
            "seed": ("--seed", "2"),
            "folder": ("--out", "{elsewhere}"),
        }
        found |= {**changes, **{(name, option): (dry, (*dry, *more)) for option, more in planned.items()}}
    return found


SURFACE = ("sensitivity", *VALUED[:-2], "--replicates", "8", "--vary", "social_surplus", "--points", "8")


def analysing() -> Changes:
    """The options of `sensitivity`; those of planning do not run anything."""
    dry, changes = (*SURFACE, "--dry-run"), running((*SURFACE, "--workers", "1"))
    planned = {
        "settings": ("--set", "world.behaviour.temperature=0.9"),
        "replicates": ("--replicates", "9"),
        "seed": ("--seed", "2"),
        "folder": ("--out", "{elsewhere}"),
        "against": ("--against", "information-only"),
        "vary": ("--vary", "levy"),
        "measure": ("--on", "output_discounted"),
        "points": ("--points", "9"),
        "screen": ("--screen",),
    }
    found = {**changes, **{("sensitivity", option): (dry, (*dry, *more)) for option, more in planned.items()}}
    flip = ("flip", *SURFACE[1:], "--exact", "8")
    dry, changes = (*flip, "--dry-run"), running((*flip, "--workers", "1"))
    shared = {option: more for option, more in planned.items() if option not in ("screen", "folder")}
    found |= {**changes, **{("flip", option): (dry, (*dry, *more)) for option, more in shared.items()}}
    calibrate = ("calibrate", "{patterns}")
    dry, changes = (*calibrate, "--dry-run"), running((*calibrate, "--workers", "1"))
    shared = {
        option: more for option, more in planned.items() if option in ("settings", "replicates", "seed", "folder")
    }
    found |= {**changes, **{("calibrate", option): (dry, (*dry, *more)) for option, more in shared.items()}}
    return {**found, ("flip", "exact"): (flip, (*flip[:-1], "9"))}


SWEEP = ("sweep", "{sweep}", "--workers", "1")
SWEPT = """title: Small
arms: [baseline, national-design]
method: grid
replicates: 3
set: {run.last_year: 2024}
measures: [welfare]
parameters: {policy.coordination.levy: [0.1, 0.3]}
steps: 2
"""


def sweeping() -> Changes:
    """The options of `sweep`."""
    shared = ("folder", "workers", "scheduler", "executor", "language", "no_report", "strict", "dry_run", "quiet")
    over = (*SWEEP, "--no-report", *OVER)
    changes: Changes = {("sweep", "force"): (over, (*over, "--force"))}
    return changes | {("sweep", name): pair for (_, name), pair in running(SWEEP).items() if name in shared}


OVER = ("--out", "{result}")
"""Onto a result of another kind."""
MEASURE = ("measure", "{data}", "--replicates", "2", "--year", "2024")


def measuring() -> Changes:
    """The options of `measure`."""
    more = {
        "sectors": ("--sectors", "classes-13"),
        "beside": ("--beside", "adopters-all"),
        "year": ("--year", "2025"),
        "replicates": ("--replicates", "3"),
        "folder": ("--out", "{elsewhere}"),
        "language": ("--lang", "zh"),
        "settings": ("--set", "run.seed=9"),
    }
    changes = {("measure", option): (MEASURE, (*MEASURE, *given)) for option, given in more.items()}
    return {**changes, ("measure", "force"): ((*MEASURE, *OVER), (*MEASURE, *OVER, "--force"))}


TARGETS = ("targets", "baseline", "--replicates", "3", "--points", "0")


def aiming() -> Changes:
    """The options of `targets`."""
    more = {
        "replicates": ("--replicates", "8"),
        "points": ("--points", "2"),
        "folder": ("--out", "{elsewhere}"),
        "settings": ("--set", "run.seed=9"),
        "language": ("--lang", "zh"),
    }
    changes = {("targets", option): (TARGETS, (*TARGETS, *given)) for option, given in more.items()}
    return {**changes, ("targets", "force"): ((*TARGETS, *OVER), (*TARGETS, *OVER, "--force"))}


REGION = ("region", "Henan", "{several}")
PLOT = ("plot", "{several}", "--format", "svg")
DIFF = ("diff", "{result}", "{other}")
NEW = ("new", "mine", "--from", "national-design")


def asking() -> Changes:
    """The options of `region`, `brief`, `diff` and `new`, and those of `plot` that choose what is drawn."""
    page = (*REGION, "--format", "html", "--to", "{sweep}")
    more = {
        ("region", "kind"): (REGION, ("--format", "csv")),
        ("region", "place"): ((*REGION, "--format", "html"), ("--to", "{elsewhere}")),
        ("region", "target"): ((*REGION, "--by", "2024"), ("--target", "5")),
        ("region", "by"): ((*REGION, "--target", "5"), ("--by", "2024")),
        ("region", "force"): (page, ("--force",)),
        ("region", "language"): (REGION, ("--lang", "zh")),
        ("brief", "kind"): (("brief", "{several}"), ("--format", "docx")),
        ("brief", "language"): (("brief", "{several}"), ("--lang", "zh")),
        ("brief", "force"): (("brief", "{noted}"), ("--force",)),
        ("diff", "folder"): (DIFF, ("--out", "{elsewhere}")),
        ("diff", "force"): ((*DIFF, *OVER), ("--force",)),
        ("diff", "language"): (DIFF, ("--lang", "zh")),
        ("schema", "experiment"): (("schema",), ("--experiment",)),
        ("new", "base"): (NEW[:2], ("--from", "burn")),
        ("new", "settings"): (NEW, ("--set", "policy.coordination.levy=0.1")),
        ("new", "vary"): (NEW, ("--vary", "policy.coordination.levy")),
        ("new", "folder"): (NEW, ("--out", "{elsewhere}")),
        ("new", "language"): (NEW, ("--lang", "zh")),
        ("plot", "measures"): (PLOT, ("--measures", "welfare")),
        ("plot", "arms"): (PLOT, ("--arms", "burn")),
        ("plot", "regions"): (PLOT, ("--regions", "Henan")),
        ("plot", "years"): (PLOT, ("--years", "2023")),
        ("plot", "title"): (PLOT, ("--title", "Mine")),
        ("plot", "place"): (PLOT, ("--to", "{elsewhere}")),
    }
    return {option: (plain, (*plain, *given)) for option, (plain, given) in more.items()}


EXPLAIN = ("explain", "national-design", "--region", "Henan", "--year", "2024", "--set", "run.last_year=2025")

OVER_WORLDS = ("compare", "baseline", "national-design", *SHORT, "--no-report", "--over", "provinces")

CHANGES: Changes = {
    ("compare", "over"): (OVER_WORLDS[:-2], OVER_WORLDS),
    ("schema", "patterns"): (("schema",), ("schema", "--patterns")),
    ("explain", "region"): (EXPLAIN, (*EXPLAIN, "--region", "Anhui")),
    ("explain", "year"): (EXPLAIN, (*EXPLAIN, "--year", "2025")),
    ("explain", "replicate"): (EXPLAIN, (*EXPLAIN, "--replicate", "3")),
    ("explain", "settings"): (EXPLAIN, (*EXPLAIN, "--set", "run.seed=5")),
    ("explain", "language"): (EXPLAIN, (*EXPLAIN, "--lang", "zh")),
    ("explain", "arm"): (EXPLAIN, (*EXPLAIN, "--arm", "burn")),
    **running(RUN),
    **running(COMPARE),
    **attributing(),
    **valuing(),
    **analysing(),
    **sweeping(),
    **measuring(),
    **aiming(),
    **asking(),
    ("compare", "precision"): ((*PRECISE[:-4], "--replicates", "100"), PRECISE),
    ("compare", "measure"): (PRECISE, (*PRECISE, "--on", "welfare")),
    ("compare", "most"): (PRECISE, (*PRECISE, "--max-replicates", "101")),
    ("compare", "references"): ((*COMPARE, "--dry-run"), (*COMPARE, "--dry-run", "--no-reference")),
    ("compare", "headline"): (SEVERAL, (*SEVERAL, "--headline", "burn")),
    ("plot", "headline"): (DRAWN, (*DRAWN, "--headline", "burn")),
    ("compare", "assumptions"): ((*COMPARE, "--dry-run"), (*COMPARE, "--dry-run", "--assumptions", "2")),
    ("compare", "weights"): ((*COMPARE, "--no-report"), (*COMPARE, "--no-report", "--weights", "per-head")),
    ("run", "keep"): ((*RUN, "--no-report"), (*RUN, "--no-report", "--keep", "summary")),
    ("compare", "keep"): ((*COMPARE, "--no-report"), (*COMPARE, "--no-report", "--keep", "summary")),
    ("plot", "force"): (("plot", "{changed}", "--format", "svg"), ("plot", "{changed}", "--format", "svg", "--force")),
    ("export", "force"): (
        ("export", "{result}", "--format", "iamc", "--to", "{sweep}"),
        ("export", "{result}", "--format", "iamc", "--to", "{sweep}", "--force"),
    ),
    ("bundle", "target"): (("bundle", "{result}"), ("bundle", "{result}", "--to", "{elsewhere}")),
    ("bundle", "language"): (("bundle", "{result}"), ("bundle", "{result}", "--lang", "zh")),
    ("plot", "language"): (("plot", "{result}"), ("plot", "{result}", "--lang", "zh")),
    ("export", "kind"): (("export", "{result}", "--format", "iamc"), ("export", "{result}", "--format", "xlsx")),
    ("export", "language"): (
        ("export", "{result}", "--format", "svg", "--to", "{elsewhere}"),
        ("export", "{result}", "--format", "svg", "--to", "{elsewhere}", "--lang", "zh"),
    ),
    ("plot", "formats"): (("plot", "{result}"), ("plot", "{result}", "--format", "pdf")),
    ("plot", "size"): (("plot", "{result}"), ("plot", "{result}", "--size", "slide")),
    ("export", "target"): (
        ("export", "{result}", "--format", "iamc"),
        ("export", "{result}", "--format", "iamc", "--to", "{elsewhere}.csv"),
    ),
    ("show", "changed"): (("show", "burn"), ("show", "burn", "--changed")),
    ("show", "settings"): (("show", "burn"), ("show", "burn", "--set", "run.seed=9")),
    ("list", "language"): (("list", "levers"), ("list", "levers", "--lang", "zh")),
    ("replay", "executor"): (
        ("replay", "abcd", "--results", "{failed}"),
        ("replay", "abcd", "--results", "{failed}", "--executor", "compiled"),
    ),
    ("replay", "root"): (("replay", "abcd", "--results", "{empty}"), ("replay", "abcd", "--results", "{elsewhere}")),
}


def options() -> list[tuple[str, str]]:
    """(command, option) for every option of every command, from click itself."""
    context = click.Context(command_line)
    return [
        (name, parameter.name)
        for name in COMMANDS
        for parameter in command_line.get_command(context, name).params
        if isinstance(parameter, click.Option)
    ]


def test_every_option_is_covered():
    assert sorted(options()) == sorted(CHANGES)


def observed(folder: Path, status: int, captured: tuple[str, str]) -> tuple:
    """Everything a command may change, times left out and the folder's name made the same."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".part":
            content = path.read_bytes()
            if path.name == "manifest.json":
                content = {key: value for key, value in json.loads(content).items() if key != "times"}
            files[path.relative_to(folder).as_posix()] = content
    return status, *(text.replace(str(folder), "FOLDER") for text in captured), files


def work_on(result: Path, changed: Path, file: str) -> None:
    """A result folder with a file that somebody worked on since qipan wrote it."""
    shutil.copytree(result, changed)
    journal = json.loads((changed / "files.json").read_text(encoding="utf-8"))
    journal["files"][file] = ["0" * 64]
    (changed / "files.json").write_text(json.dumps(journal), encoding="utf-8")
    (changed / file).parent.mkdir(exist_ok=True)
    (changed / file).write_text("with notes", encoding="utf-8")


def fail_once(folder: Path) -> None:
    """A result folder in which one replicate is said to have failed."""
    (folder / "scenarios").mkdir(parents=True)
    scenario = qipan.load_scenario("theory/shared-prize-small")
    (folder / "scenarios" / "game.yaml").write_text(scenario.to_yaml(), encoding="utf-8")
    record = {"identifier": "abcdef", "arm_name": "game", "scenario": "game", "replicate": 0, "message": "made up"}
    (folder / "failures.json").write_text(json.dumps([record]), encoding="utf-8")


def small(figure: Figure, stem: Path, formats: Sequence[str]) -> dict[str, Path]:
    """In the place of a figure's files: small ones that tell its format, its size and every text in it."""
    files = {kind: stem.with_name(f"{stem.name}.{kind}") for kind in formats}
    texts = [text.get_text() for text in figure.findobj(Text)]
    for kind, path in files.items():
        path.write_text(repr((kind, figure.get_size_inches(), texts)), encoding="utf-8")
    return files


def draw(comparison, folder: Path, language: str) -> Path:
    """In the place of all figures and the page of a comparison: a small file."""
    (folder / "report.html").write_text(language, encoding="utf-8")
    return folder / "report.html"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the results that some commands read."""
    folder = tmp_path_factory.mktemp("ready")
    for name, more in (("result", ()), ("other", ("--seed", "2"))):
        (folder / name).mkdir()
        assert main([*RUN, "--no-report", "--quiet", *more, "--out", str(folder / name / name)]) == 0
    (folder / "several").mkdir()
    assert main([*SEVERAL, "--quiet", "--out", str(folder / "several" / "several")]) == 0
    fail_once(folder / "failed" / "failed")
    work_on(folder / "result" / "result", folder / "changed" / "changed", "figures/output.svg")
    work_on(folder / "several" / "several", folder / "noted" / "noted", "brief-en.html")
    return folder


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, ...], tuple]:
    """What came of arguments: the control at the end of this file says that it may be kept."""
    return {}


@pytest.fixture
def outcome(tmp_path_factory, ready: Path, known, monkeypatch, capsys) -> Callable[..., tuple]:
    """Run the command line in a fresh folder, always of the same name, figures replaced by small files, and observe."""
    real = qipan.run

    def fails(scenario, *, replicates, **more):
        if 1 in replicates:
            raise FloatingPointError("made to fail")
        return real(scenario, replicates=replicates, **more)

    monkeypatch.setattr(qipan.experiments.report.page, "draw", draw)
    for module in (qipan.experiments.figures.drawing, qipan.experiments.report.study):
        monkeypatch.setattr(module, "save", small)

    def run(arguments: tuple[str, ...], again: bool = False) -> tuple:
        if arguments not in known or again:
            shutil.rmtree(tmp_path_factory.getbasetemp() / "here", ignore_errors=True)
            known[arguments] = fresh(tmp_path_factory.mktemp("here", numbered=False), arguments)
        return known[arguments]

    def fresh(folder: Path, arguments: tuple[str, ...]) -> tuple:
        (folder / "empty").mkdir()
        monkeypatch.chdir(folder)
        for name in ("result", "other", "failed", "changed", "several", "noted"):
            if f"{{{name}}}" in arguments:
                shutil.copytree(ready / name, folder, dirs_exist_ok=True)
        (folder / "sweep.yaml").write_text(SWEPT, encoding="utf-8")
        (folder / "patterns.yaml").write_text(PATTERNS.replace("points: 16", "points: 8"), encoding="utf-8")
        monkeypatch.setattr(qipan, "run", fails if arguments[0] == "FAILS" else real)
        places = {
            "{result}": "result",
            "{other}": "other",
            "{several}": "several",
            "{sweep}": "sweep.yaml",
            "{patterns}": "patterns.yaml",
            "{data}": str(Path(qipan.model.__file__).parent.parent / "data" / "announced_layouts.csv"),
            "{elsewhere}": "elsewhere",
            "{elsewhere}.csv": "elsewhere.csv",
            "{empty}": "empty",
            "{failed}": "failed",
            "{changed}": "changed",
            "{noted}": "noted",
        }
        capsys.readouterr()
        status = main([places.get(argument, argument) for argument in arguments if argument != "FAILS"])
        return observed(folder, status, capsys.readouterr())

    return run


@pytest.mark.parametrize("option", sorted(CHANGES), ids="-".join)
def test_an_option_changes_something(outcome, option: tuple[str, str]):
    without, with_it = CHANGES[option]
    first, second = outcome(without), outcome(with_it)
    assert first != second


def test_the_same_arguments_change_nothing(outcome):
    """The control: without it the tests above would pass for a command that never does the same twice."""
    assert outcome((*COMPARE, "--no-report"), again=True) == outcome((*COMPARE, "--no-report"), again=True)
