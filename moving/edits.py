import re
from pathlib import Path
def sub(p,*pairs):
    q=Path(p)
    if not q.exists(): print("NO FILE",p); return
    s=q.read_text()
    for a,b in pairs:
        if a not in s: print("MISSING",p,a[:70]); continue
        s=s.replace(a,b)
    q.write_text(s)
sub("src/qipan/__init__.py",('''if not (
    _HERE / "_shipped"
).is_dir():  # a checkout, where model/ and experiments/ stand at the top; a wheel holds copies
''','''if not (_HERE / "_shipped").is_dir():
    # A checkout, where model/ and experiments/ stand at the top; a wheel holds them inside the package.
'''))
sub("pyproject.toml",('''packages = ["model", "experiments"]
dev-mode-dirs = ["."]

[tool.hatch.build.targets.wheel.force-include]
data = "model/_shipped/data"
scenarios = "model/_shipped/scenarios"
''','''only-include = ["src/qipan", "model", "experiments", "data", "scenarios"]
exclude = ["/src/qipan/model", "/src/qipan/experiments", "/data/*.py"]
dev-mode-dirs = ["src"]

[tool.hatch.build.targets.wheel.sources]
"src/qipan" = "qipan"
model = "qipan/model"
experiments = "qipan/experiments"
data = "qipan/_shipped/data"
scenarios = "qipan/_shipped/scenarios"
'''),('include = ["/model", "/experiments", "/data"','include = ["/src", "/model", "/experiments", "/pages", "/data"'),
('"/CHANGELOG.md"]','"/CHANGELOG.md"]\nexclude = ["/src/qipan/model", "/src/qipan/experiments"]'),
('pythonpath = ["."]','pythonpath = ["src", "."]'),
('files = ["model"]','files = ["src/qipan/__init__.py", "src/qipan/model"]'),
('"RUF", "N", "PIE", "RET", "PERF"]','"RUF", "N", "PIE", "RET", "PERF", "TID251"]'),
('[tool.ruff.lint.isort]','[tool.ruff.lint.flake8-tidy-imports.banned-api]\nmodel.msg = "the package is qipan.model"\nexperiments.msg = "the package is qipan.experiments"\n\n[tool.ruff.lint.isort]'))
s=Path("pyproject.toml").read_text().replace('module = ["model.agents"]','module = ["qipan.model.agents"]'); Path("pyproject.toml").write_text(s)
for p in ("model/world/own.py","model/scenario/finding.py"):
    sub(p,('package / "_shipped"','package.parent / "_shipped"'))
# in a checkout the package's parent's parent is the root; in a wheel it is qipan/
sub("tests/architecture/source.py",('''    parts = path.with_suffix("").parts
    return''','''    parts = path.with_suffix("").parts
    parts = ("qipan", *parts) if parts[0] in ("model", "experiments") else parts
    return'''))
sub("tests/architecture/test_imports.py",
 ('part = module.split(".")[1] if "." in module else ""','part = [*module.split("."), "", ""][2]'),
 ('"""The layer of model.x or model.x.y;','"""The layer of qipan.model.x or qipan.model.x.y;'),
 ('if name.split(".")[0] in {"experiments", "tests", "matplotlib", "click", "rich", "jinja2"}','if name.startswith("qipan.experiments") or name.split(".")[0] in {"tests", "matplotlib", "click", "rich", "jinja2"}'),
 ('{f"model.{name}" for names in LAYERS','{f"qipan.model.{name}" for names in LAYERS'),
 ('name.startswith("model.") and name.count(".") == 1','name.startswith("qipan.model.") and name.count(".") == 2'),
 ('{f"model.{name}" for name in LATER}','{f"qipan.model.{name}" for name in LATER}'),
 ('("scenario", "revision"),','("scenario",),'),
 ('("funding", "outlook", "nature", "fields", "peers"),','("funding", "nature", "fields"),'),
 ('("choice", "start", "executor"),','("behaviour", "start", "executor"),'),
 ('["model", "experiments.command_line"]','["qipan", "qipan.experiments.command_line"]'))
