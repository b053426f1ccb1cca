"""What users call regions and sectors: one resolver for files, options and settings.

A region goes by its ISO 3166-2 code, its GB/T 2260 code (letters, two, six or twelve digits, also as a spreadsheet's
number), its English, Chinese short, full official or one-character name, or an older romanisation; a sector by its
code, its address or its name in either language. Case, spaces, full-width and traditional characters and marks of
footnotes do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from qipan.model.world.record import World

INVENTED = 10**9
"""Addresses of invented regions begin here."""
MOST_NAMED = 4
MUNICIPALITIES = ("CN-BJ", "CN-TJ", "CN-SH", "CN-CQ")
PROVINCES = {
    "CN-BJ": "北京市|Beijing|京|Peking",
    "CN-TJ": "天津市|Tianjin|津|Tientsin",
    "CN-HE": "河北省|Hebei|冀|Hopeh|Hopei",
    "CN-SX": "山西省|Shanxi|晋|Shansi|Shānxī",
    "CN-NM": "内蒙古自治区|Inner Mongolia|蒙|内蒙|内蒙古区|Nei Mongol|Nei Monggol|Nei Menggu|Inner Mongol|Neimeng",
    "CN-LN": "辽宁省|Liaoning|辽",
    "CN-JL": "吉林省|Jilin|吉|Kirin",
    "CN-HL": "黑龙江省|Heilongjiang|黑|Heilungkiang",
    "CN-SH": "上海市|Shanghai|沪",
    "CN-JS": "江苏省|Jiangsu|苏|Kiangsu",
    "CN-ZJ": "浙江省|Zhejiang|浙|Chekiang",
    "CN-AH": "安徽省|Anhui|皖|Anhwei",
    "CN-FJ": "福建省|Fujian|闽|Fukien",
    "CN-JX": "江西省|Jiangxi|赣|Kiangsi",
    "CN-SD": "山东省|Shandong|鲁|Shantung",
    "CN-HA": "河南省|Henan|豫|Honan",
    "CN-HB": "湖北省|Hubei|鄂|Hupeh|Hupei",
    "CN-HN": "湖南省|Hunan|湘",
    "CN-GD": "广东省|Guangdong|粤|Kwangtung|Canton",
    "CN-GX": "广西壮族自治区|Guangxi|桂|广西自治区|广西壮族|广西区|Kwangsi|Guangxi Zhuang|Guangxi Zhuangzu",
    "CN-HI": "海南省|Hainan|琼",
    "CN-CQ": "重庆市|Chongqing|渝|Chungking",
    "CN-SC": "四川省|Sichuan|川|蜀|Szechwan|Szechuan",
    "CN-GZ": "贵州省|Guizhou|贵|黔|Kweichow",
    "CN-YN": "云南省|Yunnan|云|滇",
    "CN-XZ": "西藏自治区|Tibet|藏|西藏区|Xizang|Xizang (Tibet)|Tibet (Xizang)",
    "CN-SN": "陕西省|Shaanxi|陕|秦|Shensi|Shǎnxī",
    "CN-GS": "甘肃省|Gansu|甘|陇|Kansu",
    "CN-QH": "青海省|Qinghai|青|Tsinghai|Chinghai",
    "CN-NX": "宁夏回族自治区|Ningxia|宁|宁夏自治区|宁夏回族|宁夏区|Ningsia|Ningxia Hui|Ningxia Huizu|Ningsia Hui",
    "CN-XJ": "新疆维吾尔自治区|Xinjiang|新|新疆自治区|新疆维吾尔|新疆区|Sinkiang|Xinjiang Uygur|Xinjiang Uyghur|"
    "Xinjiang Uighur|Xinjiang Uigur|Xinjiang Weiwuer|Sinkiang Uighur",
}
"""What a provincial-level region is called beside the names of the table: the full official name first."""
OUTSIDE = (
    "台湾",
    "台湾省",
    "香港",
    "香港特别行政区",
    "澳门",
    "澳门特别行政区",
    "taiwan",
    "hongkong",
    "macao",
    "macau",
    "cntw",
    "cnhk",
    "cnmo",
    "710000",
    "810000",
    "820000",
    "71",
    "81",
    "82",
)
TOGETHER = (
    "全国",
    "中国",
    "合计",
    "总计",
    "全国总计",
    "全国合计",
    "总额",
    "china",
    "nation",
    "national",
    "total",
    "cn",
    "100000",
    "东部",
    "中部",
    "西部",
    "东北",
    "东部地区",
    "中部地区",
    "西部地区",
    "东北地区",
    "east",
    "central",
    "west",
    "northeast",
)
"""Words for several regions together."""
TRADITIONAL = str.maketrans(
    "內遼寧龍蘇浙廣貴雲陝肅慶東臺滬壯維爾區灣門總計國腦類絡網產業術",
    "内辽宁龙苏浙广贵云陕肃庆东台沪壮维尔区湾门总计国脑类络网产业术",
)
MARKS = re.compile(
    r"(?:[*†‡§¶#]|[①-⑳⑴-⑽¹²³⁴-⁹]|[(（\[［【](?:[0-9]{1,2}|注[0-9]?|[a-z*])[)）\]］】]|[(（]不含[^()（）]*[)）])+$",
    re.IGNORECASE,
)


def plain_name(given: object) -> str:
    """A name as it is compared: no case, spaces, punctuation, footnote marks, full-width or traditional characters.

    Example:
        >>> plain_name(" Ｈenan "), plain_name("内 蒙 古 *"), plain_name(410000.0), plain_name("CN-HA")
        ('henan', '内蒙古', '410000', 'cnha')
    """
    return _without_accents(_plain(given))


def _plain(given: object) -> str:
    text = MARKS.sub("", str(given).strip().replace("\ufeff", ""))
    text = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[0-9]+\.0*|[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}", text):
        text = f"{float(text):.0f}"
    text = re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())
    return text.translate(TRADITIONAL)


def _without_accents(text: str) -> str:
    kept = (sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", "".join(kept))


class NameProblemError(ValueError):
    """A name that cannot be resolved: `message` with what was given, `hint` with what may be meant."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.message, self.hint = message, hint


