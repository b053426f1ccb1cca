"""The phrase table: every phrase that figures and reports print, in English and Chinese."""

from __future__ import annotations

UNITS_ZH: dict[str, str] = {}
TEXT: dict[str, tuple[str, str]] = {"nation": ("Nation", "全国")}
