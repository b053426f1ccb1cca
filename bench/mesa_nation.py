"""The nation in the Mesa peer: its start, its markets, its books."""

from math import exp, log, log2, sqrt
from typing import Any

from bench.mesa_money import INDUSTRIAL, PILOT, RESEARCH, fit_power
from qipan.model.funding.stages import REFERENCE_SHARE


def prepare(model: Any) -> None:
    """The world as it is before the first year, in plain Python numbers."""
    from bench.mesa_peer import Region

    world, p, f, sectors = model.world, model.parameters, model.policy.funding, model.sectors
    model.median = [float(v) * p.market.value_level for v in world.median_value]
    spread, hype = p.uncertainty.value_spread, p.uncertainty.common_error
    model.worth = [log(model.median[k]) + spread * model.source.normal("value", k) for k in sectors]
    model.value = [exp(worth) for worth in model.worth]
    model.hype = [hype * model.source.normal("hype", k) for k in sectors]
    model.demand_2022 = [float(v) for v in world.demand_2022]
    model.demand = [v * p.market.demand_level for v in model.demand_2022]
    model.used = [0.8 for _ in sectors]
    model.price = [0.8**p.market.price_elasticity for _ in sectors]
    model.breakthrough, model.foreign = [False for _ in sectors], [False for _ in sectors]
    model.shares = [[float(x) for x in row] for row in world.mechanism_stages]
    model.industrial = [model.shares[m][INDUSTRIAL] for m in range(4)]
    public = [model.shares[0][s] + model.shares[1][s] for s in range(3)]
    model.sources = [[model.shares[m][s] / public[s] if public[s] else 0.0 for s in range(3)] for m in (0, 1)]
    model.lag = (p.technology.research_years, p.technology.pilot_years, p.technology.industrial_years)
    late = [exp(-sum(model.lag) / float(x) / 5.0) for x in world.readiness]
    mean = sum(late) / len(late)
    deviation = sqrt(sum((x - mean) ** 2 for x in late) / len(late))
    model.quick = [(x - mean) / deviation if deviation else 0.0 for x in late]
    weight = [float(x) ** f.venture_concentration for x in world.rd]
    model.venture_pool = [f.venture_pool * w / sum(weight) for w in weight]
    count = range(len(world.size))
    model.peers = [[s for s in count if world.peers[r, s] > 0.0] for r in count]
    model.neighbours = [[(s, float(world.neighbours[r, s])) for s in count if world.neighbours[r, s]] for r in count]
    model.links = [[(j, float(world.links[k, j])) for j in sectors if world.links[k, j] > 0.0] for k in sectors]
    model.regions = [Region(model, row) for row in count]
    start(model)


def start(model: Any) -> None:
    """Fits, capacities and pipelines in steady growth; early adopters hold what they announced."""
    world, p, sectors, t = model.world, model.parameters, model.sectors, model.parameters.technology
    draw, coarse = model.source.normal, p.uncertainty.coarse_fit_spread * world.fit_coarse
    spread = sqrt(p.uncertainty.fit_spread**2 + coarse**2)
    for k in sectors:
        raw = [exp(float(world.data_fit[r.row, k]) + spread * draw("fit", r.row, k)) for r in model.regions]
        weight = [region.size * fit for region, fit in zip(model.regions, raw, strict=True)]
        mean, whole = sum(raw) / len(raw), sum(weight) / (sum(raw) / len(raw))
        for region, fit in zip(model.regions, raw, strict=True):
            region.log_fit.append(log(fit / mean))
            region.capacity[k] = model.demand[k] / 0.8 * region.size * (fit / mean) / whole
    for region in model.regions:
        region.true_fit = list(region.log_fit)
        pipeline(model, region)
    model.cumulative = [2.0 * sum(region.capacity[k] for region in model.regions) for k in sectors]
    model.first_cumulative = list(model.cumulative)
    model.producers = [effective(model, k) for k in sectors]
    started = [
        [(r.progress[RESEARCH][k] / t.research_years, r.progress[PILOT][k] / t.pilot_years) for r in model.regions]
        for k in sectors
    ]
    efforts = [effort(model, of_sector) for of_sector in started]
    model.reference_effort = sum(efforts) / len(efforts)
    model.at_work, model.invested = first_books(model)


