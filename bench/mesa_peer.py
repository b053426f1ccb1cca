"""The same year as an idiomatic Mesa model: one agent a region, plain Python numbers, loops over sectors.

Written for comparison from the description of the model, not from its code: its own text of every rule, for the arm
without a coordinator and the default forms. Its draws come from a source, so that addressed draws make it comparable
number by number, and Mesa's own generator makes it typical.
"""

from math import exp, inf, log, sqrt
from typing import Any

import mesa

from bench.mesa_money import MoneyRules
from bench.sources import Source

STAGES = range(3)


class Region(MoneyRules, mesa.Agent):
    """A province that forms beliefs, chooses sectors, funds projects and sells."""

    def __init__(self, model: "Peer", row: int) -> None:
        super().__init__(model)
        world, p, sectors = model.world, model.parameters, model.sectors
        self.row = row
        self.size = float(world.size[row])
        self.breadth = int(world.breadth[row])
        self.adopted = bool(world.adopted_at_start[row])
        self.frontier = model.source.uniform("understanding", row) < p.uncertainty.frontier_share
        self.true_fit: list[float] = []
        self.log_fit: list[float] = []
        self.belief = [log(v) for v in model.median]
        self.variance = [p.uncertainty.value_spread**2 for _ in sectors]
        self.waiting = [[0.0 for _ in sectors] for _ in STAGES]
        self.progress = [[0.0 for _ in sectors] for _ in STAGES]
        self.balance = [[0.0 for _ in sectors] for _ in STAGES]
        self.capacity = [0.0 for _ in sectors]
        self.cohort_loans = [0.0 for _ in sectors]
        self.performing = [0.0 for _ in sectors]
        self.arrears = [0.0 for _ in sectors]
        self.ecosystem = [0.0 for _ in sectors]
        self.layout = [0.0 for _ in sectors]
        self.past = [0.0 for _ in sectors]
        self.portfolio = [0.0 for _ in sectors]

    def own_split(self) -> list[float]:
        """How money is spread without a document."""
        weights = [exp(self.log_fit[k]) * sqrt(self.model.demand_2022[k]) for k in self.model.sectors]
        whole = sum(weights)
        return [weight / whole for weight in weights]

    def issue_document(self) -> None:
        """Bass diffusion."""
        model, behaviour = self.model, self.model.parameters.behaviour
        odds = min(1.0, behaviour.spontaneous_adoption + behaviour.imitative_adoption * model.adopted_share)
        self.newly = not self.adopted and model.source.uniform("adoption", self.row) < odds

    def hear(self) -> None:
        """Update beliefs on this year's private signals."""
        model, uncertainty = self.model, self.model.parameters.uncertainty
        noise = uncertainty.private_error / sqrt(model.parameters.governance.expertise)
        error_variance = noise**2 + uncertainty.common_error**2
        for k in model.sectors:
            inside = self.frontier == bool(model.world.frontier[k])
            bias = uncertainty.definition_gap if inside else -uncertainty.definition_gap
            unseen = 1.0 - min(1.0, max(0.0, model.demand[k] / model.value[k]))
            heard = model.worth[k] + unseen * (model.hype[k] + bias)
            heard += noise * model.source.normal("private", self.row, k)
            weight = self.variance[k] / (self.variance[k] + error_variance)
            self.belief[k] += weight * (heard - self.belief[k])
            self.variance[k] -= weight * self.variance[k]

    def listen(self, public: list[float]) -> None:
        """Mix the belief with what all regions believe on average."""
        weight = 0.3 * self.model.parameters.behaviour.pooling
        for k in self.model.sectors:
            self.belief[k] = (1.0 - weight) * self.belief[k] + weight * public[k]

    def decide(self) -> None:
        """Choose the best sectors by noisy utility and split money over them; takes effect with everybody's."""
        model, b = self.model, self.model.parameters.behaviour
        self.next_layout, self.next_portfolio = self.layout, self.portfolio
        drawn = self.adopted and model.source.uniform("revision", self.row) < b.revise
        if not (self.newly or drawn):
            return
        utility = [self.utility(k) for k in model.sectors]
        noisy = [utility[k] + b.temperature * model.source.gumbel("choice", self.row, k) for k in model.sectors]
        ranking = sorted(model.sectors, key=lambda k: -noisy[k])
        waiting = max(b.outside_option, log(b.entry_cost)) if b.entry_cost > 0.0 else b.outside_option
        chosen = [k for k in ranking[: self.breadth] if noisy[k] >= waiting]
        best = max((utility[k] for k in chosen), default=-inf)
        weights = {k: exp((utility[k] - best) / (2.0 * b.split_temperature)) for k in chosen}
        whole = sum(weights.values())
        self.next_layout = [1.0 if k in weights else 0.0 for k in model.sectors]
        self.next_portfolio = [weights.get(k, 0.0) / (whole or 1.0) for k in model.sectors]

    def utility(self, k: int) -> float:
        """Perceived payoff of joining last year's rivals, and what else moves a region."""
        model, b = self.model, self.model.parameters.behaviour
        rivals = model.count[k] - self.layout[k] + 1.0
        payoff = self.belief[k] + b.fit_weight * self.log_fit[k] - log(rivals + b.efficient_bases)
        peers = model.peers[self.row]
        shown = sum(model.regions[other].layout[k] for other in peers) / len(peers) if peers else 0.0
        habit = b.switching_cost * (1.0 - self.layout[k])
        risk = 0.5 * b.risk_aversion * self.variance[k] / float(model.world.readiness[k])
        return payoff + b.imitation * shown + b.tournament * model.quick[k] - habit - risk

    def settle(self, years: float) -> None:
        """Take over what was decided."""
        self.layout, self.portfolio = self.next_layout, self.next_portfolio
        self.past = [mean + (new - mean) / years for mean, new in zip(self.past, self.layout, strict=True)]


class Peer(mesa.Model):
    """One replicate."""

    def __init__(self, scenario: Any, world: Any, source: Source | None = None, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        from bench.mesa_nation import prepare

        self.world, self.parameters, self.policy = world, scenario.world, scenario.policy
        self.first_year, self.year = scenario.run.first_year, scenario.run.first_year - 1
        self.sectors = range(len(world.demand_2022))
        self.source = source or Source.of_model(self)
        prepare(self)

    def step(self) -> None:
        """One year, in the order of the paper."""
        from bench import mesa_nation as nation

        self.year += 1
        self.source.begin(self.year)
        self.adopted_share = sum(region.adopted for region in self.regions) / len(self.regions)
        self.agents.do("issue_document")
        for region in self.regions:
            region.adopted = region.adopted or region.newly
        self.agents.do("hear")
        public = [sum(region.belief[k] for region in self.regions) / len(self.regions) for k in self.sectors]
        self.agents.do("listen", public)
        self.count = [sum(region.layout[k] for region in self.regions) for k in self.sectors]
        self.agents.do("decide")
        self.agents.do("settle", self.year - self.first_year + 2.0)
        nation.invest(self)
        nation.sell(self)
        nation.settle_money(self)
