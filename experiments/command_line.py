"""The command `qipan`: subcommands found by name, and the one place where an error becomes a line and an exit status.

Exit status: 0 done; 1 a run failed under --strict or all did, output that cannot be written, or a fault of qipan; 2 the
user's error, told in one line for each problem; 130 interrupted.
Nothing heavy is imported here or in `commands/`: `qipan --help` answers at once.
"""

from qipan.experiments.begin import finish, listen

if __name__ == "__main__":
    listen()

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from qipan.experiments.console.endings import output_fault, provide_streams, say, unexpected, without_output
from qipan.experiments.console.help import Context, speaking
from qipan.experiments.console.interrupts import INTERRUPTED, hearing, kept, pressed
from qipan.experiments.console.language import LANGUAGES, PLACES, forget, said, speak, spoken, told

SECTIONS = {
    "ask": (
        "Ask the model",
        (
            *("run", "compare", "attribute", "worth", "best", "sweep", "targets"),
            *("sensitivity", "flip", "calibrate", "explain", "replay"),
        ),
    ),
    "read": ("Read, draw and hand on results", ("brief", "region", "plot", "measure", "export", "bundle")),
    "prepare": ("Scenarios and data", ("list", "show", "new", "check", "diff", "data", "schema")),
}
"""The rooms of `commands/`: heading in the help, and the commands in the order of use."""
COMMANDS = {name: room for room, (_, names) in SECTIONS.items() for name in names}
"""The room of each command."""
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Products of matrices by one thread, unless told otherwise: threads beside worker processes wait for each other, and
their number decides the last digit of a sum."""
EXAMPLES = """\b
Examples:
  qipan list scenarios
  qipan compare baseline information-only national-design
  qipan run national-design --replicates 200 --set policy.coordination.levy=0.1
  qipan plot results/national-design --lang zh

\b
Exit status: 0 done; 1 a run failed under --strict or all did, output could not be
written, or qipan itself went wrong (the sentence names a file with the details;
QIPAN_DEBUG=1 shows them); 2 something to put right; 130 interrupted by Ctrl-C.
"""


class QipanGroup(click.Group):
    """Finds a subcommand in the module of its name when it is asked for, and suggests one for a mistyped name."""

    context_class = Context

    def list_commands(self, context: click.Context) -> list[str]:
        """The subcommands in the order of use."""
        return list(COMMANDS)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under the heading of their room, one line each."""
        limit = 10**4 if spoken() == "zh" else formatter.width - 6 - max(map(len, COMMANDS))  # Chinese is shorter
        for heading, names in SECTIONS.values():
            found = [(name, self.get_command(context, name)) for name in names]
            with formatter.section(heading):
                formatter.write_dl([(name, each.get_short_help_str(limit)) for name, each in found if each])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The subcommand of this name, or None."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"qipan.experiments.commands.{COMMANDS[name]}.{name}").command
        return speaking(command)

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
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, option, asked: _version(context, asked),
    help="Show the version and exit.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    help="Language of what the command shows and writes, as after its name.",
)
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE_OR_MODULE",
    help="Load a module of your own that adds mechanisms, levers, measures ...; its code runs.",
)
@click.pass_context
def qipan(context: click.Context, language: str | None, plugins: tuple[str, ...]) -> None:
    """When regions choose future-industry investments on their own: how much do they duplicate each other, how far do
    they fall from their targets, and which tools of a national coordinator help, at what cost?
    """
    if language is not None:
        of_each = {"language": language}
        context.default_map = {name: {**of_each, **dict.fromkeys(("import", "check"), of_each)} for name in COMMANDS}
    if plugins:
        from qipan.model.extend.plugins import ask_for, load_plugin

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
    if arguments is None:
        provide_streams()
    try:
        with hearing(own=arguments is None):
            return _answered(given)
    finally:
        forget()


def _answered(given: list[str]) -> int:
    """Run the command and return its exit status."""
    try:
        speak(given)
        outcome = qipan.main(_plugins_first(given) or ["--help"], prog_name="qipan", standalone_mode=False)
        status = outcome if isinstance(outcome, int) else 0
    except BaseException as error:
        status = _ended(error, given)
    fault = output_fault()
    return status if fault is None else without_output(fault)


def _ended(error: BaseException, given: list[str]) -> int:
    """The sentence for what ended a command, and its exit status."""
    if isinstance(error, KeyboardInterrupt | click.Abort) or pressed():  # or what a library makes of Ctrl-C
        return say([f"interrupted: {kept()}"], INTERRUPTED)
    if isinstance(error, click.ClickException):
        return say(_click_lines(error), 2)
    if isinstance(error, MemoryError):
        return say(["not enough memory: fewer --workers need less"], 2)
    if (lines := _user_lines(error)) is not None:
        return say(lines, 2)
    fault = output_fault()
    return unexpected(error, given) if fault is None else without_output(fault)


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


def _click_lines(error: click.ClickException) -> list[str]:
    """A click error in one line, with the place to look for help."""
    message = " ".join(error.format_message().split()).rstrip(".")
    if found := re.search(r"'([^']*)' is not one of (.*)", message):
        from difflib import get_close_matches

        close = get_close_matches(found[1], re.findall(r"'([^']*)'", found[2]), n=1)
        message += f"; did you mean {close[0]}?" if close else ""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "qipan"
    shown = said(message)
    if shown != message:
        return [f"{PLACES['command line']}：{shown}（见 {command} --help）"]
    return [f"command line: {message[:1].lower()}{message[1:]} (see {command} --help)"]


def _user_lines(error: BaseException) -> list[str] | None:
    """One line for each problem of a user's error, or what the disk says of a file it names; None for the rest."""
    from qipan.model.errors import UserError

    if isinstance(error, UserError):
        return [told(problem) for problem in error.problems]
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes):
        return [f"{os.fsdecode(error.filename)}: cannot be used: {error.strerror or error}"]
    return None


if __name__ == "__main__":
    sys.exit(finish(main()))
