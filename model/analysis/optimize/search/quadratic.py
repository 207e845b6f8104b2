"""A small convex quadratic programme with linear limits, exactly: least distance programming on non-negative least squares.

Lawson and Hanson, "Solving Least Squares Problems" (1974), chapter 23. Limits that contradict each other come back by
name: the multipliers of the failed problem are the contradiction (Farkas).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.late import Late

scipy_optimize = Late("scipy.optimize")
_TINY = 1e-10


@dataclass(frozen=True, eq=False)
class Step:
    """step (n,): None where no point satisfies the rows. multiplier (rows,): what relaxing a row by one is worth.

    Of a contradiction the multipliers name the rows that together make it.
    """

    step: np.ndarray | None
    multiplier: np.ndarray


def best_step(slope: np.ndarray, bend: np.ndarray, rows: np.ndarray, least: np.ndarray) -> Step:
    """maximise slope · d − ½ Σ bend · d² subject to rows · d ≥ least. bend > 0 (n,); rows (m, n)."""
    scale = 1 / np.sqrt(bend)
    centre = slope / bend
    if not len(rows):
        return Step(centre, np.zeros(0))
    size = np.maximum(np.linalg.norm(rows * scale, axis=1), _TINY)
    narrowed = rows * scale / size[:, None]
    wanted = (least - rows @ centre) / size
    far = max(1.0, float(np.max(np.abs(wanted), initial=0.0)))
    problem = np.vstack([narrowed.T, wanted / far])
    unit = np.zeros(problem.shape[0])
    unit[-1] = 1.0
    if not np.all(np.isfinite(problem)):
        return Step(None, np.zeros(rows.shape[0]))
    try:
        weight, rest = scipy_optimize.nnls(problem, unit, maxiter=20 * max(problem.shape))
    except RuntimeError:
        return Step(None, np.zeros(rows.shape[0]))
    residual = problem @ weight - unit
    if rest < _TINY or residual[-1] > -_TINY ** 2:
        return Step(None, weight / size)
    moved = -residual[:-1] / residual[-1] * far
    return Step(centre + moved * scale, weight / -residual[-1] * far / size)


def nearest(point: np.ndarray, rows: np.ndarray, least: np.ndarray) -> Step:
    """The step from a point to the nearest one that satisfies rows · x ≥ least."""
    return best_step(np.zeros(point.size), np.ones(point.size), rows, least - rows @ point)
