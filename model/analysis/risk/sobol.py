"""Scrambled Sobol points in which an input keeps its dimension, whatever other inputs there are.

A name's dimension comes from its hash, its scrambles from seed and hash: a scenario with one input more or in another
order sees the same points for all the others. Scrambling: random lower-triangular matrices and a digital shift
(Matoušek 1998, L2-discrepancy for anchored boxes; Owen 1998); direction numbers: Joe and Kuo (2008), through scipy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from model.late import Late

stats = Late("scipy.stats")
#: dimensions in all; the first are kept for axes and events, names hash into the others
DIMENSIONS, RESERVED = 1024, 32
_DIGITS = 32
#: random words of a scramble: a row of the matrix by digit, the shift, and one to make them even
_WORDS = _DIGITS + 2
#: points of a scramble at most, as a power of two
MOST_BITS = 12


@lru_cache(maxsize=1)
def _directions() -> np.ndarray:
    """Direction numbers (dimensions, bits) uint32: the unscrambled points whose Gray code has one bit."""
    engine, at = stats.qmc.Sobol(DIMENSIONS, scramble=False, bits=_DIGITS), 0
    out = np.empty((DIMENSIONS, MOST_BITS), np.uint32)
    for bit in range(MOST_BITS):
        point = 2 ** (bit + 1) - 1
        engine.fast_forward(point - at)
        out[:, bit] = (engine.random(1)[0] * 2.0 ** _DIGITS).astype(np.uint32)
        at = point + 1
    return out


@lru_cache(maxsize=DIMENSIONS)
def _words(name: str) -> tuple[int, ...]:
    digest = hashlib.sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[i:i + 4], "big") for i in (0, 4, 8, 12))


def dimensions(names: Iterable[str], first: Sequence[str] = ()) -> dict[str, int]:
    """A dimension for each name: `first` get the reserved ones in turn, the others theirs by hash.

    Where two hashes meet, the one that is later by hash and name moves on; there are far more dimensions than names.
    """
    out = {name: i for i, name in enumerate(first[:RESERVED])}
    taken: set[int] = set()
    for name in sorted(set(names) - set(out), key=lambda n: (_words(n), n)):
        at = _words(name)[0] % (DIMENSIONS - RESERVED)
        while at in taken:
            at = (at + 1) % (DIMENSIONS - RESERVED)
        taken.add(at)
        out[name] = RESERVED + at
    return out


def _scrambles(seed: int, name: str, scrambles: range) -> np.ndarray:
    """Random words (scrambles, 34): a lower-triangular matrix row by row, then the shift; scramble 5 is always the same."""
    generator = np.random.PCG64([seed, *_words(name)]).advance(_WORDS // 2 * scrambles.start)
    raw = generator.random_raw(_WORDS // 2 * len(scrambles))
    return raw.astype("<u8").view("<u4").reshape(len(scrambles), _WORDS)


def points(where: dict[str, int], seed: int, scrambles: range, bits: int) -> np.ndarray:
    """Points (names, scrambles · 2^bits) in (0, 1), scramble after scramble, in the order of `where`."""
    words = np.stack([_scrambles(seed, name, scrambles) for name in where])
    vectors = _scrambled(words[:, :, :_DIGITS], _directions()[list(where.values())][:, None, :bits])
    grown = words[:, :, _DIGITS:_DIGITS + 1]
    for bit in range(bits):  # each bit doubles the points: those with it are the others moved by its vector
        grown = np.concatenate([grown, grown ^ vectors[:, :, bit:bit + 1]], axis=2)
    return ((grown + 0.5) * 2.0 ** -_DIGITS).reshape(len(where), -1)


def _scrambled(rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Each direction number times the random matrix over the field of two: (names, scrambles, bits)."""
    digit = np.arange(_DIGITS, dtype=np.uint32)
    own = np.uint32(1) << (np.uint32(_DIGITS - 1) - digit)           # digit i counts from the most significant
    upto = ~(own - np.uint32(1))                                     # digits 0 … i
    masks = (rows & upto) | own
    parity = np.bitwise_count(masks[:, :, None, :] & vectors[:, :, :, None]) & np.uint8(1)
    return (parity * own).sum(axis=-1, dtype=np.uint32)
