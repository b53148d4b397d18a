"""Shares in words, as precise as what they tell needs."""


def apart(*shares):
    """Return shares between 0 and 1 as text with as many decimals as tell them apart, and from 0 and 1; two at least.

    Shares that are equal need no more than two.
    """
    known = {float(share) for share in shares} | {0.0, 1.0}
    for decimals in range(2, 10):
        if len({f"{share:.{decimals}f}" for share in known}) == len(known):
            break
    else:
        decimals = 2
    return [f"{share:.{decimals}f}" for share in shares]
