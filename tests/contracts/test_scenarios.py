"""Every scenario that comes with the model loads, is a small diff on its base, says what it is, changes something."""

import json
import pickle
import re
from pathlib import Path

import pytest

from pages.parameters import SCHEMAS
from qipan.experiments.designs.new_file import schema_bytes
from qipan.experiments.designs.sweep_file import load_sweep
from qipan.experiments.evidence.history.patterns import load_patterns
from qipan.experiments.findings.registries import describe_scenario
from qipan.model.errors import ScenarioError
from qipan.model.scenario import (
    Scenario,
    explain_values,
    list_scenarios,
    load_scenario,
    parameter_rows,
    scenarios_folder,
    schema,
)
from qipan.model.scenario.explaining import parameters_markdown
from qipan.model.scenario.source import read_source

NAMES = list_scenarios()
BASES = ("baseline", "theory/game")
LARGEST_DIFF = 12
HAN, SENTENCE = re.compile("[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
STATED = {
    "policy.coordination.cut",
    "policy.coordination.prior",
    "world.behaviour.demand_slope",
    "world.behaviour.race_success",
    "world.early_adopters",
    "world.equal_breadth",
}
"""Keys a diff may state although the base has the same value: they say what the scenario is about."""


def in_two_languages(file):
    """Title and question stand in English and, as a sentence of their own, in Chinese characters."""
    assert not HAN.search(file.title + file.question) and file.question.endswith("?")
    assert HAN.search(file.title_zh) and HAN.search(file.question_zh) and file.question_zh.endswith("？")
    assert not SENTENCE.search(file.title_zh) and not SENTENCE.search(file.question_zh)


def plain(name):
    return read_source((scenarios_folder() / f"{name}.yaml").read_text(encoding="utf-8"), name)


def test_the_scenarios_of_the_case_are_there():
    arms = {
        "baseline",
        "information-only",
        "random-coordinator",
        "lump-sum",
        "burn",
        "cut",
        "oracle",
        "national-design",
    }
    levers = {
        "lever-shared-definition",
        "lever-key-areas",
        "lever-pilot-zones",
        "lever-regional-layout",
        "lever-ecosystem",
    }
    funds = {"fund-zhejiang", "fund-shanghai", "fund-shanxi", "crowding-out"}
    worlds = {"adopters-2023", "classes-13", "directions-6", "cities-293", "equal-budgets"}
    assert arms | levers | funds | worlds | {"theory/game", "theory/break-even"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_header(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title and scenario.title != name
    in_two_languages(scenario)
    assert len(scenario.source) > 10
    assert scenario.not_modelled


def test_experiments_and_facts_say_what_they_ask():
    shipped = {folder: sorted((scenarios_folder() / folder).glob("*.yaml")) for folder in ("experiments", "patterns")}
    assert len(shipped["experiments"]) >= 3 and shipped["patterns"]
    for path in shipped["experiments"]:
        in_two_languages(load_sweep(path)[0])
    for path in shipped["patterns"]:
        in_two_languages(load_patterns(path)[0])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BASES])
def test_small_diff(name):
    source = plain(name)
    expected = "game.yaml" if name.startswith("theory/") else "baseline.yaml"
    own = [value for value in load_scenario(name).origins.values() if value.file.endswith(f"{name}.yaml")]
    assert source.data["extends"] == expected
    assert 1 <= len(own) <= LARGEST_DIFF


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BASES])
def test_every_line_of_a_diff_changes_something(name):
    scenario = load_scenario(name)
    base = load_scenario("theory/game" if name.startswith("theory/") else "baseline")
    before = {row.path: row.value for row in explain_values(base)}
    same = [
        row.path
        for row in explain_values(scenario)
        if row.file.endswith(f"/{name}.yaml") and row.value == before[row.path]
    ]
    assert set(same) <= STATED


def test_no_two_scenarios_are_the_same():
    digests = {name: load_scenario(name).digest() for name in NAMES}
    assert len(set(digests.values())) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_resolved_text_loads_to_the_same_values(name, tmp_path):
    scenario = load_scenario(name)
    file = tmp_path / "resolved.yaml"
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    again = load_scenario(file)
    assert again.digest() == scenario.digest()
    assert (again.title, again.source, again.not_modelled) == (scenario.title, scenario.source, scenario.not_modelled)


def misfits(value, rule, path=""):
    """What an editor would underline, for the part of JSON Schema that the schema uses."""
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    allowed = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = any(isinstance(value, kinds[kind]) if kind in kinds else number for kind in allowed)
    bad = [] if fits else [path]
    bad += [path] if number and not rule.get("minimum", value) <= value <= rule.get("maximum", value) else []
    bad += [path] if "enum" in rule and value not in rule["enum"] else []
    pattern = rule.get("pattern") if isinstance(value, str) else None
    bad += [path] if pattern and not re.search(pattern, value) else []
    for place, inner in enumerate(value) if isinstance(value, list) else ():
        bad += misfits(inner, rule["items"], f"{path}.{place}")
    for key, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(rule.get("additionalProperties"), dict):
            bad += misfits(inner, rule["additionalProperties"], f"{path}.{key}")
            continue
        bad += (
            misfits(inner, rule["properties"][key], f"{path}.{key}") if key in rule["properties"] else [f"{path}.{key}"]
        )
    return bad


