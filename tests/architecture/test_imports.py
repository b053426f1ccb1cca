"""Imports point one way, randomness and files have one door each, and `from qipan import model` is light and silent."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.source import (
    ROOT,
    imported_modules,
    imports,
    module_name,
    module_names,
    python_files,
    report,
    tree,
)

LAYERS = (
    ("axes", "errors", "netcdf", "notices"),
    ("extend",),
    ("element", "parameters"),
    ("kernels", "draws"),
    ("region", "projects", "payoffs"),
    ("nation", "measures", "theory"),
    ("scenario",),
    ("world", "state"),
    ("coordination",),
    ("funding", "nature", "fields"),
    ("behaviour", "start", "executor"),
    ("ground",),
    ("case",),
    ("moment",),
    ("phases",),
    ("step",),
    ("history",),
    ("ensemble",),
    ("agents", "compiled", "exploring"),
)
LATER = {"compiled"}
"""Modules that have a place before they exist."""
ROOMS = (
    "words",
    "statistics",
    "store",
    "console",
    "summaries",
    "runs",
    "designs",
    "results",
    "findings",
    "brief",
    "figures",
    "report",
    "value",
    "evidence",
    "studies",
    "examine",
    "exchange",
    "commands",
    "begin",
    "command_line",
)
FLOORS = 10
"""Rooms of experiments one above another."""
ROUND = {("qipan.experiments.begin", "qipan.experiments.command_line")}
"""The entry point, which hears Ctrl-C first and then hands over."""

FILE_READERS = (
    "qipan.model.notices",
    "qipan.model.scenario",
    "qipan.model.world",
    "qipan.model.history",
    "qipan.model.compiled",
    "qipan.model.extend.plugins",
)
FILE_CALLS = {
    "open",
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "mkdir",
    "unlink",
    "touch",
    "rename",
    "load",
    "save",
    "savez",
    "savez_compressed",
    "loadtxt",
    "savetxt",
    "fromfile",
    "tofile",
    "read_csv",
    "read_parquet",
    "to_parquet",
    "to_csv",
    "write_table",
    "read_table",
}
FILE_OWNERS = {"np", "numpy", "pd", "pandas", "Path", "os", "pq", "io", "gzip"}
HEAVY = ("pandas", "scipy.stats", "xarray", "mesa", "matplotlib", "numba", "pyarrow", "networkx", "rich", "jinja2")


def layer(module: str) -> int | None:
    """The layer of qipan.model.x or qipan.model.x.y; None where architecture gives no place."""
    part = [*module.split("."), "", ""][2]
    return next((height for height, names in enumerate(LAYERS) if part in names), None)


def test_model_imports_neither_experiments_nor_a_plotting_library():
    wrong = [
        f"{path}:{line}: imports {name}"
        for path in python_files("model")
        for line, name in imports(path)
        if name.startswith("qipan.experiments")
        or name.split(".")[0] in {"tests", "matplotlib", "click", "rich", "jinja2"}
    ]
    assert not wrong, report(wrong, "model/ knows nothing of experiments, figures or the command line")


def test_imports_inside_model_point_down():
    wrong = []
    for path in python_files("model"):
        height = layer(module_name(path))
        for line, name in imported_modules(path):
            below = layer(name)
            if height is not None and below is not None and below > height:
                wrong.append(f"{path}:{line}: imports {name}, which stands above it")
    order = " <- ".join(", ".join(names) for names in LAYERS)
    assert not wrong, report(wrong, f"imports point one way: {order}")


def room(module: str) -> int | None:
    """The place of qipan.experiments.x or qipan.experiments.x.y among the rooms."""
    parts = module.split(".")
    return ROOMS.index(parts[2]) if parts[:2] == ["qipan", "experiments"] and len(parts) > 2 else None


def test_imports_inside_experiments_point_down():
    wrong = [
        f"{path}:{line}: imports {name}, which stands above it"
        for path in python_files("experiments")
        for line, name in imported_modules(path)
        if (own := room(module_name(path))) is not None
        and (other := room(name)) is not None
        and other > own
        and (module_name(path), name) not in ROUND
    ]
    assert not wrong, report(wrong, f"imports point one way: {' <- '.join(ROOMS)}")


def test_the_rooms_of_experiments_stand_on_few_floors():
    """A room stands one floor above the highest that it imports anywhere in its files; begin and command_line are the
    door, not rooms.
    """
    below: dict[str, set[str]] = {name: set() for name in ROOMS if name not in ("begin", "command_line")}
    for path in python_files("experiments"):
        own = module_name(path).split(".")[2:3]
        if own and own[0] in below:
            others = {name.split(".")[2] for _, name in imported_modules(path) if room(name) is not None}
            below[own[0]] |= (others & below.keys()) - {own[0]}
    floor: dict[str, int] = {}
    while ready := [name for name in below if name not in floor and below[name] <= floor.keys()]:
        floor |= {name: 1 + max((floor[other] for other in below[name]), default=0) for name in ready}
    assert floor.keys() == below.keys() and max(floor.values()) <= FLOORS, floor


def test_every_room_of_experiments_has_its_place():
    present = {name.split(".")[2] for name in module_names() if name.startswith("qipan.experiments.")}
    assert sorted(present) == sorted(ROOMS), "a new room of experiments/ is given its place in this file"


def test_modules_do_not_import_each_other_in_a_circle():
    below = {module_name(path): set() for path in python_files("model", "experiments")}
    for path in python_files("model", "experiments"):
        own = module_name(path)
        packages = {own.rsplit(".", depth)[0] for depth in range(own.count(".") + 1)}
        below[own] |= {name for _, name in top_level_imports(path)} - packages
    settled: set[str] = set()
    while ready := {name for name, needs in below.items() if name not in settled and needs <= settled}:
        settled |= ready
    circle = sorted(f"{name} needs {', '.join(sorted(below[name] - settled))}" for name in below.keys() - settled)
    assert not circle, report(circle, "no module imports itself through others")


def top_level_imports(path):
    """Imports that run when the module is imported."""
    lines = {node.lineno for node in tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)}
    return [(line, name) for line, name in imported_modules(path) if line in lines]


def test_only_the_agents_view_imports_mesa():
    wrong = [
        f"{path}:{line}: imports {name}"
        for path in python_files("model", "experiments")
        for line, name in imports(path)
        if name.split(".")[0] == "mesa" and module_name(path) != "qipan.model.agents"
    ]
    assert not wrong, report(wrong, "model/agents.py is the only importer of mesa")


def test_random_numbers_come_from_draws_only():
    wrong = []
    for path in python_files("model", "experiments", "tests", "data"):
        for line, name in imports(path):
            if name.split(".")[0] in {"random", "secrets"} or name.startswith("numpy.random"):
                wrong.append(f"{path}:{line}: imports {name}")
        if (
            module_name(path) != "qipan.model.agents" and path.parts[0] != "tests"
        ):  # a Generator may be given to PolicyModel
            wrong += [f"{path}:{line}: uses numpy.random" for line in uses_of_numpy_random(path)]
    assert not wrong, report(wrong, "every random number has an address: use model/draws.py")


def uses_of_numpy_random(path):
    """Lines with np.random or numpy.random."""
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"np.random", "numpy.random"}
    ]


def test_only_loaders_and_history_touch_files():
    wrong = []
    for path in python_files("model"):
        if module_name(path).startswith(FILE_READERS):
            continue
        wrong += [f"{path}:{line}: {call}" for line, call in file_calls(path)]
    assert not wrong, report(wrong, "in model/ only scenario, world and history touch files")


def file_calls(path):
    """Line and text of calls that read or write files."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            yield node.lineno, "open(...)"
        elif isinstance(node.func, ast.Attribute) and node.func.attr in FILE_CALLS:
            owner = ast.unparse(node.func.value)
            if owner.split(".")[0].split("(")[0] in FILE_OWNERS or node.func.attr.endswith(("_text", "_bytes")):
                yield node.lineno, f"{owner}.{node.func.attr}(...)"


@pytest.mark.parametrize("module", ["qipan", "qipan.experiments.command_line"])
def test_importing_is_light_and_silent(module):
    program = f"import sys, {module}; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    assert done.stdout == "[]\n", f"import {module} loads {done.stdout} or prints; import these inside functions"


def test_every_module_has_its_place_in_the_layers():
    placed = {f"qipan.model.{name}" for names in LAYERS for name in names}
    present = {name for name in module_names() if name.startswith("qipan.model.") and name.count(".") == 2}
    unplaced, absent = sorted(present - placed), sorted(placed - present - {f"qipan.model.{name}" for name in LATER})
    assert not unplaced, report(unplaced, "a new module of model/ is given a layer in this file")
    assert not absent, report(absent, "a module named in the layers is absent")
