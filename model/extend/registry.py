"""What can be added to the model: one registry a kind, filled by decorators, from here and from anybody's module.

A registry imports the module that holds what ships when it is first read, then the plug-ins that were asked for (see
`qipan.model.extend.plugins`). What ships comes first, in the order in which it is declared; what is added follows.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Generic, TypeVar

from qipan.model.errors import Problem, UserError

Item = TypeVar("Item")
PACKAGE = __name__.rsplit(".", 2)[0]
OURS = "qipan"
MOST_SHOWN = 12
"""Names that are all shown beside the one that may be meant."""


class RegistryError(UserError):
    """Something cannot be added to a registry."""


@dataclass(frozen=True)
class Entry:
    """One thing of a kind.

    Attributes:
        name: How scenario files, tables and commands call it.
        label, label_zh: How figures and reports call it.
        module: The module that declares it.
        where: `qipan`, or the file of the module outside the package (its name where it has no file).
    """

    name: str
    label: str
    label_zh: str
    module: str
    where: str


class Registry(Mapping[str, Item], Generic[Item]):
    """Everything of one kind by name. A mapping to read; `add` and the decorators of a kind write.

    Args:
        kind: What one of them is called, in a message.
        home: The module that declares those that ship.
    """

    def __init__(self, kind: str, home: str) -> None:
        self.kind = kind
        self.home = home
        self._items: dict[str, Item] = {}
        self._entries: dict[str, Entry] = {}
        self._at_home = False

    def add(self, name: str, item: Item, *, label: str, label_zh: str, source: Any = None) -> Item:
        """Add one. The same declaration again, as when a cell of a notebook runs twice, takes the place of the first.

        Args:
            name: Its name: letters, digits, `_` and `-`.
            item: The class, object or function.
            label: What figures print in English.
            label_zh: The same in Chinese.
            source: What was decorated, if that is not the item.

        Returns:
            The item.

        Raises:
            RegistryError: The name cannot be used, another module has taken it, or a label is missing.
        """
        self._settle()
        declared = item if source is None else source
        module = str(getattr(declared, "__module__", None) or type(declared).__module__)
        entry = Entry(name, label, label_zh, module, _where(module))
        problems = list(self._problems(entry))
        if problems:
            raise RegistryError(problems)
        self._items[name], self._entries[name] = item, entry
        _count_additions()
        return item

    def entry(self, name: str) -> Entry:
        """Labels and origin of one."""
        self[name]
        return self._entries[name]

    def entries(self) -> tuple[Entry, ...]:
        """Labels and origin of all, in order."""
        self._ready()
        return tuple(self._entries.values())

    def label(self, name: str, language: str = "en") -> str:
        """What figures print; the name in words where nothing of this name is loaded."""
        if name not in self:
            return name.replace("_", " ")
        entry = self._entries[name]
        return entry.label_zh if language == "zh" else entry.label

    @property
    def shipped(self) -> tuple[str, ...]:
        """Names of those that come with the package."""
        return tuple(entry.name for entry in self.entries() if entry.where == OURS)

    def advice(self, name: str) -> str:
        """What to write instead of a name that is not there."""
        near = get_close_matches(str(name).lower()[:80], list(self), n=1)
        if near and len(self) > MOST_SHOWN:
            return f"did you mean {near[0]}?"
        known = " | ".join(self)
        return f"did you mean {near[0]}? ({known})" if near else f"allowed {known}"

    def __getitem__(self, name: str) -> Item:
        if name not in self:
            raise KeyError(f"no {self.kind} {name!r}; {self.advice(name)}")
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        if name not in self._items:  # what is there stays, so that only what is not may be about to come
            self._ready()
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        self._ready()
        return iter(tuple(self._items))

    def __len__(self) -> int:
        self._ready()
        return len(self._items)

    def __repr__(self) -> str:
        return f"<{self.kind}: {', '.join(self)}>"

    def __reduce__(self) -> tuple[Callable[[str], "Registry[Any]"], tuple[str]]:
        return registry_of, (self.kind,)

    def _ready(self) -> None:
        """What ships is imported, and so are the plug-ins asked for."""
        self._settle()
        import_module(f"{PACKAGE}.extend.plugins").load_asked_for()

    def _settle(self) -> None:
        """What ships is imported, so that it comes first."""
        if not self._at_home:
            self._at_home = True
            import_module(f"{PACKAGE}.{self.home}")

    def _problems(self, entry: Entry) -> Iterator[Problem]:
        if not entry.name or not entry.name.replace("_", "").replace("-", "").isalnum() or not entry.name.isascii():
            hint = "letters, digits, _ and -"
            yield Problem(entry.where, self.kind, f"{entry.name!r} cannot be the name of {a(self.kind)}", hint)
        for what, text in (("label", entry.label), ("label_zh", entry.label_zh)):
            if not text:
                yield Problem(entry.where, entry.name, f"{a(self.kind)} needs `{what}`", "what figures are to print")
        other = self._entries.get(entry.name)
        if other is not None and other.module != entry.module:
            message = f"there is {a(self.kind)} of this name already, from {other.where}"
            yield Problem(entry.where, entry.name, message, "give it another name")


def a(kind: str) -> str:
    """A kind with its article."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _where(module: str) -> str:
    if module == PACKAGE or module.startswith(f"{PACKAGE}."):
        return OURS
    return str(getattr(sys.modules.get(module), "__file__", None) or module)


