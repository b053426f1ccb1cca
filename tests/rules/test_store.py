"""The store of parts: whole or not at all, checked when read, one writer."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.archive import archived
from experiments.lock import FolderLock
from experiments.store import HEADER, PartStore, content_key, pack, unpack, write_atomic
from model.errors import StoreError

PART = {"total:welfare": np.array([1.0, 2.5]), "replicates": np.array([0, 1])}


def test_the_key_does_not_depend_on_the_order_of_the_facts_but_on_each_of_them():
    key = content_key({"seed": 1, "block": 0})
    assert key == content_key({"block": 0, "seed": 1})
    assert key != content_key({"seed": 2, "block": 0})
    # SHA-256 of the text {"a":1}, from `printf '{"a":1}' | sha256sum`
    assert content_key({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_a_part_comes_back_as_it_went_in_and_the_same_arrays_are_the_same_bytes():
    content = pack(PART)
    assert content == pack(dict(reversed(PART.items())))
    back = unpack(content)
    assert {name: values.tolist() for name, values in back.items()} == {
        "replicates": [0, 1],
        "total:welfare": [1.0, 2.5],
    }


def test_one_changed_or_lost_byte_is_noticed():
    content = pack(PART)
    for broken in (content[:-1], content[:200] + bytes([content[200] ^ 1]) + content[201:], b"", b"PK\x03\x04"):
        with pytest.raises(StoreError, match=r"damaged|not a part"):
            unpack(broken, "x.part")


def test_a_damaged_part_is_removed_and_computed_anew(tmp_path: Path):
    store = PartStore(tmp_path / "parts")
    store.write("k", pack(PART))
    assert store.find("k") is not None
    store.path("k").write_bytes(pack(PART)[:-7])
    assert store.find("k") is None
    assert list(store.folder.iterdir()) == []
    store.write("k", pack(PART))
    assert store.find("k") is not None


def test_a_part_is_never_overwritten(tmp_path: Path):
    store = PartStore(tmp_path / "parts")
    store.write("k", pack(PART))
    store.write("k", b"something else")
    assert store.path("k").read_bytes() == pack(PART)


@pytest.mark.parametrize("point", ["fsync", "replace"])
def test_a_disk_that_fails_while_writing_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch, point: str):
    path = tmp_path / "table"
    write_atomic(path, b"old")

    def fails(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", fails) if point == "fsync" else (Path, "replace", fails)))
    with pytest.raises(StoreError, match="cannot be written: No space left on device; what is already stored is kept"):
        write_atomic(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["table"]
    assert path.read_bytes() == b"old"


def test_what_a_killed_run_left_half_written_is_removed(tmp_path: Path):
    store = PartStore(tmp_path / "parts")
    (store.folder / "k.part.123.unfinished").write_bytes(b"half")
    (tmp_path / "manifest.json.123.unfinished").write_bytes(b"half")
    assert store.remove_unfinished() == 2
    assert list(store.folder.iterdir()) == []


HOLDER = """
import sys
from pathlib import Path
from experiments.archive import archived
from experiments.lock import FolderLock
with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_in_one_sentence_and_let_in_afterwards(tmp_path: Path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError) as refused, FolderLock(tmp_path):
            pass
        expected = f"{tmp_path}: another qipan process (number {holder.pid}) is writing here; "
        assert str(refused.value) == expected + "wait for it, or choose another folder with --out"
        holder.stdin.close()
        assert holder.wait(20) == 0
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").exists()
    assert not (tmp_path / ".lock").exists()


def test_a_lock_file_left_by_a_killed_process_does_not_matter(tmp_path: Path):
    (tmp_path / ".lock").write_text("99999", encoding="ascii")
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").read_text(encoding="ascii") == str(os.getpid())


def test_columns_of_one_number_a_replicate_come_back_each_under_its_name():
    columns = {f"total:{name}": np.array([float(place), -1.5, np.inf]) for place, name in enumerate("abc")}
    part = {
        **columns, "replicates": np.array([0, 1, 2]), "left": np.array([1, 2, 3], dtype=np.uint8),
        "year:a": np.ones((3, 2)), "sum:a": np.ones(2),
    }  # fmt: skip
    back = unpack(pack(part))
    assert list(back) == sorted(part)
    assert all(np.array_equal(back[name], part[name]) and back[name].dtype == part[name].dtype for name in part)
    back["total:a"][0] = 7.0
    assert back["total:b"][0] == 1.0


@pytest.mark.parametrize("names", [b'["total:a"]', b'["total:a", 1]', b"{}", b"no JSON"])
def test_a_table_whose_names_do_not_fit_is_one_line(names: bytes):
    body = archived({"stack": np.ones((2, 3)), "stack:names": np.frombuffer(names, dtype=np.uint8)})
    content = HEADER + hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    with pytest.raises(StoreError, match=r"x\.part.*is damaged"):
        unpack(content, "x.part")
