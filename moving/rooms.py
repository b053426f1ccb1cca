"""Move experiments/ into rooms, then rename the packages to qipan.model and qipan.experiments; run at the root of a clean tree: `rooms`, `package`, `public`, in this order, then edits.py."""
import re, subprocess, sys
from pathlib import Path
ROOMS = {
 "words": "labels labels_numbers:numbers labels_text:phrases column_text:columns",
 "statistics": "statistics:paired multiplicity resampling stopping attribution:shapley drivers estimates bins moments",
 "store": "store:parts disk lock folder owned:ownership spool requests",
 "summaries": "partial:rows scores summarising:summary summary_columns:columns summary_paired summary_tables comparison tables:single paired_tables:paired ranking targets family",
 "runs": "plan block workers:pool running:execute gathering:gather failing:failures estimate costing executing:executor keeping cluster cluster_workers interrupting:interrupts progress parts:stage warming",
 "designs": "lever_arms:levers attribution_tables:levers_tables importance:assumptions importance_tables:assumptions_tables sweep_file sweep_points sweep_tables sequential:precision",
 "results": "manifest provenance own:own_data iamc results:read writing:write netcdf studying:study assembling:assemble",
 "findings": "attribution_words:attribution sweep_words:sweep importance_words:assumptions rank_words:ranks printing:terminal printing_ranks:terminal_ranks describing:registries pairing figures.finding:finding figures.reading:reading",
 "studies": "conducting:compare attributing:attribute sweeping:sweep target_study:targets importance_running:assumptions replaying:replay exports:export study_exports:export_studies stored:compare_stored stored_studies:read_studies redrawing:redraw comparing:python",
}
ROOMS["examine"] = "measuring:measure announced tracing:trace reasons break_even checking:check importing:import_panel panel"
MODEL = {"choice": "behaviour.choice", "outlook": "behaviour.outlook", "revision": "behaviour.revision", "peers": "behaviour.peers"}
EXTRA = {}  # filled at the time: old dotted below experiments -> room.name
def mapping():
    m = {}
    for room, names in ROOMS.items():
        for item in names.split():
            old, _, new = item.partition(":")
            m[old] = f"{room}.{new or old}"
    m.update(EXTRA)
    return m