@pytest.mark.parametrize("name", NAMES)
def test_scenarios_fit_the_schema_that_editors_use(name):
    assert misfits(plain(name).data, schema()) == []


def test_the_schema_underlines_what_the_loader_refuses():
    data = {"policy": {"coordination": {"levy": 2, "arm": "desing", "leviy": 1, "key_areas": "yes"}}, "run": 3}
    expected = [f".policy.coordination.{key}" for key in ("levy", "arm", "leviy", "key_areas")]
    assert misfits(data, schema()) == [*expected, ".run"]


def test_schema_is_plain_json_and_describes_every_parameter():
    whole = json.loads(json.dumps(schema(), ensure_ascii=False))
    for row in parameter_rows():
        place = whole
        for key in row.path.split("."):
            place = place["properties"][key]
        assert row.meaning in place["description"]
        assert row.zh in place["description"]
        assert place["default"] == row.default


def test_pickle_keeps_everything():
    scenario = load_scenario("national-design")
    again = pickle.loads(pickle.dumps(scenario))
    assert again.to_yaml() == scenario.to_yaml()
    assert again.origins == scenario.origins


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, base: str, diff: str) -> Scenario:
    write(folder, "base.yaml", base)
    return load_scenario(write(folder, "diff.yaml", f"extends: base.yaml\n{diff}"))


def test_a_base_may_have_a_base_to_any_depth(tmp_path):
    """Nearer files win; what each leaves out adds up; a null takes back what is below it and not what is above."""
    write(tmp_path, "one.yaml", "extends: baseline.yaml\nnot_modelled: [A.]\nrun: {seed: 5, replicates: 7}\n")
    write(tmp_path, "two.yaml", "extends: one.yaml\nnot_modelled: [B.]\nrun: {seed: null, replicates: 8}\n")
    write(tmp_path, "three.yaml", "extends: two.yaml\ntitle: Three\nrun: {replicates: 9}\n")
    scenario = load_scenario(write(tmp_path, "four.yaml", "extends: three.yaml\n"))
    assert (scenario.title, scenario.run.seed, scenario.run.replicates) == ("four", 1, 9)
    assert scenario.not_modelled[-2:] == ("A.", "B.")
    assert [Path(base).name for base in scenario.bases] == ["three.yaml", "two.yaml", "one.yaml", "baseline.yaml"]
    assert "seed 5 (" in str(scenario.notes[-1])
    lines = describe_scenario(scenario, changed=True)
    told = [line for line in lines if line.startswith("extends: ")]
    assert len(told) == 1 and re.findall(r"\w+\.yaml", told[0]) == [
        "three.yaml",
        "two.yaml",
        "one.yaml",
        "baseline.yaml",
    ]
    assert scenario.replace(**{"run.seed": 2}).bases == scenario.bases


def test_mappings_merge_and_single_values_replace(tmp_path):
    base = "run:\n  seed: 5\n  replicates: 7\n"
    run = loaded(tmp_path, base, "run:\n  seed: 6\n").run
    assert (run.seed, run.replicates) == (6, 7)


def test_lists_replace(tmp_path):
    base = "world:\n  data: game\n  values: [1, 2, 3]\n"
    assert loaded(tmp_path, base, "world:\n  values: [9]\n").world.values == [9.0]


BASE = "world:\n  behaviour:\n    revise: 0.9\n    rounds: 2\nrun:\n  seed: 5\n"


@pytest.mark.parametrize("diff", ["run:\n  seed: null\n", "run: ~\n", "run: Null\n"])
def test_null_takes_back_to_the_default_and_that_is_told(tmp_path, diff):
    scenario = loaded(tmp_path, BASE, diff)
    assert (scenario.run.seed, scenario.world.behaviour.revise) == (1, 0.9)
    assert "run.seed" not in scenario.origins
    line = 2 + diff.count("\n  ")
    (row,) = [row for row in explain_values(scenario) if row.path == "run.seed"]
    assert row.file.startswith("default, by null in ") and row.file.endswith("diff.yaml") and row.line == line
    (note,) = scenario.notes
    assert str(note).endswith("back to its default") and f"diff.yaml:{line}: run" in str(note)
    assert "seed 5 (" in str(note) and "-> 1 " in str(note)


@pytest.mark.parametrize(
    "diff",
    [
        "world:\n",
        "world:\n  # behaviour:\n",
        "world: {}\n",
        "world:\n  behaviour:\n",
        "world:\n  behaviour: {}\n",
        "policy: {}\nrun:\n",
        '"world": {"behaviour": {}}\n',
        "world:\n  behaviour:\n\npolicy:\n  coordination:\n",
    ],
)
def test_an_empty_group_changes_nothing(tmp_path, diff):
    """What is commented out below a key is not asked for."""
    scenario = loaded(tmp_path, BASE, diff)
    assert scenario.digest() == loaded(tmp_path, BASE, "").digest()
    assert (scenario.notes, dict(scenario.cleared)) == ((), {})