_additions = 0


def _count_additions() -> None:
    global _additions
    _additions += 1


def additions() -> int:
    """How often something has been added so far: part of the key of whatever is kept between calls."""
    return _additions


MECHANISMS: Registry[Any] = Registry("mechanism", "funding.mechanisms")
"""Sources of money; their order is that of the mechanism axis."""
LEVERS: Registry[Any] = Registry("lever", "coordination.levers")
ARMS: Registry[Any] = Registry("arm", "coordination.arms")
RULES: Registry[Any] = Registry("rule", "behaviour.choice")
REVISIONS: Registry[Any] = Registry("revision", "behaviour.revision")
PAYOFFS: Registry[Any] = Registry("payoff", "payoffs")
MEASURES: Registry[Any] = Registry("measure", "measures")
WORLDS: Registry[Any] = Registry("world", "world.loading")
SECTOR_TABLES: Registry[Any] = Registry("sector table", "world.sectors")

REGISTRIES: dict[str, Registry[Any]] = {
    registry.kind: registry
    for registry in (MECHANISMS, LEVERS, ARMS, RULES, REVISIONS, PAYOFFS, MEASURES, WORLDS, SECTOR_TABLES)
}
"""Every registry by its kind."""


def registry_of(kind: str) -> Registry[Any]:
    """The registry of a kind."""
    return REGISTRIES[kind]


def declared(registry: Registry[Any], kind: Any, base: type, make: bool = False) -> Any:
    """Add a class that says its `name`, `label` and `label_zh` itself.

    Args:
        registry: Where it belongs.
        kind: The class.
        base: What it must be derived from.
        make: Keep an object of the class, not the class.

    Raises:
        RegistryError: It is no such class, it is abstract, or lacks one of the three.
    """
    given: Any = kind  # what a type checker knows of a class here is that it is one
    if not (isinstance(given, type) and issubclass(given, base)):
        wanted = f"a class derived from {base.__name__} is wanted"
        raise RegistryError(Problem(registry.kind, "", f"{kind!r} cannot be added", wanted))
    missing = [name for name in ("name", "label", "label_zh") if not isinstance(getattr(kind, name, None), str)]
    where = _where(kind.__module__)
    problems = [Problem(where, kind.__name__, f"{a(registry.kind)} needs `{name}`", "a text") for name in missing]
    if inspect.isabstract(kind):
        lacking = ", ".join(sorted(kind.__abstractmethods__))
        problems.append(Problem(where, kind.__name__, f"{a(registry.kind)} needs {lacking}", "write these methods"))
    if problems:
        raise RegistryError(problems)
    registry.add(kind.name, kind() if make else kind, label=kind.label, label_zh=kind.label_zh, source=kind)
    return kind