@dataclass(frozen=True, eq=False)
class Names:
    """What the things of one kind may be called.

    Attributes:
        kind: Word of messages, "region" or "sector".
        codes: Code of each row.
        shown: How each is called in a message.
        words: Everything each may be called.
        strangers: Comparable names of things of another kind, and what is said about them.
    """

    kind: str
    codes: tuple[str, ...]
    shown: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    strangers: dict[str, str]

    @cached_property
    def known(self) -> dict[str, tuple[int, ...]]:
        """Row or rows by comparable name; several rows make a name ambiguous."""
        return _gathered(self.words)

    def row(self, given: object) -> int:
        """Row of what is called so.

        Raises:
            NameProblemError: nothing is, or several are.
        """
        rows = self._rows(given)
        if len(rows) == 1:
            return rows[0]
        if rows:
            few = ", ".join(self.shown[row] for row in rows[:MOST_NAMED])
            raise NameProblemError(f"{_quoted(given)} may be {few}", "give the code or the full name")
        raise NameProblemError(f"{_quoted(given)} is not known", self._hint(plain_name(given)))

    def code(self, given: object) -> str:
        """Code of what is called so; raises NameProblemError as `row`."""
        return str(given) if given in self.codes else self.codes[self.row(given)]

    def find(self, given: object, where: str, key: str) -> int:
        """The same for one name outside a table.

        Raises:
            UserError: nothing is called so, or several are.
        """
        try:
            return self.row(given)
        except NameProblemError as error:
            raise UserError(Problem(where, key, error.message, error.hint)) from None

    def _province_of(self, city: str) -> str:
        """The region of these whose city is called so; empty where none or several are."""
        if self.kind != "region" or not any(code in PROVINCES for code in self.codes):
            return ""
        cities, provinces = _cities()
        found = {provinces[row] for row in cities.known.get(city, ())} & set(self.codes)
        return self.shown[self.codes.index(found.pop())] if len(found) == 1 else ""

    def _rows(self, given: object) -> tuple[int, ...]:
        exact = _plain(given)
        return self.known.get(exact) or self.known.get(_without_accents(exact), ())

    def _hint(self, name: str) -> str:
        import difflib

        if name in self.strangers:
            return self.strangers[name]
        if province := self._province_of(name):
            return f"it is a city of {province}, and this world has provinces"
        likeness = 0.6 if name.isascii() else 0.5
        close = [] if name.isdigit() else difflib.get_close_matches(name[:80], self.known, n=8, cutoff=likeness)
        if len(name) == 6 and name.isdigit():
            close = [digits for digits in (f"{name[:2]}0000", f"{name[:4]}00") if digits in self.known]
        rows = list(dict.fromkeys(row for near in close for row in self.known[near]))[:3]
        if rows:
            return f"did you mean {' or '.join(self.shown[row] for row in rows)}?"
        return f"a {self.kind} is given by code or name, e.g. {self.shown[0]}"


def _quoted(given: object) -> str:
    text = repr(str(given))
    return text if len(text) <= 60 else f"{text[:57]}..."


def region_names(codes: Sequence[str], names: Sequence[str], names_zh: Sequence[str], ids: Sequence[int]) -> Names:
    """Names of the regions of a table, in the order of its rows.

    Args:
        codes: ISO 3166-2 codes; cities have six digits.
        names: English names.
        names_zh: Chinese names.
        ids: GB/T 2260 codes of two or six digits.
    """
    return _region_names(tuple(codes), tuple(names), tuple(names_zh), tuple(int(number) for number in ids))


