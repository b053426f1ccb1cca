"""The Mesa view: the same year, one agent per region. Overriding `RegionAgent.decide` changes behaviour, nothing else.

There is no second scheduler and no second copy of a rule: the model takes the ensemble's year and answers its outlooks
by
asking the agents one by one. Mesa's own random numbers feed no rule.
"""

from typing import Any

import mesa
import numpy as np

from model.axes import Array
from model.ensemble import block_case
from model.moment import Moment
from model.outlook import Decision, Outlook
from model.revision import Turn
from model.scenario import Scenario, load_scenario
from model.state import State
from model.step import advance
from model.world import load_world


class RegionAgent(mesa.Agent):
    """One region: a row of the ensemble's arrays, seen from inside.

    Attributes:
        code, name: ISO code and English name.
        index: Row along the region axis.
    """

    def __init__(self, model: "PolicyModel", index: int) -> None:
        super().__init__(model)
        self.index = index
        self.code = model.world.region_codes[index]
        self.name = model.world.region_names[index]

    def decide(self, outlook: Outlook) -> Decision:
        """Answer an outlook: every array of it is a row over sectors. Override this to change behaviour."""
        rule: Decision = self.model.case.rule.decide(outlook)
        return rule

    @property
    def layout(self) -> Array:
        """1 where the sector is in the region's layout, (sector,)."""
        return np.asarray(self.model.state.layout[0, self.index])

    @property
    def portfolio(self) -> Array:
        """Shares of the region's money, (sector,)."""
        return np.asarray(self.model.state.portfolio[0, self.index])

    @property
    def output(self) -> float:
        """Gross output of the year, bn yuan."""
        return float(self.model.flow("output", self.index))

    @property
    def adopted(self) -> bool:
        """Whether the region has a future-industry document."""
        return bool(self.model.state.adopted[0, self.index] > 0.0)


class CoordinatorAgent(mesa.Agent):
    """The national coordinator, with the plan in force (all zeros when nobody coordinates)."""

    @property
    def key_areas(self) -> Array:
        """1 where the sector is on the national list, (sector,)."""
        return np.asarray(self.model.state.key_areas[0])

    @property
    def pilots(self) -> Array:
        """1 where the pair is a national pilot zone, (region, sector)."""
        return np.asarray(self.model.state.pilots[0])


class PolicyModel(mesa.Model):
    """One replicate of a scenario as a Mesa model.

    Args:
        scenario: A scenario, or the name or path of one.
        rng: Seed: an integer is the seed of all draws; a numpy Generator or SeedSequence gives one; None takes
        run.seed.
        replicate: Which replicate of that seed.
        region_class: Class of the regions, a subclass of RegionAgent.

    Example:
        >>> from model import PolicyModel
        >>> m = PolicyModel("baseline", rng=1)
        >>> m.step()
        >>> len(m.regions), m.year
        (31, 2023)
    """

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        rng: Any = None,
        replicate: int = 0,
        region_class: type[RegionAgent] = RegionAgent,
    ) -> None:
        loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
        seed = loaded.run.seed if rng is None else seed_from(rng)
        super().__init__(rng=seed)
        self.settings = loaded.replace(**{"run.seed": seed})
        self.world = load_world(loaded.world)
        self.case = block_case(self.settings, self.world, np.array([replicate]))
        self.state: State = self.case.first.copy()
        self.year = loaded.run.first_year - 1
        self.last: Moment | None = None
        self.coordinator = CoordinatorAgent(self)
        self.regions = [region_class(self, index) for index in range(len(self.world.region_codes))]
        self.running = True
        self.datacollector = mesa.DataCollector(
            model_reporters={"year": "year", "output": national("output"), "investment": national("investment")},
            agenttype_reporters={region_class: {"code": "code", "output": "output", "adopted": "adopted"}},
        )

    def step(self) -> None:
        """One year: the ensemble's list of phases, with the agents' answers."""
        if self.year >= self.settings.run.last_year:
            self.running = False
            return
        self.year += 1
        self.last = advance(self.case, self.state, self.year, self.ask)
        self.state = self.last.state
        self.running = self.year < self.settings.run.last_year
        self.datacollector.collect(self)

    def ask(self, outlook: Outlook, turn: Turn) -> Decision:
        """Stack the agents' answers, (1, rows, sector)."""
        rows = range(len(self.regions)) if turn.rows is None else [int(turn.rows[0])]
        answers = [self.regions[row].decide(outlook.row(0, place)) for place, row in enumerate(rows)]
        return Decision(
            layout=np.stack([answer.layout for answer in answers])[None],
            portfolio=np.stack([answer.portfolio for answer in answers])[None],
        )

    def flow(self, name: str, region: int | None = None) -> float:
        """A flow of the last year, of one region or of the nation; zero before the first step."""
        if self.last is None:
            return 0.0
        values = self.last.flows[name][0]
        return float(values.sum() if region is None else values[region].sum())


def national(name: str) -> Any:
    """A model reporter: the nation's total of a flow."""
    return lambda model: model.flow(name)


def seed_from(rng: Any) -> int:
    """The seed that an integer, a numpy Generator or a SeedSequence stands for.

    Raises:
        TypeError: It is none of these.
    """
    if isinstance(rng, int | np.integer):
        return int(rng)
    if hasattr(rng, "integers"):
        return int(rng.integers(0, 2**63 - 1))
    if hasattr(rng, "generate_state"):
        return int(rng.generate_state(1, np.uint64)[0] >> 1)
    raise TypeError(f"rng is {rng!r}; give an integer, a numpy Generator or a SeedSequence")
