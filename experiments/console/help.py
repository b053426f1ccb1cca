"""Help in the language of the terminal: click's own in English, the same in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from qipan.experiments.console.language import said, spoken, width, wrapped

EXTRA = re.compile(r"(?P<text>.*?)(?:(?:^|  )\[(?P<extra>[^\[\]]+)\])?", re.DOTALL)
"""The help of an option, and what click adds: default, range, whether it must be given."""


class Formatter(click.HelpFormatter):
    """Help as click writes it; Chinese is wrapped by the columns that it takes."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of the usage."""
        words = re.sub(r"\[OPTIONS\]|COMMAND \[ARGS\]\.\.\.", lambda found: said(found[0]), args)
        super().write_usage(prog, words, f"{said('Usage:')} " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """A heading with its colon."""
        self.write(f"{'':>{self.current_indent}}{said(f'{heading}:')}\n")

    def write_text(self, text: str) -> None:
        """Paragraphs; one that begins with a backspace keeps its lines."""
        if spoken() == "en":
            return super().write_text(text)
        indent, parts = " " * self.current_indent, list[str]()
        for paragraph in filter(str.strip, text.split("\n\n")):
            kept = paragraph.lstrip("\n").startswith("\b")
            whole = paragraph.replace("\b", "").strip("\n")
            if (chinese := said(whole)) != whole or not kept:
                lines = list(wrapped(chinese, self.width - self.current_indent))
            else:
                lines = [_line(line) for line in whole.split("\n")]
            parts.append("\n".join(indent + line for line in lines))
        self.write("\n\n".join(parts) + "\n")
        return None

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Names and what they mean, in two columns."""
        if spoken() == "en":
            return super().write_dl(rows, col_max, col_spacing)
        rows = list(rows)
        first = min(max(width(name) for name, _ in rows), col_max) + col_spacing
        gap = " " * (self.current_indent + first)
        for name, text in rows:
            lines = list(wrapped(_meaning(text), max(self.width - len(gap), 10)))
            begun = f"{'':>{self.current_indent}}{name}"
            if lines and width(name) <= first - col_spacing:
                begun += " " * (first - width(name)) + lines.pop(0)
            self.write("\n".join([begun, *(gap + line for line in lines)]) + "\n")
        return None


class Context(click.Context):
    """A context whose help is written by `Formatter`."""

    formatter_class = Formatter


def speaking(command: click.Command) -> click.Command:
    """The same command, whose help, and that of its own commands, is in the language of the terminal."""
    command.context_class = Context
    for each in getattr(command, "commands", {}).values():
        speaking(each)
    return command


def _line(line: str) -> str:
    """A line of a paragraph that keeps its lines; what is indented is a command and stays."""
    return line if line.startswith("  ") else said(line)


def _meaning(text: str) -> str:
    """What an option means, and what click adds."""
    found = EXTRA.fullmatch(text)
    if found is None or found["extra"] is None:
        return said(text)
    extra = "；".join(said(part) for part in found["extra"].split("; "))
    return f"{said(found['text'])} [{extra}]" if found["text"] else f"[{extra}]"
