"""Whatever can be added is added here from a module outside the packages (examples/), without an edit of any: it is
listed with the place it comes from, runs, changes what it must, and compiled runs say what they leave to NumPy.

Each module is loaded in a process of its own, so that nothing is added to this one.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

EXAMPLES = ROOT / "examples"
START = """
import json, sys
import numpy as np
from qipan import load_scenario, run
from qipan.model.extend.plugins import load_plugin
from qipan.model.extend.registry import REGISTRIES
load_plugin(sys.argv[1])
SMALL = {"run.last_year": 2028, "run.replicates": 3}
"""


def python(program, plugin, **environment):
    """What a program prints as JSON in a process that loads one example."""
    return printed_by([sys.executable, "-c", START + program, str(EXAMPLES / plugin)], **environment)


def printed_by(words, **environment):
    """What a process prints as JSON in its last line."""
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def command(*words, **environment):
    """The command line in a process of its own."""
    words = [sys.executable, "-m", "qipan.experiments.command_line", *map(str, words)]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment})


LISTED = {
    "own_mechanism.py": ("mechanisms", "pension_funds", "Pension funds", "养老基金"),
    "own_lever.py": ("levers", "closed_lists", "Closed lists", "负面清单"),
    "own_arm.py": ("arms", "contrarian", "Contrarian", "逆向统筹"),
    "own_behaviour.py": ("payoffs", "root", "Root sharing", "平方根分享"),
    "own_measure.py": ("measures", "top_three_share", "Output of the three largest", "前三位地区产出占比"),
    "own_world.py": ("worlds", "central-6", "Six central provinces", "中部六省"),
}


@pytest.fixture(scope="module")
def lists():
    """What `list` prints of each kind without plug-ins, and with each plug-in in each language: {"kind,...": text}."""
    program = """
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from qipan.experiments.command_line import main
printed = {}
def listed(kind, *words):
    with redirect_stdout(text := StringIO()):
        assert main(["list", kind, *words]) == 0
    printed[",".join([kind, *words[1::2]])] = text.getvalue()
asked = json.loads(sys.argv[1])
for kind in asked.values():
    listed(kind)
for file, kind in asked.items():
    for language in ("en", "zh"):
        listed(kind, "--lang", language, "--plugin", file)
print(json.dumps(printed))
"""
    asked = json.dumps({str(EXAMPLES / plugin): kind for plugin, (kind, *_) in LISTED.items()})
    return printed_by([sys.executable, "-c", "import json, sys" + program, asked])


@pytest.mark.parametrize("plugin", LISTED)
def test_it_is_listed_with_its_labels_and_its_file(lists, plugin):
    kind, name, label, label_zh = LISTED[plugin]
    for language, printed in (("en", label), ("zh", label_zh)):
        text = lists[f"{kind},{language},{EXAMPLES / plugin}"]
        (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
        assert printed in line and line.endswith(str(EXAMPLES / plugin))
    assert name not in lists[kind]


def test_a_mechanism_offers_money_keeps_the_books_and_is_named_by_what_a_compiled_run_leaves():
    found = python(
        """
from qipan.model.measures import compute
axis = list(REGISTRIES["mechanism"])
one = run(load_scenario("baseline", set=SMALL))
none = run(load_scenario("baseline", set=SMALL | {"policy.funding.pension_share": 0.0}))
fast = run(load_scenario("baseline", set=SMALL), executor="compiled")
row = axis.index("pension_funds")
by_stage = one["money"][:, :, row].sum(axis=(0, 1))
print(json.dumps({
    "axis": axis, "labels": list(one.axes("money")["mechanism"]), "offered": one["offered"][..., row].min(),
    "off": none["offered"][..., row].max(), "gap": compute(one, ["conservation_gap"])["conservation_gap"].max(),
    "public_gap": compute(one, ["public_gap"])["public_gap"].max(), "stages": by_stage.tolist(),
    "moved": float(abs(one["output"] - none["output"]).max()), "left": fast.left,
    "same": bool((fast["layout"] == one["layout"]).all() and np.allclose(fast["money"], one["money"], rtol=1e-9)),
}))
""",
        "own_mechanism.py",
    )
    assert found["axis"][-1] == "pension_funds" and found["labels"] == found["axis"]
    assert found["offered"] > 0.0 and found["off"] == 0.0 and found["moved"] > 0.0
    assert found["gap"] < 1e-9 and found["public_gap"] < 1e-9
    assert found["stages"][0] == 0.0 and found["stages"][1] > 0.0 and found["stages"][2] > 0.0
    assert found["same"] and found["left"]


def test_a_lever_bars_from_the_year_its_plan_is_in_force():
    found = python(
        """
