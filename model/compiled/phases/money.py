"""The coordinator's money in lanes, as `investing.national_money`."""

from typing import Any

import numpy as np

from qipan.model.compiled.arithmetic.kernels import clear
from qipan.model.compiled.compiling import entry
from qipan.model.compiled.stocks import CompiledState
from qipan.model.coordination.mandate import Plan
from qipan.model.funding.support import Support, directed
from qipan.model.moment import Moment

SUPPORT = ("research_support", "guidance_support", "pilot_support")


def support_of(now: Moment, state: CompiledState) -> Support:
    """Co-funding of the year in lanes, (block, region, sector * lane); one block of zeros where there is none."""
    case, lanes, portfolio = now.case, state.lanes, state.laid("portfolio")
    pool = float(now.public_pools.sum())
    ecosystem = now.mandate.money.get("ecosystem", 0.0) * pool
    if not now.mandate.money:
        nobody = np.zeros((1, *portfolio.shape[1:]))
        return Support(nobody, nobody, nobody, ecosystem, 0.0)
    pairs = case.first.layout.shape[1:]
    research, guidance, pilot = (lanes.empty(name, *pairs) for name in SUPPORT)
    for room in (research, guidance, pilot):
        room[...] = 0.0
    plan = Plan(state.laid("key_areas"), state.laid("pilots"), state.laid("assigned"))
    size, total, spent = case.world.size, np.empty(lanes.width), 0.0
    for part in directed(case.coordinator.levers, now.mandate, plan, portfolio, size, pool, case.research_mix):
        out = pilot if part.lever == "pilot_zones" else lanes.empty("money of a lever", *pairs)
        shared_out(part.weights, size / pairs[1], part.money, np.array(part.mix), total, research, guidance, out)
        spent += part.money
    return Support(research, guidance, pilot, ecosystem, spent)


@entry
def shared_out(
    weights: Any, fallback: Any, money: float, mix: Any, total: Any, research: Any, guidance: Any, out: Any
) -> None:
    """As `support.share_out`; `total` is work space, (lane,)."""
    blocks, regions, row = weights.shape
    lanes = total.size
    for b in range(blocks):
        clear(total)
        for r in range(regions):
            for c in range(0, row, lanes):
                for lane in range(lanes):
                    total[lane] += weights[b, r, c + lane]
        for r in range(regions):
            for c in range(0, row, lanes):
                for lane in range(lanes):
                    value, whole = weights[b, r, c + lane], total[lane]
                    part = money * (value / whole if whole > 0.0 else fallback[r])
                    out[b, r, c + lane] = part
                    research[b, r, c + lane] += mix[r] * part
                    guidance[b, r, c + lane] += (1.0 - mix[r]) * part
