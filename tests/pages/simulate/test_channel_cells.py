"""The cells of channels on Simulate."""

from __future__ import annotations

import pandas as pd
from screens import app, opened

from samples import sample


def test_the_editor_shows_what_applies_to_each_channel():
    at = opened(app(), "channel_edit")
    frame = at.data_editor[0].value
    assert len(frame) == 6
    by = dict(zip(frame["_name"], frame.to_dict("records"), strict=True))
    assert by["Search ads"]["ctr"] == f"{100 * sample().get('channel.platform.ctr'):.2f}"
    assert pd.isna(by["Organic"]["cpm"])
