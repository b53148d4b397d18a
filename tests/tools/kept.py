"""What the tools that build a file of the course do with it: compare it with the one that is kept, or write it."""

import bz2
import hashlib
import json


def keep(built, target, difference=None):
    """Print what was built, and write it; or, given what differs from the file ("" if nothing), say that instead.

    Returns 1 if something differs, otherwise 0.
    """
    print(f"sha256 {hashlib.sha256(built).hexdigest()}  {len(built):,} bytes")
    if difference is not None:
        print(f"check: {difference or f'{target.name} is the same, byte for byte'}")
        return 1 if difference else 0
    target.write_bytes(built)
    print(f"wrote {target.relative_to(target.parents[2])}; put the sha256 in gdcourse/datasets.py")
    return 0


def packed(texts):
    """Return texts as JSON, packed by bzip2."""
    return bz2.compress(json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode())


def compare_packed(built, path):
    """Return what differs between `built`, made by `packed`, and the file at `path`, or '' when nothing does."""
    if not path.exists():
        return f"{path.name} does not exist"
    kept = path.read_bytes()
    try:
        old, new = (json.loads(bz2.decompress(content)) for content in (kept, built))
    except (OSError, ValueError):
        return f"{path.name} is no JSON packed by bzip2"
    if different := [name for name in {**old, **new} if old.get(name) != new.get(name)]:
        return f"the texts differ: {', '.join(different)}"
    return "" if kept == built else "the texts are the same and only their packing differs"
