"""The plan as the months make one believe it: its uncertain assumptions where the months have moved them."""

from __future__ import annotations

import numpy as np

from model.engine.evaluate import evaluate
from model.plan.book import EMPTY
from model.plan.scenario import Scenario
from model.plan.schema import driver_of
from model.review.actuals import Actuals
from model.review.forecast import learn
from model.review.happened import as_happened
from model.review.kept import bare, plan_of_record, read_of
from model.review.observed import observed
from model.review.space import space_of

#: an assumption that moves by less, relatively, is the plan's
_SEEN = 0.002


def updated(scenario: Scenario, actuals: Actuals) -> Scenario:
    """The scenario with every uncertain assumption moved as its distribution was by the months: a plan to go on from.

    What months differ by from each other, and events, are not in it: those are the forecast's (model.md, "Review").
    """
    of_record = plan_of_record(scenario)
    series = observed(actuals, evaluate(of_record))
    if not series:
        return scenario
    space = space_of(of_record)
    learned = learn(space, series, as_happened(of_record, actuals))
    scores = space.root @ learned.mean[:len(space.names)]
    values: dict[str, float] = {}
    for address, score in zip(space.names, scores, strict=True):
        marginal, value = space.model.uncertain.marginals[address], float(scenario.get(address))
        usual, now = (float(marginal.at(np.array([z]))[0]) for z in (0.0, score))
        moved = value * now / usual if usual else now
        if abs(moved - value) > _SEEN * abs(value):
            driver = driver_of(address)
            values[address] = float(np.clip(moved, driver.low, driver.high))
    return scenario.with_values(values)


def updated_of(scenario: Scenario) -> Scenario:
    """The same of the months in the scenario's own book, as they are read, and without them. Raises InvalidInput."""
    return updated(bare(scenario), read_of(scenario)).with_book(EMPTY)
