"""Make the tables of this folder from the compiled originals.

    python data/make_tables.py FOLDER

FOLDER holds the original tables, in 100 million yuan and 10,000 persons. Money is converted here, once, to billion
yuan (times 0.1) and population to million persons (times 0.01); nothing else in the project converts a unit. Only
columns that the model uses are kept. Each table has a sidecar `<table>.meta.yaml` with the meaning, unit, year, source
and grade of every column. Tables of our own (sectors, sector_links, mechanisms, outcomes) are written by hand
and not made here.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
Row = dict[str, str]

CLASSES = {
    "brain-like intelligence / brain-computer interface": ("brain_computer", "artificial_intelligence"),
    "artificial general intelligence": ("general_intelligence", "artificial_intelligence"),
    "humanoid robots": ("humanoid_robots", "artificial_intelligence"),
    "quantum information": ("quantum", "quantum_technology"),
    "gene & cell technology / synthetic biology": ("gene_cell", "life_health"),
    "future networks / 6G": ("networks_6g", "communications_6g"),
    "metaverse / XR": ("metaverse", ""),
    "aerospace / space / low-altitude": ("aerospace", ""),
    "deep-sea": ("deep_sea", ""),
    "hydrogen": ("hydrogen", "future_energy"),
    "energy storage": ("energy_storage", "future_energy"),
    "advanced nuclear / fusion": ("nuclear_fusion", "future_energy"),
    "frontier new materials": ("new_materials", ""),
}
"""Class of an announced field: its code in classes-13, and in directions-6 (blank: no counterpart)."""

INDICATORS = (
    ("with a future-industry document", "documents"),
    ("plan issued", "documents"),
    ("future-industry gross output", "output"),
    ("future-industry main business revenue", "main_business_income"),
    ("future-industry share of strategic-emerging", "value_added_share"),
    ("strategic-emerging-industry share of above-scale", "emerging_share"),
    ("baseline: strategic-emerging share", "emerging_share"),
    ("strategic-emerging-industry value added", "emerging_value_added"),
    ("future-industry scale", "scale"),
    ("AI core-industry scale", "sector_scale"),
    ("annual growth", "growth"),
    ("pilot zones", "pilot_zones"),
    ("fields listed", "fields"),
    ("platforms", "platforms"),
    ("talents", "teams"),
    ("science parks", "parks"),
    ("high-tech enterprises", "firms"),
)
"""Words of the original indicator and the indicator's name here, first match wins."""

BROAD, OUTSIDE = "broad", "outside"
SCOPES = {"output": BROAD, "main_business_income": BROAD, "scale": BROAD, "value_added_share": OUTSIDE}
"""How widely a target counts, by indicator; targets of another kind are not simulated."""
BEYOND = ("CN-SX",)
"""Regions whose target counts what is in none of the sectors: 800 bn is 31% of Shanxi's GDP of 2022."""

PRINTED = {
    "shanghai-output-2030": ("5000", "2030"),
    "nanjing-main-business-income-2025": ("2025", "3000"),
    "national-documents-2023-city": ("293", "2023"),
}
"""Garbled print of three figures: value (bn yuan, or count) and year, as the English text has them."""

CAPABILITY = {
    "nkrdp_lead_projects": (2020, "Ministry of Science and Technology, project lists 2018-2020 (partial copy)"),
    "double_first_class_disciplines": (2017, "Ministry of Education, list of first-class disciplines 2017"),
    "listed_firms": (2022, "A shares listed by the end of 2022 and still in November 2025"),
    "state_key_labs": (2020, "Ministry of Science and Technology, lists of 2016, 2019 and 2020"),
}
"""Indicators of capability that are complete for 31 regions and six sectors before the start: last year, source."""

CITIES = {"Nanjing": "320100", "Shenzhen": "440300", "Hangzhou": "330100"}


def billion(text: str) -> str:
    """100 million yuan to billion yuan."""
    return number(float(text) * 0.1)


