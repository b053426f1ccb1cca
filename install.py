"""Make the environment this project runs in: `.venv`, with the versions of the lock. Standard library only.

    python install.py           what `make run` needs
    python install.py --test    what `make test` needs as well

It does nothing when the environment is already as the lock says. The file is written so that any Python can read it,
since its first duty is to say one clear sentence to a Python that is too old.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
OLDEST, NEWEST = (3, 11), (3, 13)
LOCKS = {"run": "run.txt", "test": "test.txt"}
NO_NETWORK = (
    "name resolution",
    "getaddrinfo failed",
    "nodename nor servname",
    "new connection",
    "unreachable",
    "timed out",
    "Connection refused",
    "ProxyError",
    "ConnectionError",
    "from versions: none",
)


class Problem(Exception):
    """Something the reader can put right; its text says what to do."""


def check_python(version, executable):
    """Refuse a Python outside 3.11 to 3.13."""
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        raise Problem(
            "qipan needs Python 3.11, 3.12 or 3.13 but %s is %d.%d: name one that fits, for example `make run "
            "PYTHON=python3.12`, or without make `python3.12 install.py`." % (executable, version[0], version[1])
        )


def check_venv(find=None):
    """Refuse a Python that cannot make environments, as Debian's is before one more package is installed."""
    if find is None:
        from importlib.util import find_spec as find
    if find("ensurepip") is None or find("venv") is None:
        raise Problem(
            "%s cannot make an environment because its module ensurepip is missing: install it (Debian and Ubuntu: "
            "`sudo apt install python%d.%d-venv`) and give the same command again."
            % ((sys.executable,) + tuple(sys.version_info[:2]))
        )


def environment_python(folder):
    """The Python inside an environment."""
    return os.path.join(folder, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def fingerprint(kind):
    """What the environment must have been made from: this Python, the lock, the package metadata, this place."""
    digest = hashlib.sha256(("%s %s" % (sys.version, ROOT)).encode())
    for name in (os.path.join("requirements", LOCKS[kind]), "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def up_to_date(folder, kind):
    """Whether the environment was made from the same things; one for tests also serves for running."""
    kinds = ["test"] if kind == "test" else ["run", "test"]
    return any(stamp(folder, each) == fingerprint(each) for each in kinds)


def stamp(folder, kind):
    """What the environment was last made from, or nothing."""
    try:
        with open(os.path.join(folder, "made-from-%s" % kind)) as file:
            return file.read()
    except OSError:
        return ""


def make_environment(folder):
    """An empty environment in the place of an old one; the one for running is kept when tests come on top."""
    if not up_to_date(folder, "run"):
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", folder])


def install(folder, kind):
    """Install the lock, every file checked against its hash, then this repository as it stands."""
    lock = os.path.join(ROOT, "requirements", LOCKS[kind])
    pip = [
        environment_python(folder),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "--retries",
        "2",
        "install",
    ]
    call(folder, pip + ["--require-hashes", "-r", lock])
    call(folder, pip + ["--no-deps", "--no-build-isolation", "-e", ROOT])


def call(folder, command):
    """Run pip; on failure say in one sentence what to do, and keep pip's own words in a file."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
    if done.returncode:
        log = os.path.join(folder, "install.log")
        with open(log, "wb") as file:
            file.write(done.stdout)
        raise Problem(failure(done.stdout.decode("utf-8", "replace"), os.path.relpath(log, ROOT)))


def failure(words, log):
    """One sentence for what pip said."""
    if any(sign in words for sign in NO_NETWORK):
        return (
            "the packages could not be fetched: connect to the network (or set PIP_INDEX_URL to a mirror you can "
            "reach) and give the same command again; pip's own words are in %s." % log
        )
    return "pip could not install the packages: its own words, in %s, say why." % log


def main(arguments):
    """Make or renew the environment; 0 when it is ready, 2 when the reader has something to do."""
    kind = "test" if "--test" in arguments else "run"
    folder = os.path.join(ROOT, ".venv")
    try:
        check_python(sys.version_info, sys.executable)
        if up_to_date(folder, kind):
            return 0
        check_venv()
        print("Installing the packages of requirements/%s into .venv (once; one to three minutes)" % LOCKS[kind])
        sys.stdout.flush()
        make_environment(folder)
        install(folder, kind)
    except Problem as problem:
        sys.stderr.write("install.py: %s\n" % problem)
        return 2
    with open(os.path.join(folder, "made-from-%s" % kind), "w") as file:
        file.write(fingerprint(kind))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
