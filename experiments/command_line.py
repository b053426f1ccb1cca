"""The command `qipan`: subcommands found by name, and the one place where an error becomes a line and an exit status.

Exit status: 0 done; 1 a run failed under --strict, or all did; 2 the user's error, told in one line for each problem;
130 interrupted.
Nothing heavy is imported here or in `commands/`: `qipan --help` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

import click

from qipan.experiments.runs.interrupts import INTERRUPTED, hearing, kept, pressed

COMMANDS = (
    "run",
    "compare",
    "attribute",
    "sweep",
    "explain",
    "measure",
    "targets",
    "plot",
    "export",
    "show",
    "check",
    "data",
    "schema",
    "list",
    "replay",
)
MOST_LINES, LONGEST_LINE = 200, 1000
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Products of matrices by one thread, unless told otherwise: threads beside worker processes wait for each other, and
their number decides the last digit of a sum."""
EXAMPLES = """\b
Examples:
  qipan list scenarios
  qipan compare baseline information-only national-design
  qipan run national-design --replicates 200 --set policy.coordination.levy=0.1
  qipan plot results/national-design --lang zh
"""


class QipanGroup(click.Group):
    """Finds a subcommand in the module of its name when it is asked for, and suggests one for a mistyped name."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The subcommands in the order of use."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The subcommand of this name, or None."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"qipan.experiments.commands.{name}").command
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand the arguments begin with; say which one may be meant when there is none."""
        if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
            from difflib import get_close_matches

            close = get_close_matches(arguments[0], COMMANDS, n=1, cutoff=0.5)
            advice = f"did you mean {close[0]}?" if close else f"there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command {arguments[0]!r}; {advice}", context)
        return super().resolve_command(context, arguments)


@click.group(cls=QipanGroup, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False,
    callback=lambda context, option, asked: _version(context, asked), help="Show the version and exit.",
)  # fmt: skip
@click.option("--plugin", "plugins", multiple=True, metavar="FILE_OR_MODULE",
              help="Load a module of your own that adds mechanisms, levers, measures ...; its code runs.")  # fmt: skip
def qipan(plugins: tuple[str, ...]) -> None:
    """When regions choose future-industry investments on their own: how much do they duplicate each other, how far do
    they fall from their targets, and which tools of a national coordinator help, at what cost?
    """
    if plugins:
        from qipan.model.plugins import ask_for, load_plugin

        for plugin in plugins:
            load_plugin(plugin)
            ask_for(plugin)


def _version(context: click.Context, asked: bool) -> None:
    """Print the version and end, when asked."""
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"qipan {version('qipan')}")
        except PackageNotFoundError:
            click.echo("qipan, not installed (run from its sources)")
        context.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; never raises for a user's error.

    Args:
        arguments: What follows `qipan`; None takes it from the process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    _print_anything()
    with hearing(own=arguments is None):
        return _answered(given)


def _answered(given: list[str]) -> int:
    """Run the command and return its exit status."""
    try:
        outcome = qipan.main(_plugins_first(given) or ["--help"], prog_name="qipan", standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except click.ClickException as error:
        return _say(_click_lines(error), 2)
    except (KeyboardInterrupt, click.Abort):
        return _say([f"interrupted: {kept()}"], INTERRUPTED)
    except (BrokenPipeError, SystemExit):  # click turns the first into the second
        _drop_output()
        return 0
    except MemoryError:
        return _say(["not enough memory: fewer --workers need less"], 2)
    except Exception as error:
        if pressed():  # what an import or a library makes of Ctrl-C
            return _say([f"interrupted: {kept()}"], INTERRUPTED)
        return _say(_user_lines(error), 2)


def _plugins_first(given: list[str]) -> list[str]:
    """`--plugin` belongs before the subcommand; it may also stand behind it."""
    first, rest, waiting = list[str](), list[str](), list(given)
    while waiting and waiting[0] != "--":
        word = waiting.pop(0)
        if word == "--plugin" and waiting:
            first += [word, waiting.pop(0)]
        else:
            (first if word.startswith("--plugin=") else rest).append(word)
    return [*first, *rest, *waiting]


def _print_anything() -> None:
    """A character that the terminal cannot show is spelled out instead of being an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _click_lines(error: click.ClickException) -> list[str]:
    """A click error in one line, with the place to look for help."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "qipan"
    return [f"command line: {message[:1].lower()}{message[1:]} (see {command} --help)"]


def _user_lines(error: Exception) -> list[str]:
    """One line for each problem of a user's error; anything else is ours and is raised again."""
    from qipan.model.errors import UserError

    if isinstance(error, UserError):
        return [str(problem) for problem in error.problems]
    raise error


def _say(lines: Sequence[str], status: int) -> int:
    """Print what is wrong, at most 200 lines of 1,000 characters, none of which steers the terminal."""
    for line in lines[:MOST_LINES]:
        plain = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line[:LONGEST_LINE])
        print(plain if len(line) <= LONGEST_LINE else f"{plain}...", file=sys.stderr)
    if len(lines) > MOST_LINES:
        print(f"and {len(lines) - MOST_LINES} more", file=sys.stderr)
    return status


def _drop_output() -> None:
    """The reader of our output has gone: send the rest nowhere, so that Python does not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
