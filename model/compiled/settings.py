"""The settings of a case as the compiled phases take them."""

from typing import Any

import numpy as np

from qipan.model.axes import RESEARCH, Array
from qipan.model.behaviour.peers import tiers_in
from qipan.model.behaviour.revision import Partial
from qipan.model.case import Case
from qipan.model.compiled.arithmetic.neighbours import neighbours_in
from qipan.model.compiled.lanes import Lanes
from qipan.model.compiled.tables import Diffusion, Hearing, Places, Setting, Table, Taste
from qipan.model.element import larger, power
from qipan.model.funding.mechanisms import public_rows
from qipan.model.funding.stages import REFERENCE_SHARE
from qipan.model.moment import Moment
from qipan.model.nation import hazard
from qipan.model.projects import expansion_rate
from qipan.model.region import TINY, served


def diffusion_of(now: Moment) -> Diffusion:
    """Settings of documents and of who revises this year; under synchronous revision everybody does."""
    weights = now.case.behaviour
    return Diffusion(
        spontaneous=weights.spontaneous_adoption,
        imitative=weights.imitative_adoption,
        boost=float(now.mandate.adoption_boost),
        chance=weights.revise if type(now.case.revision) is Partial else 1.0,
    )


def hearing_of(now: Moment) -> Hearing:
    """Settings of beliefs this year."""
    case, settings = now.case, now.case.uncertainty
    private = settings.private_error**2 / case.governance.expertise
    return Hearing(
        spread=settings.private_error / case.governance.expertise**0.5,
        noise_variance=private + settings.common_error**2,
        face_value=float(settings.region_prior == "flat"),
        definition=float(now.mandate.definition),
        pooling=0.3 * case.behaviour.pooling,
        information=float(now.mandate.information_weight),
    )


def places_of(case: Case, lanes: Lanes) -> Places:
    """What choices look at that is the same in every replicate and year."""
    tiers = tiers_in(case.world)
    assert tiers is not None, "choices are left to NumPy otherwise"
    return Places(
        readiness=lanes.beside(case.world.readiness),
        quick=lanes.beside(case.quick),
        breadth=case.world.breadth.astype(np.float64),
        tiers=tiers.tier,
        tier_shares=tiers.shares,
    )


def taste_of(now: Moment) -> Taste:
    """Settings of choices this year."""
    weights, word = now.case.behaviour, now.mandate
    return Taste(
        imitation=weights.imitation,
        tournament=weights.tournament,
        list_weight=float(word.list_weight),
        pilot_weight=float(word.pilot_weight),
        layout_weight=float(word.layout_weight),
        switching_cost=weights.switching_cost,
        risk_aversion=weights.risk_aversion,
        temperature=weights.temperature,
        split_temperature=weights.split_temperature,
        waiting=now.case.rule.waiting,
        foresight=weights.foresight,
        slots=float(now.case.world.breadth.sum()),
        average=float(weights.rule == "fictitious_play"),
        turns=float(weights.rounds),
    )


def fixed_settings(case: Case) -> dict[str, float]:
    """Settings of investing and selling that are the same in every year."""
    t, funding, coordination = case.technology, case.funding, case.coordination
    own = {
        "enterprise_echelon": coordination.enterprise_echelon,
        "talent_echelon": coordination.talent_echelon,
        "leverage": funding.loan_to_value / (1.0 - funding.loan_to_value),
        "result_spread": 0.5 * t.result_spread,
        "foreign_hazard": hazard(t.foreign_rate),
        "regions": case.world.size.size,
        "efficient_bases": case.behaviour.efficient_bases,
    }
    sections = (t, case.market, funding, coordination, case.governance)
    found = {name: value for section in sections for name, value in section if name in Setting._fields}
    return {name: float(value) for name, value in (found | own).items()}


def setting_of(now: Moment, fixed: dict[str, float], zones: bool) -> Setting:
    """Settings of investing and selling this year; where there are no pilot zones, none is looked for."""
    t = now.case.technology
    growth = expansion_rate(now.years_since_start, t.initial_growth + t.depreciation, t.expansion, t.ramp_years)
    own = {"expansion_rate": float(growth), "pilot_success": float(now.mandate.pilot_success) * zones}
    own["old_wine"] = now.old_wine
    return Setting(**fixed | own | {"pilot_demand": fixed["pilot_demand"] * zones})


def fixed_table(case: Case, lanes: Lanes) -> dict[str, Any]:
    """Tables that are the same in every year."""
    world = case.world
    near, public = neighbours_in(world), world.mechanism_stages * public_rows()[:, None]
    return {
        "demand_root": lanes.beside(case.demand_root),
        "readiness": lanes.beside(world.readiness),
        "size": np.array(world.size, dtype=np.float64),
        "shares": np.ascontiguousarray(world.mechanism_stages),
        "public": np.ascontiguousarray(public),
        "source": np.ascontiguousarray(public / larger(public.sum(axis=0), TINY)),
        "lag": case.lag,
        "success": case.success,
        "links": np.ascontiguousarray(world.links),
        "starts": near.starts,
        "others": near.others,
        "weights": near.weights,
        "near": np.array(near.totals),
    }


def table_of(now: Moment, fixed: dict[str, Array]) -> Table:
    """Tables of the year."""
    by_region = _pools(now) | _ecosystem(now) | {"ideas": _ideas(now)}
    return Table(**fixed | {name: np.array(values) for name, values in by_region.items()})


def _pools(now: Moment) -> dict[str, Array]:
    """Pools of the mechanisms by region, bn yuan, as in `investing.fund` and the mechanisms."""
    world, funding, growth = now.case.world, now.case.funding, now.case.growth(now.year)
    kept = now.mandate.retained * (1.0 - now.case.coordination.ecosystem_share)
    weight = power(world.rd, funding.venture_concentration)
    pools = now.public_pools
    return {
        "research_pool": kept * pools[0],
        "guidance_pool": kept * pools[1],
        "firm_pool": 2.0 * funding.enterprise_share * growth * world.firm_rd,
        "venture_pool": funding.venture_pool * growth * weight / larger(weight.sum(), 1e-300),
        "donation_pool": funding.donation_share * growth * world.rd,
    }


def _ecosystem(now: Moment) -> dict[str, Array]:
    """Ecosystem money by region, bn yuan, as in `investing.spread`."""
    case, pools = now.case, now.public_pools.sum(axis=0)
    share = case.coordination.ecosystem_share
    return {
        "own_ecosystem": now.mandate.retained * share * pools,
        "national_ecosystem": now.support.ecosystem * served(case.world.size, case.coordination.nonrival),
        "reference_ecosystem": share * pools,
    }


def _ideas(now: Moment) -> Array:
    """Research projects proposed by region, as in `investing._proposed`."""
    case, technology = now.case, now.case.technology
    money = REFERENCE_SHARE * case.world.fiscal_science * case.world.mechanism_stages[0, RESEARCH]
    return np.asarray(technology.idea_ratio * money / technology.research_cost * case.growth(now.year))