def sector_names(codes: Sequence[str], names: Sequence[str], names_zh: Sequence[str], ids: Sequence[int]) -> Names:
    """Names of the sectors of a table, in the order of its rows; `ids` are their addresses."""
    return _sector_names(tuple(codes), tuple(names), tuple(names_zh), tuple(int(number) for number in ids))


def world_regions(world: World) -> Names:
    """Names of the regions of a world."""
    return region_names(world.region_codes, world.region_names, world.region_names_zh, world.region_ids.tolist())


def world_sectors(world: World) -> Names:
    """Names of the sectors of a world."""
    return sector_names(world.sector_codes, world.sector_names, world.sector_names_zh, world.sector_ids.tolist())


def six_digits(world: World) -> tuple[str, ...]:
    """The GB/T 2260 code of six digits of each region of a world; empty where a region is invented.

    Example:
        >>> from qipan.model.parameters import WorldChoice
        >>> from qipan.model.world import load_world
        >>> six_digits(load_world(WorldChoice()))[:2]
        ('110000', '120000')
    """
    return tuple(_six_digits(int(number)) for number in world.region_ids)


def _six_digits(number: int) -> str:
    if number >= INVENTED:
        return ""
    return f"{number}0000" if number < 100 else f"{number:06d}"


Words = tuple[str, ...]


@lru_cache(maxsize=32)
def _region_names(codes: Words, names: Words, names_zh: Words, ids: tuple[int, ...]) -> Names:
    rows = list(zip(codes, names, names_zh, ids, strict=True))
    city = any(code.isdigit() for code in codes)
    shown = tuple(f"{code} ({name}, {name_zh})" for code, name, name_zh, _ in rows)
    outside = {plain_name(word): "it is outside these regions" for word in OUTSIDE}
    together = {plain_name(word): "it is several regions together; name one" for word in TOGETHER}
    strangers = {}
    if city:
        words = [word for code, told in PROVINCES.items() for word in (code, *told.split("|"))]
        words += [
            re.sub(r"(省|市|(壮族|回族|维吾尔)?自治区)$", "", told.partition("|")[0]) for told in PROVINCES.values()
        ]
        said = f"it is a province; this world has cities such as {names[0]} ({names_zh[0]})"
        strangers = {plain_name(word): said for word in words}
    strangers |= outside | together
    return Names("region", codes, shown, tuple(tuple(_region_words(*row)) for row in rows), strangers)


@lru_cache(maxsize=1)
def _cities() -> tuple[Names, Words]:
    """Names of the cities of the shipped table, and the province of each."""
    from qipan.model.world.reading.own import Tables
    from qipan.model.world.reading.tables import Column

    tables = Tables()
    return tables.shipped_names("cities.csv"), tables.shipped("cities.csv", [Column("province")]).texts("province")


@lru_cache(maxsize=32)
def _sector_names(codes: Words, names: Words, names_zh: Words, ids: tuple[int, ...]) -> Names:
    rows = list(zip(codes, names, names_zh, ids, strict=True))
    words = tuple((code, name, name_zh, str(number)) for code, name, name_zh, number in rows)
    shown = tuple(f"{code} ({name}, {name_zh})" for code, name, name_zh, _ in rows)
    return Names("sector", codes, shown, words, {})


def _gathered(words: Iterable[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    """Rows by comparable name. Without accents a name counts where nothing is called so exactly (Shanxi, Shǎnxī)."""
    exact: dict[str, tuple[int, ...]] = {}
    bare: dict[str, tuple[int, ...]] = {}
    for row, called in enumerate(words):
        for name in dict.fromkeys(_plain(word) for word in called):
            for found, form in ((exact, name), (bare, _without_accents(name))):
                if form and row not in found.get(form, ()):
                    found[form] = (*found.get(form, ()), row)
    return {**bare, **exact}


def _region_words(code: str, name: str, name_zh: str, number: int) -> Iterator[str]:
    """Everything one region may be called."""
    yield from (code, name, name_zh)
    digits = _six_digits(number)
    if digits:
        yield from (digits, f"{digits}000000")
    if code.isdigit():
        yield from _city_words(name, name_zh)
    elif number < 100:
        yield from (str(number), f"CN-{number}", code.removeprefix("CN-"))
    if code in PROVINCES:
        official, *others = PROVINCES[code].split("|")
        yield from (official, *others)
        kinds = ("Municipality", "City", "Shi") if code in MUNICIPALITIES else ("Province", "Sheng")
        kinds = ("Autonomous Region", "Zizhiqu", "AR") if official.endswith("自治区") else kinds
        latin = dict.fromkeys(word for word in (name, *others) if word[0].isascii())
        yield from (f"{word} {kind}" for word in latin for kind in kinds)


def _city_words(name: str, name_zh: str) -> Iterator[str]:
    short = name_zh.removesuffix("市")
    base = name.partition(" (")[0].removesuffix(" City")
    latin = (base, base.replace("ü", "v"))
    yield from (short, *(f"{word}{kind}" for word in latin for kind in ("", " City", " Shi")))