sub("tests/architecture/test_wheel.py",('"model/_shipped/data"','"qipan/_shipped/data"'),('"model/_shipped/scenarios"','"qipan/_shipped/scenarios"'),
 ('{"model/step.py", "experiments/command_line.py"} <= names\n','{"qipan/__init__.py", "qipan/py.typed", "qipan/model/step.py", "qipan/experiments/command_line.py"} <= names\n    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"qipan"}\n    assert not any(name.startswith("qipan/_shipped/data/make") for name in names)\n'),
 ('    zipfile.ZipFile(wheel).extractall(tmp_path / "site")\n','    zipfile.ZipFile(wheel).extractall(tmp_path / "site")\n    for name in ("model", "experiments"):  # a user\'s own packages of these names\n        (tmp_path / name).mkdir()\n        (tmp_path / name / "__init__.py").write_text("raise ImportError(\'a package of the user\')")\n'),
 ('"from qipan import model\\n"','"import qipan\\n"'),('model.run(model.load_scenario','qipan.run(qipan.load_scenario'),('print(model.__file__','print(qipan.__file__'),
 ('    from qipan import model\n','    import qipan\n'),('assert model.__version__','assert qipan.__version__'))
sub("tests/architecture/test_repository.py",('["force-include"]\n    assert shipped == {"data": "model/_shipped/data", "scenarios": "model/_shipped/scenarios"}','["sources"]\n    assert {shipped["data"], shipped["scenarios"]} == {"qipan/_shipped/data", "qipan/_shipped/scenarios"}'))
sub("tests/mutation/run.py",('name.split(".")[0] == "model" and not','name.split(".")[0] == "qipan" and not'))
sub("tests/end_to_end/test_processes.py",('"matplotlib", "model"}','"matplotlib", "qipan.model"}'))
sub("tests/end_to_end/test_cluster.py",('("model", "experiments", "data", "scenarios")','("src", "model", "experiments", "data", "scenarios")'))
p=Path("model/compiled/compiling.py"); s=p.read_text()
s=s.replace('''    place = function.__module__.split(".")[:2]
    if place[0] == "model" and {place[-1], f"{place[-1]}.py"} & ELSEWHERE:''','''    place = function.__module__.split(".")
    if place[:2] == ["qipan", "model"] and {place[2], f"{place[2]}.py"} & ELSEWHERE:'''); p.write_text(s)
sub("model/registry.py",('"rule", "choice"','"rule", "behaviour.choice"'),('"revision", "revision"','"revision", "behaviour.revision"'))
sub("experiments/runs/plan.py",('''    "bins", "moments", "summary_columns", "summarising", "paired_tables", "tables", "ranking", "targets",
''','''    "statistics/bins", "statistics/moments", "summaries/columns", "summaries/summary", "summaries/paired",
    "summaries/single", "summaries/ranking", "summaries/targets",
'''),('    """SHA-256 over some modules of this package."""\n    files = [Path(__file__).with_name(f"{module}.py") for module in modules]','    """SHA-256 over some modules of `experiments/`."""\n    files = [EXPERIMENTS / f"{module}.py" for module in modules]'),
('*(Path(__file__).with_name(name) for name in ("partial.py", "scores.py"))','*(EXPERIMENTS / "summaries" / name for name in ("rows.py", "scores.py"))'))
p=Path("experiments/runs/plan.py"); s=p.read_text()
if "EXPERIMENTS =" not in s: s=s.replace("SUMMARY_SOURCES = (","EXPERIMENTS = Path(__file__).resolve().parent.parent\nSUMMARY_SOURCES = (",1); p.write_text(s)
sub("tests/architecture/test_imports.py",('["model", "qipan.experiments.command_line"]','["qipan", "qipan.experiments.command_line"]'))
sub("tests/rules/test_compiled_kernels.py",("from qipan import load_scenario\n","from qipan import load_scenario  # noqa: E402\n"),("from qipan.model import element, kernels, nation  # noqa: E402","from qipan.model import element, kernels, nation  # noqa: E402\nfrom qipan.model.behaviour import peers  # noqa: E402"))
sub("bench/measure.py",("from qipan import load_scenario, load_world\nfrom qipan.model import run  # noqa: E402","from qipan import load_scenario, load_world, run  # noqa: E402"))
sub("experiments/designs/levers_tables.py",("(see `qipan.experiments.summaries.scores`); rows of all parts are the same replicates.","(see `qipan.experiments.summaries.scores`); rows of all\nparts are the same replicates."))
sub("experiments/summaries/single.py",("`qipan.experiments.summaries.comparison.COLUMNS`","`comparison.COLUMNS`"))
sub("model/history.py",("`qipan.model.fields`; those of ONCE without a year.","`fields`; those of ONCE without a year."))
sub("tests/contracts/test_seams.py",("""    program = "from qipan.experiments.command_line import main; raise SystemExit(main(['list', 'levers', '--plugin', 'mine']))\"""","""    call = "raise SystemExit(main(['list', 'levers', '--plugin', 'mine']))"
    program = f"from qipan.experiments.command_line import main; {call}\""""))
