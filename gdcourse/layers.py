"""All weights in one flat array, and the layers as views of it."""

import math
from collections.abc import MutableMapping

import numpy as np

from gdcourse import checks


class Flat:
    """A model whose weights are all in one flat array. What is assigned to `w` is written into it: its views see it."""

    @property
    def w(self):
        """Every weight, in one flat array."""
        return self._w

    @w.setter
    def w(self, values):
        if values is not self._w:  # as it is after `net.w += change`
            self._w[:] = fitting("w", values, self._w)

    def arrays(self):
        """Return the arrays of weights in Keras's order and shapes, views of `w`."""
        raise NotImplementedError("a subclass of Flat says here which arrays its w holds")

    def get_weights(self):
        """Return copies of the arrays, in Keras's order."""
        return [array.copy() for array in self.arrays()]

    def set_weights(self, weights):
        """Take over a list of arrays in Keras's order, such as `model.get_weights()`."""
        if not isinstance(weights, list | tuple):
            raise TypeError(f"set_weights takes a list, such as model.get_weights(); got {type(weights).__name__}.")
        Layers("weights", self.arrays())[:] = weights


class Layers(tuple):
    """The weights, or the biases, of all layers: views of the network's `w`. What is assigned is written into them."""

    def __new__(cls, name, views):
        layers = super().__new__(cls, views)
        layers.name = name
        return layers

    def __reduce__(self):
        return type(self), (self.name, list(self))

    def __setitem__(self, layer, values):
        places = range(len(self))[layer]
        if isinstance(places, int):
            places, values = [places], [values]
        values = list(values) if np.iterable(values) else [values]
        if len(values) != len(places):
            raise ValueError(f"{self.name} takes {checks.counted(len(places), 'array')} here; got {len(values)}.")
        values = [fitting(f"{self.name}[{i}]", one, self[i]) for i, one in zip(places, values)]
        for i, one in zip(places, values):
            self[i][:] = one

    def _keep(self, *_, **__):
        """Raise TypeError: a network keeps the layers that it was made with."""
        raise TypeError(
            f"the layers in {self.name} stay as many as they are; make a new network, such as MLP((784, 10))."
        )

    __delitem__ = __iadd__ = __imul__ = append = extend = insert = pop = remove = clear = reverse = sort = _keep


class Named(MutableMapping):
    """The arrays of weights by their names: views of the network's `w`. What is assigned is written into them."""

    def __init__(self, name, views):
        self.name, self._views = name, views

    def __getitem__(self, name):
        return self._views[name]

    def __setitem__(self, name, values):
        checks.one_of(f"the name in {self.name}", name, self._views)
        self[name][:] = fitting(f'{self.name}["{name}"]', values, self[name])

    def __delitem__(self, name):
        raise TypeError(f"the arrays in {self.name} stay as many as they are; to do without one, fill it with zeros.")

    def __iter__(self):
        return iter(self._views)

    def __len__(self):
        return len(self._views)

    def __repr__(self):
        return repr(self._views)


@checks.arithmetic
def fitting(name, values, own):
    """Return a copy of values that may take the place of the network's own: of its dtype and shape, and finite."""
    values = checks.floats(name, values).astype(own.dtype)
    checks.same_shape(name, values, "the network's own", own)
    checks.finite(name, values)
    return values


def cut(flat, shapes):
    """Return views of a flat array, of these shapes, one after the other."""
    found, end = [], 0
    for shape in shapes:
        start, end = end, end + math.prod(shape)
        found.append(flat[start:end].reshape(shape))
    return found


def views(sizes, flat):
    """Return the views W and b of a flat array, layer by layer, in Keras's order: W[0], b[0], W[1], b[1], …"""
    shapes = [shape for inputs, outputs in zip(sizes, sizes[1:]) for shape in [(inputs, outputs), (outputs,)]]
    arrays = cut(flat, shapes)
    return arrays[::2], arrays[1::2]
