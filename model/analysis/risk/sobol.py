"""Scrambled Sobol points in which an input keeps its dimension, whatever other inputs there are, and their normal scores.

A name's dimension comes from its hash, its scrambles from seed and hash: a scenario with one input more or in another
order sees the same points for all the others. Scrambling: random lower-triangular matrices and a digital shift
(Matoušek 1998, L2-discrepancy for anchored boxes; Owen 1998), their digits from SplitMix64 (Steele, Lea and Flood 2014)
counted from a key of seed and name; direction numbers: Joe and Kuo (2008), from the file that scipy carries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import scipy
from scipy.special import ndtri

#: importing scipy.stats for its Sobol engine would take half a second of an app's start
_JOE_KUO = Path(scipy.__file__).parent / "stats" / "_sobol_direction_numbers.npz"
#: dimensions in all; the first are kept for axes and events, names hash into the others
DIMENSIONS, RESERVED = 1024, 32
_DIGITS = 32
#: points of a scramble at most, as a power of two
MOST_BITS = 12
#: random 64-bit words of a scramble: the matrix by column and the shift, two of them in each
_WORDS = MOST_BITS // 2 + 1
_GOLDEN, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_WORD = 2 ** 64 - 1
#: of the table of normal scores: 2^11 cells to each halving of the distance from 0 or 1
_FINE_BITS = 11


@lru_cache(maxsize=1)
def _directions() -> np.ndarray:
    """Direction numbers (dimensions, bits) uint32, by the recurrence of Bratley and Fox (1988), Algorithm 659.

    Number j of a dimension whose polynomial has degree n and coefficients a: 2^n m[j−n] ⊕ m[j−n] ⊕ Σ_k 2^k a[k] m[j−k],
    the first n as given; shifted to the top digits. The first dimension's are all 1.
    """
    with np.load(_JOE_KUO, allow_pickle=False) as given:
        polynomial, numbers = (given[k][:DIMENSIONS].astype(np.int64) for k in ("poly", "vinit"))
    degree = np.frexp(polynomial)[1] - 1
    m = np.ones((DIMENSIONS, MOST_BITS), np.int64)
    for j in range(MOST_BITS):
        follows = np.maximum(j - degree, 0)
        value = np.take_along_axis(m, follows[:, None], 1)[:, 0]
        value ^= value << degree
        for k in range(1, j + 1):
            value ^= np.where((k < degree) & (polynomial >> np.maximum(degree - k, 0) & 1), m[:, j - k] << k, 0)
        m[1:, j] = np.where(j < degree, numbers[:, j], value)[1:]
    return (m << np.arange(_DIGITS - 1, _DIGITS - 1 - MOST_BITS, -1)).astype(np.uint32)


@lru_cache(maxsize=1)
def _digits_of_directions() -> np.ndarray:
    """All ones where digit k (from the most significant) of direction number j is 1: (dimensions, j, k) uint32.

    Direction number j has no digit after its j-th, so that k needs no more than MOST_BITS.
    """
    digits = (_directions()[:, :, None] >> np.arange(_DIGITS - 1, _DIGITS - 1 - MOST_BITS, -1, dtype=np.uint32)) & 1
    return (0 - digits.astype(np.int32)).view(np.uint32)


@lru_cache(maxsize=DIMENSIONS)
def _words(name: str) -> tuple[int, ...]:
    digest = hashlib.sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[i:i + 8], "big") for i in (0, 8))


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


def _mixed(words: np.ndarray) -> np.ndarray:
    """SplitMix64's output function, in place on uint64."""
    for shift, factor in ((30, _MIX_1), (27, _MIX_2)):
        words ^= words >> np.uint64(shift)
        words *= np.uint64(factor)
    words ^= words >> np.uint64(31)
    return words


def _scrambles(seed: int, names: Iterable[str], scrambles: range) -> np.ndarray:
    """Random words (names, scrambles, 14) uint32; scramble 5 of a name is always the same."""
    keys = np.array([(_words(n)[1] + seed * _MIX_1) & _WORD for n in names], np.uint64)
    counter = np.arange(scrambles.start * _WORDS, scrambles.stop * _WORDS, dtype=np.uint64) * np.uint64(_GOLDEN)
    raw = _mixed(_mixed(keys)[:, None] + counter)
    return raw.astype("<u8", copy=False).view("<u4").reshape(len(keys), len(scrambles), 2 * _WORDS)


