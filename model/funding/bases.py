"""What comes off public money before it is productive: old wine in new bottles, and what bases cost to run."""

from qipan.model.axes import Element
from qipan.model.element import larger, smaller
from qipan.model.region import TINY


def old_wine(relabelling: float, frontier_share: float, definition: float) -> float:
    """Old wine in new bottles: share of every public yuan that goes to ordinary projects under a new name
    (assumption A11). It can as far as understandings of future industry differ.

    Args:
        relabelling: The share where half of the regions hold either understanding, in [0, 1].
        frontier_share: Probability that a region holds the one rather than the other.
        definition: How far an official definition replaces the regions' own, in [0, 1].
    """
    return relabelling * 4.0 * frontier_share * (1.0 - frontier_share) * (1.0 - definition)


def overhead(due: Element, own: Element) -> Element:
    """Running cost of a base that its own public money bears; what is due beyond it, the region's other revenue pays
    (assumption A31).

    Args:
        due: Running cost of the year, bn yuan.
        own: The region's public money in the sector, co-funding included, bn yuan.
    """
    return smaller(due, own)


def productive(own: Element, overhead: Element) -> Element:
    """Share of a base's own public money that is left for projects, in [0, 1]; all of it where nothing is due."""
    return 1.0 - overhead / larger(own, TINY)
