"""The Mesa view: the same year, one agent per region and one for the coordinator. Overriding `RegionAgent.decide`, or
`observe`, `draft` and `mandate` of `CoordinatorAgent`, changes behaviour, nothing else.

There is no second scheduler and no second copy of a rule: the model takes the ensemble's year and answers its outlooks
by asking the agents one by one. Mesa's own random numbers feed no rule.
"""

import copy
from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np

from qipan.model.axes import Array
from qipan.model.behaviour.outlook import Decision, Outlook, decision
from qipan.model.behaviour.revision import Turn
from qipan.model.coordination.arms import NOTHING, Coordinator, arm_of, observed, sound, withdrawn
from qipan.model.coordination.mandate import Mandate, Plan, mandate, plan
from qipan.model.coordination.view import View
from qipan.model.coordination.years import Acting
from qipan.model.draws import MOST_REPLICATES, Draws
from qipan.model.ensemble import block_case
from qipan.model.errors import Problem, ScenarioError
from qipan.model.extend.answers import AnswerError, of_kind, placing
from qipan.model.extend.registry import LEVERS
from qipan.model.moment import Moment
from qipan.model.parameters import Coordination
from qipan.model.scenario import Scenario, load_scenario, setting_path
from qipan.model.state import Start, State
from qipan.model.step import advance
from qipan.model.world import load_world

FRESH = 2**31
"""Least number of a fresh replicate: beyond those of any ensemble."""
COORDINATION = "policy.coordination."


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
        """Answer an outlook: every array of it is a row over sectors. Override this to change behaviour.

        The layout holds 0 and 1, at most `outlook.breadth` sectors; the portfolio holds shares, 0 or more, that sum to
        one inside the layout (anywhere, where the layout is empty). Another answer ends the run with an AnswerError.
        """
        rule: Decision = self.model.case.rule.decide(outlook)
        return rule

    @property
    def layout(self) -> Array:
        """1 where the sector is in the region's layout, (sector,)."""
        return read_only(self.model.state.layout[0, self.index])

    @property
    def portfolio(self) -> Array:
        """Shares of the region's money, (sector,)."""
        return read_only(self.model.state.portfolio[0, self.index])

    @property
    def output(self) -> float:
        """Gross output of the year, bn yuan."""
        return float(self.model.flow("output", self.index))

    @property
    def adopted(self) -> bool:
        """Whether the region has a future-industry document."""
        return bool(self.model.state.adopted[0, self.index] > 0.0)


class CoordinatorAgent(mesa.Agent):
    """The national coordinator, with the plan in force (all zeros when nobody coordinates).

    Attributes:
        arm: The coordinator of the scenario, which answers unless a method is overridden.
        active: Whether anybody coordinates; it can be switched between two steps.
    """

    def __init__(self, model: "PolicyModel", arm: Coordinator, active: bool = True) -> None:
        super().__init__(model)
        self.arm, self.active = arm, active

    def mandate(self, year: int) -> Mandate:
        """What it may do in a year. Override this to change its powers and its money."""
        return self.arm.mandate(year - self._began)

    def observe(self, view: View) -> View:
        """What it makes of the view in front of it. Override this to change what it knows."""
        return self.arm.observe(view, self.model.year, self.model.case.draws)

    def draft(self, view: View) -> Plan:
        """The plan it drafts in a plan year, published after its delay. Override this to change its lists."""
        return self.arm.redrafted(self.model.year - self._began, view, self.drafted)

    @property
    def _began(self) -> int:
        """The year from which delay and period count."""
        acting: Acting = self.model.case.years.acting(self.model.year)
        return acting.counts_from

    @property
    def drafted(self) -> Plan:
        """The plan drafted before, not yet published."""
        state = self.model.state
        return Plan(state.drafted_key_areas, state.drafted_pilots, state.drafted_assigned, state.drafted_barred)

    @property
    def key_areas(self) -> Array:
        """1 where the sector is on the national list, (sector,)."""
        return read_only(self.model.state.key_areas[0])

    @property
    def pilots(self) -> Array:
        """1 where the pair is a national pilot zone, (region, sector)."""
        return read_only(self.model.state.pilots[0])


