"""The source of this repository as the architecture tests see it: files, syntax trees, imports."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "build", "dist", "wheelhouse", "__pycache__", "node_modules"}
CACHES = {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the repository, relative to its root."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        mine = folder == str(ROOT)  # a user's results lie at the top; experiments/results is a room
        folders[:] = sorted(
            name for name in folders if name not in NOT_OURS | CACHES | ({"results"} if mine else set())
        )
        found += [Path(folder, name).relative_to(ROOT) for name in sorted(names) if name not in NOT_OURS]
    return tuple(found)


def python_files(*folders: str) -> list[Path]:
    """Python files below these folders."""
    return [path for path in files() if path.suffix == ".py" and path.parts[0] in folders]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    """model/funding/base.py -> model.funding.base; a package is named by its folder."""
    parts = path.with_suffix("").parts
    parts = ("qipan", *parts) if parts[0] in ("model", "experiments") else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def module_names() -> frozenset[str]:
    """Modules and packages of model and experiments."""
    return frozenset(module_name(path) for path in python_files("model", "experiments"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports, wherever in the file, except for type checking only."""
    for node in runtime_nodes(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = from_base(path, node)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def from_base(path: Path, node: ast.ImportFrom) -> str:
    """The package a `from` import starts at; a relative one is resolved."""
    package = module_name(path).split(".")
    package = package if path.name == "__init__.py" else package[:-1]
    above = package[: len(package) - node.level + 1] if node.level else []
    return ".".join(above + ([node.module] if node.module else []))


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but the bodies of `if TYPE_CHECKING:`."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return
    for child in ast.iter_child_nodes(node):
        yield from runtime_nodes(child)


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of the modules of model and experiments a file imports."""
    for line, name in imports(path):
        while name and name not in module_names():
            name = name.rpartition(".")[0]
        if name:
            yield line, name


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Functions and methods of a file, nested ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def report(violations: list[str], rule: str) -> str:
    """The message of a failed test: the rule, then one line a violation."""
    return "\n".join([f"{len(violations)} broken: {rule}", *violations])
