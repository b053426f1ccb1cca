"""Result folders: what is not qipan's is never touched, another request never replaces a result, links are refused.

Every refusal comes before any work, in one line with status 2, and leaves every byte that was there.
"""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

import qipan
from qipan.experiments.command_line import main
from qipan.experiments.store.ownership import add_files

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--workers", "1", "--no-report", "--quiet")
RUN = ("run", "theory/shared-prize-small", "--replicates", "3", *SMALL)
OTHER = ("run", "theory/shared-prize-small", "--replicates", "4", *SMALL)
COMPARE = (
    "compare",
    "baseline",
    "burn",
    "--replicates",
    "4",
    "--set",
    "run.last_year=2023",
    "--assumptions",
    "0",
    "--no-reference",
    *SMALL,
)
SWEEP = ("sweep", str(ROOT / "tests" / "end_to_end" / "small-game-sweep.yaml"), *SMALL)
WRITING = {
    "run": RUN,
    "compare": COMPARE,
    "attribute": ("attribute", "national-design", "--replicates", "3", *SMALL),
    "sweep": SWEEP,
    "targets": ("targets", "baseline", "--replicates", "2", "--points", "0"),
    "measure": ("measure", str(ROOT / "data" / "announced_layouts.csv"), "--replicates", "2"),
    "compare stored": ("compare", "{result}", "{copy}", *SMALL),
}
"""Every command that writes to a folder the user names."""


