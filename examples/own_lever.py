"""A lever that bars: sectors that most regions are in already are closed to every region that revises its layout.

qipan --plugin examples/own_lever.py run national-design --set policy.coordination.closed_lists=true
"""

from typing import ClassVar

import numpy as np

from qipan.model.axes import Array
from qipan.model.coordination.levers import Lever, lever
from qipan.model.coordination.view import View
from qipan.model.parameters import parameter


@lever
class ClosedLists(Lever):
    """A negative list of crowded sectors."""

    name, label, label_zh, spends, bars = "closed_lists", "Closed lists", "负面清单", False, True
    parameters: ClassVar = {
        "closed_from": (
            float,
            parameter(
                0.5,
                "Share of regions in a sector from which on it is closed.",
                plausible=(0.3, 0.9),
                allowed=(0.0, 1.0),
                zh="封闭门槛",
            ),
        ),
    }

    def powers(self) -> dict[str, float]:
        """It needs no money and no word in beliefs."""
        return {}

    def drafted(self, view: View) -> dict[str, Array]:
        """Written in plan years, from the regions that were in each sector the year before."""
        crowded = view.count > self.settings.closed_from * view.size.size
        return {"barred": np.repeat(crowded[:, None, :] * 1.0, view.size.size, axis=1)}