class Asking(Coordinator):
    """The coordinator as the year asks it: the agent answers while it is active, else nobody coordinates."""

    def __init__(self, agent: CoordinatorAgent) -> None:
        super().__init__(agent.arm.settings)
        self.agent = agent
        self.sees_fit, self.levers = agent.arm.sees_fit, agent.arm.levers  # type: ignore[misc]
        self.bars = True  # an agent may draft any list

    def under(self, settings: Coordination) -> "Asking":
        """The same agent, its arm with other settings."""
        self.agent.arm = self.agent.arm.under(settings)
        return Asking(self.agent)

    def _who(self, method: str) -> str:
        return f"{type(self.agent).__name__}.{method}"

    def mandate(self, years_since_start: int) -> Mandate:
        """The agent's."""
        if not self.agent.active:
            return NOTHING
        return mandate(self._who("mandate"), self.agent.mandate(self.agent.model.year), self)

    def reliability(self, worth_variance: float, error_variance: float) -> float:
        """The arm's."""
        return self.agent.arm.reliability(worth_variance, error_variance)

    def plans(self, years_since_start: int) -> bool:
        """The arm's."""
        return self.agent.arm.plans(years_since_start)

    def observe(self, view: View, year: int, draws: Draws) -> View:
        """The agent's."""
        if not self.agent.active:
            return view
        return observed(self._who("observe"), self.agent.observe(view), self, view, year, draws)

    def declared_bias(self, gap: float, draws: Draws) -> Array:
        """The arm's."""
        return self.agent.arm.declared_bias(gap, draws) if self.agent.active else super().declared_bias(gap, draws)

    def redrafted(self, years_since_start: int, view: View, draft: Plan) -> Plan:
        """The agent's in plan years."""
        if not (self.agent.active and self.plans(years_since_start)):
            return draft
        return plan(self._who("draft"), self.agent.draft(view), self, years_since_start, draft)

    def recounted(self, years_since_start: int, view: View, count: Array) -> Array:
        """The arm's."""
        return self.agent.arm.recounted(years_since_start, view, count)

    def published(self, years_since_start: int, draft: Plan, plan: Plan) -> Plan:
        """The arm's; a coordinator that is switched off leaves no plan in force."""
        if not self.agent.active:
            return withdrawn(plan)
        return self.agent.arm.published(years_since_start, draft, plan)

    def prescribed(self, plan: Plan, lists: Mapping[str, Array]) -> Plan:
        """The arm's, while the agent is active."""
        return self.agent.arm.prescribed(plan, lists) if self.agent.active else plan


class PolicyModel(mesa.Model):
    """One replicate of a scenario as a Mesa model.

    Without a seed and a replicate it is a fresh replicate of the scenario, as is the custom of Mesa, and
    `mesa.batch_run(PolicyModel, {"scenario": "baseline"}, iterations=3)` gives three. `seed` and `replicate` of the
    model, also in each row of a batch, tell which it was: `run(scenario, replicates=[model.replicate])` is the same.

    Args:
        scenario: A scenario, or the name or path of one.
        rng: The seed of all draws in the place of run.seed: an integer; a numpy Generator or SeedSequence gives one.
        replicate: Which replicate of that seed; 0 where a seed is given, else a fresh one.
        coordinator: None: as in the scenario. False: nobody coordinates. True: the scenario's, or where it has none a
            design with all levers and information (with those alone that are switched on here, if any). Or another: a
            Coordinator or its class, or a class derived from CoordinatorAgent.
        region_class: Class of the regions, derived from RegionAgent.
        kwargs: `seed`, the same as `rng`, and parameters of the scenario by name (`levy=0.1`) or by dotted path.

    Attributes:
        regions: The agents of the regions. coordinator: The agent of the coordinator.
        datacollector: `year`, `output`, `investment`, `seed`, `replicate` of each step; table `regions` with a row for
            each region.

    Example:
        >>> from qipan import PolicyModel
        >>> m = PolicyModel("baseline", seed=1, levy=0.1)
        >>> m.step()
        >>> len(m.regions), m.year, m.replicate
        (31, 2023, 0)
    """

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        rng: Any = None,
        replicate: int | None = None,
        region_class: type[RegionAgent] = RegionAgent,
        coordinator: Any = None,
        **kwargs: Any,
    ) -> None:
        # Mesa's batches overwrite a parameter that is called seed, and its page takes further ones only from `kwargs`.
        seed = kwargs.pop("seed", None)
        self.settings = _settings(scenario, _seed(seed, rng), coordinator, kwargs)
        self.seed, self.replicate = self.settings.run.seed, _replicate(replicate, seed is not None or rng is not None)
        super().__init__(rng=self.seed)
        wanted = "a class derived from RegionAgent is wanted"
        of_kind("PolicyModel", "region_class", region_class, type, wanted)
        if not issubclass(region_class, RegionAgent):
            raise AnswerError("PolicyModel", f"region_class is {region_class.__name__}", wanted)
        self.world = load_world(self.settings.world)
        self.year = self.settings.run.first_year - 1
        self.last: Moment | None = None
        self.coordinator = _agent(self, coordinator)
        numbers, asking = np.array([self.replicate]), Asking(self.coordinator)
        self.case = block_case(self.settings, self.world, numbers, coordinator=asking)
        self.state: State = self.case.first.copy()
        self.regions = [region_class(self, index) for index in range(len(self.world.region_codes))]
        self.running = True
        self.datacollector = mesa.DataCollector(
            model_reporters={name: name for name in ("year", "output", "investment", "seed", "replicate")},
            tables={"regions": ["year", "code", "output", "adopted"]},
        )

    def step(self) -> None:
        """One year: the ensemble's list of phases, with the agents' answers.

        Raises:
            AnswerError: An agent answered something that cannot be used.
        """
        if self.year >= self.settings.run.last_year:
            self.running = False
            return
        self.year += 1
        try:
            with placing(self.year, self.case.names):
                self.last = advance(self.case, self.state, self.year, self.ask)
        except AnswerError as error:
            raise error.with_traceback(None) from None
        self.state = self.last.state
        self.running = self.year < self.settings.run.last_year
        self.datacollector.collect(self)
        for region in self.regions:
            row = {"year": self.year, "code": region.code, "output": region.output, "adopted": region.adopted}
            self.datacollector.add_table_row("regions", row)

    def ask(self, outlook: Outlook, turn: Turn) -> Decision:
        """Stack the agents' answers, (1, rows, sector)."""
        rows = range(len(self.regions)) if turn.rows is None else [int(turn.rows[0])]
        answers = [decided(self.regions[row], outlook.row(0, place)) for place, row in enumerate(rows)]
        return Decision(
            layout=np.stack([answer.layout for answer in answers])[None],
            portfolio=np.stack([answer.portfolio for answer in answers])[None],
        )

    @property
    def output(self) -> float:
        """Gross output of the nation in the last year, bn yuan."""
        return self.flow("output")

    @property
    def investment(self) -> float:
        """Money spent on projects in the last year, bn yuan."""
        return self.flow("investment")

    @property
    def here(self) -> Start:
        """The stocks at the end of the last year, for `run(..., start=model.here)`."""
        return Start.of(self.settings, self.world, self.year, [self.state], np.array([self.replicate]))

    def branch(self) -> "PolicyModel":
        """A model of its own that stands where this one does; what is done to one does not touch the other."""
        return copy.deepcopy(self)

    def flow(self, name: str, region: int | None = None) -> float:
        """A flow of the last year, of one region or of the nation; zero before the first step."""
        if self.last is None:
            return 0.0
        values = self.last.flows[name][0]
        return float(values.sum() if region is None else values[region].sum())


