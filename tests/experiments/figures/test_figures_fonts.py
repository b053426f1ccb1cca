"""Chinese is drawn with a font that has the characters, or not at all, and the user is told what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib.font_manager import FontManager, fontManager, json_dump

from qipan.experiments.figures.fonts import SAMPLE, families, missing
from qipan.experiments.figures.sheet import SIZES, Sheet, pieces
from qipan.experiments.words.phrases import TEXT, UNITS_ZH
from qipan.model.errors import UserError

ROOT = Path(__file__).resolve().parents[3]


def test_no_chinese_font_is_one_clear_sentence() -> None:
    with pytest.raises(UserError) as caught:
        families("zh", candidates=("DejaVu Sans", "No Such Family"))
    text = str(caught.value)
    assert len(text.splitlines()) == 1
    assert "no installed font has the Chinese characters" in text
    assert "fonts-noto-cjk" in text and "--lang en" in text


def test_a_font_installed_since_matplotlib_made_its_list_is_found(tmp_path: Path) -> None:
    """The list is kept between runs: who installs a font because we asked for it must not have to delete that list."""

    def told(code: str) -> str:
        command = [sys.executable, "-c", code]
        environment = {**os.environ, "MPLCONFIGDIR": str(tmp_path)}
        return subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    kept = tmp_path / f"fontlist-v{FontManager.__version__}.json"  # as matplotlib writes it
    json_dump(fontManager, kept)
    known = json.loads(kept.read_text(encoding="utf-8"))
    known["ttflist"] = [entry for entry in known["ttflist"] if entry["name"].startswith("DejaVu")]
    kept.write_text(json.dumps(known), encoding="utf-8")
    looked = "from qipan.experiments.figures.fonts import families, missing; print(missing({}, '区') or 'none')"
    assert told(looked.format("'Noto Sans CJK SC'")).strip() == "区"
    assert told(looked.format("families('zh')[0]")).strip() == "none"


def test_english_needs_no_installed_font() -> None:
    assert families("en") == ["DejaVu Sans"]


def test_missing_names_the_characters() -> None:
    assert missing("DejaVu Sans", "A区b") == "区"
    assert missing("No Such Family", "Ab") == "Ab"


def test_every_chinese_phrase_can_be_drawn() -> None:
    family = families("zh")[0]
    text = "".join(chinese for _, chinese in TEXT.values()) + "".join(UNITS_ZH.values()) + SAMPLE
    assert missing(family, text) == ""


def test_lines_break_between_chinese_characters_but_not_before_punctuation() -> None:
    assert pieces("布局，由大") == ["布", "局，", "由", "大"]
    assert pieces("two words") == ["two ", "words"]
    assert pieces("提高13%（95%区间）") == ["提", "高", "13%", "（95%区间）"]
    assert all("".join(pieces(text)) == text for pair in TEXT.values() for text in pair)


def test_a_wrapped_text_fits_and_loses_nothing() -> None:
    sheet = Sheet("en", SIZES["column"], "")
    text = "Full national design raises output over the run and lowers excess entry against the true values"
    wrapped = sheet.wrap(text, 9)
    assert wrapped.replace("\n", " ") == text
    assert all(sheet.text_width(line, 9) <= (3.75 - 0.2) * 72 for line in wrapped.splitlines())
    assert len(wrapped.splitlines()) > 1


@pytest.mark.parametrize("home", ["a file", "a folder in a file"])
def test_without_a_home_to_write_to_matplotlib_says_nothing_of_its_own_cache(tmp_path, home):
    """It takes a private folder of its own, which is gone at the end."""
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / ("" if home == "a file" else "home")
    unset = ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    program = (
        "from qipan.experiments.figures.sheet import Sheet, SIZES; import matplotlib; Sheet('en', "
        "SIZES['page'], '').settings(); print(matplotlib.get_configdir())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**environment, "HOME": str(place), "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert Path(done.stdout.strip()).parent == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
