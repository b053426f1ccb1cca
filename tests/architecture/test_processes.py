"""No process is a copy of another, and no thread is left to itself: both have hung commands for ever."""

import ast

from tests.architecture.source import python_files, report, tree

FORKS = {"fork", "forkpty"}
METHODS = {"fork", "forkserver"}


def forks(module: ast.Module):
    """Lines that copy a process, or ask for pools that would."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in FORKS and ast.unparse(node.value) in {"os", "pty"}:
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.ImportFrom) and node.module in {"os", "pty"}:
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in FORKS)
        if isinstance(node, ast.Call) and called(node) in {"Pool", "Process"}:
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Call) and called(node) in {"get_context", "set_start_method"}:
            yield from ((node.lineno, ast.unparse(node)) for each in node.args if constant(each) != "spawn")
        if isinstance(node, ast.Call) and called(node) == "ProcessPoolExecutor" and "spawn" not in ast.unparse(node):
            yield node.lineno, ast.unparse(node)


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def constant(node: ast.AST):
    """The value of a constant."""
    return node.value if isinstance(node, ast.Constant) else None


def loose_threads(module: ast.Module):
    """Lines that make a thread by hand (a pool joins its own), or one that nobody waits for."""
    for node in ast.walk(module):
        if isinstance(node, ast.keyword) and node.arg == "daemon":
            yield node.value.lineno, "daemon"
        if isinstance(node, ast.Attribute) and node.attr == "daemon":
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Call) and called(node) in {"Thread", "Timer", "start_new_thread"}:
            yield node.lineno, ast.unparse(node)


def test_no_process_is_forked():
    folders = ("model", "experiments", "tests", "bench", "data")
    wrong = [f"{path}:{line}: {text}" for path in python_files(*folders) for line, text in forks(tree(path))]
    assert not wrong, report(wrong, "processes are started anew: spawn, or subprocess")


def test_no_thread_is_left_to_itself():
    wrong = [
        f"{path}:{line}: {text}"
        for path in python_files("model", "experiments")
        for line, text in loose_threads(tree(path))
    ]
    assert not wrong, report(wrong, "threads belong to a pool that waits for them")


def test_both_are_found_where_they_are():
    text = "import os\nos.fork()\nget_context('forkserver')\nProcessPoolExecutor(2)\nThread(target=f, daemon=True)\n"
    module = ast.parse(text)
    assert sorted(line for line, _ in forks(module)) == [2, 3, 4]
    assert {line for line, _ in loose_threads(module)} == {5}