sub("tests/mutation/run.py",(""""_hypothesis_pytestplugin", "cosmic_ray.mutating", "qipan.model.world")  # fmt: skip""",""""_hypothesis_pytestplugin", "cosmic_ray.mutating",
             "qipan.model.world")  # fmt: skip"""),(""""qipan.model.element", "qipan.model.kernels",
        "qipan.model.world")""",""""qipan.model.element",
        "qipan.model.kernels", "qipan.model.world")"""))
sub("tests/rules/test_public_names.py",('"""The public names of `model`','"""The public names of `qipan`'),("from qipan import model\n","import qipan\n"),("model.__all__","qipan.__all__"),("getattr(model, name)","getattr(qipan, name)"),("dir(model)","dir(qipan)"),("module 'model' has","module 'qipan' has"),("_ = model.rum","_ = qipan.rum"),('loaded_after("from qipan import model"','loaded_after("import qipan"'))
for p in [*Path("tests").rglob("*.py"), *Path("bench").rglob("*.py")]:
    s=t=p.read_text()
    if re.search(r"^from qipan import model$", t, re.M):
        t=re.sub(r"^from qipan import model$","import qipan",t,flags=re.M)
        t=t.replace("model.__file__","qipan.model.__file__")
        t=re.sub(r"(?<![\w.\"'])model(?=\.(?!__file__)[A-Za-z_])","qipan",t)
        t=re.sub(r"setattr\(model,","setattr(qipan,",t)
        if "qipan.model.__file__" in t: t=t.replace("import qipan\n","import qipan\nimport qipan.model\n",1)
    if t!=s: p.write_text(t)
for p in Path("tests").rglob("*.py"):
    s=p.read_text(); t=s.replace('"PYTHONPATH": str(ROOT)','"PYTHONPATH": str(ROOT / "src")').replace("os.pathsep.join([str(ROOT), os.environ","os.pathsep.join([str(ROOT / \"src\"), os.environ").replace("{str(ROOT)!r}","{str(ROOT / 'src')!r}").replace('PYTHONPATH=f"{ROOT}{os.pathsep}','PYTHONPATH=f"{ROOT / \'src\'}{os.pathsep}')
    if p.name=="run.py" and "mutation" in str(p): t=t.replace("sys.path.insert(0, str(ROOT))",'sys.path[:0] = [str(ROOT / "src"), str(ROOT)]')
    if s!=t: p.write_text(t)
sub("experiments/__init__.py",("module 'experiments' has","module 'qipan.experiments' has"))
sub("tests/rules/test_compile_cache.py",('    for name in ("model", "data", "scenarios"):\n        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))','    for name in ("src", "model", "data", "scenarios"):\n        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))\n    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}'),
 ('subprocess.run([sys.executable, "-c", CLONE], cwd=tmp_path, capture_output=True, text=True, check=True)','subprocess.run(\n        [sys.executable, "-c", CLONE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True\n    )'))
sub("tests/laws/test_compiled.py",('    shutil.copytree(ROOT / "model", tmp_path / "model")\n','    shutil.copytree(ROOT / "src", tmp_path / "src", symlinks=True)\n    shutil.copytree(ROOT / "model", tmp_path / "model")\n'),
 ('environment = dict(os.environ, QIPAN_CACHE=str(tmp_path / "cache"))','environment = dict(os.environ, QIPAN_CACHE=str(tmp_path / "cache"), PYTHONPATH=str(tmp_path / "src"))'))
sub("tests/end_to_end/test_cluster.py",('ignore=shutil.ignore_patterns("__pycache__"))','symlinks=True,\n                        ignore=shutil.ignore_patterns("__pycache__"))'),('str(code or "")) if part]','str(code / "src") if code else "") if part]'))