PAGES = {"nouns": "pages.nouns", "odd": "pages.odd"}
DATA = {"labels_phrases.csv": "words/labels_phrases.csv", "labels_ranks.csv": "words/labels_ranks.csv", "labels_units.csv": "words/labels_units.csv", "labels_columns.csv": "words/labels_columns.csv"}
ABOUT = {
 "examine": "One thing looked at closely: a file of layouts, why a region chose so, where a planner breaks even.",
 "designs": "Which arms a study runs, and the tables made of them: levers, assumptions, sweeps, precision.",
 "words": "What everything is called, in English and Chinese: labels, phrases, numbers, columns.",
 "statistics": "Paired intervals, many comparisons at once, stopping, Shapley shares: no model, no pandas needed.",
 "store": "Files of a result folder: whose it is, content keys, parts that are there whole or not at all, one writer.",
 "runs": "From a plan to its parts: blocks, worker pools, what is kept of a block, what it will cost.",
 "summaries": "What is kept of a block, and every table of a comparison made from it.",
 "studies": "What a user can ask, from names to a page: compare, attribute, sweep, targets, measure, explain, export.",
 "results": "One format of stored results: what made them, written and read.",
 "findings": "From tables to sentences, for the terminal, figures and pages.",
}
def sh(*a): subprocess.run(a, check=True)
def rooms():
    m = mapping()
    m = {old: new for old, new in m.items() if Path(f"experiments/{old.replace('.', '/')}.py").exists()}
    for room in ROOMS:
        Path(f"experiments/{room}").mkdir(exist_ok=True)
    Path("pages").mkdir(exist_ok=True)
    for old, new in m.items():
        sh("git", "mv", f"experiments/{old.replace('.', '/')}.py", f"experiments/{new.replace('.', '/')}__moving__.py")
    for old, new in m.items():
        sh("git", "mv", f"experiments/{new.replace('.', '/')}__moving__.py", f"experiments/{new.replace('.', '/')}.py")
    Path("model/behaviour").mkdir(exist_ok=True)
    for old, new in MODEL.items():
        if Path(f"model/{old}.py").exists(): sh("git", "mv", f"model/{old}.py", f"model/{new.replace('.', '/')}.py")
    Path("model/behaviour/__init__.py").write_text('"""How a region chooses: what it sees, utility and choice, who revises, its peers."""\n')
    for old, new in PAGES.items():
        if Path(f"experiments/{old}.py").exists(): sh("git", "mv", f"experiments/{old}.py", new.replace(".", "/") + ".py")
    for csv in ("nouns.csv", "odd_assumptions.csv"):
        if Path(f"experiments/{csv}").exists(): sh("git", "mv", f"experiments/{csv}", f"pages/{csv}")
    for old, new in DATA.items():
        if Path(f"experiments/{old}").exists(): sh("git", "mv", f"experiments/{old}", f"experiments/{new}")
    for room, text in ABOUT.items():
        Path(f"experiments/{room}/__init__.py").write_text(f'"""{text}"""\n')
    Path("pages/__init__.py").write_text('"""What writes pages of docs/ from the code."""\n')
    dotted = {f"experiments.{o}": f"experiments.{n}" for o, n in m.items()} | {f"experiments.{o}": n for o, n in PAGES.items()} | {f"model.{o}": f"model.{n}" for o, n in MODEL.items()}
    paths = {f"experiments/{o.replace('.', '/')}.py": f"experiments/{n.replace('.', '/')}.py" for o, n in m.items()} | {f"experiments/{o}.py": n.replace(".", "/") + ".py" for o, n in PAGES.items()} | {f"experiments/{o}": f"experiments/{n}" for o, n in DATA.items()} | {f"experiments/{c}": f"pages/{c}" for c in ("nouns.csv", "odd_assumptions.csv")} | {f"model/{o}.py": f"model/{n.replace('.', '/')}.py" for o, n in MODEL.items()}
    pat = re.compile(r"(?<![\w./])(" + "|".join(re.escape(k) for k in sorted(dotted, key=len, reverse=True)) + r")(?![\w])")
    pathpat = re.compile(r"(" + "|".join(re.escape(k) for k in sorted(paths, key=len, reverse=True)) + r")")
    single = {o: n for o, n in m.items()}
    def from_experiments(match):
        lines, rest = [], []
        for item in match[2].split(","):
            name, _, alias = (x.strip() for x in item.strip().partition(" as "))
            if name in single:
                room, new = single[name].split(".")
                alias = alias or name
                lines.append(f"from experiments.{room} import {new}" + (f" as {alias}" if alias != new else ""))
            else:
                rest.append(item.strip())
        if rest: lines.append("from experiments import " + ", ".join(rest))
        return "\n".join(match[1] + line for line in lines)
    def from_model(match):
        moved, rest = [], []
        for item in match[2].split(","):
            (moved if item.strip() in MODEL else rest).append(item.strip())
        lines = ([f"from model import {', '.join(rest)}"] if rest else []) + ([f"from model.behaviour import {', '.join(moved)}"] if moved else [])
        return "\n".join(match[1] + line for line in lines)
    git_add = subprocess.check_output(["git", "ls-files"], text=True).split("\n")
    for name in set(git_add) | {str(p) for p in Path("experiments").rglob("*.py")} | {str(p) for p in Path("pages").rglob("*.py")}:
        p = Path(name)
        if not name or not p.is_file() or p.suffix not in {".py", ".md", ".csv", ".toml", ".j2"} and name != "Makefile": continue
        if name.startswith(("requirements/", "tests/errors/hostile/")): continue
        s = t = p.read_bytes().decode()
        t = re.sub(r"^( *)from experiments import ([^\n(]+)$", from_experiments, t, flags=re.M)
        t = re.sub(r"^( *)from model import ([a-z_, ]+)$", from_model, t, flags=re.M)
        t = pathpat.sub(lambda q: paths[q[1]], t)
        t = pat.sub(lambda q: dotted[q[1]], t)
        if t != s: p.write_bytes(t.encode())
