"""A second and a half of `make soak`."""

from __future__ import annotations

import pytest

from soak.soak import soak


@pytest.mark.filterwarnings("ignore:This process")  # forking beside the threads of the test runner
def test_eight_writers_and_eight_readers_lose_nothing(url):
    done = ("saves", "conflicts", "reads")
    for seconds in (1.5, 20):  # on a busy machine a second is not enough for one of each
        figures = soak(url, seconds, start="fork")
        if min(figures[key] for key in done):
            break
    assert min(figures[key] for key in done) > 0  # how many, is for `make soak` to say
