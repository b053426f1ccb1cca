"""The store of parts: whole or not at all, checked when read, one writer."""

import hashlib
import io
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from qipan.experiments.store.lock import FolderLock
from qipan.experiments.store.parts import HEADER, PartStore, content_key, pack, unpack, write_atomic
from qipan.model.errors import StoreError

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


def test_a_damaged_part_is_removed_and_computed_anew_and_said(tmp_path: Path, capsys):
    store = PartStore(tmp_path / "parts")
    store.write("k", pack(PART, "k"))
    assert store.find("k") is not None
    store.path("k").write_bytes(pack(PART, "k")[:-7])
    assert store.find("k") is None
    assert list(store.folder.iterdir()) == []
    store.tell_refused()
    store.tell_refused()
    assert capsys.readouterr().err == f"{store.path('k')}: is damaged: its checksum does not fit; computed anew\n"
    store.write("k", pack(PART, "k"))
    assert store.find("k") is not None


def test_a_part_that_is_larger_than_it_tells_is_not_read_however_large(tmp_path: Path, capsys):
    store = PartStore(tmp_path / "parts")
    for key in ("k", "l"):
        store.write(key, pack(PART, key))
    os.truncate(store.path("k"), 2**40)  # a terabyte that takes no room
    store.path("l").write_bytes(b"\0" * 100)
    os.truncate(store.path("l"), 2**40)
    with pytest.raises(StoreError, match="damaged"):
        store.read("k")
    assert (store.find("k"), store.find("l")) == (None, None)
    assert list(store.folder.iterdir()) == []
    store.tell_refused()
    assert "(and 1 more); computed anew" in capsys.readouterr().err


def test_a_part_that_may_not_be_read_is_computed_anew_and_said(tmp_path: Path, capsys, monkeypatch):
    store = PartStore(tmp_path / "parts")
    store.write("k", pack(PART, "k"))

    def refuse(*given, **named):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert store.find("k") is None
    store.tell_refused()
    assert capsys.readouterr().err == f"{store.path('k')}: cannot be read: Permission denied; computed anew\n"
    assert list(store.folder.iterdir()) == []


def test_two_parts_that_changed_places_are_both_noticed_and_said_in_one_line(tmp_path: Path, capsys):
    store = PartStore(tmp_path / "parts")
    for key, arm in (("k", "baseline"), ("l", "design")):
        store.write(key, pack(PART, key, f"{arm}, replicates 0 to 1"))
    one, other = store.path("k"), store.path("l")
    one.rename(tmp_path / "aside")
    other.rename(one)
    (tmp_path / "aside").rename(other)
    said = "holds another part (design, replicates 0 to 1) than its name says"
    with pytest.raises(StoreError, match=re.escape(f"k.part: {said}")):
        store.read("k")
    assert store.find("k") is None
    assert store.find("l") is None
    store.tell_refused()
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"{one}: {said} (and 1 more); computed anew"


def crafted(head: object, numbers: bytes) -> bytes:
    """A part whose checksum fits, whatever is in it."""
    body = (head if isinstance(head, bytes) else json.dumps(head).encode()) + b"\n" + numbers
    return HEADER + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def test_a_part_is_a_line_of_json_and_the_numbers_themselves():
    head = {"key": "k", "about": "a", "arrays": [["x", "<f8", [2], "C"], ["y", "|u1", [1, 3], "C"]]}
    found = unpack(crafted(head, struct.pack("<2d3B", 1.5, -2.0, 7, 8, 9)), key="k")
    assert {name: values.tolist() for name, values in found.items()} == {"x": [1.5, -2.0], "y": [[7, 8, 9]]}


@pytest.mark.parametrize(
    "arrays",
    [
        [["x", "<f8", [10**12], "C"]],
        [["x", "<f8", [1], "C"]],
        [["x", "<f8", [3], "C"]],
        [["x", "<f8", [-2], "C"]],
        [["x", "|O", [2], "C"]],
        [["x", "<f8", [2], "A"]],
        [["x", "<f8", ["2"], "C"]],
        [["x", "<f8"]],
        [],
        {"x": 1},
        [["x", "nonsense", [2], "C"]],
        [["x", "<f8", [2, 10**30, 0], "C"], ["y", "<f8", [2], "C"]],
    ],
    ids=str,
)
def test_a_part_that_tells_of_other_numbers_than_it_holds_is_one_line_and_takes_no_memory(arrays):
    with pytest.raises(StoreError, match=r"x\.part: is damaged"):
        unpack(crafted({"key": "k", "about": "", "arrays": arrays}, bytes(16)), "x.part")