settings = SMALL | {"policy.coordination.closed_from": 0.0, "policy.coordination.closed_lists": True}
switches = {f"policy.coordination.{name}": False for name in REGISTRIES["lever"].shipped}
free = run(load_scenario("national-design", set=SMALL | switches))
alone = run(load_scenario("national-design", set=switches | settings))
fast = run(load_scenario("national-design", set=switches | settings), executor="compiled")
late = run(load_scenario("national-design", set=switches | settings | {"policy.coordination.delay": 3}))
changed = [(h["layout"] > 0).sum(axis=(2, 3)).mean(axis=0).tolist() for h in (free, alone, late)]
print(json.dumps({"changed": changed, "left": fast.left, "same": bool((fast["layout"] == alone["layout"]).all())}))
""",
        "own_lever.py",
    )
    free, alone, late = found["changed"]
    assert alone[0] == free[0] and alone[1] < free[1]  # drafted in 2023, in force from 2024: whoever revises leaves
    assert late[:3] == free[:3] and late[3] < free[3]
    assert found["same"] and any("bars" in reason for reason in found["left"])


def test_the_switch_and_the_settings_of_a_lever_are_keys_of_a_scenario_file(tmp_path):
    file = tmp_path / "closed.yaml"
    file.write_text(
        "extends: baseline\npolicy:\n  coordination:\n    arm: design\n    closed_lists: true\n    closed_from: 0.4\n",
        encoding="utf-8",
    )
    with_plugin = command("check", file, "--plugin", EXAMPLES / "own_lever.py")
    assert with_plugin.returncode == 0, with_plugin.stderr
    shown = command("show", file, "--changed", "--plugin", EXAMPLES / "own_lever.py").stdout
    assert any(line.split()[:2] == ["policy.coordination.closed_from", "0.4"] for line in shown.splitlines())
    without = command("check", file)
    assert without.returncode == 2 and "policy.coordination.closed_lists: unknown key" in without.stderr
    file.write_text(file.read_text(encoding="utf-8").replace("0.4", "4").replace("true", "1"), encoding="utf-8")
    wrong = command("check", file, "--plugin", EXAMPLES / "own_lever.py")
    assert wrong.returncode == 2
    assert "closed.yaml:5: policy.coordination.closed_lists: 1 is not true or false" in wrong.stderr
    assert "closed.yaml:6: policy.coordination.closed_from: 4 is out of range; allowed 0 to 1" in wrong.stderr


def test_an_attribution_takes_a_lever_of_ones_own(tmp_path):
    done = command(
        "attribute",
        "national-design",
        "--fraction",
        "1/2",
        "--replicates",
        4,
        "--set",
        "run.last_year=2024",
        "--plugin",
        EXAMPLES / "own_lever.py",
        "--no-report",
        "--workers",
        1,
        "--out",
        tmp_path / "out",
    )
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "out" / "tables" / "shares.csv").read_text(encoding="utf-8-sig")
    assert '"closed_lists"' in table
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["versions"]["plug-in own_lever"]) == 64


def test_an_arm_of_ones_own_lists_the_emptiest_sectors():
    found = python(
        """
arm = {"policy.coordination.arm": "contrarian"}
own, design = (run(load_scenario("national-design", set=SMALL | more)) for more in (arm, {}))
fast = run(load_scenario("national-design", set=SMALL | arm), executor="compiled")
count = own["layout"].sum(axis=2)
listed = own["on_list"][:, 1]
fewest = np.argsort(count[:, 0], axis=-1, kind="stable")
print(json.dumps({"listed": listed.sum(axis=-1).tolist(),
                  "differs": bool((own["on_list"] != design["on_list"]).any()),
                  "compiled": bool((fast["layout"] == own["layout"]).all())}))
""",
        "own_arm.py",
    )
    assert found == {"listed": [3.0, 3.0, 3.0], "differs": True, "compiled": True}


BEHAVIOUR = {"payoff": "root", "rule": "cautious", "revision": "every_other_year"}


@pytest.fixture(scope="module")
def behaving():
    """What runs of each of BEHAVIOUR come to: {key: {...}}."""
    return python(
        f"""
usual, found = run(load_scenario("baseline", set=SMALL)), {{}}
for key, name in {BEHAVIOUR!r}.items():
    own = SMALL | {{f"world.behaviour.{{key}}": name}}
    one, fast = (run(load_scenario("baseline", set=own), executor=e) for e in ("numpy", "compiled"))
    found[key] = {{"same": bool((fast["layout"] == one["layout"]).all()), "left": fast.left,
                  "differs": bool((one["layout"] != usual["layout"]).any())}}
print(json.dumps(found))
""",
        "own_behaviour.py",
    )


@pytest.mark.parametrize("key", BEHAVIOUR)
def test_behaviour_of_ones_own_runs_in_both_executors(behaving, key):
    assert behaving[key]["same"] and behaving[key]["differs"]
    assert any(reason.startswith("choose") for reason in behaving[key]["left"])


def test_a_payoff_form_of_ones_own_is_held_to_the_laws_of_all():
    """The marginals of root sharing sum to V sqrt(n), which is n shares of V / sqrt(n); no move betters the counts."""
    found = python(
        """
