"""What the tools that build a file of the course do with it: compare it with the one that is kept, or write it."""

import hashlib


def keep(built, target, difference=None):
    """Print what was built and write it; or, given what differs from the file ("" if nothing), say that alone.

    Returns 1 if something differs, otherwise 0.
    """
    print(f"sha256 {hashlib.sha256(built).hexdigest()}  {len(built):,} bytes")
    if difference is not None:
        print(f"check: {difference or f'{target.name} is the same, byte for byte'}")
        return 1 if difference else 0
    target.write_bytes(built)
    print(f"wrote {target.relative_to(target.parents[2])}; put the sha256 in gdcourse/datasets.py")
    return 0
