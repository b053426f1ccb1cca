"""The notebooks of docs/tutorials, executed: python -m pages.notebooks, or make notebooks.

Cells run in order in one namespace, in an empty folder; what they print, what their last line is, and figures as SVG
are stored with them. No kernel is needed, and the same cells give the same file.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "tutorials"


def code_cells(path: Path, replicates: int | None = None) -> list[str]:
    """The code of a notebook, with fewer replicates where that is asked for."""
    cells = ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    if replicates is None:
        return cells
    return ["\n".join(_few(line, replicates) for line in cell.splitlines()) for cell in cells]


def _few(line: str, replicates: int) -> str:
    return f"REPLICATES = {replicates}" if line.startswith("REPLICATES = ") else line


def read(path: Path) -> dict[str, Any]:
    """A notebook as it is stored."""
    book: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return book


def execute(cells: list[str], name: str) -> Iterator[list[dict[str, Any]]]:
    """Run cells in order in a module of their own; yields the outputs of each."""
    module = types.ModuleType(name)
    sys.modules[name] = module  # where a class of theirs is looked for
    try:
        for number, cell in enumerate(cells):
            yield _outputs(cell, module.__dict__, f"{name}, cell {number + 1}")
    finally:
        del sys.modules[name]


def _outputs(cell: str, names: dict[str, Any], place: str) -> list[dict[str, Any]]:
    tree = ast.parse(cell, place)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        exec(compile(tree, place, "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), place, "eval"), names)
    found: list[dict[str, Any]] = []
    if text := printed.getvalue():
        found.append({"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)})
    if value is not None:
        found.append({"data": _shown(value), "metadata": {}, "output_type": "display_data"})
    return found


def _shown(value: object) -> dict[str, list[str]]:
    from matplotlib.figure import Figure

    if not isinstance(value, Figure):
        return {"text/plain": repr(value).splitlines(keepends=True)}
    import matplotlib

    drawn = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "qipan", "svg.fonttype": "none"}):
        value.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    text = drawn.getvalue()
    return {"image/svg+xml": text[text.index("<svg") :].splitlines(keepends=True), "text/plain": ["a figure"]}


def store(path: Path) -> None:
    """Execute a notebook and store it with what it put out."""
    import matplotlib

    matplotlib.use("agg")
    book, here = read(path), os.getcwd()
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        try:
            outputs = list(execute(code_cells(path), path.stem.replace("-", "_")))
        finally:
            os.chdir(here)
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    for number, (cell, put_out) in enumerate(zip(cells, outputs, strict=True), 1):
        cell["execution_count"], cell["outputs"] = number, put_out
    path.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Each notebook in a process of its own, since what a cell adds to the model stays there."""
    if arguments:
        store(FOLDER / arguments[0])
        return
    for path in sorted(FOLDER.glob("*.ipynb")):
        print(path.name, flush=True)
        subprocess.run([sys.executable, "-m", "pages.notebooks", path.name], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
