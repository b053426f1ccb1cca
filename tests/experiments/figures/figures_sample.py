"""An invented comparison, complete in every table, for the tests of figures and report. Nothing here is a result.

Numbers come from a low-discrepancy sequence (fractional parts of multiples of an irrational number), so there is no
randomness in it. The true differences of each arm are set by hand in ARMS.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from types import SimpleNamespace

import numpy as np
import pandas as pd

from qipan.experiments.summaries.comparison import COLUMNS, ArmResult, Comparison, empty_tables
from qipan.model.parameters import Policy, Run, WorldChoice

YEARS = tuple(range(2023, 2036))
MECHANISMS = ("government_research", "guidance_fund", "enterprise", "venture_capital", "bank_credit", "social_donation")
STAGES = ("research", "pilot", "industrial")
SECTORS = (
    ("brain", "Brain-like intelligence", "类脑智能"),
    ("quantum", "Quantum information", "量子信息"),
    ("gene", "Gene technology", "基因技术"),
    ("network", "Future networks", "未来网络"),
    ("space_sea", "Deep-sea and aerospace development", "深海空天开发"),
    ("h2_storage", "Hydrogen and energy storage", "氢能与储能"),
)
REGIONS = """BJ Beijing 北京 East .0924 4 1;TJ Tianjin 天津 East .0185 5 2
HE Hebei 河北 East .0276 4 2;SX Shanxi 山西 Central .0089 3 2
NM Inner_Mongolia 内蒙古 West .0068 3 1;LN Liaoning 辽宁 Northeast .0202 5 1
JL Jilin 吉林 Northeast .0061 6 1;HL Heilongjiang 黑龙江 Northeast .0071 6 0
SH Shanghai 上海 East .0644 6 4;JS Jiangsu 江苏 East .1246 5 4
ZJ Zhejiang 浙江 East .0785 5 5;AH Anhui 安徽 Central .0374 4 4
FJ Fujian 福建 East .0352 4 6;JX Jiangxi 江西 Central .0181 4 5
SD Shandong 山东 East .0708 4 3;HA Henan 河南 Central .0371 3 3
HB Hubei 湖北 Central .0408 3 4;HN Hunan 湖南 Central .0382 3 5
GD Guangdong 广东 East .1433 3 6;GX Guangxi 广西 West .0071 2 6
HI Hainan 海南 East .0022 3 7;CQ Chongqing 重庆 West .0223 2 4
SC Sichuan 四川 West .0395 1 4;GZ Guizhou 贵州 West .0065 2 5
YN Yunnan 云南 West .0102 1 5;XZ Tibet 西藏 West .0002 0 3
SN Shaanxi 陕西 West .0250 2 3;GS Gansu 甘肃 West .0047 1 2
QH Qinghai 青海 West .0009 1 3;NX Ningxia 宁夏 West .0026 2 2
XJ Xinjiang 新疆 West .0030 0 2""".replace("\n", ";").split(";")


@dataclass(frozen=True)
class Truth:
    """What is put into the sample for one arm: relative effect on output, absolute one on the index measures."""

    name: str
    title: str
    title_zh: str
    policy: dict[str, object]
    output: float
    index: float


ARMS = (
    Truth("none", "No coordinator", "无统筹", {}, 0.0, 0.0),
    Truth("information-only", "Information only", "仅信息共享", {"information": True}, 0.021, -0.008),
    Truth("random-coordinator", "Random coordinator (placebo)", "随机统筹（安慰剂）", {"arm": "random"}, 0.002, 0.004),
    Truth("lump-sum", "Levy handed back", "统筹资金返还", {"arm": "lump_sum"}, 0.0, 0.0),
    Truth("burn", "Levy spent on nothing", "统筹资金空耗", {"arm": "burn"}, -0.06, 0.001),
    Truth(
        "national-design",
        "Full national design",
        "完整国家统筹",
        {
            "arm": "design",
            "information": True,
            "shared_definition": True,
            "key_areas": True,
            "pilot_zones": True,
            "regional_layout": True,
            "ecosystem": True,
        },
        0.085,
        -0.05,
    ),
)
# name: level of the baseline in the last year, spread, True when it scales as money
YEARLY = {
    "output_total": (2400.0, 0.3, True),
    "investment_duplication": (0.62, 0.05, False),
    "layout_cosine": (0.66, 0.03, False),
    "layout_cosine_null": (0.62, 0.01, False),
    "idle_share": (0.21, 0.04, False),
    "excess_entry": (21.0, 0.1, True),
    "output_discounted": (14000.0, 0.3, True),
    "welfare": (300.0, 0.4, True),
    "welfare_with_terminal": (2300.0, 0.4, True),
}
UP = ("output_total", "output_discounted", "welfare", "welfare_with_terminal")
WHOLE_RUN = ("output_discounted", "welfare", "welfare_with_terminal")


def spread(count: int, salt: int) -> np.ndarray:
    """Return `count` standard normal quantiles in a fixed scrambled order."""
    golden = 0.6180339887498949
    shares = [((i + 1) * golden + salt * 0.7548776662) % 0.999 + 0.0005 for i in range(count)]
    return np.array([NormalDist().inv_cdf(share) for share in shares])


def region_world() -> SimpleNamespace:
    """Return the parts of a World that figures and report read."""
    rows = [line.split() for line in REGIONS]
    size = np.array([float(row[4]) for row in rows])
    announced = np.array([[float((i * 7 + k * 3) % 5 < 3) for k in range(6)] for i in range(31)])
    announced[[0, 5, 20, 25]] = 0.0
    targets = (
        _target("shanghai-output-2030", "CN-SH", "Shanghai", "上海", "output", 80.0, 2030),
        _target("anhui-output-2030", "CN-AH", "Anhui", "安徽", "output", 75.0, 2030),
        _target("nanjing-income-2025", "CN-JS", "Nanjing", "南京", "main_business_income", 300.0, 2025),
    )
    return SimpleNamespace(
        name="provinces-31",
        region_codes=tuple("CN-" + row[0] for row in rows),
        region_names=tuple(row[1].replace("_", " ") for row in rows),
        region_names_zh=tuple(row[2] for row in rows),
        macro_regions=tuple(row[3] for row in rows),
        size=size / size.sum(),
        sector_codes=tuple(s[0] for s in SECTORS),
        sector_names=tuple(s[1] for s in SECTORS),
        sector_names_zh=tuple(s[2] for s in SECTORS),
        tile_column=np.array([int(row[5]) for row in rows]),
        tile_row=np.array([int(row[6]) for row in rows]),
        announced_layout=announced,
        targets=targets,
        vintage="2022 yearbooks",
        files={"regions.csv": "ab" * 32},
    )


def _target(
    identifier: str, code: str, name: str, chinese: str, indicator: str, value: float, year: int
) -> SimpleNamespace:
    return SimpleNamespace(
        identifier=identifier,
        region=code,
        region_name=name,
        region_name_zh=chinese,
        indicator=indicator,
        comparator=">=",
        value=value,
        unit="bn yuan",
        year=year,
        value_as_printed="",
        year_as_printed="",
        reading="corrected",
        source="invented",
        issued="2022-10",
        level="province",
        simulated=True,
        outside=False,
    )


def scenario(truth: Truth, replicates: int = 100) -> SimpleNamespace:
    """Return the parts of a Scenario that figures and report read."""
    return SimpleNamespace(
        name=truth.name,
        title=truth.title,
        title_zh=truth.title_zh,
        question="Does a national design help <regions>?",
        source="invented",
        not_modelled=("foreign trade",),
        world=WorldChoice(),
        policy=Policy(coordination=Policy().coordination.model_copy(update=truth.policy)),
        run=Run(replicates=replicates),
        origins={},
        path=None,
    )


def comparison(replicates: int = 100, arms: tuple[Truth, ...] = ARMS) -> Comparison:
    """Return the invented comparison."""
    world = region_world()
    draws = {arm.name: {name: _draw(arm, j, replicates) for j, name in enumerate(YEARLY)} for arm in arms}
    tables = empty_tables()
    tables["summary"] = _summary(draws)
    tables["differences"] = _differences(draws)
    tables["fans"] = pd.concat([_fan(arm, world) for arm in arms], ignore_index=True)
    tables["targets"] = _targets(arms, world, replicates)
    tables["regions"] = _regions(arms[1:], world)
    tables["money"] = _money(arms)
    tables["layouts"] = _layouts(arms, world)
    votes = [
        (a.name, weight, 0.5 + a.output, 0.4, 0.7, min(1, 0.5 + 5 * a.output), 0.4, 0.7)
        for a in arms[1:]
        for weight in ("unweighted", "population", "output")
    ]
    tables["votes"] = pd.DataFrame(votes, columns=COLUMNS["votes"])
    design = any(arm.name == "national-design" for arm in arms)
    results = tuple(
        ArmResult(a.name, a.title, a.title_zh, scenario(a, replicates), replicates, 0.0, {}, *role_of(a, design))
        for a in arms
    )
    manifest = {"seed": 1, "versions": {"qipan": "0.1.0"}, "data": world.files, "times": {"started": "2026-01-01"}}
    return Comparison("sample", "none", results, YEARS, world, tables, manifest, ())


@cache
def several(count: int) -> Comparison:
    """Return the invented comparison with so many policies, each with its placebo and its burn; the last has none.

    It is made once: copy what you change.
    """
    lever = {"arm": "design", "key_areas": True}
    arms = [ARMS[0]]
    for number in range(1, count + 1):
        name, title, title_zh = f"policy-{number}", f"Key-area plans, variant {number}", f"重点领域规划方案{number}"
        effect = 0.02 * (number % 3 - 1)
        arms.append(Truth(name, title, title_zh, lever, effect, -0.1 * effect))
        if number < count:
            arms.append(
                Truth(
                    f"placebo-of-{name}",
                    f"Placebo of key-area plans, variant {number}",
                    f"{title_zh}的安慰剂",
                    {**lever, "arm": "random"},
                    0.0,
                    0.01,
                )
            )
            arms.append(
                Truth(
                    f"burn-of-{name}",
                    f"Burn of key-area plans, variant {number}",
                    f"{title_zh}的空转",
                    {"arm": "burn"},
                    -0.03,
                    0.0,
                )
            )
    return comparison(arms=tuple(arms))


def role_of(arm: Truth, design: bool) -> tuple[str, str]:
    """Return an arm's role and policy: references are those their names tell, or of the national design."""
    role, _, policy = arm.name.partition("-of-")
    if policy:
        return role, policy
    roles = {
        "information-only": "information",
        "random-coordinator": "placebo",
        "lump-sum": "lump_sum",
        "burn": "burn",
        "oracle": "true_values",
    }
    if arm.name == "none":
        return "baseline", ""
    if design and arm.name in roles:
        return roles[arm.name], "national-design"
    return "policy", arm.name


