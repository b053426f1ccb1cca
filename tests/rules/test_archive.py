"""Archives of arrays: the bytes that NumPy itself writes, read back as NumPy reads them."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from experiments.archive import archived, opened

KINDS = st.sampled_from(["f8", "f4", "i8", "u1", "?", ">i4"])
ARRAYS = KINDS.flatmap(lambda kind: arrays_of.arrays(kind, arrays_of.array_shapes(min_dims=0, min_side=0, max_side=5)))
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1, max_size=12)


def by_numpy(arrays) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # as numpy.savez does, which takes no name "file"
        for name, values in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asanyarray(values), allow_pickle=False)
    return buffer.getvalue()


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, st.tuples(ARRAYS, st.sampled_from(["as it is", "turned", "every other"])), max_size=4))
def test_an_archive_is_the_bytes_of_numpy_and_comes_back_as_it_went_in(drawn):
    ways = {"as it is": lambda values: values, "turned": np.transpose, "every other": lambda values: values[..., ::2]}
    arrays = {name: ways[way](values) if values.ndim else values for name, (values, way) in drawn.items()}
    content = archived(arrays)
    assert content == by_numpy(arrays)
    back = opened(content)
    assert list(back) == list(arrays)
    for name, values in arrays.items():
        assert (back[name].dtype, back[name].shape) == (values.dtype, values.shape)
        assert back[name].tobytes() == values.tobytes()
        assert back[name].flags.writeable


def test_words_go_the_way_of_numpy_and_objects_are_refused():
    words = {"a": np.array(["one", "three"])}
    assert archived(words) == by_numpy(words)
    assert opened(archived(words))["a"].tolist() == ["one", "three"]
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        archived({"a": np.array([None])})


def test_compressed_archives_of_earlier_days_are_read():
    buffer = io.BytesIO()
    np.savez_compressed(buffer, a=np.arange(1000))
    assert opened(buffer.getvalue())["a"].tolist() == list(range(1000))


@pytest.mark.parametrize("old, new", [(b"(3,)", b"(4,)"), (b"(3,)", b"(-3)"), (b"<i8", b"<O8"), (b"PK\1\2", b"PK\1\3")])
def test_an_archive_that_contradicts_itself_is_refused(old: bytes, new: bytes):
    content = archived({"a": np.arange(3)})
    assert content.count(old) == 1
    with pytest.raises((ValueError, zipfile.BadZipFile)):
        opened(content.replace(old, new))
