import ast, sys
from pathlib import Path
from collections import defaultdict
mods={}
P=[p for d in ("model","experiments","pages") if Path(d).exists() for p in Path(d).rglob("*.py")]
def name(p): return ".".join(p.with_suffix("").parts).removesuffix(".__init__")
names={name(p) for p in P}
def imps(p):
    t=ast.parse(p.read_text()); out=set()
    for n in ast.walk(t):
        ms=[]
        if isinstance(n,ast.ImportFrom) and n.module: ms=[n.module]+[n.module+"."+a.name for a in n.names]
        elif isinstance(n,ast.Import): ms=[a.name for a in n.names]
        for m in ms:
            m=m.removeprefix("qipan.")
            if m in names: out.add(m)
    return out
dep={name(p):imps(p)-{name(p)} for p in P}
def room(m):
    s=m.split("."); return ".".join(s[:2]) if s[0]=="experiments" else s[0]
R=defaultdict(lambda: defaultdict(list))
for a,bs in dep.items():
    for b in bs:
        if room(a)!=room(b): R[room(a)][room(b)].append((a,b))
order="experiments.words experiments.statistics experiments.store experiments.runs experiments.summaries experiments.tables experiments.studies experiments.results experiments.findings experiments.figures experiments.report experiments.commands experiments.command_line".split()
if len(sys.argv)>1: order=sys.argv[1].split()
for i,a in enumerate(order):
    for b in order[i+1:]:
        for x in R[a][b]: print("UP",x[0].replace("experiments.",""),"->",x[1].replace("experiments.",""))
from functools import lru_cache
top={}
def depth(m,seen=()):
    if m in top: return top[m]
    if m in seen: return 0
    d=1+max((depth(b,seen+(m,)) for b in dep[m]),default=0); top[m]=d; return d
sys.setrecursionlimit(10000)
print("module floors", max(depth(m) for m in dep))
for d in sorted({str(p.parent) for p in P}): print(d, len([p for p in P if str(p.parent)==d]), end="; ")
