"""Blocks of draws: the numbers of one evaluation, exactly, whatever the threads."""

from __future__ import annotations

import numpy as np
import pytest
from every import each

from model import evaluate, evaluate_blocks
from samples import changed, sample

RNG = np.random.default_rng(11)
SIZE = 203
DRAWS = {"channel.platform.cvr": RNG.uniform(0.02, 0.03, SIZE), "headline.refund_rate": RNG.uniform(0.9, 1.2, SIZE),
         "vat": np.full(SIZE, 0.13), "dispute_rate": RNG.uniform(0, 0.01, (12, SIZE)), "inflation": np.array([0.1])}


def picked(result) -> dict[str, np.ndarray]:
    out = {k: np.broadcast_to(a, (len(result.months), result.draws)) for k, a in result.lines.items()}
    return out | {f"{k}_by_channel": a for k, a in result.by_channel.items()}


WHOLE = picked(evaluate(sample(), DRAWS))


@each("block, threads", [(SIZE, 1), (2500, None), (100, 1), (100, 2), (64, 3), (16, 2), (8, 4)])
def test_any_block_and_any_number_of_threads_gives_exactly_the_same(block, threads):
    found = evaluate_blocks(sample(), DRAWS, picked, block=block, threads=threads)
    assert set(found) == set(WHOLE)
    wrong = [k for k in WHOLE if not np.array_equal(found[k], WHOLE[k])]
    assert wrong == []


@each("block", [1, 3])
def test_tiny_blocks_differ_in_the_last_digit_at_most(block):
    """numpy adds a handful of draws in another order than many."""
    found = evaluate_blocks(sample(), DRAWS, picked, block=block)
    for key, expected in WHOLE.items():
        np.testing.assert_allclose(found[key], expected, rtol=1e-12, atol=1e-6, err_msg=key)


def test_the_same_run_twice_is_the_same():
    first, second = (evaluate_blocks(sample(), DRAWS, picked, block=37) for _ in range(2))
    assert all(np.array_equal(first[k], second[k]) for k in first)


def test_the_months_of_a_long_plan():
    scenario = changed(months=36)
    draws = {k: v for k, v in DRAWS.items() if k != "dispute_rate"}
    whole = picked(evaluate(scenario, draws))
    found = evaluate_blocks(scenario, draws, picked, block=50, threads=2)
    assert all(np.array_equal(found[k], whole[k]) for k in whole)


def test_an_error_in_a_block_is_raised():
    with pytest.raises(KeyError):
        evaluate_blocks(sample(), {"channel.nowhere.cvr": np.linspace(0, 1, 10)}, picked, block=5)
