"""What the bases of a layout cost to run, before any public money is productive."""

from qipan.model.axes import Element
from qipan.model.element import larger, smaller
from qipan.model.region import TINY


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
