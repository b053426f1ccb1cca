"""Work space of the compiled year: rows that stay in the processor's cache."""

from typing import Any, NamedTuple

import numpy as np

from qipan.model.compiled.arithmetic.kernels import clear
from qipan.model.compiled.compiling import called


class Work(NamedTuple):
    """Work space of one block of lanes.

    Rows of one region: offers by mechanism, projects by stage, completed ones of research and of the others, odds
    of pilots in zones, what `arrived` from the stage before, weights of its `own`, `nothing` at all, others.
    National rows: costs by stage, what a yuan bought, gross returns, the cycle, luck in common, what a breakthrough
    brings. Sums over regions: `by_stage` holds the cost of projects started and of those that waited in vain, balances
    used, public money unused, projects completed and succeeded. By region: `lent` and `industrial`, the share of
    industrial projects that succeed, and the burden of `small` bases. Choices: eight rows, what is seen in thirteen,
    regions counted in each sector now and in a forecast, and by tier of peers. Normal quantiles: `place` and `far`. Of
    bases: the share of public money that is `productive`, what they cost in `overhead` and beyond it, in `general`. How
    `firms` split their money; the nation's `plant`, and what money `invited`. Costs after learning, `learned`; what
    industrial projects that succeeded had cost, `valued`; how willing banks are with the bad loans they have, `sound`;
    `squares` of capacity. Money used in a region's projects, `public` and `private`.
    """

    offered: Any
    started: Any
    used: Any
    completed: Any
    share: Any
    rate: Any
    near: Any
    luck: Any
    know: Any
    zoned: Any
    own: Any
    arrived: Any
    nothing: Any
    one: Any
    cost: Any
    bought: Any
    gross: Any
    cycle: Any
    common: Any
    boost: Any
    by_stage: Any
    money: Any
    offers: Any
    lost: Any
    invested: Any
    built: Any
    nation: Any
    effort: Any
    cash: Any
    paid: Any
    bad: Any
    lent: Any
    industrial: Any
    choice: Any
    seen: Any
    count: Any
    counted: Any
    place: Any
    far: Any
    productive: Any
    overhead: Any
    general: Any
    public: Any
    private: Any
    firms: Any
    plant: Any
    invited: Any
    learned: Any
    valued: Any
    small: Any
    sound: Any
    squares: Any


MECHANISM = ("offers", "lost", "invested")
STAGE = ("started", "used", "cost", "bought")
REGION = ("lent", "industrial", "small")


def work_space(mechanisms: int, regions: int, tiers: int, row: int, lanes: int) -> Work:
    """Room for the work on one block of lanes."""
    lead = {"offered": (mechanisms,), "by_stage": (3, 6), "completed": (3,), "money": (mechanisms, 3)}
    lead |= {"choice": (8,), "seen": (13,), "count": (2,), "counted": (tiers,)}
    lead |= dict.fromkeys(MECHANISM, (mechanisms,)) | dict.fromkeys(STAGE, (3,)) | dict.fromkeys(REGION, (regions,))
    rooms = {name: np.empty((*lead.get(name, ()), row)) for name in Work._fields}
    return Work(**rooms | {"one": np.empty(lanes), "place": np.empty(row, dtype=np.int64)})


@called
def reset(w: Any) -> None:
    """Sums over regions begin at zero."""
    for stage in range(3):
        for kind in range(w.by_stage.shape[1]):
            clear(w.by_stage[stage, kind])
    for mechanism in range(w.money.shape[0]):
        clear(w.offers[mechanism])
        clear(w.lost[mechanism])
        clear(w.invested[mechanism])
        for stage in range(3):
            clear(w.money[mechanism, stage])
    clear(w.nothing)
    clear(w.built)
    clear(w.nation)
    clear(w.effort)
    clear(w.cash)
    clear(w.paid)
    clear(w.bad)
    clear(w.overhead)
    clear(w.general)
    clear(w.valued)
    clear(w.squares)