def test_a_value_that_is_not_given_is_no_null(tmp_path):
    with pytest.raises(ScenarioError, match=r"diff.yaml:3: run.seed: nothing is given; write one, or null to go back"):
        loaded(tmp_path, BASE, "run:\n  seed:\n")


def test_a_null_takes_away_only_what_was_there(tmp_path):
    scenario = loaded(tmp_path, BASE, "world:\n  behaviour: null\n  market: ~\npolicy: null\n")
    (note,) = scenario.notes
    assert "revise 0.9 (" in str(note) and "rounds 2 (" in str(note) and "back to their defaults" in str(note)
    assert set(scenario.cleared) == {"world.behaviour.revise", "world.behaviour.rounds"}


@pytest.mark.parametrize("given", ["world.behaviour.revise=0.4", "world.behaviour={revise: 0.4}"])
def test_a_value_set_after_a_null_stands(tmp_path, given):
    scenario = load_scenario(write(tmp_path, "one.yaml", BASE), ["world.behaviour=null", given])
    assert (scenario.world.behaviour.revise, scenario.world.behaviour.rounds) == (0.4, 1)
    assert set(scenario.cleared) == {"world.behaviour.rounds"}


@pytest.mark.parametrize(
    "given",
    ["world.behaviour=", "world.behaviour= ", "run.seed=", "world={behaviour: }", "world={behaviour: {revise: }}"],
)
def test_nothing_set_is_refused(tmp_path, given):
    with pytest.raises(ScenarioError, match="nothing is given; write key=value, or key=null to go back to the default"):
        load_scenario(write(tmp_path, "one.yaml", BASE), [given])


@pytest.mark.parametrize("given", ["world.behaviour={}", "world={}", 'world={"behaviour": {}}'])
def test_an_empty_group_set_changes_nothing(tmp_path, given):
    path = write(tmp_path, "one.yaml", BASE)
    assert load_scenario(path, [given]).digest() == load_scenario(path).digest()


def test_a_header_is_not_inherited_but_what_is_left_out_is(tmp_path):
    scenario = loaded(tmp_path, "title: Base\nquestion: Why?\nnot_modelled:\n  - A.\n", "not_modelled:\n  - B.\n")
    assert (scenario.title, scenario.question, scenario.not_modelled) == ("diff", "", ("A.", "B."))


def test_values_set_last_win_over_the_files(tmp_path):
    path = write(tmp_path, "one.yaml", "run:\n  seed: 5\n")
    scenario = load_scenario(path, ["run.seed=6", "run.seed=7", "world.behaviour.temperature=1e-1"])
    assert scenario.run.seed == 7
    assert scenario.world.behaviour.temperature == 0.1
    assert scenario.origins["run.seed"].file == "command line"
    assert load_scenario(path, {"run.seed": None}).run.seed == 1


def test_a_list_can_be_set():
    scenario = load_scenario("theory/game", ["world.values=[3, 2]"])
    assert scenario.world.values == [3.0, 2.0]


def test_origins_name_file_and_line():
    origins = load_scenario("national-design").origins
    line = (scenarios_folder() / "national-design.yaml").read_text(encoding="utf-8").splitlines().index(
        "    arm: design"
    ) + 1
    assert (origins["policy.coordination.arm"].file, origins["policy.coordination.arm"].line) == (
        "scenarios/national-design.yaml",
        line,
    )
    assert origins["run.seed"].file == "scenarios/baseline.yaml"


def test_digest_looks_at_values_only(tmp_path):
    one = load_scenario(write(tmp_path, "one.yaml", "title: One\nrun:\n  seed: 5\n"))
    two = load_scenario(
        write(tmp_path, "two.yaml", "title: Two\nrun: {seed: 5}\npolicy:\n  coordination:\n    levy: 0.2\n")
    )
    assert one.digest() == two.digest()
    assert one.digest() != one.replace(**{"run.seed": 6}).digest()


def test_whole_numbers_are_numbers(tmp_path):
    funding = load_scenario(write(tmp_path, "one.yaml", "policy:\n  funding:\n    venture_pool: 30\n")).policy.funding
    assert isinstance(funding.venture_pool, float)
    assert funding.venture_pool == 30.0


def test_the_page_of_parameters_is_not_stale():
    page = (scenarios_folder().parent / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert page == parameters_markdown(), "write it again: python -m pages.parameters"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_that_editors_read_are_not_stale(name):
    kept = (scenarios_folder().parent / name).read_bytes()
    assert kept == schema_bytes(SCHEMAS[name]()), "write it again: python -m pages.parameters"


def test_every_shipped_file_names_its_schema_in_its_first_line():
    wrong = []
    for path in scenarios_folder().rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema_file = path.parent / first.partition("$schema=")[2]
        kind = {"experiments": "experiment", "patterns": "pattern"}.get(path.parent.name, "scenario")
        named = first.startswith("# yaml-language-server: ") and schema_file.name == f"{kind}.schema.json"
        if not named or not schema_file.is_file():
            wrong.append(path.name)
    assert not wrong