def number(value: float) -> str:
    """A number without noise of binary arithmetic: ten significant digits."""
    return format(value, ".10g")


def read(folder: Path, name: str) -> list[Row]:
    """Rows of an original table."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, one line end, columns in the order of the first row."""
    rows = list(rows)
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def regions(folder: Path) -> Iterable[Row]:
    """One row per provincial-level region."""
    for row in read(folder, "regions.csv"):
        secondary = float(row["gdp_2022"]) * float(row["secondary_share_2022"])
        yield {
            "region_id": row["gb"],
            "code": row["iso"],
            "name": row["name_en"],
            "name_zh": row["name_zh"],
            "macro_region": row["macro_region"],
            "gdp": billion(row["gdp_2022"]),
            "population": number(float(row["population_2022"]) * 0.01),
            "rd": billion(row["rd_expenditure_2022"]),
            "rd_basic": billion(row["rd_basic_2022"]),
            "rd_applied": billion(row["rd_applied_2022"]),
            "firm_rd": billion(row["rd_firm_funded_2022"]),
            "fiscal_science": billion(row["fiscal_sci_tech_2022"]),
            "hightech_revenue": billion(row["hightech_mfg_revenue_2022"]),
            "patents_in_force": row["invention_patents_in_force_2022"],
            "secondary_value_added": number(secondary * 0.1),
            "adopted": row["future_industry_doc_in_survey"],
        }


def cities(folder: Path) -> Iterable[Row]:
    """One row per prefecture-level city; the four municipalities are provinces and stay out.

    Sansha's GDP is not published: its residents times the GDP per head of Hainan stand in for it.
    """
    heads = {row["iso"]: float(row["gdp_2022"]) / float(row["population_2022"]) for row in read(folder, "regions.csv")}
    for row in read(folder, "cities.csv"):
        if row["level"] != "prefecture_city":
            continue
        people, known = float(row["population_2022"]), row["gdp_2022"]
        yield {
            "region_id": row["code"],
            "code": row["code"],
            "name": row["name_en"],
            "name_zh": row["name_zh"],
            "province": row["province_iso"],
            "gdp": billion(known or str(people * heads[row["province_iso"]])),
            "population": number(people * 0.01),
            "adopted": str(int(row["code"] in CITIES.values())),
            "gdp_grade": "measured" if known else "assumed",
        }


def layouts(folder: Path) -> Iterable[Row]:
    """One row per field a region named in a document; its code in each sector table, blank for none."""
    for row in read(folder, "announced_layouts.csv"):
        fine, direction = CLASSES.get(row["class"], ("", ""))
        yield {
            "region": row["iso"],
            "document": row["document"],
            "issued": row["issued"],
            "field": row["field_as_named"],
            "field_zh": row["field_zh"],
            "plan-6": row["fyp_sector"],
            "directions-6": direction,
            "classes-13": fine,
            "confidence": row["confidence"],
            "source": row["source"],
        }


def capability(folder: Path) -> Iterable[Row]:
    """One row per indicator, region and sector: a count, 0 where the list has none.

    Partial lists, figures of no sector, what is dated after 2022 and what is marked unfit to be used stay out.
    """
    for row in read(folder, "capability.csv"):
        if row["indicator"] in CAPABILITY and row["sector"] != "general":
            year, source = CAPABILITY[row["indicator"]]
            yield {
                "region": row["region"],
                "sector": row["sector"],
                "indicator": row["indicator"],
                "value": number(float(row["value"])),
                "year": str(year),
                "source": source,
            }


def adoption(folder: Path) -> Iterable[Row]:
    """First mention and first document of its own of each province of which one was found, as `mention`, `document`."""
    events = {"first mention": "mention", "first dedicated": "document"}
    for row in read(folder, "adoption.csv"):
        if row["level"] == "province" and row["event"] in events:
            yield {
                "region": row["iso"],
                "event": events[row["event"]],
                "issued": row["issued"],
                "document": row["document"],
                "source": row["source"],
                "grade": row["grade"],
            }


