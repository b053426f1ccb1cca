"""Phase 1 and the order of revision, compiled: who has a document, and who may revise. Arrays (block, region, lane)."""

from typing import Any

from qipan.model.compiled.arithmetic.kernels import add, clear
from qipan.model.compiled.compiling import entry
from qipan.model.compiled.rules import adoption_probability, happens, may_revise


@entry
def adopt(uniform: Any, s: Any, shares: Any, odds: Any, adopted: Any, newly: Any) -> None:
    """Documents issued this year into `newly`, documents in force updated in place. `odds` is work space, (lane,).

    `shares` are those of 0, 1, 2 ... regions in all: a division here would become a product with another last bit.
    """
    blocks, regions, lanes = adopted.shape
    for b in range(blocks):
        clear(odds)
        for r in range(regions):
            add(adopted[b, r], odds)
        for lane in range(lanes):
            odds[lane] = adoption_probability(s.spontaneous, s.imitative, shares[int(odds[lane])], s.boost)
        for r in range(regions):
            drawn, had, new = uniform[b, r], adopted[b, r], newly[b, r]
            for lane in range(lanes):
                new[lane] = happens(drawn[lane], odds[lane]) * (1.0 - had[lane])
                had[lane] = had[lane] + new[lane]


@entry
def let_revise(uniform: Any, s: Any, adopted: Any, newly: Any, first: float, revises: Any) -> None:
    """Who may revise in a round; `first` is one in the first of a year, else zero."""
    blocks, regions, lanes = adopted.shape
    for b in range(blocks):
        for r in range(regions):
            drawn, has, new, out = uniform[b, r], adopted[b, r], newly[b, r], revises[b, r]
            for lane in range(lanes):
                out[lane] = may_revise(has[lane], first * new[lane], drawn[lane], s.chance)