def _draw(arm: Truth, salt: int, replicates: int) -> np.ndarray:
    """Return (replicate, year) values: common draw of the replicate, own noise, an effect that grows over the years."""
    level, wide, money = list(YEARLY.values())[salt]
    growth = np.linspace(0.35, 1.0, len(YEARS)) if money else np.linspace(0.96, 1.0, len(YEARS))
    noisy = arm.name not in ("none", "lump-sum")
    own = 0.06 * noisy * spread(replicates, 31 + salt + 7 * sum(map(ord, arm.name)))
    last = arm.output if list(YEARLY)[salt] in UP else 4 * arm.index if money else arm.index
    effect = last * np.linspace(0, 1, len(YEARS))
    base = wide * (spread(replicates, salt) + own)[:, None]
    return level * growth * (1 + effect) * np.exp(base) if money else level * growth + base + effect


def _summary(draws: dict[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    rows = []
    for arm, measures in draws.items():
        for name, values in measures.items():
            for year, column in _columns(name, values):
                q = np.quantile(column, [0.05, 0.25, 0.75, 0.95])
                rows.append((arm, name, year, column.mean(), np.median(column), *q, len(column)))
    return pd.DataFrame(rows, columns=COLUMNS["summary"])


def _columns(name: str, values: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return a column per year, or the last year's as "total" for a measure of the whole run."""
    if name in WHOLE_RUN:
        return [("total", values[:, -1])]
    return [(str(y), values[:, t]) for t, y in enumerate(YEARS)]


def _differences(draws: dict[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    rows = []
    for arm in list(draws)[1:]:
        for name, values in draws[arm].items():
            for (year, a), (_, b) in zip(_columns(name, values), _columns(name, draws["none"][name]), strict=True):
                rows.append((arm, "none", name, year, *_paired(a, b, name in UP)))
    return pd.DataFrame(rows, columns=COLUMNS["differences"])


def _paired(a: np.ndarray, b: np.ndarray, up: bool) -> tuple[object, ...]:
    gap, n = a - b, len(a)
    mean, half = gap.mean(), 1.96 * gap.std(ddof=1) / np.sqrt(n)
    good = gap if up else -gap
    chance = float((good > 0).mean() + 0.5 * (good == 0).mean())
    clear = mean - half > 0 or mean + half < 0
    verdict = ("better" if (mean > 0) == up else "worse") if clear else "not distinguishable"
    ratio = (a.var() + b.var()) / gap.var() if gap.var() > 0 else float("inf")
    return (
        mean,
        mean - half,
        mean + half,
        mean - half,
        mean + half,
        np.median(gap),
        b.mean(),
        chance,
        max(0.0, chance - 0.1),
        min(1.0, chance + 0.1),
        ratio,
        n,
        verdict,
    )


def _fan(arm: Truth, world: SimpleNamespace) -> pd.DataFrame:
    rows = []
    for code, level in (("nation", 2400.0), ("CN-SH", 95.0), ("CN-AH", 60.0)):
        for t, year in enumerate(YEARS):
            middle = level * (0.35 + 0.65 * t / 12) * (1 + arm.output * t / 12)
            q = [middle * np.exp((0.05 + 0.02 * t) * z) for z in (-1.645, -0.674, 0, 0.674, 1.645)]
            rows.append((arm.name, code, year, middle * 1.02, *q))
    return pd.DataFrame(rows, columns=COLUMNS["fans"])


def _targets(arms: tuple[Truth, ...], world: SimpleNamespace, n: int) -> pd.DataFrame:
    rows = []
    for arm in arms:
        for j, target in enumerate(world.targets):
            p = min(0.97, max(0.0, (0.35, 0.12, 0.0)[j] * (1 + 6 * arm.output)))
            half = 1.96 * np.sqrt(max(p * (1 - p), 0.01) / n)
            short = [0.3, 0.0, 0.1, 0.3, 0.45, 0.6]
            obtained = [target.value * f for f in (0.5, 0.8, 1.2)]
            rows.append(
                (
                    arm.name,
                    target.identifier,
                    target.region,
                    target.indicator,
                    target.year,
                    target.value,
                    target.unit,
                    p,
                    max(0, p - half),
                    min(1, p + half),
                    *obtained,
                    *short,
                    2031.0,
                    n,
                    1.0,
                    p / 2,
                    p,
                )
            )
    return pd.DataFrame(rows, columns=COLUMNS["targets"])


def _regions(arms: tuple[Truth, ...], world: SimpleNamespace) -> pd.DataFrame:
    rows = []
    for arm in arms:
        noise = spread(31, 5)
        for i, code in enumerate(world.region_codes):
            gain = 300 * world.size[i] * (arm.output * 3 + 0.2 * noise[i] * (arm.output != 0))
            half = 300 * world.size[i] * 0.09
            clear = abs(gain) > half
            verdict = ("better" if gain > 0 else "worse") if clear else "not distinguishable"
            rows.append(
                (
                    arm.name,
                    code,
                    world.region_names[i],
                    world.region_names_zh[i],
                    "",
                    gain,
                    gain - half,
                    gain + half,
                    gain / (300 * world.size[i]),
                    0.5 + 0.4 * np.sign(gain),
                    0.01 if clear else 0.4,
                    0.02 if clear else 0.5,
                    verdict,
                    gain / 10,
                    (gain - half) / 10,
                    (gain + half) / 10,
                    verdict,
                    1.5 - i / 10 if arm.output else 0.0,
                )
            )
    return pd.DataFrame(rows, columns=COLUMNS["regions"])


def _money(arms: tuple[Truth, ...]) -> pd.DataFrame:
    rows = []
    parts = {
        "government_research": (0.7, 0.3, 0),
        "guidance_fund": (0, 0.4, 0.6),
        "enterprise": (0, 0.35, 0.65),
        "venture_capital": (0, 1, 0),
        "bank_credit": (0, 0, 1),
        "social_donation": (1, 0, 0),
    }
    for arm in arms:
        for j, mechanism in enumerate(MECHANISMS):
            used = (420.0, 350.0, 900.0, 260.0, 380.0, 12.0)[j] * (1 + arm.output)
            back = (float("nan"), -0.2, 0.1, 0.35, 0.02, float("nan"))[j]
            rows.append(
                (
                    arm.name,
                    mechanism,
                    "all",
                    used,
                    used * 0.8,
                    used * 1.25,
                    used * 1.2,
                    0 if np.isnan(back) else used * (1 + back),
                    used * 0.1,
                    back,
                )
            )
            for s, stage in enumerate(STAGES):
                part = used * parts[mechanism][s]
                rows.append((arm.name, mechanism, stage, part, part * 0.8, part * 1.25, *[float("nan")] * 4))
    return pd.DataFrame(rows, columns=COLUMNS["money"])


def _layouts(arms: tuple[Truth, ...], world: SimpleNamespace) -> pd.DataFrame:
    rows = []
    for arm in arms:
        for i, code in enumerate(world.region_codes):
            for k, sector in enumerate(world.sector_codes):
                wave = 0.25 * np.sin(i * 1.7 + k * 2.3) + arm.index * 6 * np.cos(i + k)
                p = float(np.clip(0.55 + wave, 0.01, 0.99))
                rows.extend((arm.name, code, sector, year, p) for year in (2023, 2035))
    return pd.DataFrame(rows, columns=COLUMNS["layouts"])