def pipeline(model: Any, region: Any) -> None:
    """Projects under way and waiting before the first year."""
    t, g = model.parameters.technology, model.parameters.technology.initial_growth
    own = region.own_split()
    money = REFERENCE_SHARE * float(model.world.fiscal_science[region.row]) * model.shares[0][0]
    for k in model.sectors:
        begun = t.initial_research * money * own[k] / t.research_cost
        research = begun * t.research_years / (1.0 + g * t.research_years)
        sustained = (g + t.depreciation) * region.capacity[k] * (1.0 + g * t.industrial_years)
        built = sustained / (t.industrial_success * t.industrial_cost * t.capital_productivity)
        supplied = t.research_success * research / t.research_years
        needed = built * (1.0 + g * t.pilot_years) / max(t.pilot_success, 1e-6)
        pilot = sqrt(supplied * needed) * t.pilot_years / (1.0 + g * t.pilot_years)
        region.progress[RESEARCH][k], region.progress[PILOT][k] = research, pilot
        region.progress[INDUSTRIAL][k] = built * t.industrial_years / (1.0 + g * t.industrial_years)
        region.waiting[RESEARCH][k], region.waiting[PILOT][k] = begun * t.idea_ratio, supplied
        region.waiting[INDUSTRIAL][k] = max(t.pilot_success * pilot / t.pilot_years, built)
    if region.adopted:
        named = [k for k in model.sectors if model.world.announced_layout[region.row][k] > 0.0]
        best = sorted(named, key=lambda k: -own[k])[: region.breadth]
        region.layout = [1.0 if k in best else 0.0 for k in model.sectors]
    inside = [own[k] * region.layout[k] for k in model.sectors]
    region.portfolio = [x / sum(inside) for x in inside] if sum(inside) > 0.0 else own
    region.past = list(region.layout)


def first_books(model: Any) -> tuple[Any, Any]:
    """Money in projects and in capacity before the first year, by mechanism."""
    t, shares = model.parameters.technology, model.shares
    cost = (t.research_cost, t.pilot_cost, t.industrial_cost)
    part = [[shares[m][s] / sum(row[s] for row in shares) for s in range(3)] for m in range(6)]
    running = [[sum(r.progress[s][k] for r in model.regions) * cost[s] for k in model.sectors] for s in range(3)]
    at_work = [[[part[m][s] * running[s][k] for k in model.sectors] for s in range(3)] for m in range(6)]
    equity = [part[m][INDUSTRIAL] * t.industrial_cost + part[m][PILOT] * t.pilot_cost for m in range(6)]
    equity[4] = 0.0
    capital = [sum(r.capacity[k] for r in model.regions) / t.capital_productivity for k in model.sectors]
    return at_work, [[equity[m] / sum(equity) * capital[k] for k in model.sectors] for m in range(6)]


def effort(model: Any, completed: list[tuple[float, float]]) -> float:
    """Parallel effort in a sector, from the research and the pilots that each region completes."""
    t = model.parameters.technology
    power, pilots = 1.0 - t.parallel_discount, t.pilot_effort
    return sum(
        (a ** (1.0 - pilots) * b**pilots) ** power for a, b in completed if a > 0.0 and (b > 0.0 or pilots == 0.0)
    )


def invest(model: Any) -> None:
    """Offers, projects, knowledge, breakthroughs."""
    t, market, since = model.parameters.technology, model.parameters.market, model.year - model.first_year
    model.growth = (1.0 + market.growth) ** since
    ramp = 1.0 if t.ramp_years == 0 else min(1.0, since / t.ramp_years)
    slow = t.initial_growth + t.depreciation
    model.expansion_rate = slow + (t.expansion - slow) * ramp
    ratio = [max(1.0, a / b) for a, b in zip(model.cumulative, model.first_cumulative, strict=True)]
    learned = [t.industrial_cost * x ** log2(1.0 - t.learning) for x in ratio]
    model.cost = [[t.research_cost for _ in ratio], [t.pilot_cost for _ in ratio], learned]
    model.money = [[[0.0 for _ in model.sectors] for _ in range(3)] for _ in range(6)]
    model.built = [0.0 for _ in model.sectors]
    model.common = [model.source.normal("common", k) for k in model.sectors]
    look_around(model)
    model.agents.do("raise_money")
    model.agents.do("run_projects")
    model.agents.do("learn")
    for region in model.regions:
        region.log_fit = region.next_fit
    for k in model.sectors:
        model.cumulative[k] += model.built[k]
        done = effort(model, [(region.done[RESEARCH][k], region.done[PILOT][k]) for region in model.regions])
        rate = t.breakthrough_rate * float(model.world.readiness[k]) * done / model.reference_effort
        model.breakthrough[k] |= model.source.uniform("home", k) < 1.0 - exp(-rate)
        model.foreign[k] |= model.source.uniform("abroad", k) < 1.0 - exp(-t.foreign_rate)


