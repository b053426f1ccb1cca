"""Whether pairing by replicate holds, and whether it helps."""

from __future__ import annotations

from collections.abc import Sequence


def pairing_warning(arm: Sequence[int], baseline: Sequence[int], reduction: float = float("inf")) -> str | None:
    """Say in one sentence that pairing is lost or does nothing, or return None.

    Args:
        arm: Replicate numbers behind the rows of the arm, in order.
        baseline: The same of the baseline.
        reduction: Variance-reduction factor of the measure the comparison is about.
    """
    if list(arm) != list(baseline):
        shared = len(set(arm) & set(baseline))
        return (
            f"Pairing is lost: the arms have {len(arm)} and {len(baseline)} replicates, {shared} of them in common and "
            "not in the same order; compare the common ones only."
        )
    if reduction < 1.0:
        return (
            f"Pairing does not help: differences vary more than independent runs would (factor {reduction:.2f}); "
            "the draws of the two arms are not the same or the policy reshuffles them."
        )
    return None