def snapshot(folder: Path) -> dict[str, object]:
    """Everything below a folder: bytes of files, targets of links, folders; no link is followed."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        what = os.readlink(path) if stat.S_ISLNK(mode) else path.read_bytes() if stat.S_ISREG(mode) else "other"
        found[path.relative_to(folder).as_posix()] = what
    return found


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished") / "result"
    assert main([*RUN, "--out", str(folder)]) == 0
    shutil.copytree(folder, folder.with_name("copy"))
    return folder


def filled(words: tuple[str, ...], finished: Path) -> list[str]:
    """The words of a command with a finished result and a copy of it in their places."""
    places = {"{result}": finished, "{copy}": finished.with_name("copy")}
    return [str(places.get(word, word)) for word in words]


@pytest.fixture
def result(finished: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished, tmp_path / "result")
    return tmp_path / "result"


@pytest.fixture
def no_runs(monkeypatch):
    """No replicate may be run."""

    def refuse(*arguments, **named):
        raise AssertionError("work began before the folder was judged")

    monkeypatch.setattr(qipan, "run", refuse)


def refused(capsys, *arguments: object) -> str:
    capsys.readouterr()
    assert main([str(argument) for argument in arguments]) == 2
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    return line


def folder_of_a_user(folder: Path) -> Path:
    """What a clone with work in progress looks like."""
    for name in (
        "scenarios/baseline.yaml",
        "scenarios/mine.yaml",
        "tables/summary.csv",
        "tables/mine.parquet",
        "parts/list.part",
        "figures/photo.png",
        "README.md",
        ".git/config",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"of the user: {name}", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", WRITING)
def test_out_of_a_clone_touches_nothing(finished: Path, tmp_path: Path, monkeypatch, capsys, no_runs, name: str):
    folder = folder_of_a_user(tmp_path / "clone")
    monkeypatch.chdir(folder)
    before = snapshot(folder)
    command = filled(WRITING[name], finished)
    for place in (".", "scenarios", str(folder), "../clone/"):
        line = refused(capsys, *command, "--out", place)
        assert "is not empty and holds no result of qipan (there is " in line
        assert "; give a folder of its own with --out" in line
        assert snapshot(folder) == before
        assert "--force" not in line
        if name != "compare stored":
            refused(capsys, *command, "--out", place, "--force")
            assert snapshot(folder) == before


FOREIGN = {
    "dotfiles, as a home": {".bashrc": "alias", ".config/x": "y"},
    "a manifest of a web page": {"manifest.json": '{"name": "page", "icons": []}'},
    "a manifest of something else": {"manifest.json": '{"format": "other 1", "files": {}}', "tables/a.csv": "1"},
    "a list of files of its own": {"files.json": '["a", "b"]', "a": "1"},
    "an empty list of files": {"files.json": "", "a": "1"},
    "parts of a car": {"parts/wheel.part": "round"},
    "parts and more": {f"parts/{'0' * 64}.part": "x", "notes": "mine"},
    "a sub-folder": {"more/work.txt": "mine"},
    "a journal that leads out": {
        "files.json": '{"format": "qipan files 1", "request": {}, "files": {"../victim": []}, "former": {}}'
    },
    "a journal with an absolute name": {
        "files.json": '{"format": "qipan files 1", "request": {}, "files": {}, "former": {"/etc/passwd": []}}'
    },
    "a manifest that leads out": {
        "manifest.json": '{"format": "qipan result 3", "files": {"tables/../../victim": "0"}}'
    },
}


@pytest.mark.parametrize("held", FOREIGN)
@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
def test_a_folder_that_is_no_result_is_refused(tmp_path: Path, capsys, no_runs, held: str, force: tuple[str, ...]):
    (tmp_path / "victim").write_text("precious", encoding="utf-8")
    for name, content in FOREIGN[held].items():
        (tmp_path / "r" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "r" / name).write_text(content, encoding="utf-8")
    before = snapshot(tmp_path)
    assert "is not empty and holds no result of qipan" in refused(capsys, *RUN, *force, "--out", tmp_path / "r")
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("rest", [[], [".DS_Store"], [".gitkeep", ".lock"], [".qipan-1-2.unfinished"]], ids=str)
def test_an_empty_folder_is_taken(tmp_path: Path, rest: list[str]):
    (tmp_path / "r").mkdir()
    for name in rest:
        (tmp_path / "r" / name).write_text("", encoding="utf-8")
    assert main([*RUN, "--out", str(tmp_path / "r")]) == 0
    assert (tmp_path / "r" / "manifest.json").is_file()


INSIDE = (
    "tables",
    "parts",
    "scenarios",
    "figures",
    ".lock",
    "manifest.json",
    "files.json",
    "means.npz",
    "tables/summary.csv",
    "scenarios/theory-shared-prize-small.yaml",
    "assumptions",
    "notes",
)
AGAIN = {
    "run": (*RUN, "--out", "{result}"),
    "plot": ("plot", "{result}"),
    "run, forced": (*OTHER, "--force", "--out", "{result}"),
}


@pytest.mark.parametrize("command", AGAIN)
@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("aim", ["file", "nothing", "the same file"])
def test_a_link_inside_a_result_is_refused_and_never_followed(
    result: Path, capsys, no_runs, name: str, command: str, aim: str
):
    elsewhere = result.parent / "elsewhere"
    shutil.copytree(result, elsewhere / "folder")
    (elsewhere / "file").write_text("precious", encoding="utf-8")
    same = elsewhere / "folder" / name
    target = same if aim == "the same file" and same.exists() else elsewhere / aim
    place = result / name
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.symlink_to(target)
    before = snapshot(result.parent)
    line = refused(capsys, *(str(result) if word == "{result}" else word for word in AGAIN[command]))
    assert snapshot(result.parent) == before
    if name not in ("manifest.json", "files.json", "tables/summary.csv") or aim == "the same file":
        assert f"{place}: is a link inside a result folder, which is never followed" in line


@pytest.mark.parametrize("name", ["tables", "parts", "scenarios", "figures", "assumptions"])
def test_a_file_in_the_place_of_a_sub_folder_is_refused(result: Path, capsys, no_runs, name: str):
    shutil.rmtree(result / name, ignore_errors=True)
    (result / name).write_text("mine", encoding="utf-8")
    before = snapshot(result)
    line = refused(capsys, *RUN, "--out", result)
    assert f"{result / name}: is a file where a sub-folder of the result is to be" in line
    assert snapshot(result) == before


@pytest.mark.parametrize("name", ["manifest.json", "means.npz", "tables/summary.csv", ".lock"])
def test_a_folder_in_the_place_of_a_file_is_refused(result: Path, capsys, no_runs, name: str):
    (result / name).unlink(missing_ok=True)
    (result / name).mkdir()
    assert "is a folder where a file of the result is to be" in refused(capsys, *RUN, "--out", result)
    assert (result / name).is_dir()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
@pytest.mark.parametrize("name", ["manifest.json", "files.json", "tables/summary.csv", "parts/x"])
def test_a_pipe_inside_a_result_is_refused_and_not_waited_for(result: Path, capsys, no_runs, name: str):
    (result / name).unlink(missing_ok=True)
    os.mkfifo(result / name)
    assert "is neither a file nor a folder" in refused(capsys, *RUN, "--out", result)


def test_the_lock_that_links_to_a_victim_is_refused_in_a_new_folder_too(tmp_path: Path, capsys, no_runs):
    (tmp_path / "victim").write_text("precious", encoding="utf-8")
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / ".lock").symlink_to(tmp_path / "victim")
    line = refused(capsys, *RUN, "--out", tmp_path / "r")
    assert f"{tmp_path / 'r' / '.lock'}: is a link inside a result folder" in line
    assert (tmp_path / "victim").read_text(encoding="utf-8") == "precious"


def test_a_folder_reached_through_a_link_that_the_user_named_is_taken(tmp_path: Path):
    (tmp_path / "large-disk").mkdir()
    (tmp_path / "results").symlink_to(tmp_path / "large-disk")
    assert main([*RUN, "--out", str(tmp_path / "results")]) == 0
    assert (tmp_path / "large-disk" / "manifest.json").is_file()
    assert main([*RUN, "--out", str(tmp_path / "results" / "more")]) == 0


STRANGE = {
    "a file": ("file", "is not a folder"),
    "below a file": ("file/x", "is not a folder"),
    "a link to nothing": ("dangling", "is a link that leads nowhere"),
    "a device": ("/dev/null", "is not a folder"),
    "a long name": ("x" * 256, "too long"),
    "a long name of three-byte signs": ("盘" * 90, "too long"),
    "long below": ("a/" + "x" * 300 + "/b", "too long"),
    "a long path": ("/".join(["x" * 200] * 25), "too long"),
    "half a character": ("r\udc80", "cannot be written as text"),
    "a line break": ("r\nx", "written as text"),
    "nothing": ("", "is empty"),
}


@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize("strange", STRANGE)
def test_a_name_that_cannot_be_a_folder_is_one_line(
    finished: Path, tmp_path: Path, monkeypatch, capsys, no_runs, name: str, strange: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "dangling").symlink_to("nowhere")
    before = snapshot(tmp_path)
    command = filled(WRITING[name], finished)
    place, said = STRANGE[strange]
    assert said in refused(capsys, *command, "--out", place)
    assert snapshot(tmp_path) == before


def test_names_that_people_have_are_taken(tmp_path: Path):
    for name in ("结果 二", "with space", "全角\u3000空格", "no-break\xa0space", "x" * 200):
        assert main([*RUN, "--out", str(tmp_path / name)]) == 0
        assert json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))["name"] == name


def test_another_request_is_refused_in_words_and_nothing_is_touched(result: Path, finished: Path, capsys, no_runs):
    before = snapshot(result)
    changes = {
        "3 replicates there, 4 asked for": ("--replicates", "4"),
        "seed 1 there, 7 asked for": ("--seed", "7"),
        "no setting there, world.behaviour.revise=0.9 asked for": ("--set", "world.behaviour.revise=0.9"),
        "executor auto there, numpy asked for": ("--executor", "numpy"),
        "all kept there, summary asked for": ("--keep", "summary"),
    }
    for said, more in changes.items():
        line = refused(capsys, *RUN, *more, "--out", result)
        assert f"{result}: holds another request: {said}" in line
        assert line.endswith("choose another folder with --out, or replace the result whole with --force")
    line = refused(capsys, *COMPARE, "--out", result)
    assert "arms theory-shared-prize-small there, baseline, burn asked for" in line
    assert "comparison there, sweep asked for" in refused(capsys, *SWEEP, "--out", result)
    for name in ("targets", "measure", "attribute"):
        assert "holds another request: comparison there" in refused(capsys, *WRITING[name], "--out", result)
    assert "comparison of stored results asked for" in refused(
        capsys, "compare", result, finished, "--out", result, "--force"
    )
    assert snapshot(result) == before


def test_force_replaces_the_result_whole_and_leaves_what_the_user_put_there(result: Path):
    add_files(result, {"figures/importance.png": b"old", "report.html": b"old", "result.xlsx": b"old"})
    (result / "figures" / "mine.png").write_bytes(b"mine")
    (result / "notes.txt").write_bytes(b"mine")
    old = {path.name for path in (result / "parts").iterdir()}
    assert main([*OTHER, "--force", "--out", str(result)]) == 0
    told = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    assert told["replicates"]["used"] == 4
    assert sorted(path.name for path in (result / "figures").iterdir()) == ["mine.png"]
    assert (result / "notes.txt").read_bytes() == b"mine"
    assert not (result / "report.html").exists()
    assert not (result / "result.xlsx").exists()
    assert not old & {path.name for path in (result / "parts").iterdir()}


def test_the_same_request_goes_on_and_keeps_figures_and_exports_of_the_same_tables(result: Path):
    add_files(result, {"figures/output.svg": b"figure", "report.html": b"page", "csv/summary.csv": b"table"})
    before = snapshot(result)
    assert main([*RUN, "--out", str(result)]) == 0
    after = snapshot(result)
    assert {**after, "manifest.json": b""} == {**before, "manifest.json": b""}


def test_nothing_of_earlier_tables_survives_beside_newer_ones(result: Path):
    """As when a run that was interrupted is completed: the manifest changes, so figures, page and exports go."""
    add_files(
        result,
        {
            "figures/output.svg": b"figure",
            "report.html": b"page",
            "csv/summary.csv": b"table",
            "tables/gone.csv": b"table",
        },
    )
    manifest = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    (result / "manifest.json").write_text(json.dumps({**manifest, "warnings": ["half"]}), encoding="utf-8")
    assert main([*RUN, "--out", str(result)]) == 0
    assert not any((result / name).exists() for name in ("figures", "report.html", "csv", "tables/gone.csv"))
    listed = json.loads((result / "files.json").read_text(encoding="utf-8"))
    there = {path.relative_to(result).as_posix() for path in result.rglob("*") if path.is_file()}
    assert set(listed["files"]) == {name for name in there if not name.startswith("parts/")} - {"files.json"}
    assert listed["former"] == {}


@pytest.mark.parametrize("name", ["report.html", "figures/output.svg", "result.xlsx"])
def test_a_figure_page_or_export_that_somebody_worked_on_is_not_replaced(result: Path, capsys, no_runs, name: str):
    add_files(result, {name: b"of qipan"})
    (result / name).write_bytes(b"of qipan, with notes")
    before = snapshot(result)
    line = refused(capsys, *RUN, "--out", result)
    assert f"{result / name}: was changed since qipan wrote it and would be replaced" in line
    assert snapshot(result) == before


NO_REQUESTS = {
    "arms that are a number": {"kind": "comparison", "arms": 5},
    "arms that are not pairs": {"kind": "comparison", "arms": [[1], "ab"]},
    "settings that are a number": {"kind": "comparison", "arms": [["baseline", "x"]], "settings": 5},
    "a list": ["kind"],
    "a kind that is none": {"kind": {"a": []}},
    "names that look like formats": {"kind": "comparison", "{0}": "x", "}{": "y", "years": {"{0}": 1}},
    "a name of half a character": {"kind": "comparison", "\ud800{": "\ud800"},
}


@pytest.mark.parametrize("request_held", NO_REQUESTS)
def test_a_request_that_nobody_can_have_asked_for_is_refused_in_one_line(
    tmp_path: Path, capsys, no_runs, request_held: str
):
    told = {"format": "qipan files 1", "request": NO_REQUESTS[request_held], "files": {}, "former": {}}
    (tmp_path / "files.json").write_text(json.dumps(told), encoding="utf-8")
    before = snapshot(tmp_path)
    line = refused(capsys, *RUN, "--out", tmp_path)
    assert "holds another request" in line or "holds no result of qipan" in line
    assert snapshot(tmp_path) == before


def test_files_named_with_half_a_character_are_nobody_s(tmp_path: Path, capsys, no_runs):
    told = {"format": "qipan files 1", "request": {"kind": "x"}, "files": {"x\ud800": []}, "former": {}}
    (tmp_path / "files.json").write_text(json.dumps(told), encoding="utf-8")
    assert "holds no result of qipan" in refused(capsys, *RUN, "--force", "--out", tmp_path)


def test_an_interrupted_run_is_recognised_by_its_list_of_files(result: Path, capsys, finished: Path):
    (result / "manifest.json").unlink()
    assert "holds another request: 3 replicates there" in refused(capsys, *OTHER, "--out", result)
    assert main([*RUN, "--out", str(result)]) == 0
    kept = {name: content for name, content in snapshot(result).items() if name != "manifest.json"}
    assert kept == {name: content for name, content in snapshot(finished).items() if name != "manifest.json"}


def test_parts_alone_are_taken_up(result: Path, capsys):
    for path in result.iterdir():
        if path.name != "parts":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = snapshot(result)
    assert main([*RUN, "--out", str(result)]) == 0
    assert {name: content for name, content in snapshot(result).items() if name in before} == before


def test_a_result_without_its_list_of_files_is_read_but_not_replaced(result: Path, capsys, no_runs):
    (result / "files.json").unlink()
    before = snapshot(result)
    assert "holds a result that does not tell what it was asked for" in refused(capsys, *RUN, "--out", result)
    assert snapshot(result) == before
    assert main(["export", str(result), "--format", "iamc"]) == 0
    (result / "tables" / "summary.csv").write_bytes(b"mine")


def test_a_manifest_alone_that_was_changed_names_no_file_that_force_may_remove(result: Path, capsys, no_runs):
    """The owner's own file is put on the list of a manifest whose digest does not fit any more."""
    (result / "files.json").unlink()
    (result / "thesis.txt").write_bytes(b"mine")
    told = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    told["files"]["thesis.txt"] = "0" * 64
    (result / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    before = snapshot(result)
    assert "is not empty and holds no result of qipan" in refused(capsys, *OTHER, "--force", "--out", result)
    assert snapshot(result) == before


FORMATS = ("xlsx", "netcdf", "iamc", "csv", "parquet", "svg")


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_never_takes_the_place_of_a_file_of_the_user(result: Path, tmp_path: Path, capsys, form: str):
    user = folder_of_a_user(tmp_path / "user")
    of_files = form in ("csv", "parquet", "svg")
    if of_files:
        (user / "summary.csv").write_text("mine", encoding="utf-8")
        (user / "summary.parquet").write_text("mine", encoding="utf-8")
        (user / "output.svg").symlink_to("README.md")
    before = snapshot(user)
    targets = [user, user / "."] if of_files else [user / "README.md", user, user / "tables" / "summary.csv"]
    for target in targets:
        said = refused(capsys, "export", result, "--format", form, "--to", target)
        assert "is there already" in said or "is a folder" in said
        assert snapshot(user) == before


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_takes_no_place_of_the_result_itself(result: Path, capsys, form: str):
    before = snapshot(result)
    for target in (
        "tables/summary.csv",
        "tables",
        "manifest.json",
        "files.json",
        "parts",
        "parts/x",
        "means.npz",
        ".lock",
        ".lock/x",
        ".qipan-x.unfinished",
        "manifest.json/x",
        "files.json/x",
    ):
        said = refused(capsys, "export", result, "--format", form, "--force", "--to", result / target)
        assert "is a place of the result's own files" in said
        assert snapshot(result) == before


@pytest.mark.parametrize("name", ["figures", "csv", "parquet", "assumptions"])
def test_an_export_takes_no_name_of_a_sub_folder_of_the_result(result: Path, capsys, name: str):
    """Otherwise every later command would refuse the result."""
    before = snapshot(result)
    for form in ("xlsx", "iamc"):
        said = refused(capsys, "export", result, "--format", form, "--to", result / name)
        assert "is a place of the result's own files" in said
        assert snapshot(result) == before


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_replaces_no_link_pipe_or_device_whatever_is_asked_for(result: Path, tmp_path: Path, capsys, form):
    place = tmp_path / "place"
    place.mkdir()
    (place / "victim").write_text("mine", encoding="utf-8")
    os.symlink("victim", place / "link")
    os.mkfifo(place / "pipe")
    targets = [place / "link", place / "pipe"]
    if form in ("csv", "parquet", "svg"):
        written = {"csv": "summary.csv", "parquet": "summary.parquet", "svg": "output.svg"}[form]
        os.mkfifo(place / written)
        targets.append(place)
    before = snapshot(place)
    for target in targets:
        said = refused(capsys, "export", result, "--format", form, "--force", "--to", target)
        assert "is there already: a link, or no file" in said or "is not a folder" in said
        assert snapshot(place) == before
    assert "the name is empty" in refused(capsys, "export", result, "--format", form, "--to", "")


def test_a_folder_in_the_place_of_a_part_is_refused(result: Path, capsys, no_runs):
    (part,) = (result / "parts").glob("*.part")
    part.unlink()
    part.mkdir()
    (part / "mine").write_text("mine", encoding="utf-8")
    before = snapshot(result)
    said = refused(capsys, *RUN, "--out", result)
    assert said == f"{part}: is a folder where a file of the result is to be; move it elsewhere"
    assert snapshot(result) == before


def test_an_export_replaces_its_own_files_but_not_those_that_somebody_worked_on(result: Path, capsys):
    command = ("export", str(result), "--format", "iamc")
    assert main([*command]) == 0
    first = snapshot(result)
    assert main([*command]) == 0
    assert snapshot(result) == first
    (result / "result-iamc.csv").write_bytes(b"with notes")
    assert "was changed since qipan wrote it" in refused(capsys, *command)
    assert (result / "result-iamc.csv").read_bytes() == b"with notes"
    assert main([*command, "--force"]) == 0
    assert snapshot(result)["result-iamc.csv"] == first["result-iamc.csv"]
    (result / "csv").mkdir()
    (result / "csv" / "summary.csv").write_bytes(b"mine")
    said = refused(capsys, "export", result, "--format", "csv", "--force")
    assert "is no file that qipan wrote, but one is to be written there; move it elsewhere" in said
    assert snapshot(result / "csv") == {"summary.csv": b"mine"}


def test_an_export_outside_is_replaced_when_that_is_asked_for(result: Path, tmp_path: Path, capsys):
    target = tmp_path / "table.csv"
    command = ("export", result, "--format", "iamc", "--to", target)
    assert main([str(word) for word in command]) == 0
    written = target.read_bytes()
    assert f"{target}: is there already; give another name with --to, or replace it with --force" in refused(
        capsys, *command
    )
    target.write_bytes(b"mine")
    assert main([str(word) for word in (*command, "--force")]) == 0
    assert target.read_bytes() == written


def test_a_place_inside_the_result_that_the_user_names_is_listed_and_goes_with_the_tables(result: Path):
    assert main(["export", str(result), "--format", "csv", "--to", str(result / "for-the-minister")]) == 0
    assert (result / "for-the-minister" / "summary.csv").is_file()
    assert main([*OTHER, "--force", "--out", str(result)]) == 0
    assert not (result / "for-the-minister").exists()


def test_requests_have_names_of_their_own_and_none_replaces_another(tmp_path: Path, monkeypatch, capsys):
    """`make run`, then one with a levy and few replicates: two results."""
    monkeypatch.chdir(tmp_path)
    small = ("--set", "run.last_year=2023", "--no-reference", "--assumptions", "0", "--workers", "1", "--no-report")
    given = {
        "design-slow-against-baseline-last_year-2023-3x": (),
        "design-slow-against-baseline-last_year-2023-levy-0.1-3x": ("--set", "policy.coordination.levy=0.1"),
        "design-slow-against-baseline-last_year-2023-3x-seed-2": ("--seed", "2"),
        "design-slow-against-baseline-last_year-2023-4x": ("--replicates", "4"),
    }
    for more in given.values():
        assert main(["compare", "baseline", "design-slow", *small, "--replicates", "3", *more]) == 0
    assert {path.name for path in Path("results").iterdir()} == set(given)
    before = snapshot(tmp_path)
    capsys.readouterr()
    assert main(["compare", "baseline", "burn", "design-slow", *small, "--replicates", "3", "--seed", "2"]) == 0
    place = next(iter({path.name for path in Path("results").iterdir()} - set(given)))
    assert place.startswith("design-slow-against-baseline-last_year-2023-3x-seed-2-")
    told = capsys.readouterr().err
    assert "holds another request (arms baseline, design-slow there, baseline, burn, design-slow asked for)" in told
    assert f"this one goes to {Path('results') / place}" in told
    after = snapshot(tmp_path)
    assert {name: after[name] for name in before} == before


def test_a_scenario_that_was_edited_is_another_request(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for revise in (0.5, 0.6):
        text = f"title: mine\nextends: theory/game\nworld: {{behaviour: {{revise: {revise}}}}}\n"
        Path("mine.yaml").write_text(text, encoding="utf-8")
        assert main(["run", "mine.yaml", "--replicates", "3", "--workers", "1", "--no-report"]) == 0
    one, other = sorted(path.name for path in Path("results").iterdir())
    assert (one, other[: len(one) + 1]) == ("mine-3x", "mine-3x-")
    assert "other content of mine" in capsys.readouterr().err


def test_several_scenarios_in_one_folder_are_judged_before_the_first_is_run(tmp_path: Path, capsys, no_runs):
    (tmp_path / "r" / "shared-prize-small").mkdir(parents=True)
    (tmp_path / "r" / "shared-prize-small" / "mine").write_text("mine", encoding="utf-8")
    line = refused(capsys, "run", "theory/affine", "theory/shared-prize-small", *SMALL, "--out", tmp_path / "r")
    assert "is not empty and holds no result of qipan (there is mine)" in line
    line = refused(capsys, "run", "theory/affine", "./affine.yaml", *SMALL, "--out", tmp_path / "r")
    assert "theory/affine and ./affine.yaml would both go there" in line


def test_parts_that_changed_places_are_computed_anew_and_said(finished: Path, result: Path, tmp_path: Path, capsys):
    """Two arms, parts swapped: the sign of the answer would turn round."""
    command = [
        "compare",
        "theory/shared-prize-small",
        "theory/shared-prize-small-planner",
        "--replicates",
        "3",
        *SMALL,
        "--out",
        str(tmp_path / "c"),
    ]
    assert main(command) == 0
    before = snapshot(tmp_path / "c")
    one, other = sorted((tmp_path / "c" / "parts").iterdir())
    first, second = one.read_bytes(), other.read_bytes()
    for contents in ((second, first), (first[:-8], second), (first, second[:500] + b"?" + second[501:]), (b"", second)):
        one.write_bytes(contents[0])
        other.write_bytes(contents[1])
        capsys.readouterr()
        assert main(command) == 0
        (line,) = capsys.readouterr().err.splitlines()
        assert line.endswith("; computed anew")
        after = snapshot(tmp_path / "c")
        assert {**after, "manifest.json": b""} == {**before, "manifest.json": b""}


def test_a_manifest_that_was_edited_is_refused_by_whoever_reads_it(result: Path, finished: Path, capsys):
    manifest = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    edited = {**manifest, "seed": 2}
    (result / "manifest.json").write_text(json.dumps(edited), encoding="utf-8")
    for command in (("plot", result), ("export", result, "--format", "iamc"), ("compare", result, finished)):
        assert "is damaged" in refused(capsys, *command)


@pytest.mark.parametrize("name", ["tables/summary.parquet", "means.npz", "scenarios/theory-shared-prize-small.yaml"])
def test_a_file_that_does_not_fit_its_manifest_is_refused_by_whoever_reads_it(
    result: Path, finished: Path, capsys, name: str
):
    content = (result / name).read_bytes()
    (result / name).write_bytes(content[:40] + bytes([content[40] ^ 1]) + content[41:])
    before = snapshot(result)
    for command in (("plot", result), ("export", result, "--format", "iamc"), ("compare", result, finished)):
        assert f"{result / name}: is damaged or was changed" in refused(capsys, *command)
    assert snapshot(result) == before


def test_an_export_of_a_result_that_can_only_be_read_is_told_of_the_option_it_has(result: Path, capsys, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK | os.X_OK)
    told = refused(capsys, "export", result, "--format", "iamc")
    assert "--to" in told
    assert "--out" not in told
    assert "--out" not in refused(capsys, "plot", result)


class Full:
    """A file system with room for neither a byte nor a file."""

    def __init__(self, room: os.statvfs_result, files: int, blocks: int):
        self.room, self.f_favail, self.f_bavail, self.f_bfree = room, files, blocks, blocks

    def __getattr__(self, name: str) -> int:
        return getattr(self.room, name)


@pytest.mark.parametrize(("files", "blocks"), [(0, 10**9), (10**9, 0)], ids=["no more files", "no byte"])
def test_a_finished_result_asked_for_again_on_a_full_disk_is_shown(
    result: Path, capsys, no_runs, monkeypatch, files, blocks
):
    real, before = os.statvfs, snapshot(result)
    monkeypatch.setattr(os, "statvfs", lambda place: Full(real(place), files, blocks))
    capsys.readouterr()
    assert main([*(word for word in RUN if word != "--quiet"), "--out", str(result)]) == 0
    told = capsys.readouterr()
    assert f"{result} is as it was when it was finished" in told.err
    assert told.out.splitlines()[-1] == str(result)
    assert snapshot(result) == before
    refused(capsys, *OTHER, "--out", result, "--force")
    (result / "manifest.json").unlink()
    refused(capsys, *RUN, "--out", result)
