"""What is registered brings its parameters: the switch of a lever, the settings of a mechanism, an arm or a rule."""

from typing import Any, TypeVar

from qipan.model.extend.registry import ARMS, LEVERS, MECHANISMS, PAYOFFS, REVISIONS, RULES, Registry, declared
from qipan.model.parameters.behaviour import Behaviour
from qipan.model.parameters.coordination import Coordination
from qipan.model.parameters.declare import Section, add_parameters, parameter
from qipan.model.parameters.funding import Funding
from qipan.model.parameters.scenario import Policy, WorldChoice

Kind = TypeVar("Kind", bound=type)

SECTIONS: dict[str, tuple[type[Section], ...]] = {
    MECHANISMS.kind: (Funding, Policy),
    LEVERS.kind: (Coordination, Policy),
    ARMS.kind: (Coordination, Policy),
    RULES.kind: (Behaviour, WorldChoice),
    REVISIONS.kind: (Behaviour, WorldChoice),
    PAYOFFS.kind: (Behaviour, WorldChoice),
}
"""The section that holds the parameters of a kind, then the one that holds that section."""


def with_parameters(registry: Registry[Any], kind: Kind, base: type, make: bool = False) -> Kind:
    """Register a class with what it declares: `name`, `label`, `label_zh`, and its `parameters` if it has some.

    Args:
        registry: Where it belongs.
        kind: The class. `parameters` maps a name to its type and what `parameter` makes: they become keys of scenario
            files in the section of the kind. A lever also gets a switch of its own name.
        base: What it must be derived from.
        make: Keep an object of the class, not the class.

    Raises:
        RegistryError: It cannot be added.
    """
    declared(registry, kind, base, make)
    added = dict(getattr(kind, "parameters", {}))
    if registry is LEVERS:
        lever: Any = kind
        words = " ".join((lever.__doc__ or lever.label).split())
        switch = parameter(False, f"Lever: {words}", grade="choice", source=lever.__module__, zh=lever.label_zh)
        added[lever.name] = bool, switch
    add_parameters(SECTIONS[registry.kind], added)
    return kind