def integers(where: Mapping[str, int], seed: int, scrambles: range, bits: int) -> np.ndarray:
    """Points times 2^32, rounded down (names, scrambles · 2^bits) uint32, scramble after scramble, in the order of `where`."""
    words = _scrambles(seed, where, scrambles)
    vectors = _scrambled(words[:, :, :bits], _digits_of_directions()[list(where.values()), :bits, :bits])
    out = np.empty((len(where), len(scrambles), 1 << bits), np.uint32)
    out[:, :, 0] = words[:, :, MOST_BITS]
    for bit in range(bits):  # each bit doubles the points: those with it are the others moved by its vector
        half = 1 << bit
        np.bitwise_xor(out[:, :, :half], vectors[:, :, bit, None], out=out[:, :, half:2 * half])
    return out.reshape(len(where), len(scrambles) << bits)  # its length said: of no names it cannot be inferred


def _scrambled(words: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Each direction number times the random matrix over the field of two: (names, scrambles, bits).

    The matrix is kept by column: column k has a 1 at digit k and random digits after it. Summed column by column: numpy's
    reduce over so short an axis takes twice as long.
    """
    own = np.uint32(1) << np.arange(_DIGITS - 1, _DIGITS - 1 - words.shape[-1], -1, dtype=np.uint32)
    columns = (words & (own - np.uint32(1))) | own
    out = columns[:, :, None, 0] & digits[:, None, :, 0]
    for k in range(1, words.shape[-1]):
        out ^= columns[:, :, None, k] & digits[:, None, :, k]
    return out


def points(where: Mapping[str, int], seed: int, scrambles: range, bits: int) -> np.ndarray:
    """Points (names, scrambles · 2^bits) in (0, 1)."""
    return (integers(where, seed, scrambles, bits) + 0.5) * 2.0 ** -_DIGITS


def normals(where: Mapping[str, int], seed: int, scrambles: range, bits: int, precision: type = np.float64) -> np.ndarray:
    """Normal scores of the points (names, scrambles · 2^bits), from a table, twice as fast as exact ones.

    Within 2e-8 of the exact scores, in single precision within 1e-6.
    """
    values, slopes, cell_of = _normal_table(precision)
    grown = integers(where, seed, scrambles, bits).view(np.int32)
    out: np.ndarray = np.empty(grown.shape, precision)
    for row, z in zip(grown, out, strict=True):      # row by row: what a row needs stays in the cache
        side = row >> (_DIGITS - 1)                  # −1 for points above ½, else 0
        near = (row ^ side).astype(precision)        # from the nearer of 0 and 1
        near += 0.5
        cell = cell_of(near)
        slopes.take(cell, out=z, mode="clip")
        z *= near
        z += values.take(cell, out=near, mode="clip")
        side |= 1
        z *= side.astype(precision)
    return out


@lru_cache(maxsize=2)
def _normal_table(precision: type) -> tuple[np.ndarray, np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Values, slopes and cell of a distance from 0: z = values[cell] + slopes[cell] · distance, in units of 2^-32.

    A cell is a float's exponent and its first digits, less the first cell's.
    """
    digits = np.dtype(f"i{np.dtype(precision).itemsize}")
    shift = np.finfo(precision).nmant - _FINE_BITS
    first, last = (int(e) for e in np.array([0.5, 2.0 ** (_DIGITS - 1)], precision).view(digits) >> shift)
    edges = (np.arange(first, last + 2, dtype=digits) << shift).view(precision).astype(float)
    z = ndtri(np.minimum(edges * 2.0 ** -_DIGITS, 0.5))
    slopes = np.diff(z) / np.diff(edges)

    def cell_of(distance: np.ndarray) -> np.ndarray:
        cell = distance.view(digits) >> shift
        cell -= first
        return cell.astype(np.intp, copy=False)

    return (z[:-1] - slopes * edges[:-1]).astype(precision), slopes.astype(precision), cell_of