from qipan.model.parameters import Behaviour
from qipan.model.payoffs import PAYOFFS
from tests.laws.payoff_laws import added_up, gain_of_a_move
form = PAYOFFS["root"](Behaviour(fit_weight=0.0, outside_option=0.0))
added, had = added_up(form)
print(json.dumps([float(np.abs(added / had - 1.0).max()), float(gain_of_a_move(form).max())]))
""",
        "own_behaviour.py",
    )
    assert max(found) <= 1e-12


def test_a_measure_of_ones_own_is_computed_and_stands_in_the_tables(tmp_path):
    """Shares of outputs 5, 3, 1, 1 sector by sector: (5 + 3 + 1) / 10."""
    found = python(
        """
from qipan.model.measures import compute
output = np.array([[[[2.0, 3.0], [3.0, 0.0], [1.0, 0.0], [0.5, 0.5]]]])
print(json.dumps(compute({"output": output}, ["top_three_share"])["top_three_share"].tolist()))
""",
        "own_measure.py",
    )
    assert found == [[pytest.approx(0.9)]]
    done = command(
        "run",
        "baseline",
        "--replicates",
        4,
        "--set",
        "run.last_year=2024",
        "--no-report",
        "--workers",
        1,
        "--plugin",
        EXAMPLES / "own_measure.py",
        "--out",
        tmp_path / "out",
    )
    assert done.returncode == 0, done.stderr
    assert "top_three_share" in (tmp_path / "out" / "tables" / "summary.csv").read_text(encoding="utf-8-sig")


def test_a_set_of_regions_and_a_sector_table_of_ones_own():
    found = python(
        """
own = {"world.data": "central-6", "world.sectors": "pair"}
one, fast = (run(load_scenario("baseline", set=SMALL | own), executor=e) for e in ("numpy", "compiled"))
w = one.world
print(json.dumps({"regions": w.region_names, "sectors": w.sector_codes, "size": w.size.sum(), "name": w.name,
                  "announced": w.announced_layout.tolist(), "files": sorted(w.files), "left": fast.left,
                  "same": bool((fast["layout"] == one["layout"]).all())}))
