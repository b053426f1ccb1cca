"""A result for referees: tables, scenarios, data, versions, plug-ins, licence, citation, and the commands that make the
tables again, as a folder or a zip file that describes itself (`crate`). The same result gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import os
import shlex
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.exchange.crate import METADATA, crate
from qipan.experiments.results.own_data import DATA, stored_scenario
from qipan.experiments.store.disk import disk
from qipan.experiments.store.folder import judge_target, within
from qipan.experiments.store.ownership import MANIFEST, SCENARIOS, beside, from_journal, from_manifest
from qipan.experiments.store.parts import json_bytes, made_folder, store_error, write_atomic
from qipan.experiments.words.labels import Topic
from qipan.model.errors import Problem, StoreError

if TYPE_CHECKING:
    from qipan.experiments.results.stored import Stored

RESULT = "result"
EXPERIMENT = "experiment"
PLUGINS = "plug-ins"
WEIGHTS = "weights"
AUTHORS = "the qipan authors"
AGAIN = "run the same command again with this folder as --out"
ELSEWHERE = "give another with --to"
PLUGIN = "plug-in "
"""How versions call a plug-in, before its name."""
ASKED = {
    "attribution": ("attribute", ""),
    "worth": ("worth", "as_it_is"),
    "best": ("best", "design"),
}
"""Command of a study and the arm that is its scenario as it was asked about; an attribution: the one of all levers."""
BUNDLED = ("comparison", "sweep", *ASKED)
"""Kinds of results whose whole command can be printed from what is stored."""
HINT = "a folder of run, compare, sweep, attribute, worth or best"

phrase = Topic("bundle")


def bundle_result(folder: Path, target: Path | None = None, language: str = "en") -> Path:
    """Write the bundle of a stored comparison or other study; return its path.

    Args:
        folder: The result.
        target: A folder that is not there yet, or a file that ends in .zip; default beside the result.
        language: "en" or "zh", of its README.

    Raises:
        StoreError: not a result, a changed one, data or plug-ins that it was made with are not here, or something is at
            the target.
    """
    from qipan.experiments.results.stored import opened

    stored = opened(folder)
    if stored.kind not in BUNDLED:
        raise store_error(folder, f"is a study of {stored.kind}, which has no bundle", f"give {HINT}")
    path = _usual(folder) if target is None else target
    zipped = path.suffix.lower() == ".zip"
    if os.path.lexists(path):
        raise store_error(path, "is there already, and nothing is replaced", ELSEWHERE)
    if within(path, folder) is not None:
        raise store_error(path, "is inside the result that is bundled", ELSEWHERE)
    judge_target(path, False, of_files=not zipped)
    files = contents(stored, language)
    if zipped:
        write_atomic(path, _zip(files, path.stem))
        return path
    with beside(path, False) as place:
        for name, content in files.items():
            made_folder((place / name).parent)
            disk().write(place / name, content)
    return path


def _usual(folder: Path) -> Path:
    place = folder if folder.name not in ("", "..") else folder.resolve()
    return place.with_name(f"{place.name}-bundle")


def contents(stored: Stored, language: str) -> dict[str, bytes]:
    """Every file of a bundle by name, in order, its description last.

    Raises:
        StoreError: what of the result, its data or its plug-ins is missing or was changed; all at once.
    """
    try:
        return _contents(stored, language)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise store_error(
            stored.folder / MANIFEST, "is not the manifest of a qipan result, or is damaged", AGAIN
        ) from error


def _contents(stored: Stored, language: str) -> dict[str, bytes]:
    manifest, problems = stored.manifest, list[Problem]()
    result = dict(_result_files(stored, problems))
    tables = dict(_tables(manifest, result, problems))
    plugins = dict(_plugins(manifest, problems))
    if problems:
        raise StoreError(problems)
    experiment = _experiment(stored, result) if stored.kind == "sweep" else {}
    again = _commands(stored, list(plugins))
    files = {
        **result,
        **tables,
        **plugins,
        **experiment,
        **_weights(manifest),
        **{name: _of_qipan(name) for name in ("LICENSE", "CITATION.cff")},
        "requirements.txt": _requirements(manifest["versions"]),
        "again.sh": ("\n".join(again) + "\n").encode(),
        "README.md": _readme(manifest, again, bool(tables), bool(plugins), language).encode(),
    }
    files = dict(sorted(files.items()))
    about = {
        "name": phrase("title", language, name=manifest["name"]),
        "description": phrase("description", language, name=manifest["name"]),
        "run": phrase("run", language),
    }
    return {**files, METADATA: json_bytes(crate(about, files, manifest, AUTHORS))}


def _of_qipan(name: str) -> bytes:
    """Licence or citation of qipan: beside the packages of a checkout, or with the metadata of an installation."""
    from importlib.metadata import distribution

    from qipan.model.world import shipped_folder

    beside_data = shipped_folder().parent / name
    if beside_data.is_file():
        return beside_data.read_bytes()
    return (distribution("qipan").read_text(f"licenses/{name}") or "").encode()


def _result_files(stored: Stored, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """Every file that qipan wrote in a result, parts left out; one that was changed is a problem."""
    held = from_manifest(stored.folder)
    if held is None:  # names that lead out of the folder among the reasons
        raise ValueError(MANIFEST)
    vouched = {name: digests for name, digests in held.files.items() if name != MANIFEST}
    journal = from_journal(stored.folder)
    others = {} if journal is None else {name: told for name, told in journal.files.items() if name not in vouched}
    for name, digests in sorted({**others, **vouched, MANIFEST: []}.items()):
        path = stored.folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            if name in vouched:
                problems.append(Problem(str(path), "", f"cannot be read: {error.strerror or error}", AGAIN))
            continue
        if digests and _digest(content) not in digests:
            problems.append(Problem(str(path), "", "was changed since qipan wrote it", AGAIN))
        yield f"{RESULT}/{name}", content


def _tables(
    manifest: Mapping[str, Any], result: Mapping[str, bytes], problems: list[Problem]
) -> Iterator[tuple[str, bytes]]:
    """The shipped tables that were read; own ones lie in the result."""
    from qipan.model.world import shipped_folder

    for name, digest in manifest["data"].items():
        if Path(name).name != name:
            raise ValueError(name)
        if _digest(result.get(f"{RESULT}/{DATA}/{name}", b"")) == digest:
            continue
        path = shipped_folder() / name
        content = path.read_bytes() if path.is_file() else b""
        if _digest(content) != digest:
            message = "is not the table that the result was made from"
            problems.append(Problem(str(path), "", message, "take the version of qipan that made it, or run it again"))
        yield f"{DATA}/{name}", content


def _plugins(manifest: Mapping[str, Any], problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """The sources of the plug-ins that the result was made with, found among those that are loaded."""
    from qipan.model.extend.plugins import loaded_plugins, source_files

    here = {plugin.name: plugin for plugin in loaded_plugins()}
    for told, digest in manifest["versions"].items():
        name = told.removeprefix(PLUGIN)
        if name == told:
            continue
        plugin = here.get(name)
        if plugin is None or not plugin.file or plugin.digest != digest:
            message = "is not loaded" if plugin is None else "is not the one that the result was made with"
            problems.append(Problem("command line", "--plugin", f"the plug-in {name} {message}", "name its file"))
            continue
        for place, source in source_files(name).items():
            yield f"{PLUGINS}/{place}", source.read_bytes()


def _experiment(stored: Stored, result: Mapping[str, bytes]) -> dict[str, bytes]:
    """The file of a sweep, and its arms as they were at the first point; where the result has no file of one, the name
    is that of a scenario of qipan.
    """
    asked, files = stored.manifest["arguments"]["sweep"], dict[str, bytes]()
    arms = []
    for arm in asked["arms"]:
        name = f"{SCENARIOS}/p00000-{Path(arm).stem}.yaml"
        if "/" in arm.removesuffix(".yaml") and f"{RESULT}/{name}" not in result:
            arms.append(arm)
            continue
        own = any(each.startswith(f"{RESULT}/{DATA}/") for each in result)
        if f"{RESULT}/{name}" in result:
            scenario = stored_scenario(stored.folder / name)
            files[f"{EXPERIMENT}/{Path(arm).stem}.yaml"] = scenario.to_yaml(
                f"../{RESULT}/{DATA}" if own else ""
            ).encode()
            arm = f"{EXPERIMENT}/{Path(arm).stem}.yaml"
        arms.append(arm)
    text = json_bytes({**asked, "arms": arms})  # JSON is YAML
    return {f"{EXPERIMENT}/experiment.yaml": text, **files}


def _commands(stored: Stored, plugins: Sequence[str]) -> list[str]:
    """The lines that make the tables again, in the folder of the bundle."""
    manifest = stored.manifest
    words = ["qipan", *(word for plugin in plugins for word in ("--plugin", plugin))]
    if stored.kind == "sweep":
        words += ["sweep", f"{EXPERIMENT}/experiment.yaml"]
    else:
        words += _comparison(stored) if stored.kind == "comparison" else _study(manifest)
        words += ["--replicates", str(manifest["replicates"]["used"]), "--seed", str(manifest["seed"])]
    words += ["--executor", manifest["executor"]["name"], "--no-report", "--out", "again"]
    install = "python -m pip install -r requirements.txt"
    return [install, shlex.join(words), f"diff -r {RESULT}/tables again/tables"]


def _comparison(stored: Stored) -> list[str]:
    manifest = stored.manifest
    arms = [arm for arm in manifest["arms"] if arm["role"] in ("baseline", "policy")] or manifest["arms"]
    names = [f"{RESULT}/{SCENARIOS}/{arm['name']}.yaml" for arm in arms]
    keep = ["--keep", manifest["keep"]]
    if len(manifest["arms"]) == 1:
        return ["run", *names, *keep]
    journal = from_journal(stored.folder)
    trials = 0 if journal is None else int(journal.request.get("assumptions") or 0)
    references = "--with-reference" if len(arms) < len(manifest["arms"]) else "--no-reference"
    headline = ["--headline", manifest["headline"]] if len(arms) > 2 else []
    weights = [word for name in _weights(manifest) or _built_in(manifest) for word in ("--weights", name)]
    return ["compare", *names, references, *headline, *weights, "--assumptions", str(trials), *keep]


def _built_in(manifest: Mapping[str, Any]) -> list[str]:
    return [manifest["weights"]["name"]] if "weights" in manifest else []


def _weights(manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """A reader's own weights of regions as a file; none where they are a built-in choice, or none were given."""
    from qipan.model.world.reading.weights import BUILT_IN

    told = manifest.get("weights")
    if told is None or told["name"] in BUILT_IN:
        return {}
    lines = ["region,weight", *(f"{code},{weight!r}" for code, weight in told["regions"].items())]
    return {f"{WEIGHTS}/{Path(told['name']).stem}.csv": ("\n".join(lines) + "\n").encode()}


