"""What a user reads when a scenario file is wrong. The texts are part of the tool: change them with care."""

from pathlib import Path

import pytest

from qipan.model.errors import ScenarioError
from qipan.model.scenario import load_scenario


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    """Each test writes its files in a folder of its own, so that messages show relative names."""
    monkeypatch.chdir(tmp_path)


def told(text, name="fund.yaml", settings=()):
    """The lines a user reads for a file with this text."""
    content = text if isinstance(text, bytes) else text.encode()
    Path(name).write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name, settings)
    return str(caught.value).splitlines()


ONE_LINE = {
    "unknown key": (
        "extends: baseline.yaml\npolicy:\n  funding:\n    guidance_drw: 0.5\n",
        "fund.yaml:4: policy.funding.guidance_drw: unknown key; did you mean guidance_draw? (-2 to 4)",
    ),
    "unknown key at the top": ("titel: x\n", "fund.yaml:1: titel: unknown key; did you mean title?"),
    "key in the wrong section": (
        "policy:\n  levy: 0.1\n",
        "fund.yaml:2: policy.levy: unknown key; did you mean policy.coordination.levy? (0 to 1)",
    ),
    "unknown key like no other": (
        "policy:\n  levrge: 0.1\n",
        "fund.yaml:2: policy.levrge: unknown key; known here: funding, coordination, timeline, regions",
    ),
    "unknown key taken back": (
        "policy:\n  fundng: null\n",
        "fund.yaml:2: policy.fundng: unknown key; did you mean funding?",
    ),
    "out of range": (
        "policy:\n  funding:\n    venture_pool: -3\n",
        "fund.yaml:3: policy.funding.venture_pool: -3 is out of range; allowed 0 to 100000 bn yuan/year",
    ),
    "number in quotes": (
        'policy:\n  coordination:\n    levy: "0.2"\n',
        "fund.yaml:3: policy.coordination.levy: '0.2' is not a number; this is text: remove the quotes; allowed 0 to 1",
    ),
    "percent": (
        "policy:\n  coordination:\n    levy: 20%\n",
        "fund.yaml:3: policy.coordination.levy: '20%' is not a number; write a share as a fraction, 0.2 for 20%; "
        "allowed 0 to 1",
    ),
    "switch for a number": (
        "policy:\n  coordination:\n    levy: true\n",
        "fund.yaml:3: policy.coordination.levy: true is not a number; a number is wanted, not a switch; allowed 0 to 1",
    ),
    "yes for a switch": (
        "policy:\n  coordination:\n    arm: design\n    key_areas: yes\n",
        "fund.yaml:4: policy.coordination.key_areas: 'yes' is not true or false; write true without quotes",
    ),
    "number for a switch": (
        "policy:\n  coordination:\n    key_areas: 1\n",
        "fund.yaml:3: policy.coordination.key_areas: 1 is not true or false",
    ),
    "fraction for a count": (
        "run:\n  replicates: 10.5\n",
        "fund.yaml:2: run.replicates: 10.5 is not a whole number; allowed 1 to 10000000 replicates",
    ),
    "choice": (
        "policy:\n  coordination:\n    arm: desing\n",
        "fund.yaml:3: policy.coordination.arm: 'desing' is not one of the choices; did you mean design?; "
        "allowed none | design | random | lump_sum | burn | cut | oracle",
    ),
    "full-width digits": (
        "run:\n  seed: １２\n",
        "fund.yaml:2: run.seed: '１２' is not a whole number; it has a fullwidth digit one (１, U+FF11): "
        "write 12; allowed 0 to 9223372036854775807",
    ),
    "full-width key": (
        "ｔｉｔｌｅ: x\n",
        "fund.yaml:1: ｔｉｔｌｅ: unknown key; it has a fullwidth latin small letter t (ｔ, U+FF54): write title",
    ),
    "full-width colon": (
        "policy：\n",
        "fund.yaml:1: a fullwidth colon (：, U+FF1A) after policy; write `policy: `, colon and space of the keyboard",
    ),
    "value for a section": (
        "policy: none\n",
        "fund.yaml:1: policy: 'none' where a group of keys belongs; such as funding, coordination, timeline, regions",
    ),
    "section for a value": (
        "run:\n  seed:\n    one: 1\n",
        "fund.yaml:2: run.seed: a group of keys is not a whole number; allowed 0 to 9223372036854775807",
    ),
    "duplicate key": (
        "run:\n  seed: 1\n  seed: 2\n",
        "fund.yaml:3: run.seed: given twice, first in line 2; keep one",
    ),
    "number as a title": ("title: 2023\n", "fund.yaml:1: title: 2023 where text belongs; put the text in quotes"),
    "colon in a sentence": (
        "title: x\nnot_modelled:\n  - firms: all\n",
        "fund.yaml:3: not_modelled: a group of keys where a sentence belongs; put it in quotes",
    ),
    "tab": ("run:\n\tseed: 1\n", "fund.yaml:2: a tab character; indent and separate with spaces"),
    "anchor": ("run: &a\n  seed: 1\n", "fund.yaml:1: the anchor &a is not used in scenario files; write the value out"),
    "tag": (
        "title: !!str 5\n",
        "fund.yaml:1: the tag tag:yaml.org,2002:str is not used in scenario files; write the value out",
    ),
    "merge key": ("run:\n  <<: 1\n", "fund.yaml:2: run: the merge key << is not used in scenario files"),
    "two documents": (
        "title: a\n---\ntitle: b\n",
        "fund.yaml:2: a second document begins (`---`); one scenario a file",
    ),
    "syntax": (
        "title: [a\n",
        "fund.yaml:2: not valid YAML: expected ',' or ']', but got '<stream end>'; "
        "check indentation, colons and quotes near this line",
    ),
    "colon in a title": (
        "title: Lever: one\n",
        "fund.yaml:1: not valid YAML: mapping values are not allowed here; "
        "put a text with a colon in quotes, or indent this line like its neighbours",
    ),
    "infinity": (
        "policy:\n  coordination:\n    levy: .inf\n",
        "fund.yaml:3: policy.coordination.levy: .inf is not a plain decimal number; write it as 12 or 0.5 or 1.5e3",
    ),
    "not a number": (
        "policy:\n  coordination:\n    levy: .nan\n",
        "fund.yaml:3: policy.coordination.levy: .nan is not a plain decimal number; write it as 12 or 0.5 or 1.5e3",
    ),
    "huge number": (
        "run:\n  seed: 123456789012345678901234567890\n",
        "fund.yaml:2: run.seed: 1234567890123456789012345... is too large",
    ),
    "octal number": (
        "run:\n  seed: 0o17\n",
        "fund.yaml:2: run.seed: 0o17 is not a plain decimal number; write it as 12 or 0.5 or 1.5e3",
    ),
    "empty": ("", "fund.yaml: the file is empty; write at least a title and `extends: baseline.yaml`"),
    "only a comment": (
        "# nothing\n",
        "fund.yaml: the file is empty; write at least a title and `extends: baseline.yaml`",
    ),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0", "fund.yaml: a binary file, not text; scenarios are YAML text files"),
    "GBK": (
        "title: 无统筹，各自为政\n".encode("gbk"),
        "fund.yaml:1: not text in UTF-8 (it looks like GBK); save it again with the encoding UTF-8",
    ),
    "UTF-16": ("title: x\n".encode("utf-16"), "fund.yaml: saved as UTF-16; save it as UTF-8 text"),
    "control character": (
        b"title: a\nquestion: \x07\n",
        "fund.yaml:2: the control character '\\x07'; scenarios are YAML text files",
    ),
    "too large": (b"title: a\n" + b"#" * 70_000, "fund.yaml: larger than 64 KiB; is this a scenario file?"),
    "too deep": ("a: " + "[" * 30 + "]" * 30, "fund.yaml:1: nested more than 20 levels deep; a scenario needs five"),
    "too many": (
        "a: [" + "1," * 6000 + "1]",
        "fund.yaml:1: more than 5000 values; a scenario is a small diff on a base",
    ),
}


