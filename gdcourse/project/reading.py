"""From files of the reader's own to arrays: a table, a folder of images, lines of text."""

import csv
import difflib
import io
import re
import warnings
from pathlib import Path

import numpy as np

from gdcourse import checks

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "None", "?")
IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")
SHOWN = 3  # as many names of files or columns a sentence tells


def read_table(path, missing=MISSING):
    """Return ``{name: array}``, a column each, of a CSV file with a line of names at its top.

    A column whose every known entry is a number becomes float64, with NaN where an entry is one of `missing`; every
    other becomes text, with "" there. Commas, semicolons and tabs are told apart by themselves; with semicolons or
    tabs a decimal comma is read, too. Blank lines are left out.

    Errors: FileNotFoundError, ValueError (a sentence with the line that is not as the others).
    """
    text = _text(path, "a table")
    lines = _lines(text)
    if not any(line.strip() for line in lines):
        raise ValueError(f"{_name(path)} is empty; expected a line of names and a line for each sample.")
    first = next(line for line in lines if line.strip())
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        rows = [(reader.line_num, [entry.strip() for entry in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise ValueError(f"{_name(path)}, line {reader.line_num}, can't be read as a table: {error}.") from None
    (_, names), *rows = rows
    _check_names(path, names)
    if not rows:
        raise ValueError(f"{_name(path)} has a line of names and no other; expected a line for each sample.")
    for line, row in rows:
        if len(row) != len(names):
            raise ValueError(
                f"{_name(path)}, line {line}, has {checks.counted(len(row), 'entry', 'entries')} and the line of names "
                f"{len(names)}; look for "
                f"a separator ({_SPOKEN[separator]}) that is missing or one too many."
            )
    unknown = {str(one) for one in ([missing] if isinstance(missing, str) or not np.iterable(missing) else missing)}
    return {name: _column(name, rows, place, unknown, separator) for place, name in enumerate(names)}


_SPOKEN = {",": "a comma", ";": "a semicolon", "\t": "a tab"}


def _check_names(path, names):
    for place, name in enumerate(names):
        if not name:
            raise ValueError(f"{_name(path)}: column {place + 1} has no name in the first line; give it one.")
        if name in names[:place]:
            raise ValueError(f"{_name(path)}: two columns are named {name}; rename one of them.")
    if all(_is_number(name) for name in names):
        raise ValueError(
            f"{_name(path)}: the first line holds numbers ({', '.join(names[:SHOWN])}); put a line with the names of "
            "the columns above it."
        )


def _column(name, rows, place, missing, separator):
    """Return a column as an array of numbers, or of text where an entry is none."""
    entries = [(line, "" if row[place] in missing else row[place]) for line, row in rows]
    if separator != ",":
        dotted = [(line, entry.replace(",", ".")) for line, entry in entries]
        entries = dotted if all(not entry or _is_number(entry) for _, entry in dotted) else entries
    known = [(line, entry) for line, entry in entries if entry]
    strange = [(line, entry) for line, entry in known if not _is_number(entry)]
    if known and not strange:
        return np.array([float(entry) if entry else np.nan for _, entry in entries])
    if 0 < len(strange) < 0.1 * len(known):
        line, entry = strange[0]
        warnings.warn(
            f"The column {name} is read as text: {len(known) - len(strange)} of its entries are numbers, and "
            f"{len(strange)} not, the first in line {line}: {checks.shown(entry)}. If that means that nothing is "
            f"known, say so: missing=({entry!r}, ...).",
            stacklevel=3,
        )
    return np.array([entry for _, entry in entries])


def _is_number(entry):
    try:
        return bool(np.isfinite(float(entry))) and "_" not in entry
    except ValueError:
        return False


def read_images(folder, size=None):
    """Return ``images, y, classes`` of a folder that has a folder of images for each class.

    images: uint8 of shape (n, rows, columns), grey, 0 for black. y: (n,), the number of each one's class. classes:
    the names of the folders, sorted; class number 0 is the first. size: (rows, columns), to which every image is
    brought; without it all must have the same size. What is transparent becomes white. Files whose names begin with a
    dot are left out.

    Errors: FileNotFoundError, ValueError (a sentence with the file that can't be read).
    """
    if size is not None:
        size = checks.counts("size", size)
        if len(size) != 2:
            raise ValueError(f"size must be (rows, columns), such as (28, 28); got {size}.")
    folder = _found(folder, "a folder of images")
    if not folder.is_dir():
        raise ValueError(f"{_name(folder)} is a file; give the folder that has a folder for each class.")
    classes = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not classes:
        raise ValueError(f"{_name(folder)} has no folders in it; put the images of each class into one of its own.")
    images, y, first, passed = [], [], None, []
    for number, name in enumerate(classes):
        files = sorted(path for path in (folder / name).iterdir() if path.is_file() and path.name[0] != ".")
        passed += [path for path in files if path.suffix.lower() not in IMAGES]
        files = [path for path in files if path.suffix.lower() in IMAGES]
        if not files:
            raise ValueError(f"the folder {name} has no images in it ({', '.join(IMAGES[:SHOWN])}, ...).")
        for path in files:
            image, first = _image(path, size), first or path
            if images and image.shape != images[0].shape:
                raise ValueError(
                    f"{first.name} has {_pixels(images[0])} and {path.name} has {_pixels(image)}; "
                    "bring all to one size, such as size=(28, 28)."
                )
            images.append(image)
            y.append(number)
    if passed:
        names = ", ".join(path.name for path in passed[:SHOWN]) + ", ..." * (len(passed) > SHOWN)
        warnings.warn(f"Left out, since their names are not those of images: {names}.", stacklevel=2)
    return np.array(images), np.array(y), classes


def _pixels(image):
    return " × ".join(map(str, image.shape)) + " pixels"


def _image(path, size):
    """Return one image as grey bytes."""
    from PIL import Image  # only here, for it takes its time

    try:
        with warnings.catch_warnings(), Image.open(path) as image:
            warnings.simplefilter("ignore")  # of a picture that is very large: it is made small
            if image.mode.startswith(("I", "F")):
                raise ValueError("it has more than 256 greys; save it with 8 bits a pixel")
            if image.has_transparency_data:
                image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
            grey = image.convert("L")
    except Exception as error:  # Pillow raises many kinds
        why = "it is no image, or damaged" if "identify" in str(error) else str(error).rstrip(".")
        raise ValueError(f"{path.parent.name}/{path.name} can't be read: {why}.") from None
    return np.array(grey if size is None else grey.resize(size[::-1], Image.Resampling.BILINEAR))


def read_lines(path, separator="\t"):
    """Return ``texts, y, classes`` of a file that has a class, a separator (a tab) and a text in each line.

    texts: a list of n strings. y: (n,), the number of each one's class. classes: their names, sorted; class number 0
    is the first. Blank lines are left out.

    Errors: FileNotFoundError, ValueError (a sentence with the line that is not as the others).
    """
    if not isinstance(separator, str) or not separator:
        raise ValueError(f'separator must be what stands between class and text, such as "\\t"; got {separator!r}.')
    names, texts = [], []
    for number, line in enumerate(_lines(_text(path, "lines of text")), start=1):
        name, found, text = line.partition(separator)
        if not line.strip():
            continue
        if not found or not name.strip() or not text.strip():
            spoken = "a tab" if separator == "\t" else repr(separator)
            raise ValueError(
                f"{_name(path)}, line {number}, is {checks.shown(line)}; expected a class, {spoken} and a text."
            )
        names.append(name.strip())
        texts.append(text.strip())
    if not texts:
        raise ValueError(f"{_name(path)} is empty; expected a line for each text.")
    classes, y = np.unique(names, return_inverse=True)
    return texts, y, classes.tolist()


def _found(path, what):
    """Return the path if there is something, or say what is near."""
    path = checks.path(what, path, "mine/data.csv")
    if not path.exists():
        beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        near = difflib.get_close_matches(path.name, beside, n=1)
        if not beside:
            advice = f"there is no folder {path.parent}" if not path.parent.is_dir() else f"{path.parent} is empty"
        else:
            advice = f"did you mean {near[0]}?" if near else "look where the notebook runs: Path.cwd()"
        raise FileNotFoundError(f"{path} is not there; {advice}{'' if advice.endswith('?') else '.'}")
    return path


def _text(path, what):
    """Return a file's text, in UTF-8, as it should be, or as Windows and Excel write it."""
    path = _found(path, what)
    if path.is_dir():
        raise ValueError(f"{_name(path)} is a folder; give the path of one file in it.")
    content = path.read_bytes()
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        raise ValueError(f"{_name(path)} is a spreadsheet; save it as CSV, and read that file.")
    if content[:4] == b"PK\x03\x04":
        raise ValueError(f"{_name(path)} is a zip archive: unpack it, and read the file in it.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\x00" in content:
        raise ValueError(f"{_name(path)} is no text: it holds bytes of zero.")
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise ValueError(f"{_name(path)} is no text, or ends too early.") from None
        line = content[: error.start].count(b"\n") + 1
        warnings.warn(
            f"{_name(path)} is not in UTF-8 (line {line}); it is read as Windows writes text. Are its letters right?",
            stacklevel=3,
        )
        return content.decode("cp1252", errors="replace")


def _lines(text):
    """Return the lines of a text; what else `str.splitlines` cuts at, such as a form feed, stands within a line."""
    return re.split(r"\r\n?|\n", text)


def _name(path):
    return Path(path).name