@pytest.mark.parametrize("head", [b"no JSON", b"[]", b"{}", b"[" * 100_000, b'{"arrays": []}', b"\xff"])
def test_a_part_whose_head_is_none_is_one_line(head: bytes):
    with pytest.raises(StoreError, match=r"x\.part: is damaged"):
        unpack(crafted(head, b""), "x.part", "k")


def test_parts_of_another_version_and_compressed_archives_are_no_parts():
    zipped = io.BytesIO()
    np.savez_compressed(zipped, replicates=np.zeros(1_000_000))
    digest = hashlib.sha256(zipped.getvalue()).hexdigest().encode()
    for content in (b"qipan part 1 " + digest + b"\n" + zipped.getvalue(), zipped.getvalue()):
        with pytest.raises(StoreError, match="is not a part of a stored result, or one of another version"):
            unpack(content)
    with pytest.raises(StoreError, match="is damaged"):
        unpack(HEADER + digest + b"\n" + zipped.getvalue())


def test_only_plain_numbers_are_packed():
    for values in (np.array(["one"]), np.array([None]), np.array(["2020"], dtype="datetime64[Y]")):
        with pytest.raises(ValueError, match="plain numbers"):
            pack({"a": values})


KINDS = st.sampled_from(["f8", "f4", "i8", "u1", "?", ">i4"])
ARRAYS = KINDS.flatmap(lambda kind: arrays_of.arrays(kind, arrays_of.array_shapes(min_dims=0, min_side=0, max_side=5)))


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.text(max_size=8), st.tuples(ARRAYS, st.sampled_from(["as it is", "turned", "every other"])), max_size=4
    )
)
def test_arrays_come_back_with_kind_shape_order_and_bytes(drawn):
    ways = {"as it is": lambda values: values, "turned": np.transpose, "every other": lambda values: values[..., ::2]}
    arrays = {name: ways[way](values) if values.ndim else values for name, (values, way) in drawn.items()}
    back = unpack(pack(arrays))
    assert list(back) == sorted(arrays)
    for name, values in arrays.items():
        assert (back[name].dtype, back[name].shape) == (values.dtype, values.shape)
        assert back[name].tobytes() == values.tobytes()
        assert back[name].flags.writeable
        assert back[name].flags.c_contiguous or not values.flags.c_contiguous


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
    (store.folder / ".qipan-012345678901-123.unfinished").write_bytes(b"half")
    (tmp_path / ".qipan-abc.unfinished" / "tables").mkdir(parents=True)
    (tmp_path / ".qipan-abc.unfinished" / "tables" / "summary.csv").write_bytes(b"half")
    for name in ("notes.unfinished", "draft.csv.123.unfinished", ".qipan-notes"):
        (tmp_path / name).write_bytes(b"of the user")
    assert store.remove_unfinished() == 2
    assert list(store.folder.iterdir()) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        ".qipan-notes",
        "draft.csv.123.unfinished",
        "notes.unfinished",
        "parts",
    ]


HOLDER = """
import sys
from pathlib import Path
from qipan.experiments.store.lock import FolderLock
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
        expected = f"{tmp_path}: another qipan process is writing here; wait for it, or choose another folder"
        assert str(refused.value) == expected
        holder.stdin.close()
        assert holder.wait(20) == 0
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").exists()
    assert not (tmp_path / ".lock").exists()


def test_a_lock_file_left_by_a_killed_process_does_not_matter(tmp_path: Path):
    (tmp_path / ".lock").write_text("99999", encoding="ascii")
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").exists()
    assert not (tmp_path / ".lock").exists()


def test_a_linked_lock_is_refused_and_its_victim_untouched(tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / ".lock").symlink_to(victim)
    with pytest.raises(StoreError, match=r"r/\.lock: cannot be locked: it is a link"), FolderLock(tmp_path / "r"):
        pass
    (tmp_path / "r" / ".lock").unlink()
    os.link(victim, tmp_path / "r" / ".lock")
    with FolderLock(tmp_path / "r"):
        assert victim.read_bytes() == b"precious"
    assert victim.read_bytes() == b"precious"


def test_columns_of_one_number_a_replicate_come_back_each_under_its_name():
    columns = {f"total:{name}": np.array([float(place), -1.5, np.inf]) for place, name in enumerate("abc")}
    part = {
        **columns,
        "replicates": np.array([0, 1, 2]),
        "left": np.array([1, 2, 3], dtype=np.uint8),
        "year:a": np.ones((3, 2)),
        "sum:a": np.ones(2),
    }
    back = unpack(pack(part))
    assert list(back) == sorted(part)
    assert all(np.array_equal(back[name], part[name]) and back[name].dtype == part[name].dtype for name in part)
    back["total:a"][0] = 7.0
    assert back["total:b"][0] == 1.0
