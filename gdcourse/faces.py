"""Faces that the course draws itself: a person is twelve measures, a picture adds light, pose, expression and noise.

Nobody's photograph is used, what is true of each picture is known, and traps can be set: see `walls`.
"""

import numpy as np

import gdcourse.blas  # noqa: F401  the data bring the large products
from gdcourse import checks

SIZE = 24  # pixels, of a picture's height and width
# In a drawing that reaches from −1 to 1, x to the right and y down: what is usual, and how far people differ from it.
MEASURES = {
    "face_width": (0.56, 0.07),  # from the middle to the side
    "face_length": (0.74, 0.07),  # from the middle to the chin
    "jaw": (2.6, 0.5),  # 2 is an ellipse; the larger, the squarer
    "hairline": (0.40, 0.08),  # above the middle
    "brow_height": (0.17, 0.03),  # above the eyes
    "brow_thickness": (0.045, 0.012),
    "eye_distance": (0.25, 0.04),  # from the middle
    "eye_height": (0.10, 0.05),  # above the middle
    "eye_size": (0.10, 0.018),
    "nose_length": (0.24, 0.05),  # below the eyes
    "mouth_height": (0.42, 0.05),  # below the middle
    "mouth_width": (0.22, 0.05),  # from the middle to the corner
}
WALLS = ("plain", "own", "any")
AT_ONCE = 64  # pictures: so many fit into the processor's fast memory


def people(count, seed=0):
    """Return the measures of so many people, (count, 12): a row each, in the order of MEASURES."""
    rng, (usual, spread) = checks.generator("seed", seed), np.transpose(list(MEASURES.values()))
    # Evenly spread, so that nobody is far outside: √3 makes the standard deviation the one that stands above.
    return usual + spread * np.sqrt(3) * rng.uniform(-1, 1, (checks.count("count", count), len(MEASURES)))


def photograph(measures, each=8, walls="plain", seed=0):
    """Return pictures of these people, and who is in each: ``images, who``, in a mixed order.

    measures: (count, 12), as `people` returns them. images: uint8 of shape (count · each, 24, 24), 0 for black and 255
    for white. who: the row of each picture's person. Each picture has a light, pose, expression, noise, and greys of
    skin and hair of its own.
    walls: what is behind them: "plain", in each picture a grey of its own; "own", a pattern that belongs
    to the person and is in all of their pictures; "any", another pattern in each picture.
    """
    measures = _checked(measures)
    who = np.repeat(np.arange(len(measures)), checks.count("each", each))
    walls, rng = checks.one_of("walls", walls, WALLS), checks.generator("seed", seed)
    rng.shuffle(who)
    behind = {
        "plain": lambda: rng.uniform(0.2, 0.9, (len(who), 1, 1)),
        "own": lambda: _patterns(rng, len(measures))[who],
        "any": lambda: _patterns(rng, len(who)),
    }[walls]()
    parts = np.split(np.arange(len(who)), range(AT_ONCE, len(who), AT_ONCE))
    return np.concatenate([_drawn(measures[who[rows]], behind[rows], rng) for rows in parts]), who


def pairs(who, count, seed=0):
    """Return rows of pictures in pairs, (count, 2), and for each pair 1 if both show the same person and 0 if not.

    The two kinds alternate; the first picture of a pair is drawn from all, the second from all that make
    a pair of its kind. who: the person in each picture.
    """
    who, count = checks.array("who", who), checks.count("count", count)
    _, person, pictures = np.unique(who, return_inverse=True, return_counts=True)
    if who.ndim != 1 or len(pictures) < 2 or pictures.min() < 2:
        raise ValueError("who must name two people or more, and each in two pictures or more.")
    rng, same = checks.generator("seed", seed), 1 - np.arange(count) % 2
    first = rng.integers(len(who), size=count)
    # In the order of the people, those of one person stand together, from `begin` on.
    order, begin = np.argsort(person, kind="stable"), (np.cumsum(pictures) - pictures)[person[first]]
    place, own = np.argsort(order)[first], pictures[person[first]]
    further = rng.integers(1, np.where(same, own, len(who) - own + 1))
    second = np.where(same, begin + (place - begin + further) % own, (begin + own - 1 + further) % len(who))
    return np.column_stack([first, order[second]]), same


