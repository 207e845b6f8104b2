"""Scenarios compared: what differs, results side by side, and the bridge from one KPI to the other.

    shapley (any game) and changes (who plays) -> bridge;  tables: results side by side
"""

from model.analysis.compare.bridge import Bar, Bridge, Part, bridge, bridge_of
from model.analysis.compare.changes import BRIDGE_GROUPS, Difference, differences, group_of
from model.analysis.compare.tables import KpiRow, Overlay, channel_table, kpi_table, month_lines

__all__ = [
    "BRIDGE_GROUPS", "Bar", "Bridge", "Difference", "KpiRow", "Overlay", "Part", "bridge", "bridge_of", "channel_table",
    "differences", "group_of", "kpi_table", "month_lines",
]
