"""The brief: its facts are those of the stored tables, its words are defined, odd results have their own verdicts."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from qipan.experiments.brief import make_brief, printing
from qipan.experiments.brief.content import Brief
from qipan.experiments.brief.page import brief_page
from qipan.experiments.brief.terms import every_term, marked
from qipan.experiments.brief.write import brief_bytes
from qipan.experiments.command_line import main
from qipan.experiments.findings.terminal import rank_lines
from qipan.experiments.results.read import load_result
from qipan.experiments.summaries.comparison import Comparison
from qipan.experiments.words.labels import LANGUAGES
from qipan.model.errors import UserError
from qipan.model.measures.welfare import COSTS, GAINS
from tests.browser import BROWSER, look, probed
from tests.experiments.figures.figures_sample import several
from tests.experiments.report.ranks_sample import ranked_comparison
from tests.once import Once

SAME = "title: Nothing, new; but named\ntitle_zh: 什么也没变，只是改名\nextends: baseline\n"
USUAL = ("--replicates", "4", "--assumptions", "0", "--no-report", "--quiet", "--workers", "1")

UNITS = {"bn yuan": 1.0, "万亿元": 0.001, "亿元": 10.0}


def stored(once: Once) -> Path:
    """A comparison of three policies, one with changed settings and one equal to the baseline, with its references."""

    def make(folder: Path) -> None:
        (folder / "same.yaml").write_text(SAME, encoding="utf-8")
        arms = ["baseline", str(folder / "same.yaml"), "lever-ecosystem", "national-design"]
        assert main(["compare", *arms, *USUAL, "--set", "run.last_year=2036", "--out", str(folder / "result")]) == 0

    return once("brief", make) / "result"


@pytest.fixture(scope="module")
def result(once: Once) -> Comparison:
    return load_result(stored(once))


@pytest.fixture(scope="module")
def briefs(result: Comparison) -> dict[str, Brief]:
    return {language: make_brief(result, language) for language in LANGUAGES}


def numbers(text: str) -> list[float]:
    """The numbers of a text, thousands together and minus signs as such."""
    found = re.findall(r"[−+]?\d[\d,]*(?:\.\d+)?", text)
    return [float(each.replace(",", "").replace("−", "-")) for each in found]


def close(text: str, expected: float) -> bool:
    """Whether a printed number is that number, to half a unit of its last place."""
    (value,) = numbers(text)
    places = len(text.partition(".")[2].rstrip("%abcdefghijklmnopqrstuvwxyz 亿万元点"))
    return abs(value - expected) <= 0.5000001 * 10.0**-places


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_five_numbers_are_those_of_the_tables(result: Comparison, briefs: dict[str, Brief], language: str) -> None:
    """Amounts are ten times as many 亿元 as bn yuan, and a ten thousandth of them in 万亿元."""
    told = result.table("differences").set_index(["arm", "measure", "year"])
    checked = 0
    for row in briefs[language].rows:
        output, welfare, duplication, losers, public = row.figures
        for figure, measure, year in (
            (output, "output_discounted", "total"),
            (welfare, "welfare", "total"),
            (duplication, "investment_duplication", "2035"),
            (public, "public_discounted", "total"),
        ):
            entry = told.loc[(row.arm, measure, year)]
            if entry["verdict"] == "identical":
                assert figure.state == "same" and not numbers(figure.text)
                continue
            checked += 1
            share = {"output_discounted": 100 / entry["baseline_mean"], "investment_duplication": 100.0}
            unit = next(each for each in UNITS if each in figure.text or measure in share)
            factor = share.get(measure, UNITS[unit])
            assert close(figure.text, entry["mean"] * factor), (row.arm, measure, figure)
            unclear = entry["verdict"] == "not distinguishable"
            assert unclear == (figure.state == "open")
            assert unclear == (("cannot be told" if language == "en" else "无法判断") in figure.note)
        regions = result.table("regions").query(f"arm == '{row.arm}'")
        sure = (regions["p_adjusted"] <= 0.05) & regions["verdict"].isin(["better", "worse"])
        lose = (sure & (regions["gain"] < 0)) | (regions["welfare_verdict"] == "worse")
        if losers.state != "same":
            assert sorted(numbers(losers.text)) == sorted([float(lose.sum()), 31.0])
    assert checked >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_policy_has_its_verdict_and_an_equal_one_makes_no_difference(
    briefs: dict[str, Brief], language: str
) -> None:
    verdicts = briefs[language].verdicts
    assert [verdict.arm for verdict in verdicts] == ["same", "lever-ecosystem", "national-design"]
    assert [verdict.state == "same" for verdict in verdicts] == [True, False, False]
    assert ("No difference" if language == "en" else "无差异") in verdicts[0].heading and not verdicts[0].aspects
    assert all(len(verdict.aspects) == 7 for verdict in verdicts[1:])
    assert len(briefs[language].maps) == 3


def test_the_six_parts_add_up_to_the_change_in_welfare(result: Comparison, briefs: dict[str, Brief]) -> None:
    """Where welfare does not follow output; costs are written as what they take."""
    explained = 0
    for verdict in briefs["en"].verdicts:
        said = " ".join(text for _, text in verdict.aspects)
        for why in re.findall(r"Why: (.*?) bn yuan", said):
            *parts, whole = numbers(re.sub(r"\(.*?\)", "", why))
            rows = [result.difference(verdict.arm, name)["mean"] for name in (*GAINS, *COSTS)]
            assert parts == pytest.approx([*rows[:3], *(-row for row in rows[3:])], abs=0.51)
            assert whole == pytest.approx(result.difference(verdict.arm, "welfare")["mean"], abs=0.51)
            explained += 1
    assert explained


def test_changed_settings_and_own_scenarios_stand_under_the_title_and_in_the_footer(briefs: dict[str, Brief]) -> None:
    assert briefs["en"].changed == ("Changed settings: last year 2036 (shipped: 2060).",)
    assert "2036" in briefs["zh"].changed[0] and "2036 (shipped: 2060)" in briefs["en"].footer


def test_own_policies_are_not_called_shipped_and_equal_ones_are_told(tmp_path: Path) -> None:
    """Two files with one content, a design without one of its tools: every other setting is a shipped one."""
    for name in ("one", "two"):
        text = f"title: Mine {name}\nextends: national-design\npolicy: {{coordination: {{key_areas: false}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    arms = [str(tmp_path / f"{name}.yaml") for name in ("one", "two")]
    assert main(["compare", "baseline", *arms, *USUAL, "--replicates", "2", "--out", str(tmp_path / "r")]) == 0
    found = load_result(tmp_path / "r")
    assert any(line.startswith("Mine two has the settings of Mine one") for line in rank_lines(found, "en"))
    told = make_brief(found, "en").changed
    assert told[0].startswith("Not shipped: Mine one, Mine two. Apart from which tools they switch on")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_of_the_page_is_defined_where_it_stands_and_in_the_glossary(
    briefs: dict[str, Brief], language: str
) -> None:
    brief = briefs[language]
    page = brief_page(brief)
    names = {term.name.lower() for term in brief.terms}
    wanted = {
        "en": {"duplication", "welfare", "excess entry", "placebo", "plain cut", "cannot be told", "share of futures"},
        "zh": {"重复度", "社会福利", "过度进入", "安慰剂", "单纯削减", "无法判断", "未来占比"},
    }
    assert wanted[language] <= names
    for term in brief.terms:
        assert f'<dd id="term-{term.key}">{term.meaning}' in page.replace("&#39;", "'")
    links = set(re.findall(r'href="#term-(\w+)"', page))
    assert links <= {term.key for term in brief.terms} and len(links) >= 7
    assert all(term.meaning != term.name for term in every_term(language))
    assert "".join(piece for piece, _ in marked(brief.note, language)) == brief.note


def test_a_sign_that_turns_with_the_year_counted_to_is_said() -> None:
    """The sample is worse to 2035, untold to 2050 and better to 2060."""
    said = " ".join(text for verdict in make_brief(ranked_comparison(), "en").verdicts for _, text in verdict.aspects)
    assert (
        "The year at which the count stops matters: counted to 2035 it falls (−60.0 bn yuan), counted to 2050 it "
        "cannot be told, counted to 2060 it rises (+117 bn yuan)." in said
    )
    assert "−600亿元" in " ".join(t for v in make_brief(ranked_comparison(), "zh").verdicts for _, t in v.aspects)


def test_one_future_tells_nothing(result: Comparison) -> None:
    one = "one replicate: no interval"
    tables = {
        **result.tables,
        "differences": result.table("differences").assign(verdict=one, low=-float("inf"), high=float("inf")),
        "regions": result.table("regions").assign(verdict=one, welfare_verdict=one),
    }
    brief = make_brief(replace(result, tables=tables, arms=tuple(replace(a, replicates=1) for a in result.arms)), "en")
    assert brief.verdicts[1].heading == "Nothing can be told: there is one future only"
    assert brief.grounds[0] == "One future: nothing can be told from it."
    assert {figure.state for row in brief.rows for figure in row.figures} == {"one"}
    assert not any(verdict.aspects for verdict in brief.verdicts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_policies_have_a_row_each(language: str) -> None:
    brief = make_brief(several(7), language)
    assert len(brief.verdicts) == len(brief.rows) == len(brief.maps) == 7


def test_the_command_writes_into_the_folder_of_the_result(
    once: Once, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    folder = shutil.copytree(stored(once), tmp_path / "result")
    assert main(["brief", str(folder), "--lang", "zh"]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "brief-zh.html")
    assert main(["brief", str(tmp_path)]) == 2
    assert "is not a finished result" in capsys.readouterr().err
    (folder / "tables" / "differences.parquet").write_bytes(b"")
    assert main(["brief", str(folder)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "is damaged or was changed" in line and not (folder / "brief-en.html").exists()


def texts_of(brief: Brief) -> list[str]:
    """What every format must say."""
    aspects = [text for verdict in brief.verdicts for _, text in verdict.aspects]
    figures = [figure.text for row in brief.rows for figure in row.figures]
    return [brief.title, brief.footer, *brief.changed, *aspects, *figures, *(term.meaning for term in brief.terms)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_document_is_one_a4_page_of_paragraphs_and_tables(briefs: dict[str, Brief], language: str) -> None:
    from docx import Document

    brief = briefs[language]
    document = Document(BytesIO(brief_bytes(brief, "docx")))
    body = "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
    footer = document.sections[0].footer.paragraphs[0].text
    assert [text for text in texts_of(brief) if text not in body + footer] == []
    assert footer == brief.footer and document.sections[0].page_width.mm == pytest.approx(210, abs=0.1)
    fills = re.findall(r'w:fill="(\w+)"', document.element.xml)
    assert fills.count("B35806") == sum(tile.state == "lose" for each in brief.maps for tile in each.tiles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_presentation_is_one_wide_slide_whose_notes_have_the_rest(briefs: dict[str, Brief], language: str) -> None:
    from pptx import Presentation

    brief = briefs[language]
    deck = Presentation(BytesIO(brief_bytes(brief, "pptx")))
    (slide,) = deck.slides
    shown = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    shown += [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    said = "\n".join([*shown, slide.notes_slide.notes_text_frame.text])
    assert [text for text in texts_of(brief) if text not in said] == []
    assert brief.footer in shown and deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=0.01)
    sides = [(shape.left + shape.width, shape.top + shape.height) for shape in slide.shapes]
    assert all(right <= deck.slide_width and bottom <= deck.slide_height for right, bottom in sides)


def test_a_pdf_without_a_browser_names_the_other_formats(briefs: dict[str, Brief], monkeypatch) -> None:
    monkeypatch.setattr(printing, "NAMES", ())
    monkeypatch.setattr(printing, "PLACES", {})
    with pytest.raises(UserError) as told:
        brief_bytes(briefs["en"], "pdf")
    assert "--format html" in str(told.value) and "--format docx" in str(told.value)


@pytest.mark.skipif(not BROWSER, reason="needs Chromium")
@pytest.mark.parametrize(("policies", "language"), [(1, "en"), (3, "zh"), (7, "en")])
def test_a_pdf_is_one_sheet(policies: int, language: str) -> None:
    brief = make_brief(several(policies), language)
    assert len(printing.PAGES.findall(brief_bytes(brief, "pdf"))) == 1


PROBE = """<script>addEventListener('load', () => {
  const wide = [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  const term = document.querySelector('dfn a');
  term.focus();
  parent.postMessage(JSON.stringify({ problems, wide: wide.map(e => e.outerHTML.slice(0, 80)),
    scroll: document.documentElement.scrollWidth - innerWidth, title: document.querySelector('h1').innerText,
    terms: document.querySelectorAll('dfn a').length, focused: document.activeElement === term }), '*');
});</script>"""


@pytest.mark.skipif(not BROWSER, reason="needs Chromium")
@pytest.mark.parametrize("width", [360, 768, 1400])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_no_sideways_scrolling(
    briefs: dict[str, Brief], language: str, width: int, tmp_path: Path
) -> None:
    page = tmp_path / "brief.html"
    text = brief_page(briefs[language]).replace("style-src", "script-src 'unsafe-inline'; style-src")
    page.write_text(text, encoding="utf-8")
    seen = look(probed(page, PROBE), tmp_path / "profile", width)
    assert seen["problems"] == [] and seen["wide"] == [] and seen["scroll"] <= 0
    assert seen["title"] == briefs[language].title and seen["focused"] and seen["terms"] > 10
