"""What the tests of the model share: settings of hypothesis, and results of the standing plans, computed once."""

from __future__ import annotations

import pytest
from every import as_many
from hypothesis import HealthCheck, Phase, settings

import plans
from model.engine.evaluate import Result, evaluate

settings.register_profile("sandtable", max_examples=as_many(20, 200), deadline=None, derandomize=True, database=None,
                          report_multiple_bugs=False, phases=(Phase.explicit, Phase.generate, Phase.shrink),
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sandtable")


@pytest.fixture(scope="session")
def rich() -> Result:
    """The plan with a row in every table but tiers."""
    return evaluate(plans.scenario(plans.rich()))


@pytest.fixture(scope="session")
def steady() -> Result:
    """The same business in level months without promotions."""
    return evaluate(plans.scenario(plans.steady()))