def _study(manifest: Mapping[str, Any]) -> list[str]:
    command, arm = ASKED[manifest["kind"]]
    arm = arm or max(manifest["scenarios"], key=lambda name: name.count("+"))
    half = ["--fraction", "1/2"] if manifest["arguments"].get("half") else []
    return [command, f"{RESULT}/{SCENARIOS}/{arm}.yaml", *half]


def _requirements(versions: Mapping[str, str]) -> bytes:
    """The packages that numbers may depend on, as pip reads them."""
    left_out = ("qipan", "python", "machine")
    named = {name: version for name, version in versions.items() if name not in left_out and version != "absent"}
    lines = [f"{name}=={version}" for name, version in named.items() if not name.startswith(PLUGIN)]
    return ("\n".join(lines) + "\n").encode()


def _readme(manifest: Mapping[str, Any], again: Sequence[str], data: bool, plugins: bool, language: str) -> str:
    versions, own = manifest["versions"], manifest["world"].get("own")
    there = {"result": True, "own": bool(own), "data": data, "plugins": plugins, "others": True}
    named = {
        "python": versions["python"],
        "version": versions["qipan"],
        "machine": versions["machine"],
        "model": manifest["model"],
        "own": own[language] if own else "",
    }
    lines = [f"- {phrase(key, language, **named)}" for key, here in there.items() if here]
    paragraphs = [
        f"# {phrase('title', language, name=manifest['name'])}",
        phrase("description", language, name=manifest["name"]),
        f"## {phrase('holds', language)}",
        "\n".join(lines),
        f"## {phrase('again', language)}",
        phrase("install", language, **named),
        "\n".join(["```sh", *again, "```"]),
        phrase("compare", language, **named),
        phrase("unequal", language),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _zip(files: Mapping[str, bytes], root: str) -> bytes:
    """A zip file of one folder, without the time of day."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{root}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return whole.getvalue()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
