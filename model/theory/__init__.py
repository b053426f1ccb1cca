"""Closed forms that the engine must reproduce: model section 8. Pure functions; nothing here is used by the engine."""

from qipan.model.theory import congestion, coordination, investment, sequences

__all__ = ["congestion", "coordination", "investment", "sequences"]