def decided(region: RegionAgent, outlook: Outlook) -> Decision:
    """What a region answers, if it can be carried out.

    Raises:
        AnswerError: It cannot.
    """
    try:
        return decision(f"{type(region).__name__}.decide", region.decide(outlook), region, outlook)
    except AnswerError as error:
        raise AnswerError(error.who, error.message, error.hint, {"region": region.index, **error.pair}) from None


def read_only(values: Array) -> Array:
    """A view of a stock that cannot be written into."""
    view = values[...]
    view.flags.writeable = False
    return view


def _settings(scenario: Scenario | str, seed: int | None, coordinator: Any, given: dict[str, Any]) -> Scenario:
    """The scenario with what the keywords say."""
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    changed = {setting_path(name, "PolicyModel"): value for name, value in given.items()}
    if coordinator is True and changed.get(f"{COORDINATION}arm", loaded.policy.coordination.arm) == "none":
        switches = [f"{COORDINATION}{name}" for name in ("information", *LEVERS)]
        chosen = any(changed.get(switch) for switch in switches)
        changed = {f"{COORDINATION}arm": "design", **({} if chosen else dict.fromkeys(switches, True)), **changed}
    return loaded.replace(**changed, **({} if seed is None else {"run.seed": seed}))


def _seed(seed: Any, rng: Any) -> int | None:
    if seed is not None and rng is not None:
        raise ScenarioError(Problem("PolicyModel", "seed", "both seed and rng are given", "give one of them"))
    given = rng if seed is None else seed
    return None if given is None else seed_from(given)


def _replicate(given: Any, seeded: bool) -> int:
    if given is None:
        return 0 if seeded else int(np.random.default_rng().integers(FRESH, MOST_REPLICATES))
    if not isinstance(given, int | np.integer) or not 0 <= given < MOST_REPLICATES:
        hint = f"a whole number from 0 to {MOST_REPLICATES - 1}"
        raise ScenarioError(Problem("PolicyModel", "replicate", f"{given!r} is no number of a replicate", hint))
    return int(given)


def _agent(model: PolicyModel, given: Any) -> CoordinatorAgent:
    """The agent of the coordinator that a model is given."""
    settings = model.settings.policy.coordination
    if isinstance(given, type) and issubclass(given, CoordinatorAgent):
        return given(model, arm_of(settings))
    if isinstance(given, type) and issubclass(given, Coordinator):
        return CoordinatorAgent(model, sound(given(settings)))
    if isinstance(given, Coordinator):
        return CoordinatorAgent(model, sound(given))
    wanted = "None, True, False, a Coordinator or its class, or a class derived from CoordinatorAgent is wanted"
    of_kind("PolicyModel", "coordinator", given, bool | None, wanted)
    return CoordinatorAgent(model, arm_of(settings), active=given is not False)


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