def targets(folder: Path) -> Iterable[Row]:
    """One row per stated target, corrected and as printed."""
    names = {row["iso"]: row["name_zh"] for row in read(folder, "regions.csv")} | {"CN": "全国"}
    names |= {row["code"]: row["name_zh"] for row in read(folder, "cities.csv")}
    stated = [row for row in read(folder, "levels.csv") if (row["region"], row["sector"]) == ("CN-SX", "all")]
    for row in [*read(folder, "targets.csv"), *map(_of_levels, stated)]:
        code = CITIES.get(row["region"], row["iso"])
        indicator = next(name for words, name in INDICATORS if words in row["indicator"])
        value, unit = _value_and_unit(row)
        parts = (row["region"], indicator.replace("_", "-"), row["year"])
        identifier = "-".join(part for part in parts if part).lower()
        identifier += "-city" if "prefecture-level" in row["indicator"] else ""
        identifier += "-baseline" if row["indicator"].startswith("baseline") else ""
        identifier += "-plan" if "plan issued" in row["indicator"] else ""
        printed = PRINTED.get(identifier, (value, row["year"]))
        scope = SCOPES.get(indicator, "")
        scope = OUTSIDE if scope and code in BEYOND else scope
        yield {
            "identifier": identifier,
            "region": code,
            "name": row["region"],
            "name_zh": names[code],
            "level": row["level"],
            "indicator": indicator,
            "scope": scope,
            "wording": row["indicator"],
            "comparator": row["comparator"],
            "value": value,
            "unit": unit,
            "year": row["year"],
            "value_as_printed": printed[0],
            "year_as_printed": printed[1],
            "printed": row["as_printed"],
            "correction": row["correction"],
            "issued": row["issued"],
            "source": row["source"],
            "confidence": row["confidence"],
        }


def _of_levels(row: Row) -> Row:
    """A target that stands among the levels, in the columns of the targets: Shanxi's income of 2025."""
    told = {"region": "Shanxi", "iso": row["region"], "level": row["level"], "comparator": ">=", "confidence": "medium"}
    told |= {name: row[name] for name in ("value", "unit", "year", "source")}
    told["indicator"] = row["indicator"].replace("income", "revenue")
    return told | {"as_printed": "", "correction": "", "issued": ""}


def _value_and_unit(row: Row) -> tuple[str, str]:
    value = float(row["value"])
    if row["unit"] == "100M yuan":
        return billion(row["value"]), "bn yuan"
    if row["unit"].startswith("percent"):
        return number(value / 100.0), "share"
    return number(value), row["unit"]


def national(folder: Path) -> Iterable[Row]:
    """Totals of the nation."""
    for row in read(folder, "national.csv"):
        value, unit = _value_and_unit(row)
        if row["unit"] == "10k persons":
            value, unit = number(float(row["value"]) * 0.01), "million persons"
        yield {"item": row["item"], "value": value, "unit": unit, "year": row["year"], "source": row["source"]}


def main(folder: Path) -> None:
    """Make every table."""
    write("regions.csv", regions(folder))
    write("cities.csv", cities(folder))
    write("neighbours.csv", ({"a": row["a"], "b": row["b"]} for row in read(folder, "adjacency.csv")))
    grid = read(folder, "tilegrid.csv")
    write("tile_grid.csv", ({"region": row["iso"], "column": row["col"], "row": row["row"]} for row in grid))
    write("announced_layouts.csv", layouts(folder))
    write("adoption.csv", adoption(folder))
    write("capability.csv", capability(folder))
    write("targets.csv", targets(folder))
    write("national.csv", national(folder))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python data/make_tables.py FOLDER (the folder of the original tables)")
    main(Path(sys.argv[1]))
