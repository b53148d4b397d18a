"""Read one array of numbers from a file that MATLAB saved, without SciPy."""

import struct
import zlib

import numpy as np

# MATLAB's numbers for what an element holds, and NumPy's names. Source: MathWorks, MAT-File Format, Level 5.
NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
MATRIX, COMPRESSED = 14, 15
HEADER = 128  # bytes; the last two say in which order the bytes of a number stand


def read(content, name):
    """Return the array of that name, real numbers, from the bytes of a file of level 5 (MATLAB 5 to 7).

    Raises ValueError if the file is of another kind, is cut off, or holds no such array.
    """
    order = {b"IM": "<", b"MI": ">"}.get(bytes(content[HEADER - 2 : HEADER]))
    if order is None:
        raise ValueError("this is no MATLAB file of level 5.")
    try:
        for kind, data in _elements(content[HEADER:], order):
            if kind == COMPRESSED:
                ((kind, data),) = _elements(zlib.decompress(data), order)
            if kind == MATRIX:
                _, (_, shape), (_, own), (number, values), *_ = _elements(data, order)
                if bytes(own) == name.encode():
                    shape = np.frombuffer(shape, f"{order}i4")
                    return np.frombuffer(values, f"{order}{NUMBERS[number]}").reshape(shape, order="F")
    except (struct.error, zlib.error, KeyError, ValueError):
        raise ValueError(f"the MATLAB file is damaged, or {name} is no array of real numbers.") from None
    raise ValueError(f"the MATLAB file holds no array named {name}.")


def _elements(content, order):
    """Yield (what kind it is of, its bytes) for each element; an element begins at every eighth byte."""
    place = 0
    while place < len(content):
        kind, size = struct.unpack_from(f"{order}II", content, place)
        begin = place + 8
        if kind >> 16:  # a small one: kind and size share four bytes, and its bytes stand in the next four
            kind, size, begin = kind & 0xFFFF, kind >> 16, place + 4
        yield kind, content[begin : begin + size]
        place = begin + size if kind == COMPRESSED else -(-(begin + size) // 8) * 8
