"""The phrase table: every phrase that figures and reports print, in English and Chinese."""

from __future__ import annotations

from experiments.labels_report import REPORT_TEXT

UNITS_ZH: dict[str, str] = {
    "bn yuan": "十亿元", "bn yuan/year": "十亿元/年", "portfolios": "种组合", "regions": "个地区", "pairs": "对",
    "sd": "标准差", "nats": "奈特", "sectors": "个产业", "entries": "项进入", "yuan/yuan": "元/元", "year": "年",
    "years": "年", "1/year": "1/年", "replicates": "次", "rounds": "轮", "utility": "效用", "payoff": "收益",
    "share": "份额", "log": "对数", "log/year": "对数/年", "payoff/region": "收益/地区",
}  # fmt: skip

FIGURE_TEXT: dict[str, tuple[str, str]] = {
    "nation": ("Nation", "全国"),
    "footer": (
        "{name}: {arms} arms, differences against {baseline}; {replicates} replicates, seed {seed}, {first} to {last}; "
        "world {world}, data {vintage}.",
        "{name}：{arms}个情景，差值以{baseline}为基准；重复{replicates}次，种子{seed}，{first}至{last}年；世界{world}，"
        "数据{vintage}。",
    ),
    "effect_up": ("raises {measure} by {change} (95% interval {interval})", "使{measure}提高{change}（95%区间{interval}）"),
    "effect_down": ("lowers {measure} by {change} (95% interval {interval})",
                    "使{measure}降低{change}（95%区间{interval}）"),
    "effect_unclear": ("shows no distinguishable change in {measure}", "对{measure}无可区分的影响"),
    "effect_absent": ("has no figure for {measure}", "缺少{measure}"),
    "wins_better": ("better in {often} paired futures", "在配对的未来情形中{often}更优"),
    "wins_higher": ("higher in {often} paired futures", "在配对的未来情形中{often}更高"),
    "unclear_arm": ("{arms} is not distinguishable from the baseline", "{arms}与基准不可区分"),
    "unclear_arms": ("{arms} are not distinguishable from the baseline", "{arms}与基准均不可区分"),
    "year": ("Year", "年份"),
    "output_axis": ("National output (bn yuan/year, 2022 prices)", "全国产出（十亿元/年，2022年价）"),
    "output_axis_region": ("Output (bn yuan/year, 2022 prices)", "产出（十亿元/年，2022年价）"),
    "fan_note": ("line: median; bands: 50% and 90% of replicates; grey line: {baseline}",
                 "线：中位数；色带：50%与90%的重复；灰线：{baseline}"),
    "output_alt": ("Fans of national output by year, one panel per arm. Median in {year}: {levels}.",
                   "各情景全国产出逐年扇形图。{year}年中位数：{levels}。"),
    "outline_note": ("line: median; bands: 50% and 90% of replicates; dotted grey: 90% of replicates with {baseline}",
                     "线：中位数；色带：50%与90%的重复；灰色点线：{baseline}90%的重复"),
    "place_year": ("{region} {year}", "{region}{year}年"),
    "targets_output_title": ("Probability of meeting the stated output under {arm}: {parts}",
                             "{arm}下既定产出目标的达成概率：{parts}"),
    "targets_output_part": ("{region} {year}: {probability}", "{region}{year}年{probability}"),
    "targets_output_alt": ("Output of regions with a stated output target, as fans for {arms}, with the targets marked.",
                           "有产出目标的地区产出扇形图（{arms}），并标出目标。"),
    "target_mark": ("target {value}", "目标{value}"),
    "time_alt": ("Lines by year and arm of {measures}; whiskers at the right show 90% of replicates in {year}.",
                 "{measures}逐年曲线；右侧须线为{year}年90%的重复。"),
    "time_note": ("lines: medians; band: 50% of replicates of {baseline} and {arm}; whiskers: 90% in {year}",
                  "线：中位数；色带：{baseline}与{arm}50%的重复；须线：{year}年90%的重复"),
    "by_chance": ("by chance", "随机基准"),
    "forest_axis": ("Arm minus {baseline}", "各情景减{baseline}"),
    "forest_note": ("mean and 95% interval, paired by replicate; hollow: not distinguishable from zero",
                    "均值与95%区间，按重复配对；空心：与零不可区分"),
    "forest_alt": ("Paired differences from {baseline} with 95% intervals, one panel per measure. {effects}.",
                   "相对{baseline}的配对差值及95%区间，每个指标一格。{effects}。"),
    "probability_axis": ("Probability of meeting the target", "目标达成概率"),
    "probability_note": ("dots: share of replicates; bars: 95% interval (Wilson); hollow: difference from the baseline "
                         "within both intervals", "点：重复中的达成比例；横线：95%区间（Wilson）；空心：与基准区间重叠"),
    "probability_title": ("{arm} moves the chance of {count} of {total} targets beyond the intervals; the likeliest is "
                          "{best} at {probability}",
                          "{total}个目标中，{arm}使{count}个的达成概率明显变化；最可能达成的是{best}，{probability}"),
    "probability_title_none": ("{arm} moves the chance of none of {total} targets beyond the intervals; the likeliest "
                               "is {best} at {probability}",
                               "{arm}未使{total}个目标中任何一个的达成概率明显变化；最可能达成的是{best}，{probability}"),
    "probability_alt": ("Probability of meeting each target by arm. {values}.", "各情景下每个目标的达成概率。{values}。"),
    "target_name": ("{region}, {indicator}\n{comparator} {value} by {year}", "{region}，{indicator}\n{year}年{comparator}{value}"),
    "indicator_output": ("output", "产出"),
    "indicator_main_business_income": ("main business income", "主营业务收入"),
    "indicator_value_added": ("value added", "增加值"),
    "indicator_value_added_share": ("share of value added", "增加值占比"),
    "layout_title": ("{count} of {total} region-sector pairs change their probability by more than a tenth under {arm}; "
                     "most added: {most}, most dropped: {least}",
                     "{arm}下{total}个地区-产业组合中{count}个的概率变化超过10个百分点；增加最多：{most}，减少最多：{least}"),
    "layout_axis": ("Probability of being in the sector, {year}", "{year}年布局该产业的概率"),
    "layout_change": ("Change of probability", "概率变化"),
    "layout_note": ("regions by macro-region (East, Central, West, Northeast), largest first; ring: announced by 2025; + and {minus}: change above 0.1; "
                    "hatched: no data", "地区按大区（东部、中部、西部、东北）分组，由大到小；圆圈：截至2025年已公布；+与{minus}：变化超过0.1；斜线：无数据"),
    "layout_alt": ("Heat map of the probability that each of {regions} regions is in each of {sectors} sectors in {year}, "
                   "under {baseline} and {arm}, and the change.",
                   "{year}年{regions}个地区布局{sectors}个产业的概率热图：{baseline}、{arm}及其变化。"),
    "macro_East": ("East", "东部"), "macro_Central": ("Central", "中部"), "macro_West": ("West", "西部"),
    "macro_Northeast": ("Northeast", "东北"),
    "map_title": ("Under {arm} {gain} of {total} regions gain output, {lose} lose, {unclear} are not distinguishable",
                  "{arm}下{total}个地区中{gain}个产出增加，{lose}个减少，{unclear}个不可区分"),
    "map_axis": ("Gain in output over the run against {baseline} (%)", "相对{baseline}的累计产出增益（%）"),
    "map_note": ("filled: significant after false-discovery control at 5%; hollow: not distinguishable from zero; "
                 "hatched: no data", "填色：经错误发现率控制（5%）后显著；空心：与零不可区分；斜线：无数据"),
    "map_alt": ("Tile map of regions by gain in output under {arm}. Gain: {gain}. Lose: {lose}.",
                "{arm}下各地区产出增益方格地图。增加：{gain}。减少：{lose}。"),
    "nobody": ("none", "无"),
    "more": ("{count} more", "等另外{count}个"),
    "gains": ("Gain of each region in output over the run (%)", "各地区累计产出增益（%）"),
    "money_title": ("Under {arm} {total} flow over the run, {share} of it from {most}; {best} returns most per yuan ({rate})",
                    "{arm}下全程资金{total}，其中{share}来自{most}；{best}回报率最高（{rate}）"),
    "money_title_plain": ("Under {arm} {total} flow over the run, {share} of it from {most}",
                          "{arm}下全程资金{total}，其中{share}来自{most}"),
    "money_axis": ("Money used over the run (bn yuan)", "全程使用资金（十亿元）"),
    "money_return": ("return {rate}", "回报{rate}"),
    "money_note": ("ribbons: mean over replicates; dots: mean and 90% of replicates; return: money back per yuan used, less one",
                   "流带：重复均值；点：均值与90%的重复；回报：每元收回额减一"),
    "money_alt": ("Flow of money from mechanisms to stages under {arm}: {flows}.", "{arm}下资金从机制到阶段的流向：{flows}。"),
    "mechanism_government_research": ("Government R&D", "政府研发"),
    "mechanism_guidance_fund": ("Guidance funds", "引导基金"),
    "mechanism_enterprise": ("Enterprises", "企业投入"),
    "mechanism_venture_capital": ("Venture capital", "风险投资"),
    "mechanism_bank_credit": ("Bank credit", "银行信贷"),
    "mechanism_social_donation": ("Social donation", "社会捐赠"),
    "stage_research": ("Research", "研究"), "stage_pilot": ("Pilot", "中试"), "stage_industrial": ("Industrial", "产业化"),
}  # fmt: skip

TEXT: dict[str, tuple[str, str]] = {**FIGURE_TEXT, **REPORT_TEXT}