""",
        "own_world.py",
    )
    assert found["regions"] == ["Shanxi", "Anhui", "Jiangxi", "Henan", "Hubei", "Hunan"]
    assert found["sectors"] == ["storage", "fusion"] and found["name"] == "central-6"
    assert found["size"] == pytest.approx(1.0, rel=1e-12)
    assert found["announced"] == [[0, 0], [0, 1], [0, 0], [1, 0], [0, 0], [0, 0]]
    assert "own_sectors.csv" in found["files"] and found["left"] == [] and found["same"]


def test_an_environment_variable_names_plugins_and_worker_processes_load_them(tmp_path):
    words = (
        "run",
        "baseline",
        "--replicates",
        129,
        "--set",
        "run.last_year=2024",
        "--no-report",
        "--executor",
        "numpy",
    )
    measure = str(EXAMPLES / "own_mechanism.py")
    contents = []
    for workers in (1, 2):
        done = command(*words, "--workers", workers, "--out", tmp_path / str(workers), QIPAN_PLUGINS=measure)
        assert done.returncode == 0, done.stderr
        contents.append((tmp_path / str(workers) / "tables" / "money.csv").read_bytes())
    assert contents[0] == contents[1] and b"pension_funds" in contents[0]


def test_another_version_of_a_plugin_does_not_take_the_parts_of_the_first(tmp_path):
    own = tmp_path / "own_money.py"
    text = (EXAMPLES / "own_mechanism.py").read_text(encoding="utf-8")
    words = ("run", "baseline", "--replicates", 4, "--set", "run.last_year=2024", "--no-report", "--workers", 1)
    money = []
    for hurdle in ("0.03", "0.5"):
        own.write_text(text.replace("0.03, 0.01", f"{hurdle}, 0.01"), encoding="utf-8")
        done = command(*words, "--plugin", own, "--out", tmp_path / f"out-{hurdle}")
        assert done.returncode == 0, done.stderr
        money.append((tmp_path / f"out-{hurdle}" / "tables" / "money.csv").read_bytes())
    assert money[0] != money[1]


def test_a_result_made_with_a_plugin_names_it_where_it_is_not_loaded(tmp_path):
    made = tmp_path / "made"
    words = ("run", "national-design", "--replicates", 2, "--set", "run.last_year=2024", "--no-report", "--workers", 1)
    arm = ("--set", "policy.coordination.arm=contrarian", "--plugin", EXAMPLES / "own_arm.py")
    done = command(*words, *arm, "--out", made)
    assert done.returncode == 0, done.stderr
    without, other = command("plot", made), command("brief", made)
    for refused in (without, other):
        assert refused.returncode == 2
        assert "made with a plug-in that is not loaded: own_arm; give it by --plugin FILE" in refused.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_this_name\n", "own.py:1: ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("x = 1\ny = x +\n", "own.py:2: SyntaxError: invalid syntax"),
        ("def f():\n    return 1 / 0\n\nf()\n", "own.py:2: ZeroDivisionError: division by zero"),
        (
            "from qipan.model.coordination.levers import Lever, lever\n\n@lever\n"
            "class Mine(Lever):\n    name = 'mine'\n",
            "Mine: a lever needs `label`; a text",
        ),
        (
            "from qipan.model.coordination.levers import KeyAreas, lever\n\nlever(type('Mine', (KeyAreas,), {}))\n",
            "key_areas: there is a lever of this name already, from qipan; give it another name",
        ),
    ],
)
def test_a_module_that_cannot_be_loaded_is_told_in_one_line_each(tmp_path, text, said):
    own = tmp_path / "own.py"
    own.write_text(text, encoding="utf-8")
    done = command("list", "levers", "--plugin", own)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert any(line.endswith(said) or said in line for line in done.stderr.splitlines()), done.stderr


def test_a_plugin_that_is_not_there_is_told_and_nothing_is_taken_from_the_current_folder(tmp_path):
    (tmp_path / "mine.py").write_text("raise SystemError('it was run')\n", encoding="utf-8")
    done = command("list", "levers", "--plugin", "absent.py")
    assert (done.returncode, done.stderr.strip()) == (
        2,
        "command line: --plugin: there is no file absent.py; a file that ends in .py",
    )
    call = "raise SystemExit(main(['list', 'levers', '--plugin', 'mine']))"
    program = f"from qipan.experiments.command_line import main; {call}"
    safe = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); {program}"]
    done = subprocess.run(safe, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2 and "there is no module 'mine'" in done.stderr


def test_an_installed_package_declares_its_plugin(tmp_path):
    package = tmp_path / "site"
    (package / "more_levers-1.dist-info").mkdir(parents=True)
    (package / "more_levers-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: more_levers\nVersion: 1\n"
    )
    (package / "more_levers-1.dist-info" / "entry_points.txt").write_text("[qipan.plugins]\nlevers = more_levers\n")
    (package / "more_levers.py").write_text((EXAMPLES / "own_lever.py").read_text(encoding="utf-8"), encoding="utf-8")
    done = command("list", "levers", PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{package}")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("closed_lists")]
    assert Path(line.split()[-1]).name == "more_levers.py"


def test_a_lever_that_bars_comes_and_goes_with_the_timeline_in_both_executors():
    """While it is on, years are chosen in NumPy; its list goes with it, though the class does not name its lists."""
    pytest.importorskip("numba")
    program = """
from tests.laws.cases import moments
on = "policy.coordination."
timeline = [{"from": 2025, "coordination.closed_lists": True}, {"from": 2027, "coordination.closed_lists": False}]
scenario = load_scenario("national-design", {**SMALL, on + "period": 1, on + "delay": 0, on + "closed_from": 0.3,
                                             "policy.timeline": timeline})
barred = {now.year: bool(now.state.barred.any()) for _, now in moments(scenario)}
one, two = (run(scenario, replicates=3, executor=name) for name in ("numpy", "compiled"))
apart = [name for name, values in one.arrays.items()
         if not np.allclose(values, two[name], rtol=1e-12, atol=1e-12 * np.abs(values).max())]
print(json.dumps([list(barred.values()), apart, list(two.left)]))
"""
    barred, apart, left = python(program, "own_lever.py")
    assert barred == [False, False, True, True, False, False]
    assert apart == []
    assert left == ["choose: a plan that bars sectors is not compiled"]


def test_an_error_inside_a_plugin_names_its_file_and_line(tmp_path):
    source = (EXAMPLES / "own_measure.py").read_text(encoding="utf-8")
    plugin = tmp_path / "my_measure.py"
    plugin.write_text(source.replace("    by_region =", '    {}["absent"]\n    by_region ='), encoding="utf-8")
    (line,) = [number for number, text in enumerate(plugin.read_text().splitlines(), 1) if "absent" in text]
    rest = ("--replicates", "2", "--set", "run.last_year=2024", "--workers", "1", "--no-report", "--quiet")
    done = command("run", "baseline", *rest, "--out", tmp_path / "r", "--plugin", plugin)
    assert done.returncode == 1
    (told,) = done.stderr.splitlines()
    assert f"KeyError: 'absent' (my_measure.py:{line})" in told
