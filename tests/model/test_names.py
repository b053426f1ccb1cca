"""What regions and sectors may be called: official names, codes, romanisations, and what is refused."""

import pytest

from qipan.model.parameters import WorldChoice
from qipan.model.world import SECTOR_TABLES, load_world
from qipan.model.world.names import NameProblemError, plain_name, six_digits, world_regions, world_sectors

# ISO 3166-2:CN, GB/T 2260 and the official names of the provincial-level regions, typed from the standards.
OFFICIAL = """
BJ 110000 北京市 Beijing|TJ 120000 天津市 Tianjin|HE 130000 河北省 Hebei|SX 140000 山西省 Shanxi|
NM 150000 内蒙古自治区 Nei Mongol|LN 210000 辽宁省 Liaoning|JL 220000 吉林省 Jilin|HL 230000 黑龙江省 Heilongjiang|
SH 310000 上海市 Shanghai|JS 320000 江苏省 Jiangsu|ZJ 330000 浙江省 Zhejiang|AH 340000 安徽省 Anhui|
FJ 350000 福建省 Fujian|JX 360000 江西省 Jiangxi|SD 370000 山东省 Shandong|HA 410000 河南省 Henan|
HB 420000 湖北省 Hubei|HN 430000 湖南省 Hunan|GD 440000 广东省 Guangdong|GX 450000 广西壮族自治区 Guangxi Zhuang|
HI 460000 海南省 Hainan|CQ 500000 重庆市 Chongqing|SC 510000 四川省 Sichuan|GZ 520000 贵州省 Guizhou|
YN 530000 云南省 Yunnan|XZ 540000 西藏自治区 Xizang|SN 610000 陕西省 Shaanxi|GS 620000 甘肃省 Gansu|
QH 630000 青海省 Qinghai|NX 640000 宁夏回族自治区 Ningxia Hui|XJ 650000 新疆维吾尔自治区 Xinjiang Uygur
"""
ROWS = [part.split(maxsplit=3) for part in OFFICIAL.replace("\n", "").strip().split("|")]
WORLD = load_world(WorldChoice())
REGIONS = world_regions(WORLD)
CITIES = load_world(WorldChoice(data="cities-293"))


def code(given: object) -> str:
    return WORLD.region_codes[REGIONS.row(given)]


@pytest.mark.parametrize(("iso", "digits", "official", "english"), ROWS, ids=[row[0] for row in ROWS])
def test_every_region_goes_by_codes_and_official_names(iso, digits, official, english):
    expected = f"CN-{iso}"
    numbers = (digits, int(digits), float(digits), f"{digits}.0", digits[:2], int(digits[:2]), f"{digits}000000")
    words = (official, f" {official} ", english, english.upper(), english.lower(), iso, expected, expected.lower())
    assert {code(given) for given in (*numbers, *words)} == {expected}
    assert six_digits(WORLD)[REGIONS.row(official)] == digits


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("内蒙古", "CN-NM"),
        ("Neimenggu", "CN-NM"),
        ("Inner Mongolia Autonomous Region", "CN-NM"),
        ("內蒙古", "CN-NM"),
        ("广西", "CN-GX"),
        ("Guangxi Zhuang Autonomous Region", "CN-GX"),
        ("Tibet", "CN-XZ"),
        ("西藏", "CN-XZ"),
        ("Xizang Autonomous Region", "CN-XZ"),
        ("Xinjiang Uyghur Autonomous Region", "CN-XJ"),
        ("宁夏", "CN-NX"),
        ("Shaanxi", "CN-SN"),
        ("Shanxi", "CN-SX"),
        ("Shaanxi Province", "CN-SN"),
        ("Shanxi Province", "CN-SX"),
        ("Shǎnxī", "CN-SN"),
        ("Shānxī", "CN-SX"),
        ("Ｈｅｎａｎ", "CN-HA"),
        ("４１００００", "CN-HA"),
        ("河　南", "CN-HA"),
        ("河 南 省", "CN-HA"),
        ("豫", "CN-HA"),
        ("Beijing Municipality", "CN-BJ"),
        ("Peking", "CN-BJ"),
        ("Heilong Jiang", "CN-HL"),
        ("广东*", "CN-GD"),
        ("广东①", "CN-GD"),
        ("广东[1]", "CN-GD"),
        ("廣東", "CN-GD"),
        ("4.1E+05", "CN-HA"),
        ("'410000", "CN-HA"),
        ("CN-41", "CN-HA"),
        ("cn_ha", "CN-HA"),
        ("Szechwan", "CN-SC"),
    ],
)
def test_usual_spellings(given, expected):
    assert code(given) == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Hennan", "did you mean CN-HA (Henan, 河南)"),
        ("河男", "did you mean CN-HA (Henan, 河南)"),
        ("吉林市", "it is a city of CN-JL (Jilin, 吉林)"),
        ("410100", "it is a city of CN-HA (Henan, 河南)"),
        ("419900", "did you mean CN-HA (Henan, 河南)?"),
        ("Taiwan", "outside these regions"),
        ("全国", "several regions together"),
        ("99", "by code or name"),
        ("", "by code or name"),
        ("41.5", "by code or name"),
    ],
)
def test_an_unknown_name_is_answered_with_what_may_be_meant(given, said):
    with pytest.raises(NameProblemError) as refused:
        REGIONS.row(given)
    assert refused.value.message == f"{given!r} is not known"
    assert said in refused.value.hint


def test_cities_go_by_code_and_by_name_with_and_without_suffix():
    names = world_regions(CITIES)
    for given in ("410100", 410100.0, "郑州", "郑州市", "Zhengzhou", "zhengzhou city"):
        assert CITIES.region_codes[names.row(given)] == "410100"
    assert CITIES.region_codes[names.row("Suzhou (Anhui)")] == "341300"
    assert CITIES.region_codes[names.row("Xian")] == "610100"
    assert {CITIES.region_codes[names.row(given)] for given in ("Lüliang", "Luliang", "Lvliang")} == {"141100"}


def test_a_name_of_two_cities_is_refused_with_both():
    with pytest.raises(NameProblemError) as refused:
        world_regions(CITIES).row("Suzhou")
    assert "320500" in refused.value.message and "341300" in refused.value.message


def test_a_province_is_no_city():
    for given in ("河南", "河南省", "Henan", "内蒙古"):
        with pytest.raises(NameProblemError) as refused:
            world_regions(CITIES).row(given)
        assert "it is a province" in refused.value.hint


@pytest.mark.parametrize("table", SECTOR_TABLES)
def test_sectors_go_by_code_label_and_address(table):
    world = load_world(WorldChoice(sectors=table))
    names = world_sectors(world)
    columns = (world.sector_codes, world.sector_names, world.sector_names_zh, world.sector_ids.tolist())
    for given in zip(*columns, strict=True):
        assert len({names.row(word) for word in (*given, str(given[0]).upper(), f" {given[1]} ".lower())}) == 1


def test_every_name_of_every_world_is_one_region():
    """No alias of one region is in the way of another's own name or code."""
    for world in (WORLD, CITIES, load_world(WorldChoice(data="synthetic", regions=40))):
        names = world_regions(world)
        for column in (world.region_codes, world.region_names, world.region_names_zh):
            assert [names.row(word) for word in column] == list(range(len(column)))


def test_invented_regions_have_no_code_of_the_standard():
    assert set(six_digits(load_world(WorldChoice(data="synthetic", regions=4)))) == {""}
    assert six_digits(CITIES)[0] == "130100"


def test_comparable_names():
    assert plain_name("Xi'an") == plain_name("xi an") == "xian"
