"""One measurement, in a process of its own: `python -m bench.measure subject world replicates repetition`."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

BEGUN = time.perf_counter()

import numpy as np  # noqa: E402

from qipan import load_scenario, load_world, run  # noqa: E402

WORLDS = {"provinces": "baseline", "cities": "cities-293", "counties": "baseline"}
SUMMARY = ("output", "layout", "money", "returned", "lost", "payoff")
"""Fields recorded in large runs: those that summaries are made of."""
UNMEASURED = 2**31
"""A replicate that only the first call runs: what a process keeps of it serves no measured one."""
NOTES = {
    "mesa": "3 years, Mesa's own generator",
    "view": "3 years",
    "numpy": "",
    "compiled": "",
    "jax": "jax.random, one core; first: its compiler",
    "floor": "",
}


def scenario_of(world: str) -> Any:
    """The scenario measured."""
    scenario = load_scenario(WORLDS[world])
    if world != "counties":
        return scenario
    return scenario.replace(**{"world.data": "synthetic", "world.regions": 2843, "world.sector_count": 6})


def shortened(scenario: Any, years: int) -> Any:
    """The first years of a scenario."""
    return scenario.replace(**{"run.last_year": scenario.run.first_year + years - 1})


def mesa_run(scenario: Any, replicates: range) -> None:
    """The independent implementation, on Mesa's own generator."""
    from bench.mesa_peer import Peer

    world, run_ = load_world(scenario.world), scenario.run
    for replicate in replicates:
        peer = Peer(scenario, world, rng=replicate)
        for _ in range(run_.first_year, run_.last_year + 1):
            peer.step()


def view_run(scenario: Any, replicates: range) -> None:
    """Our Mesa view."""
    from qipan import PolicyModel

    for replicate in replicates:
        model = PolicyModel(scenario, replicate=replicate)
        for _ in range(scenario.run.first_year, scenario.run.last_year + 1):
            model.step()


def floor_run(scenario: Any, replicates: range) -> int:
    """Only the uniforms that a year uses, compiled; gives the number of words used."""
    from qipan.model.axes import MOST_TOGETHER
    from qipan.model.compiled.memory import given_back
    from qipan.model.draws import Stream
    from qipan.model.executor import executor_named

    executor, world, used = executor_named("compiled"), load_world(scenario.world), 0
    from qipan.model.compiled.arithmetic.drawing import DrawnUniforms
    from qipan.model.compiled.lanes import Lanes

    for start in range(replicates.start, replicates.stop, MOST_TOGETHER):
        block = np.arange(start, min(start + MOST_TOGETHER, replicates.stop))
        lanes = Lanes(block.size)
        draws = executor.draws(scenario.run.seed, block, world.region_ids, world.sector_ids)
        drawn = DrawnUniforms(draws, lanes)
        for year in range(scenario.run.first_year, scenario.run.last_year + 1):
            for stream in (Stream.CHOICE, Stream.ADOPTION, Stream.RESULT_COMMON):  # and the others of their groups
                drawn.uniform(stream, year)
            used += block.size * (3 * world.data_fit.size + 2 * world.region_ids.size + 3 * world.sector_ids.size)
            if (year - scenario.run.first_year) % scenario.policy.coordination.period == 0:
                used += draws.uniform(Stream.PLANNER_SIGNAL, year=year, over="k").size
        given_back(lanes.rooms)
    return used


def executor_run(name: str) -> Callable[[Any, range], None]:
    """A run by one executor, in pieces of 1,024 replicates as a comparison takes them."""

    def go(scenario: Any, replicates: range) -> None:
        for start in range(replicates.start, replicates.stop, 1024):
            piece = range(start, min(start + 1024, replicates.stop))
            run(scenario, replicates=piece, fields=SUMMARY, executor=name)  # type: ignore[arg-type]

    return go


class JaxRun:
    """The independent implementation in JAX, on `jax.random`; its code is compiled for a number of replicates."""

    def prepare(self, scenario: Any, count: int) -> None:
        """Import JAX, compile for this number of replicates, or as many as are carried out at once, and run once.

        On one core, as the other subjects are: the seconds of several threads, and of their waiting, would be added up.
        """
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        from bench.jax_peer import compiled, piece_of

        world = load_world(scenario.world)
        self.piece = min(count, piece_of(world))
        self.code = compiled(scenario, world, self.piece)
        self.code(np.arange(self.piece))

    def __call__(self, scenario: Any, replicates: range) -> None:
        """All replicates, in whole pieces: a shorter last one would be compiled anew."""
        for start in range(replicates.start, replicates.stop, self.piece):
            self.code(np.arange(start, start + self.piece))


RUNS: dict[str, Callable[[Any, range], Any]] = {
    "mesa": mesa_run,
    "view": view_run,
    "numpy": executor_run("numpy"),
    "compiled": executor_run("compiled"),
    "jax": JaxRun(),
    "floor": floor_run,
}


def main(subject: str, world: str, replicates: str, repetition: str) -> None:
    """Measure and print one line of JSON."""
    scenario, count = scenario_of(world), int(replicates)
    if subject in ("mesa", "view"):
        scenario = shortened(scenario, 3 if world != "counties" else 1)
    numbers = range(count * int(repetition), count * (int(repetition) + 1))
    started, go = time.perf_counter() - BEGUN, RUNS[subject]
    begun = time.perf_counter()
    if isinstance(go, JaxRun):
        go.prepare(scenario, count)
    else:
        go(shortened(scenario, 1), range(UNMEASURED, UNMEASURED + 1))
    first = time.perf_counter() - begun
    begun, worked = time.perf_counter(), time.process_time()
    words = go(scenario, numbers)
    seconds, wall = time.process_time() - worked, time.perf_counter() - begun
    years = scenario.run.last_year - scenario.run.first_year + 1
    cells = count * years * load_world(scenario.world).data_fit.size
    note = f"{words / cells:.2f} words a cell" if subject == "floor" else NOTES[subject]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {"world": world, "replicates": count, "cells": cells, "seconds": seconds, "wall": wall, "first": first}
    print(json.dumps(result | {"start": started, "memory": memory, "note": note}))


if __name__ == "__main__":
    main(*sys.argv[1:])