def package():
    T = "(model|experiments)"
    KNOWN = {f"{t}.{p.stem}" for t in ("model", "experiments") for p in Path(t).iterdir()}
    SKIP = ("src/", "requirements/", "tests/errors/hostile/")
    def known(m): return f"qipan.{m[0]}" if m[0] in KNOWN else m[0]
    for name in subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], text=True).split("\n")[:-1]:
        path = Path(name)
        if name.startswith(SKIP) or path.is_symlink() or not path.is_file() or not (path.suffix in {".py", ".md", ".csv", ".toml"} or name == "Makefile"):
            continue
        old = path.read_bytes().decode()
        plain = set(re.findall(rf"^\s*import ({T}\.[\w.]+)", old, re.M))
        new = re.sub(rf"\bfrom {T}(?=[.\w]* import\b)", r"from qipan.\1", old)
        new = re.sub(rf"\bimport {T}(?=\s*([;#\"'`\\]|$))", r"from qipan import \1", new, flags=re.M)
        new = re.sub(rf"(?<=[\"'`,]){T}\.\w+", known, new)
        new = re.sub(rf"-m (?={T}\.)", "-m qipan.", new)
        for dotted, _ in sorted(plain, reverse=True):
            new = re.sub(rf"(?<![\w.]){dotted}\b", f"qipan.{dotted}", new)
        if new != old:
            path.write_bytes(new.encode())
INSERT = """
_HERE = Path(__file__).resolve().parent
if not (_HERE / "_shipped").is_dir():  # a checkout, where model/ and experiments/ stand at the top; a wheel holds copies
    __path__.insert(0, str(_HERE.parent.parent))
"""
def public():
    Path("src/qipan").mkdir(parents=True, exist_ok=True)
    sh("git", "mv", "model/__init__.py", "src/qipan/__init__.py")
    Path("model/__init__.py").write_text('"""The model: regions that choose, money that flows, a coordinator; `qipan.model.step` is one year."""\n')
    Path("src/qipan/py.typed").touch()
    for each in ("model", "experiments"):
        if not Path(f"src/qipan/{each}").is_symlink(): Path(f"src/qipan/{each}").symlink_to(f"../../{each}")
    p = Path("src/qipan/__init__.py"); s = p.read_text()
    s = s.replace("from importlib import import_module\n", "from importlib import import_module\nfrom pathlib import Path\n", 1)
    s = s.replace("module 'model' has", "module 'qipan' has")
    at = s.index("__version__"); s = s[:at] + INSERT.lstrip("\n") + "\n" + s[at:]
    p.write_text(s)
    exec_names = set(re.findall(r'"(\w+)": "qipan', s)) | {"__version__"}
    def pub(match):
        items = [x.strip() for x in match[2].replace("\n", " ").strip("() ").split(",") if x.strip()]
        mine = [x for x in items if x.split(" as ")[0] in exec_names]; rest = [x for x in items if x not in mine]
        out = ([f"from qipan import {', '.join(mine)}"] if mine else []) + ([f"from qipan.model import {', '.join(rest)}"] if rest else [])
        return "\n".join(match[1] + line for line in out)
    for name in subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], text=True).split("\n")[:-1]:
        path = Path(name)
        if name.startswith(("src/", "requirements/", "tests/errors/hostile/")) or path.is_symlink() or not path.is_file() or path.suffix not in {".py", ".md", ".toml"}: continue
        old = path.read_bytes().decode()
        new = re.sub(r"^( *(?:>>> )?)from qipan\.model import (\([^)]*\)|[^\n]+)$", pub, old, flags=re.M)
        new = re.sub(r"(['\"])from qipan\.model import (load_scenario|run|load_scenario, run)(['\";])", r"\1from qipan import \2\3", new)
        new = re.sub(r"; from qipan\.model import load_scenario, run;", "; from qipan import load_scenario, run;", new)
        if new != old: path.write_bytes(new.encode())
if __name__ == "__main__":
    {"rooms": rooms, "package": package, "public": public}[sys.argv[1]]()
