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
}


def kept(choice: str | None, replicates: int, *, looks: bool = False) -> str:
    """The plan's `keep`: "all" for every replicate, or "summary".

    Args:
        choice: One of `CHOICES`, or None to go by the size.
        replicates: Of each arm.
        looks: Whether replicates are added until an interval is narrow enough, which needs every one of them.

    Raises:
        UserError: a summary is asked for together with looks.

    Example:
        >>> kept(None, 8_192), kept(None, 8_193), kept("replicates", 10**6)
        ('all', 'summary', 'all')
    """
    if choice == "summary" and looks:
        message = "a summary cannot be looked at again and again: --precision needs every replicate"
        raise UserError(Problem("command line", "--keep", message, "leave out --keep or --precision"))
    if choice is None:
        return SUMMARY if replicates > MOST_KEPT and not looks else "all"
    return SUMMARY if choice == "summary" else "all"
