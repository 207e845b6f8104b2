"""Blocks and threads change the time a run takes, never its numbers."""

from __future__ import annotations

import numpy as np
from every import each

import plans
from model.engine.batch import evaluate_blocks
from model.engine.evaluate import evaluate

SCENARIO = plans.scenario(plans.rich())
DRAWS = {"channel.search.cvr": np.linspace(0.02, 0.035, 37), "vat": np.full(37, 0.13),
         "fulfilment_cost": np.linspace(5, 8, 12)[:, None] * np.linspace(1, 1.2, 37)}


def lines(result):
    return {k: result.lines[k] for k in ("gmv", "net_profit", "pool", "cash")}


@each("block, threads", [(37, 1), (10, 1), (10, 2), (1, 2), (1000, 4)])
def test_any_block_and_any_number_of_threads_gives_the_same_numbers(block, threads):
    whole = lines(evaluate(SCENARIO, DRAWS))
    found = evaluate_blocks(SCENARIO, DRAWS, lines, block=block, threads=threads)
    for key, expected in whole.items():
        assert found[key].shape == (12, 37)
        np.testing.assert_allclose(found[key], expected, rtol=1e-12, atol=1e-6, err_msg=key)