@pytest.mark.parametrize("case", ONE_LINE)
def test_one_clear_line(case):
    text, expected = ONE_LINE[case]
    assert told(text) == [expected]


COLON = "a fullwidth colon (：, U+FF1A) after {}; write `{}: `, colon and space of the keyboard"
INDENT = "{} in the indentation; indent with spaces of the keyboard"
ODD = {
    "colon of a value": ("world:\n  behaviour:\n    revise：0.9\n", 3, COLON.format("revise", "revise")),
    "colon of a later value": (
        "world:\n  behaviour:\n    revise: 0.9\n    rounds：2\n",
        4,
        COLON.format("rounds", "rounds"),
    ),
    "colon of a group": ("world：\n  behaviour:\n    revise: 0.9\n", 1, COLON.format("world", "world")),
    "colon of a later group": ("world:\n  behaviour：\n    revise: 0.9\n", 2, COLON.format("behaviour", "behaviour")),
    "colon of the base": (
        "title: x\nextends： baseline\nworld:\n  data: game\n",
        2,
        COLON.format("extends", "extends"),
    ),
    "ideographic space": ("world:\n  behaviour:\n　　revise: 0.9\n", 3, INDENT.format("an ideographic space (U+3000)")),
    "ideographic space below a value": (
        "world:\n  behaviour:\n    rounds: 2\n　　revise: 0.9\n",
        4,
        INDENT.format("an ideographic space (U+3000)"),
    ),
    "no-break space": ("world:\n\u00a0\u00a0data: game\n", 2, INDENT.format("a no-break space (U+00A0)")),
    "no-break space among others": ("world:\n \u00a0data: game\n", 2, INDENT.format("a no-break space (U+00A0)")),
    "zero width space": ("world:\n\u200b  data: game\n", 2, INDENT.format("a zero width space (U+200B)")),
    "no-break space after a colon": (
        "world:\n  behaviour:\n    revise:\u00a00.9\n",
        3,
        "a no-break space (U+00A0) after revise; write `revise: `, colon and space of the keyboard",
    ),
    "ideographic space after a value": (
        "world:\n  behaviour:\n    revise: 0.9　\n",
        3,
        "world.behaviour.revise: '0.9\\u3000' is not a number; it has an ideographic "
        "space (U+3000): write 0.9; allowed 0 to 1",
    ),
    "comma of a list": (
        "world:\n  values: [1，2]\n",
        2,
        "world.values.0: '1，2' is not a number; it has a fullwidth "
        "comma (，, U+FF0C): write 1,2; allowed a list of numbers",
    ),
    "quotes": (
        "world:\n  data: “game”\n",
        2,
        "world.data: '“game”' is not known (it has a left double quotation "
        "mark (“, U+201C)); did you mean game? (provinces-31 | cities-293 | synthetic | game); "
        "a folder of own tables is written with a slash, ./mydata",
    ),
    "minus": (
        "policy:\n  funding:\n    guidance_draw: −1\n",
        3,
        "policy.funding.guidance_draw: '−1' is not a number; "
        "it has a minus sign (−, U+2212): write -1; allowed -2 to 4",
    ),
    "brackets": (
        "world: ｛data: game｝\n",
        1,
        "not valid YAML: mapping values are not allowed here; this line has a "
        "fullwidth left curly bracket (｛, U+FF5B); put a text with a colon in quotes, or indent this line "
        "like its neighbours",
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_a_character_that_only_looks_right_is_named_with_its_line(case):
    text, line, expected = ODD[case]
    assert told(text) == [f"fund.yaml:{line}: {expected}"]


def test_texts_keep_their_full_width_characters():
    """Titles, block texts with indented paragraphs, sentences and comments are Chinese as they please."""
    text = (
        "title: 标题：好\nquestion: >-\n  　　第一段，policy：什么\n  world：第二段\nsource: 第一行\n  　　第二行\n"
        "not_modelled:\n  - 企业：不模拟\n  - “价格”\n# world：注释\n"
        "world:  # ：\n  data: game  # 　\n  values: [1, 2]\n"
    )
    Path("fund.yaml").write_text(text, encoding="utf-8")
    scenario = load_scenario("fund.yaml")
    assert scenario.title == "标题：好" and scenario.not_modelled == ("企业：不模拟", "“价格”")


def test_all_odd_lines_are_told_at_once():
    text = "world:\n  behaviour:\n    revise：0.9\n    rounds：2\n　　pooling: 0.1\n"
    assert [line.split(": ")[0] for line in told(text)] == ["fund.yaml:3", "fund.yaml:4", "fund.yaml:5"]


def test_all_problems_of_a_file_and_its_base_at_once():
    Path("base.yaml").write_text("run:\n  seed: -1\n")
    text = "extends: base.yaml\npolicy:\n  coordination:\n    levvy: 1\n    cut: 7\n    arm: dsign\n"
    assert told(text) == [
        "fund.yaml:4: policy.coordination.levvy: unknown key; did you mean levy? (0 to 1)",
        "fund.yaml:6: policy.coordination.arm: 'dsign' is not one of the choices; did you mean design?; "
        "allowed none | design | random | lump_sum | burn | cut | oracle",
        "fund.yaml:5: policy.coordination.cut: 7 is out of range; allowed 0 to 1",
        "base.yaml:2: run.seed: -1 is out of range; allowed 0 to 9223372036854775807",
    ]


def test_absent_file_names_the_nearest_scenario():
    with pytest.raises(ScenarioError, match=r"^national-desing: no such scenario; did you mean national-design"):
        load_scenario("national-desing")


def test_folder():
    Path("folder").mkdir()
    with pytest.raises(ScenarioError, match=r"^folder: this is a folder, not a scenario file"):
        load_scenario("folder")


def test_base_that_extends_itself():
    assert told("extends: fund.yaml\n") == [
        "fund.yaml:1: extends: the scenario extends itself; name another file as the base"
    ]


def test_circle_of_bases():
    Path("other.yaml").write_text("extends: fund.yaml\n")
    assert told("extends: other.yaml\n") == [
        "other.yaml:1: extends: a circle: other.yaml extends fund.yaml, which is based on it; one of them must be a "
        "base without a base"
    ]


def test_circle_below_the_first_base():
    Path("middle.yaml").write_text("extends: other.yaml\n")
    Path("other.yaml").write_text("title: x\nextends: middle.yaml\n")
    assert told("extends: middle.yaml\n") == [
        "other.yaml:2: extends: a circle: other.yaml extends middle.yaml, which is based on it; one of them must be a "
        "base without a base"
    ]


def test_problems_of_a_base_far_below_are_told():
    Path("middle.yaml").write_text("extends: other.yaml\n")
    Path("other.yaml").write_text("extends: basline.yaml\nrun:\n  sed: 1\n")
    assert told("extends: middle.yaml\n") == [
        "other.yaml:3: run.sed: unknown key; did you mean seed? (0 to 9223372036854775807)",
        "other.yaml:1: extends: basline.yaml: no such scenario; did you mean baseline?",
    ]


def test_absent_base():
    assert told("title: x\nextends: basline.yaml\n") == [
        "fund.yaml:2: extends: basline.yaml: no such scenario; did you mean baseline?"
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["levy=0.1"], "command line: levy: unknown key; did you mean policy.coordination.levy? (0 to 1)"),
        (["foo"], "command line: foo: no key=value; write key=value, such as policy.coordination.levy=0.1"),
        (["run.seed=1e"], "command line: run.seed: '1e' is not a whole number; allowed 0 to 9223372036854775807"),
        (
            ["extends=x"],
            "command line: extends: the base cannot be changed from outside the file; name another scenario",
        ),
        (
            {"policy.coordination.levy": float("nan")},
            "set in Python: policy.coordination.levy: nan is not a finite number; allowed 0 to 1",
        ),
        (
            {"policy.coordination.levy": "0.1"},
            "set in Python: policy.coordination.levy: '0.1' is not a number; this is text: "
            "remove the quotes; allowed 0 to 1",
        ),
    ],
)
def test_values_set_on_the_command_line_or_in_python(settings, expected):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", settings)
    assert str(caught.value) == expected
