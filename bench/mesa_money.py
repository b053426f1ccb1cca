"""A region's money and projects in the Mesa peer."""

from math import exp, log, sqrt
from typing import Any

from qipan.model.funding.stages import REFERENCE_SHARE

RESEARCH, PILOT, INDUSTRIAL = 0, 1, 2


def fit_power(log_fit: float, exponent: float) -> float:
    """Fit to a power, capped at a fit of three."""
    return exp(exponent * min(log_fit, log(3.0)))


class MoneyRules:
    """What a region does with money. Mixed into the agent."""

    model: Any
    row: int

    def raise_money(self) -> None:
        """The six mechanisms' offers."""
        model, f, world = self.model, self.model.policy.funding, self.model.world
        market, t, governance = model.parameters.market, model.parameters.technology, model.parameters.governance
        kept = 1.0 - model.policy.coordination.ecosystem_share
        growth, use = model.growth, sum(model.used) / len(model.sectors)
        cycle = min(1.5, max(0.3, use / 0.8)) ** f.venture_cyclicality
        self.research_pool = f.government_share * float(world.fiscal_science[self.row]) * growth
        self.guidance_pool = f.guidance_share * float(world.gdp[self.row]) * growth * f.guidance_realised / 0.5
        understood = model.parameters.uncertainty.frontier_share
        new = 1.0 - 4.0 * model.policy.coordination.relabelling * understood * (1.0 - understood)
        self.offers = []
        for k in model.sectors:
            share = self.portfolio[k]
            know_how = fit_power(self.log_fit[k], 0.5)
            earned = t.industrial_success * market.margin * t.capital_productivity
            rate = earned * model.used[k] * model.price[k] * know_how - t.depreciation
            research, guidance = kept * self.research_pool * share * new, kept * self.guidance_pool * share * new
            if self.layout[k] > 0.0 and research + guidance > 0.0:
                left = max(0.0, research + guidance - f.base_cost) / (research + guidance)
                research, guidance = left * research, left * guidance
            appetite = 1.0 / (1.0 + exp(-(rate - f.enterprise_hurdle) / f.hurdle_width))
            reach = 1.0 + model.policy.coordination.enterprise_echelon * self.ecosystem[k]
            led = (1.0 - f.market_led) * share + f.market_led * self.capacity[k] / sum(self.capacity)
            firms = 2.0 * f.enterprise_share * growth * float(world.firm_rd[self.row]) * led * appetite * reach
            firms = governance.integration * max(0.0, firms + f.guidance_draw * guidance)
            venture = governance.integration * model.venture_pool[self.row] * growth * cycle * share
            equity = sum(m * s for m, s in zip((research, guidance, firms, venture), model.industrial, strict=True))
            willing = min(1.0, max(0.0, (rate - f.loan_rate) / f.hurdle_width)) * min(1.0, model.used[k] / 0.7)
            willing *= 1.0 - f.bank_caution * model.bad_share[k]
            loans = f.loan_to_value / (1.0 - f.loan_to_value) * equity * willing
            gifts = f.donation_share * growth * float(world.rd[self.row]) * share
            self.offers.append((research, guidance, firms, venture, loans, gifts))

    def run_projects(self) -> None:
        """Projects start as far as there is money; cohorts mature."""
        model, t = self.model, self.model.parameters.technology
        own = self.own_split()
        ideas = t.idea_ratio * REFERENCE_SHARE * float(model.world.fiscal_science[self.row])
        ideas *= model.shares[0][RESEARCH] / t.research_cost * model.growth
        self.started = [[0.0 for _ in model.sectors] for _ in range(3)]
        self.done = [[0.0 for _ in model.sectors] for _ in range(3)]
        self.good = [[0.0 for _ in model.sectors] for _ in range(3)]
        self.take_up = [[0.0 for _ in model.sectors] for _ in range(3)]
        self.lapsed = [0.0, 0.0, 0.0]
        self.failed = [0.0 for _ in model.sectors]
        for k in model.sectors:
            self.waiting[RESEARCH][k] = ideas * max(own[k], self.portfolio[k])
            for stage in range(3):
                self.start(stage, k)
            self.mature(k)

    def start(self, stage: int, k: int) -> None:
        """Money meets the projects of a stage and sector."""
        model, f = self.model, self.model.policy.funding
        public = sum(self.offers[k][m] * model.shares[m][stage] for m in (0, 1))
        offer = sum(self.offers[k][m] * model.shares[m][stage] for m in range(6)) + self.balance[stage][k]
        cost, t = model.cost[stage][k], model.parameters.technology
        if stage == INDUSTRIAL:
            base = self.capacity[k] + t.industrial_cost * t.capital_productivity
            cost *= max(1.0, t.minimum_scale / base) ** (1.0 - t.scale_exponent)
        self.started[stage][k] = min(self.waiting[stage][k], model.parameters.governance.execution * offer / cost)
        used = min(1.0, self.started[stage][k] * cost / offer) if offer > 0.0 else 0.0
        self.take_up[stage][k] = used
        for m in range(6):
            model.money[m][stage][k] += model.shares[m][stage] * self.offers[k][m] * used
        for m in (0, 1):
            model.money[m][stage][k] += self.balance[stage][k] * used * model.sources[m][stage]
        left = (public + self.balance[stage][k]) * (1.0 - used)
        self.balance[stage][k] = f.carry_over * left
        self.lapsed[stage] += left - self.balance[stage][k]

    def mature(self, k: int) -> None:
        """What completes, what succeeds, and what follows from it."""
        model, t = self.model, self.model.parameters.technology
        rho, spread = t.result_correlation, 0.5 * t.result_spread
        luck = sqrt(rho) * model.common[k] + sqrt(1.0 - rho) * model.source.normal("own", self.row, k)
        luck = exp(spread * luck - 0.5 * spread**2)
        boost = t.breakthrough_boost if model.breakthrough[k] else 1.0
        odds = (t.research_success, t.pilot_success, t.industrial_success)
        talent = 1.0 + model.policy.coordination.talent_echelon * self.ecosystem[k]
        for stage in range(3):
            base = odds[stage] * boost * fit_power(self.log_fit[k], 0.2) * (talent if stage == RESEARCH else 1.0)
            share = min(1.0, min(0.95, base) * luck)
            self.done[stage][k] = self.progress[stage][k] / model.lag[stage]
            self.good[stage][k] = self.done[stage][k] * share
            if stage == INDUSTRIAL:
                self.failed[k] = 1.0 - share
        sited = (1.0 - t.footloose) * self.capacity[k]
        sited += t.footloose * model.plant[k] * self.portfolio[k] * self.size / model.called[k]
        grown = model.expansion_rate * sited / (t.industrial_cost * t.capital_productivity)
        arrivals = (0.0, self.good[RESEARCH][k], self.good[PILOT][k] + grown)
        for stage in range(3):
            rest = self.waiting[stage][k] - self.started[stage][k]
            self.waiting[stage][k] = rest * (1.0 - t.queue_ageing) + arrivals[stage]
            self.progress[stage][k] += self.started[stage][k] - self.done[stage][k]
        built = self.good[INDUSTRIAL][k] * t.industrial_cost * t.capital_productivity
        self.capacity[k] = self.capacity[k] * (1.0 - t.depreciation) + built
        model.built[k] += built

    def learn(self) -> None:
        """Know-how from neighbours, and from what the region spends on its ecosystem."""
        model, t, c = self.model, self.model.parameters.technology, self.model.policy.coordination
        neighbours = model.neighbours[self.row]
        pool = c.ecosystem_share * (self.research_pool + self.guidance_pool)
        self.next_fit = []
        for k in model.sectors:
            linked = sum(weight * self.layout[other] for other, weight in model.links[k])
            growth = c.ecosystem_rate * (1.0 + c.chain_clusters * linked) * log(2.0) if pool > 0.0 else 0.0
            growth -= c.ecosystem_decay * self.ecosystem[k]
            gap = sum(weight * (model.regions[other].log_fit[k] - self.log_fit[k]) for other, weight in neighbours)
            self.next_fit.append(self.log_fit[k] + t.spillover * max(0.0, gap) + growth)
            self.ecosystem[k] += growth

    def repay(self) -> None:
        """Loans fall due."""
        model, f, lag = self.model, self.model.policy.funding, self.model.lag[INDUSTRIAL]
        for k in model.sectors:
            lent = self.offers[k][4] * model.shares[4][INDUSTRIAL] * self.take_up[INDUSTRIAL][k]
            cash = model.parameters.market.margin * self.output[k]
            due = self.cohort_loans[k] / lag
            stock = self.performing[k] + due * (1.0 - self.failed[k])
            interest, principal = f.loan_rate * stock, stock / f.loan_years
            paid = min(max(0.0, cash), interest + principal)
            back = paid - min(paid, interest)
            bad = min(f.default_share * (interest + principal - paid), stock - back)
            self.cohort_loans[k] += lent - due
            self.performing[k] = stock - back - bad
            self.arrears[k] = (self.arrears[k] + due * self.failed[k] + bad) * (1.0 - f.write_off)
            model.profit[k] += cash - paid
            model.paid += paid
            model.gone_bad += due * self.failed[k] + bad
