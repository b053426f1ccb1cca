"""Which fonts a figure is set in, and whether they have the glyphs it needs."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache

CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "SimSun",
    "STHeiti",
    "AR PL UMing CN",
    "Droid Sans Fallback",
)
LATIN = "DejaVu Sans"
# The characters that every Chinese figure needs.
SAMPLE = "区域未来产业布局统筹脑量子基因网络空天深海氢储能元亿“”"

OWN_BUSINESS = ("mkdir -p failed for path", "%s is not a writable", "Matplotlib created a temporary cache directory")
"""How lines begin in which matplotlib says that it may not write to the home folder: it takes another, and removes it.
"""


def _worth_saying(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(OWN_BUSINESS)


logging.getLogger("matplotlib").addFilter(_worth_saying)


def families(language: str, needed: str = "", candidates: Sequence[str] = CHINESE) -> list[str]:
    """Return the font families to set a language in, best first.

    Args:
        language: "en" (the font that ships with matplotlib, so bytes agree between machines) or "zh".
        needed: Text whose every character must have a glyph.
        candidates: Chinese families to try, best first.

    Raises:
        UserError: No installed family has the Chinese glyphs.
    """
    if language != "zh":
        return [LATIN]
    family = _fitting(candidates, needed) or (_found_more() and _fitting(candidates, needed))
    if not family:
        raise _no_font(needed)
    return [family, LATIN]


def _fitting(candidates: Sequence[str], needed: str) -> str:
    """The first family with every character that is needed; "" when there is none."""
    return next((family for family in candidates if not missing(family, SAMPLE + needed)), "")


def _found_more() -> bool:
    """Whether fonts were installed since matplotlib made its list, which it keeps between runs; they are on it now."""
    from matplotlib import font_manager

    listed = {entry.fname for entry in font_manager.fontManager.ttflist}
    new = [path for path in font_manager.findSystemFonts() if path not in listed]
    for path in new:
        with suppress(OSError, RuntimeError, ValueError):  # what is no font
            font_manager.fontManager.addfont(path)
    _glyphs.cache_clear()
    return bool(new)


def missing(family: str, text: str) -> str:
    """Return the characters of a text for which a family has no glyph; all of them when it is not installed."""
    wanted = {character for character in text if not character.isspace()}
    return "".join(sorted(wanted - _glyphs(family)))


@lru_cache(maxsize=32)
def _glyphs(family: str) -> frozenset[str]:
    """Every character a family's regular face can draw; empty when the family is not installed."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    try:
        path = findfont(FontProperties(family=[family]), fallback_to_default=False)
    except ValueError:
        return frozenset()
    return frozenset(chr(code) for code in get_font(path).get_charmap())


def _no_font(needed: Iterable[str]) -> Exception:
    """The one sentence a user sees when Chinese cannot be drawn."""
    from qipan.model.errors import Problem, UserError

    return UserError(
        (
            Problem(
                where="command line",
                key="--lang zh",
                message="no installed font has the Chinese characters that the figures need",
                hint="install one, such as Noto Sans CJK SC (Debian: fonts-noto-cjk), or use --lang en",
            ),
        )
    )
