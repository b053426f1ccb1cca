"""What is kept of an experiment: every replicate, or a summary; settled from its size before it begins."""

from __future__ import annotations

from qipan.experiments.runs.plan import SUMMARY
from qipan.model.errors import Problem, UserError

CHOICES = ("replicates", "summary")
MOST_KEPT = 8_192
"""Replicates above which a summary is kept unless every replicate is asked for."""
WORDS = {
    "all": "every replicate",
    "summary": "a summary (--keep replicates keeps every one)",
    "scores": "one number a replicate and measure",
    "observed": "what is set beside published facts",
}


def kept(choice: str | None, replicates: int, *, looks: bool = False, weights: bool = False) -> str:
    """The plan's `keep`: "all" for every replicate, or "summary".

    Args:
        choice: One of `CHOICES`, or None to go by the size.
        replicates: Of each arm.
        looks: Whether replicates are added until an interval is narrow enough, which needs every one of them.
        weights: Whether welfare is weighed by a reader's own weights of regions, which needs every one too.

    Raises:
        UserError: a summary is asked for together with looks or weights.

    Example:
        >>> kept(None, 8_192), kept(None, 8_193), kept("replicates", 10**6)
        ('all', 'summary', 'all')
    """
    needs = {"--precision": looks, "--weights": weights}
    if choice == "summary" and any(needs.values()):
        option = next(name for name, asked in needs.items() if asked)
        message = f"a summary holds no replicate by itself: {option} needs every one"
        raise UserError(Problem("command line", "--keep", message, f"leave out --keep or {option}"))
    if choice is None:
        return SUMMARY if replicates > MOST_KEPT and not any(needs.values()) else "all"
    return SUMMARY if choice == "summary" else "all"
