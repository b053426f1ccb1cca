"""The stocks of a compiled run: in lanes until somebody reads them, plain once somebody has."""

from dataclasses import fields
from typing import Any

from qipan.model.axes import Array
from qipan.model.compiled.lanes import Lanes
from qipan.model.state import State


class CompiledState(State):
    """A state whose arrays are laid out in lanes for compiled phases and plain for all others.

    Reading a field gives the plain array, (n, ...), and writing one replaces it, as in `State`. Compiled phases ask for
    the lanes instead; each form is made from the other when it is asked for.
    """

    def __init__(self, state: State, lanes: Lanes) -> None:
        self.lanes = lanes
        self._plain: dict[str, Array] = {field.name: getattr(state, field.name) for field in fields(State)}
        self._laid: dict[str, Array] = {}
        self._shapes = {name: values.shape[1:] for name, values in self._plain.items()}

    def laid(self, name: str) -> Array:
        """A stock in lanes."""
        if name not in self._laid:
            self._laid[name] = self.lanes.lay(name, self._plain[name])
        return self._laid[name]

    def put(self, name: str, laid: Array) -> None:
        """A stock has changed: these are its lanes now."""
        self._laid[name] = laid
        self._plain.pop(name, None)

    def read(self, name: str) -> Array:
        """A stock as a plain array."""
        if name not in self._plain:
            self._plain[name] = self.lanes.plain(self._laid[name], *self._shapes[name])
        return self._plain[name]

    def in_lanes(self, name: str) -> Array | None:
        """The lanes of a stock, as long as it is not plain."""
        return None if name in self._plain else self._laid[name]

    def write(self, name: str, plain: Array) -> None:
        """Replace a stock; the one it already is keeps its lanes."""
        if self._plain.get(name) is plain:
            return
        self._plain[name] = plain
        self._laid.pop(name, None)


def _stock(name: str) -> Any:
    def read(state: CompiledState) -> Array:
        return state.read(name)

    def write(state: CompiledState, plain: Array) -> None:
        state.write(name, plain)

    return property(read, write)


for _field in fields(State):
    setattr(CompiledState, _field.name, _stock(_field.name))


def compiled_state(state: State, lanes: Lanes) -> CompiledState:
    """The state itself if it has lanes, else one that does."""
    return state if isinstance(state, CompiledState) else CompiledState(state, lanes)
