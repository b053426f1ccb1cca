"""Theory scenarios run through the engine, as the tests of this folder read them."""

from qipan import load_scenario, run
from qipan.model.executor import compiled_available
from qipan.model.measures import compute

SEEDS = (1, 2, 3)


def ran(name, seed=1, replicates=8, fields=("layout", "payoff"), executor="numpy", **settings):
    """The history of a theory scenario."""
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    chosen = {"run.replicates": replicates, "run.seed": seed, **dotted}
    return run(load_scenario(f"theory/{name}", chosen), fields=fields, executor=executor)


def executor_of(seed):
    """The reference for the first seed, compiled code for the others where Numba is there: both must be right."""
    return "compiled" if seed != SEEDS[0] and compiled_available() else "numpy"


def counts(history):
    """Regions per sector at the end, (replicate, sector)."""
    return compute(history, ["regions_per_sector"])["regions_per_sector"][:, -1]


def welfare(history):
    """True value of the layouts at the end, (replicate,)."""
    return compute(history, ["layout_payoff"])["layout_payoff"][:, -1]
