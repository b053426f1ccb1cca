"""A measure: the share of output that comes from the three largest regions.

qipan --plugin examples/own_measure.py compare baseline national-design
"""

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures import measure


@measure(
    label="Output of the three largest",
    label_zh="前三位地区产出占比",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="sum of the three largest regional outputs / national output",
    source="examples/own_measure.py",
)
def top_three_share(output: Array) -> Array:
    """Share of national output in the three regions with most of it, (replicate, year)."""
    by_region = np.sort(output.sum(axis=-1), axis=-1)
    return np.asarray(by_region[..., -3:].sum(axis=-1) / np.maximum(by_region.sum(axis=-1), 1e-12))
