"""Checks the sizes and headers of a generation's files before a library reads them, so that none can ask for memory."""

import math
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from numpy.typing import NDArray

from index.generation.vector_index import Kind

# The header of an array of up to two dimensions has 128 bytes.
_MAX_HEADER = 1_000
# faiss/impl/index_write.cpp, `write_index_header`: name, dimension, vectors, two unused numbers, whether it is trained,
# and the metric (0: inner product).
_INDEX_HEADER = struct.Struct("<4siqqqBi")
_UNUSED = 1 << 20
# The same, `write_ScalarQuantizer`: type (0: 8 bits), statistic, its argument, dimension, bytes of a code, and the
# number of trained values.
_QUANTIZER = struct.Struct("<iifQQQ")
_SIZE = struct.Struct("<Q")
_FLOAT_BYTES, _ID_BYTES = 4, 8


def check_vector_index(path: Path, kind: Kind, count: int, dimension: int) -> None:
    """Check that a FAISS file holds exactly `count` vectors of this kind and their ids, as its headers say.

    Raises:
        ValueError: it does not.
        OSError: it can't be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        for expected in _parts(kind, count, dimension):
            if isinstance(expected, int):
                file.seek(expected, 1)
            elif file.read(len(expected)) != expected:
                raise ValueError(f"its headers are not those of {count} vectors")
        if file.tell() != size:
            raise ValueError(f"its size is not that of {count} vectors")


def _parts(kind: Kind, count: int, dimension: int) -> Iterator[bytes | int]:
    """Yield what the file consists of: headers as they must be, and the sizes of the data between them."""
    code_bytes = dimension * (_FLOAT_BYTES if kind is Kind.FLAT else 1)
    yield _INDEX_HEADER.pack(b"IxMp", dimension, count, _UNUSED, _UNUSED, 1, 0)
    yield _INDEX_HEADER.pack(b"IxFI" if kind is Kind.FLAT else b"IxSQ", dimension, count, _UNUSED, _UNUSED, 1, 0)
    if kind is Kind.SQ8:
        trained = 2 * dimension
        yield _QUANTIZER.pack(0, 0, 0.0, dimension, code_bytes, trained)
        yield trained * _FLOAT_BYTES
    # FAISS counts a flat index's data in numbers, and codes in bytes: one for each number, in both cases.
    yield _SIZE.pack(count * dimension)
    yield count * code_bytes
    yield _SIZE.pack(count)
    yield count * _ID_BYTES


def check_array(path: Path, kinds: tuple[str, ...], shape: tuple[int, ...]) -> None:
    """Check that an `.npy` file has one of these types (`<i4`), this shape, and the size of it.

    Raises:
        ValueError: it does not.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        _check_header(file, path.stat().st_size, kinds, shape)


def read_arrays(path: Path, kinds: Mapping[str, tuple[str, tuple[int | None, ...]]]) -> list[NDArray[Any]]:
    """Read the arrays of an uncompressed `.npz` file, which holds exactly those of `kinds`: name to type and shape.

    None in a shape allows any number.

    Raises:
        ValueError: it holds others, or an array does not have its type, shape and size.
        OSError, BadZipFile: it can't be read.
    """
    with ZipFile(path) as archive:
        members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
        if members.keys() != kinds.keys() or len(archive.infolist()) != len(kinds):
            raise ValueError(f"{path.name} holds other arrays")
        arrays = []
        for name, (kind, shape) in kinds.items():
            member = members[name]
            # A compressed member may unpack to a thousand times its size.
            if member.compress_type != ZIP_STORED or member.file_size != member.compress_size:
                raise ValueError(f"{path.name} is compressed")
            with archive.open(member) as file:
                _check_header(file, member.file_size, (kind,), shape)
                file.seek(0)
                arrays.append(np.lib.format.read_array(file, allow_pickle=False, max_header_size=_MAX_HEADER))
        return arrays


def _check_header(file: IO[bytes], size: int, kinds: tuple[str, ...], wanted: tuple[int | None, ...]) -> None:
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array has an unknown format")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=_MAX_HEADER)
    fits = len(shape) == len(wanted) and all(
        number >= 0 and expected in {None, number} for number, expected in zip(shape, wanted, strict=True)
    )
    if dtype.str not in kinds or not fits or file.tell() + math.prod(shape) * dtype.itemsize != size:
        raise ValueError("an array has another type, shape or size")
