"""Sizes and words: modules of a readable length, every public name documented and annotated."""

import ast
from collections import Counter

from tests.architecture.source import ROOT, files, python_files, report, tree

MODULE_LINES = 400
LINE_LENGTH = 120
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
OURS = ("src", "model", "experiments", "pages")
FOLDER_FILES = 14
ROOMIER = {
    "model": (24, "the ground floor of the model"),
    "experiments/figures": (24, "one file a figure"),
}
"""Folders with more files, and why."""


def test_modules_are_short():
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in python_files(*OURS)}
    wrong = [f"{path}: {length} lines" for path, length in lengths.items() if length > MODULE_LINES]
    assert not wrong, report(wrong, f"a module has at most {MODULE_LINES} lines; find the right cut")


def test_folders_are_small():
    counts = Counter(path.parent.as_posix() for path in python_files(*OURS))
    wrong = [f"{folder}/: {n} files" for folder, n in counts.items() if n > ROOMIER.get(folder, (FOLDER_FILES,))[0]]
    assert not wrong, report(wrong, f"a folder has at most {FOLDER_FILES} files; find the concept that makes a room")


def test_lines_are_short():
    wrong = [
        f"{path}:{number}: {len(line)} characters"
        for path in python_files(*OURS, "tests", "data")
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LINE_LENGTH
    ]
    assert not wrong, report(wrong, f"a line has at most {LINE_LENGTH} characters")


def test_names_say_what_a_module_is_for():
    wrong = [str(path) for path in files() if path.suffix == ".py" and VAGUE & set(path.with_suffix("").parts)]
    assert not wrong, report(wrong, "no module is called utils, helpers, common or manager")


def public_nodes(path):
    """Public functions, classes and methods of a file."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (
                item for item in node.body if isinstance(item, ast.FunctionDef) and not item.name.startswith("_")
            )


def test_public_names_are_documented():
    wrong = [
        f"{path}:1: the module" for path in python_files(*OURS) if tree(path).body and not ast.get_docstring(tree(path))
    ]
    wrong += [
        f"{path}:{node.lineno}: {node.name}"
        for path in python_files(*OURS)
        for node in public_nodes(path)
        if not ast.get_docstring(node) and not any("override" in ast.unparse(mark) for mark in node.decorator_list)
    ]
    assert not wrong, report(wrong, "every public name has a docstring")


def test_public_functions_are_annotated():
    wrong = [
        f"{path}:{node.lineno}: {node.name}: {', '.join(missing)}"
        for path in python_files(*OURS)
        for node in public_nodes(path)
        if isinstance(node, ast.FunctionDef) and (missing := unannotated(node))
    ]
    assert not wrong, report(wrong, "every argument and result of a public function is annotated")


def unannotated(node):
    """Arguments without an annotation, and `return`."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    names = [each.arg for each in arguments if each is not None and each.annotation is None]
    measure = any("measure" in ast.unparse(mark) for mark in node.decorator_list)
    return [name for name in names if name not in {"self", "cls"}] + (
        ["return"] if node.returns is None and not measure else []
    )


def test_a_class_has_one_meaning():
    """Names like Plan and Market once meant two and three things; aliases of types count where a class has the name."""
    places: dict[str, list[str]] = {}
    classes = set[str]()
    for path in python_files(*OURS):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                classes.add(node.name)
                places.setdefault(node.name, []).append(str(path))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                places.setdefault(node.targets[0].id, []).append(str(path))
    wrong = [f"{name}: {', '.join(places[name])}" for name in sorted(classes) if len(places[name]) > 1]
    assert not wrong, report(wrong, "a class has a name of its own")