def _checked(measures):
    measures = checks.floats("measures", measures)
    if measures.ndim != 2 or measures.shape[1] != len(MEASURES):
        raise ValueError(f"measures has shape {measures.shape}; expected (count, {len(MEASURES)}), a row a person.")
    checks.finite("measures", measures)
    return measures


def _patterns(rng, count):
    """Return so many walls: 4 × 4 patches of a random grey each."""
    return np.kron(rng.uniform(0.1, 0.9, (count, 4, 4)), np.ones((SIZE // 4, SIZE // 4)))


@checks.arithmetic
def _drawn(measures, behind, rng):
    """Return a picture of each row's person in front of what is behind, painted from the back to the front."""
    m = {name: column[:, None, None] for name, column in zip(MEASURES, measures.T)}
    between = lambda low, high: rng.uniform(low, high, (len(measures), 1, 1))  # noqa: E731
    light_x, light_y, skin, hair = between(-0.5, 0.5), between(-0.3, 0.3), between(0.55, 0.85), between(0.12, 0.3)
    turn, tilt, scale = between(-0.25, 0.25), between(-0.1, 0.1), between(0.95, 1.05)
    right, down = between(-0.05, 0.05), between(-0.05, 0.05)
    smile, lips, brows_up, lids = between(-1, 1), between(0.02, 0.07), between(-0.03, 0.04), between(0.4, 0.9)

    at = (np.arange(SIZE) + 0.5) / SIZE * 2 - 1
    x, y = (at - right) / scale, (at[:, None] - down) / scale
    x, y = x * np.cos(tilt) + y * np.sin(tilt), y * np.cos(tilt) - x * np.sin(tilt)
    eyes, mouth, nose = y + m["eye_height"], y - m["mouth_height"], m["nose_length"] / 2
    picture = np.broadcast_to(behind, x.shape).copy()

    def paint(across, up, grey, thin):
        """Paint an ellipse, where `across` and `up` are 1 at its edge, a pixel wide. thin: half of its width."""
        cover(np.sqrt(across**2 + up**2), grey, thin)

    def cover(far, grey, thin):
        picture[:] += np.clip(0.5 + (1 - far) * thin * (SIZE / 2), 0, 1) * (grey - picture)

    lit = skin * (1 + light_x * x + light_y * y)
    paint(x / (m["face_width"] + 0.09), (y + 0.12) / (m["face_length"] + 0.05), hair, 0.6)
    face = (np.abs(x / m["face_width"]) ** m["jaw"] + np.abs(y / m["face_length"]) ** m["jaw"]) ** (1 / m["jaw"])
    cover(np.maximum(face, 1 - (y + m["hairline"]) / 0.6), lit, 0.6)
    for side in (-1, 1):  # what is nearer to the camera moves further as the head turns: the eyes, the mouth, the nose
        eye = x - 0.3 * turn - side * m["eye_distance"]
        paint(eye / 0.14, (eyes + m["brow_height"] + brows_up) / m["brow_thickness"], hair, m["brow_thickness"])
        paint(eye / m["eye_size"], eyes / (m["eye_size"] * lids), 0.95 * lit + 0.15, 0.08)
        paint(eye / (0.5 * m["eye_size"]), eyes / (0.5 * m["eye_size"]), 0.08, 0.05)
    paint((x - 0.5 * turn - 0.03 * np.sign(light_x)) / 0.06, (eyes - nose) / nose, 0.75 * lit, 0.06)
    middle = x - 0.35 * turn
    paint(middle / m["mouth_width"], (mouth + smile * (middle**2 - 0.02)) / lips, 0.45 * skin, lips)
    return np.round(255 * np.clip(picture + rng.normal(0, 0.03, picture.shape), 0, 1)).astype(np.uint8)
