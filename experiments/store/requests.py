"""What a result folder was asked for: two requests with the same facts come to the same result, others never share it.

A request is plain JSON: its kind, and facts that are compared one by one. `settings` alone are not compared, since what
they change stands in the digests of the scenarios; they are there to be told.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.store.versions import model_hash

if TYPE_CHECKING:
    from qipan.model.scenario import Scenario

Request = dict[str, Any]
TOLD_ONLY = ("settings",)
CODE = "code"
LABELS = {
    "replicates": "{held} replicates there, {asked} asked for",
    "seed": "seed {held} there, {asked} asked for",
    "years": "years {held} there, {asked} asked for",
    "keep": "{held} kept there, {asked} asked for",
    "executor": "executor {held} there, {asked} asked for",
    "data": "other data files ({names})",
    CODE: "made by other code of the model",
    "layouts": "other layouts",
    "sweep": "another experiment file",
    "members": "other names or roles of arms",
    "weights": "other weights of regions",
    "headline": "headline {held} there, {asked} asked for",
}
MOST_TOLD = 3
LONGEST_NAME = 100


def request_of(kind: str, arms: Mapping[str, Scenario], data: Mapping[str, str], **facts: object) -> Request:
    """The request of anything that runs scenarios.

    Args:
        kind: "comparison", "attribution", "sweep", "targets", ...
        arms: Scenarios by name, in order; seed, years and replicates are those of the first.
        data: SHA-256 of the data files by name.
        facts: What else decides what comes out; `settings` is told only.
    """
    first = next(iter(arms.values())).run
    return {
        "kind": kind,
        "replicates": first.replicates,
        "seed": first.seed,
        "years": f"{first.first_year} to {first.last_year}",
        "arms": [[name, arm.digest(replicates=1, seed=1)[:16]] for name, arm in arms.items()],
        "data": {name: digest[:16] for name, digest in data.items()},
        CODE: model_hash()[:16],
        **facts,
    }


def same_request(held: Mapping[str, Any], asked: Mapping[str, Any], *, unfinished: bool = False) -> bool:
    """Whether two requests come to the same result; of an `unfinished` one the code may have changed since."""
    left_out = {*TOLD_ONLY, CODE} if unfinished else {*TOLD_ONLY}
    return all(_plain(held.get(key)) == _plain(asked.get(key)) for key in {*held, *asked} - left_out)


def request_digest(request: Mapping[str, Any]) -> str:
    """Six hexadecimal digits that stand for a request."""
    told = {key: value for key, value in request.items() if key not in TOLD_ONLY}
    return hashlib.sha256(_plain(told).encode()).hexdigest()[:6]


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def differences(held: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """What differs between two requests, in a few words.

    Example:
        >>> differences({"kind": "comparison", "seed": 1}, {"kind": "comparison", "seed": 2})
        'seed 1 there, 2 asked for'
    """
    if _plain(held.get("kind")) != _plain(asked.get("kind")):
        return f"{held.get('kind', 'result')} there, {asked.get('kind')} asked for"
    unlike = [key for key in {**asked, **held} if _plain(held.get(key)) != _plain(asked.get(key))]
    left_out = (*TOLD_ONLY, *(("members", "headline") if "arms" in unlike else ()))
    told = [_difference(key, held, asked) for key in unlike if key not in left_out]
    return ", ".join(told[:MOST_TOLD]) + (f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else "")


def _difference(key: str, held: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    one, other = held.get(key), asked.get(key)
    if key == "arms":
        return _arms(held, asked)
    names = ""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = ", ".join(sorted(name for name in {*one, *other} if one.get(name) != other.get(name))[:MOST_TOLD])
    if key not in LABELS:
        return f"{key[:60]} {_short(one)} there, {_short(other)} asked for"
    return LABELS[key].format(held=_short(one), asked=_short(other), names=names)


def _short(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = "none" if value is None else value if isinstance(value, str) else _plain(value)
    return text[:60]


def _arms(held: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """How arms differ: by name, by what was set on the command line, or by their files."""
    one, other = (dict(request.get("arms") or ()) for request in (held, asked))
    if list(one) != list(other):
        return f"arms {', '.join(one)[:200]} there, {', '.join(other)[:200]} asked for"
    settings = [[str(text) for text in request.get("settings") or ()] for request in (held, asked)]
    if settings[0] != settings[1]:
        there, here = (", ".join(texts)[:200] or "no setting" for texts in settings)
        return f"{there} there, {here} asked for"
    return f"other content of {', '.join(name for name in one if one[name] != other[name])}"


def named_by(name: str, settings: Sequence[str], usual: Scenario, arm: Scenario, *more: str) -> str:
    """The default name of a result: that of the plain request with what differs from it.

    Args:
        name: Of the plain request.
        settings: What was set on the command line, "KEY=VALUE".
        usual: The first scenario as it is without them.
        arm: The same with them.
        more: Further marks.

    Returns:
        For example 'national-design-against-baseline-levy-0.1-16x-seed-7'.
    """
    own = [text for text in settings if not text.startswith(("run.replicates=", "run.seed="))]
    marks = [_called(text.partition("=")[0]) + "-" + text.partition("=")[2] for text in own]
    marks += [f"{arm.run.replicates}x"] if arm.run.replicates != usual.run.replicates else []
    marks += more
    marks += [f"seed-{arm.run.seed}"] if arm.run.seed != usual.run.seed else []
    whole = "-".join([name, *(_written(mark) for mark in marks)])
    if len(whole.encode()) <= LONGEST_NAME or not marks:
        return whole
    return f"{name}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}"


def _written(mark: str) -> str:
    """A mark in the name of a folder.

    Example:
        >>> _written("data-./mydata"), _written("weight--0.5")
        ('data-mydata', 'weight--0.5')
    """
    return re.sub(r"-\.+-", "-", re.sub(r"[^\w.+-]+", "-", mark)).strip("-.")


def _called(key: str) -> str:
    """A setting in the name of a result: its last name, after the region where it is that of one."""
    names = key.split(".")
    region = names[2:3] if names[:2] == ["policy", "regions"] and len(names) > 3 else []
    return "-".join([*region, names[-1]])
