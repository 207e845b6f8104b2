"""The presets of the plan at hand: what each of them earns, and making them from the plan as it is."""

from __future__ import annotations

import streamlit as st

from model import kpi
from model.units import RATE
from pages.ui.frame import own_presets as making
from pages.ui.kit.formats import money, number
from pages.ui.kit.texts import t
from pages.ui.session import own_presets, results, state


def draw() -> None:
    found = own_presets.look(state.workspace().scenario.base)
    with st.container(border=True, key="own_presets", horizontal=True, vertical_alignment="center",
                      horizontal_alignment="distribute"):
        st.markdown(t("preset.have", **{key: _earns(s.scenario) for key, s in found.items()}) if found else t("preset.none"),
                    width="content")
        making.button("presets_make")


def _earns(scenario) -> str:
    result = results.result_of(scenario)
    return t("preset.earns", profit=money(float(kpi(result, "net_profit")[0])),
             margin=number(float(kpi(result, "net_margin_rate")[0]), RATE))
