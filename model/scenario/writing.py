"""A scenario as the text of a YAML file."""

from typing import Any

from qipan.model.scenario.table import parameter_table


def scenario_yaml(data: dict[str, Any]) -> str:
    """Plain data of a scenario as YAML text, one key a line, with units as comments."""
    return "\n".join(_lines(data, "", 0)) + "\n"


def _lines(data: dict[str, Any], path: str, depth: int) -> list[str]:
    lines: list[str] = []
    for key, value in data.items():
        inside = f"{path}{key}"
        if isinstance(value, dict):
            lines += [f"{'  ' * depth}{key}:", *_lines(value, f"{inside}.", depth + 1)]
        elif value != "" and (value != [] or inside in parameter_table()):
            lines.append(f"{'  ' * depth}{key}: {_scalar(value)}{_unit(inside)}")
    return lines


def _unit(path: str) -> str:
    row = parameter_table().get(path)
    return f"  # {row.unit}" if row and row.unit != "1" else ""


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    return f'"{"".join(_escaped(character) for character in text)}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
