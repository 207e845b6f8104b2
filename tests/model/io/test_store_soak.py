"""A second and a half of `make soak`."""

from __future__ import annotations

import pytest

from soak.soak import soak


@pytest.mark.filterwarnings("ignore:This process")  # forking beside the threads of the test runner
def test_eight_writers_and_eight_readers_lose_nothing(url):
    figures = soak(url, 1.5, start="fork")
    assert min(figures["saves"], figures["conflicts"], figures["reads"]) > 0  # how many, is for `make soak` to say