def look_around(model: Any) -> None:
    """What is known of a sector before anybody acts: plant, what money calls for, bad loans beside all loans."""
    model.plant, model.called, model.bad_share = [], [], []
    for k in model.sectors:
        model.plant.append(sum(region.capacity[k] for region in model.regions))
        model.called.append(sum(region.portfolio[k] * region.size for region in model.regions))
        bad = sum(region.arrears[k] for region in model.regions)
        owed = bad + sum(region.performing[k] + region.cohort_loans[k] for region in model.regions)
        model.bad_share.append(bad / owed if owed > 0.0 else 0.0)


def effective(model: Any, k: int) -> float:
    """Effective number of regions that make a sector's goods."""
    made = [region.capacity[k] for region in model.regions]
    return sum(made) ** 2 / sum(amount**2 for amount in made)


def sell(model: Any) -> None:
    """Demand grows, markets clear."""
    t, market, count = model.parameters.technology, model.parameters.market, len(model.regions)
    for region in model.regions:
        region.sold, region.output = [0.0 for _ in model.sectors], [0.0 for _ in model.sectors]
    for k in model.sectors:
        ceiling = model.value[k] * (1.0 if model.breakthrough[k] else market.ceiling_before)
        ceiling *= 1.0 - t.foreign_loss if model.foreign[k] and not model.breakthrough[k] else 1.0
        now, bases = effective(model, k), model.parameters.behaviour.efficient_bases
        ceiling *= now / (now + bases) * (model.producers[k] + bases) / model.producers[k]
        speed = min(1.0, market.spontaneous_demand + market.imitative_demand * model.demand[k] / ceiling)
        model.demand[k] += speed * max(0.0, ceiling - model.demand[k])
        whole = sum(region.capacity[k] for region in model.regions)
        supply = []
        for region in model.regions:
            share = max(1e-6, count * region.capacity[k] / whole)
            supply.append(region.capacity[k] * fit_power(region.log_fit[k], 0.3) * share**t.agglomeration)
        model.used[k] = min(1.0, model.demand[k] / sum(supply)) if sum(supply) > 0.0 else 1.0
        model.price[k] = max(model.used[k], 1e-12) ** market.price_elasticity
        for region, can in zip(model.regions, supply, strict=True):
            region.sold[k] = can * model.used[k]
            region.output[k] = region.sold[k] * model.price[k]


def settle_money(model: Any) -> None:
    """Loans, profits, failed projects."""
    model.profit, model.paid, model.gone_bad = [0.0 for _ in model.sectors], 0.0, 0.0
    model.agents.do("repay")
    model.lost, model.returned = [0.0] * 6, [0.0] * 6
    wear = 1.0 - model.parameters.technology.depreciation
    for k in model.sectors:
        for m in range(6):
            model.invested[m][k] *= wear
        for s in range(3):
            done = sum(region.done[s][k] for region in model.regions)
            good = sum(region.good[s][k] for region in model.regions)
            for m in range(6):
                due = model.at_work[m][s][k] / model.lag[s]
                lost = due * (done - good) / done if done > 0.0 and m != 4 else 0.0
                model.lost[m] += lost
                model.invested[m][k] += due - lost if s != RESEARCH and m != 4 else 0.0
                model.at_work[m][s][k] += model.money[m][s][k] - due
        whole = sum(model.invested[m][k] for m in range(6))
        for m in range(6):
            model.returned[m] += model.invested[m][k] / whole * model.profit[k] if whole > 0.0 else 0.0
    model.returned[4], model.lost[4] = model.paid, model.gone_bad
