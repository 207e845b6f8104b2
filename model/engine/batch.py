"""Many draws: in blocks that fit the cache, on all cores; the same numbers whatever the threads or the block size.

(Blocks of one or a few draws may differ in the last digit: numpy sums so short an axis in another order.)
"""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from model.engine.evaluate import Result, evaluate
from model.plan.scenario import Scenario

BLOCK = 5000
#: glibc's mallopt options and the bytes of freed memory that a process keeps for its next block
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
_KEEP = 1 << 30
_PAD = 1 << 26
_LARGEST_FROM_HEAP = 1 << 25


@cache
def keep_memory() -> bool:
    """Let the C library keep freed memory for the next block: half of a block's time was page faults on temporaries.

    What is loaded by then stays for good, and the garbage collector need not walk through it again and again.
    Called once by the programs (app, benchmark), never on import. False where the C library is not glibc.
    """
    gc.freeze()
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    wanted = ((_M_MMAP_THRESHOLD, _LARGEST_FROM_HEAP), (_M_TRIM_THRESHOLD, _KEEP), (_M_TOP_PAD, _PAD))
    done = [mallopt(option, value) for option, value in wanted]  # every option is tried, whatever the first answers
    return all(done)


def evaluate_blocks(scenario: Scenario, draws: Mapping[str, np.ndarray], pick: Callable[[Result], Mapping[str, np.ndarray]],
                    block: int = BLOCK, threads: int | None = None) -> dict[str, np.ndarray]:
    """`pick` of every block, joined along the draws axis (the last).

    draws: address -> (D,) or (months, D). pick: Result -> arrays whose last axis is draws; what it does not pick is
    given back at once, so that memory stays that of `threads` blocks.
    """
    size = max(a.shape[-1] for a in draws.values())
    starts = range(0, size, block)

    def one(start: int) -> Mapping[str, np.ndarray]:
        part = {k: a if a.shape[-1] == 1 else a[..., start:start + block] for k, a in draws.items()}
        return pick(evaluate(scenario, part))

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        parts = list(pool.map(one, starts))
    return {k: np.concatenate([p[k] for p in parts], axis=-1) for k in parts[0]}
