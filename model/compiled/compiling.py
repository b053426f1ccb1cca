"""How functions are compiled: what is asked of the compiler, and the three ways in which a function becomes code."""

from collections.abc import Callable
from typing import Any, TypeVar

import llvmlite.binding as llvm
from numba import config, njit
from numba.core.codegen import get_host_cpu_features
from numba.core.compiler import Compiler

from qipan.model.compiled.cache import ELSEWHERE, caching

llvm.set_option("", "-runtime-memory-check-threshold=4000")
"""A loop over many arrays is vectorised all the same; the compiler checks once, before it, that none overlap."""

NO_GATHERS = "+prefer-no-gather"


def keep_from_gathers(settings: Any = config) -> None:
    """Numbers from scattered places are loaded one by one, whatever the instruction for it that this processor has:
    where its maker had to make that instruction safe, choices took twice as long with it. A processor without one, and
    features that the user names (NUMBA_CPU_FEATURES), are left alone.
    """
    features: str = get_host_cpu_features()  # type: ignore[no-untyped-call]
    if settings.CPU_FEATURES is None and "+avx2" in features.split(",") and llvm.llvm_version_info >= (17,):
        settings.CPU_FEATURES = f"{features},{NO_GATHERS}"


keep_from_gathers()


class Apart(Compiler):
    """A compiler that takes the arrays a function is given to lie apart, so that loops over them need no checks."""

    def __init__(self, *arguments: Any) -> None:
        Compiler.__init__(self, *arguments)  # type: ignore[no-untyped-call]
        self.state.flags.noalias = True


COMPILED: dict[str, Any] = {"error_model": "numpy", "_nrt": False, "pipeline_class": Apart, "fastmath": {"arcp"}}
"""Of all functions. Division by zero gives infinity instead of a check that would block vector instructions. Of
fast-math one liberty: what is divided by the same number throughout a loop is multiplied by its reciprocal. Compiled
code allocates nothing, so rows of arrays need no count of who holds them; such counts took half of the time."""

CALLED: dict[str, Any] = COMPILED | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Of functions that only compiled code calls."""

OPTIONS: dict[str, Any] = CALLED | {"forceinline": True}
"""Of functions that become part of the loop that calls them."""

Function = TypeVar("Function", bound=Callable[..., Any])


def inlined(function: Function) -> Function:
    """Compile a function that becomes part of the loop that calls it.

    Raises:
        ValueError: it stands where an edit would not be noticed (`cache.ELSEWHERE`).
    """
    place = function.__module__.split(".")
    if place[:2] == ["qipan", "model"] and {place[2], f"{place[2]}.py"} & ELSEWHERE:
        raise ValueError(f"{function.__module__}.{function.__name__} is compiled: take its module out of ELSEWHERE")
    compiled: Function = njit(**OPTIONS)(function)
    return compiled


def called(function: Function) -> Function:
    """Compile a function that only compiled code calls."""
    compiled: Function = njit(**CALLED)(function)
    return compiled


def entry(function: Function) -> Function:
    """Compile a function that Python calls; it is kept in the cache and lets other threads run."""
    options: dict[str, Any] = COMPILED | {"cache": True, "nogil": True, "no_cfunc_wrapper": True}
    with caching():
        compiled: Function = njit(**options)(function)
    return compiled
