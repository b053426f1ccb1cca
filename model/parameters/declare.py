"""How a parameter is declared, and how the table of all of them is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from qipan.model.extend.registry import Registry

Grade = Literal["measured", "literature", "assumed", "choice"]


class Section(BaseModel):
    """A group of parameters. Frozen, complete and strict: unknown keys, wrong types, NaN and infinity are errors."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True, defer_build=True
    )


def parameter(
    default: Any,
    meaning: str,
    *,
    unit: str = "1",
    plausible: tuple[float, float] | None = None,
    allowed: tuple[float, float] | None = None,
    grade: Grade = "assumed",
    source: str = "prior, no public source",
    zh: str = "",
    by_region: bool = False,
    steady: str = "",
) -> Any:
    """Declare one parameter of a section.

    Args:
        default: Value when a scenario is silent.
        meaning: One sentence in the words of the field.
        unit: Unit of the value; `1` for a pure number.
        plausible: Range a sensitivity study samples; None for settings that are not uncertain.
        allowed: Range outside which a scenario is refused; None for no limit (text, switches).
        grade: How well the default is known.
        source: Where it comes from.
        zh: Chinese label for figures and reports.
        by_region: Whether regions may have values of their own.
        steady: Why it cannot change from year to year, and what to do instead; empty where it can.
    """
    extra: dict[str, Any] = {"unit": unit, "grade": grade, "source": source, "zh": zh}
    if by_region or steady:
        extra |= {"by_region": by_region, "steady": steady}
    if plausible is not None:
        extra["plausible"] = list(plausible)
    limits: dict[str, Any] = {} if allowed is None else {"ge": allowed[0], "le": allowed[1]}
    return Field(default=default, description=meaning, json_schema_extra=extra, **limits)


@dataclass(frozen=True)
class Among:
    """A text parameter that names something of a registry: `Annotated[str, Among(ARMS)]`."""

    registry: Registry[Any]

    def checked(self, given: str) -> str:
        """The name, if the registry has it."""
        if given not in self.registry:
            raise PydanticKnownError("literal_error", {"expected": " | ".join(self.registry)})
        return given

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.checked, handler(source))


def add_parameters(sections: tuple[type[Section], ...], added: dict[str, tuple[Any, Any]]) -> None:
    """Give a section parameters that a plug-in brings. Those that it has already stay as they are.

    Args:
        sections: The section, then those that hold it, inside first.
        added: Type and declaration, as `parameter` makes it, by name.
    """
    new = {name: pair for name, pair in added.items() if name not in sections[0].model_fields}
    for name, (kind, declaration) in new.items():
        sections[0].model_fields[name] = FieldInfo.from_annotated_attribute(kind, declaration)
    for section in sections if new else ():
        section.model_rebuild(force=True)


DETAILS = "trial runs of the model specification"
SPECIFICATION = "literature range of the model specification"


@dataclass(frozen=True)
class Parameter:
    """One row of the parameter table, as documentation and studies read it."""

    path: str
    default: Any
    meaning: str
    unit: str
    plausible: tuple[float, float] | None
    allowed: tuple[float, float] | None
    grade: str
    source: str
    zh: str
    choices: tuple[str, ...]
    by_region: bool = False
    steady: str = ""

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers only (a year that is not given by default is one)."""
        return self.default is None or (isinstance(self.default, int) and not isinstance(self.default, bool))


def parameters(section: type[Section], prefix: str = "") -> Iterator[Parameter]:
    """Walk a section and those inside it and yield one row per parameter, with its dotted path.

    Example:
        >>> from qipan.model.parameters import Run
        >>> [p.path for p in parameters(Run)][:2]
        ['first_year', 'last_year']
    """
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from parameters(kind, f"{prefix}{name}.")
        else:
            yield _row(f"{prefix}{name}", field)


def _row(path: str, field: FieldInfo) -> Parameter:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    limits = {type(m).__name__: getattr(m, type(m).__name__.lower()) for m in field.metadata if hasattr(m, "__slots__")}
    plausible: Any = extra.get("plausible")
    return Parameter(
        path=path,
        default=field.default,
        meaning=field.description or "",
        unit=str(extra.get("unit", "1")),
        plausible=None if plausible is None else (plausible[0], plausible[1]),
        allowed=(limits["Ge"], limits["Le"]) if "Ge" in limits else None,
        grade=str(extra.get("grade", "")),
        source=str(extra.get("source", "")),
        zh=str(extra.get("zh", "")),
        choices=_choices(field),
        by_region=bool(extra.get("by_region", False)),
        steady=str(extra.get("steady", "")),
    )


def _choices(field: FieldInfo) -> tuple[str, ...]:
    among = next((each for each in field.metadata if isinstance(each, Among)), None)
    if among is not None:
        return tuple(among.registry)
    return tuple(get_args(field.annotation)) if get_origin(field.annotation) is Literal else ()
