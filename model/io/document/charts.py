"""Charts as office programs draw them, with their numbers inside: they can be restyled, and no picture has to be made.

python-pptx writes them; a document takes the same parts from a slide that nobody sees. (A renderer of Vega-Lite was measured and
left out: 84 MB for a bar chart.)
"""

from __future__ import annotations

from typing import Any

from model.io.document.outline import BARS, BEFORE, COLUMNS, LESS, MORE, NOW, STEPS, Chart, pieces, plain
from model.io.document.room import cut
from model.late import Late

_pptx, _data, _enum = Late("pptx"), Late("pptx.chart.data"), Late("pptx.enum.chart")
_color, _util, _oxml = Late("pptx.dml.color"), Late("pptx.util"), Late("pptx.oxml")

#: of Latin and of Chinese letters
FONTS = ("Calibri", "Microsoft YaHei")
_DRAWINGS = "http://schemas.openxmlformats.org/drawingml/2006/main"
COLOURS = {NOW: "3B6FB6", BEFORE: "9AA5B1", MORE: "15803D", LESS: "C2703D"}
_INK, _LINES = "3A4450", "D9DEE5"
#: width of a name beside an axis, in ems
_NAME = 14.0
#: the layout of a slide with nothing on it, in python-pptx's own template
_BLANK = 6
_KINDS = {COLUMNS: "COLUMN_CLUSTERED", BARS: "BAR_CLUSTERED", STEPS: "COLUMN_STACKED"}


def unseen() -> Any:
    """What stands on a slide of no deck: charts of another kind of file are drawn there."""
    scratch = _pptx.Presentation()
    return scratch.slides.add_slide(scratch.slide_layouts[_BLANK]).shapes


def parts(shapes: Any, chart: Chart, points: int) -> tuple[bytes, bytes]:
    """The XML of a chart and the workbook of its numbers, drawn on a slide (`unseen`). points: size of its texts."""
    part = drawn(shapes, chart, (0, 0, 9, 4), points).chart.part
    return part.blob, part.chart_workbook.xlsx_part.blob


def drawn(shapes: Any, chart: Chart, place: tuple[float, float, float, float], points: int) -> Any:
    """Adds a chart to a slide. place: left, top, width and height in inches."""
    data = _data.CategoryChartData(number_format="#,##0.##")
    data.categories = [cut(plain(c), _NAME) for c in chart.categories]
    for name, values in _series(chart):
        data.add_series(plain(name), values)
    kind = getattr(_enum.XL_CHART_TYPE, _KINDS[chart.kind])
    frame = shapes.add_chart(kind, *map(_util.Inches, place), data)
    _dressed(frame.chart, chart, points)
    return frame


def _series(chart: Chart) -> list[tuple[str, list[float]]]:
    if chart.kind != STEPS:
        return [(s.name, list(s.values)) for s in chart.series]
    return [(chart.series[0].name, list(column)) for column in zip(*pieces(chart), strict=True)]


def _dressed(made: Any, chart: Chart, points: int) -> None:
    made.has_title = False
    made.font.size, made.font.color.rgb, made.font.name = _util.Pt(points), _color.RGBColor.from_string(_INK), FONTS[0]
    made.font._rPr.append(_oxml.parse_xml(f'<a:ea xmlns:a="{_DRAWINGS}" typeface="{FONTS[1]}"/>'))
    made.has_legend = chart.kind != STEPS and len(chart.series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = _enum.XL_LEGEND_POSITION.TOP, False
    _axes(made, chart)
    plot = made.plots[0]
    plot.gap_width = 45
    if chart.kind == STEPS:
        plot.overlap = 100
        _steps(plot, chart)
        return
    plot.overlap = 0
    for series, told in zip(plot.series, chart.series, strict=True):
        _filled(series.format, COLOURS[told.colour])
        series.invert_if_negative = False
    _labelled(plot, chart, points)


def _axes(made: Any, chart: Chart) -> None:
    values, names = made.value_axis, made.category_axis
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = _digits(chart, 1), False
    values.major_gridlines.format.line.color.rgb = _color.RGBColor.from_string(_LINES)
    values.format.line.fill.background()
    names.format.line.color.rgb = _color.RGBColor.from_string(_LINES)
    names.tick_label_position = _enum.XL_TICK_LABEL_POSITION.LOW
    names.major_tick_mark = values.major_tick_mark = _enum.XL_TICK_MARK.NONE
    if chart.kind == BARS:
        names.reverse_order = True
        values.tick_label_position = _enum.XL_TICK_LABEL_POSITION.HIGH
    if plain(chart.unit):
        values.has_title = True
        values.axis_title.text_frame.text = plain(chart.unit)
        run = values.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold = made.font.size, False


def _digits(chart: Chart, fewer: int = 0) -> str:
    """A number format with as many decimals as the largest number needs for three digits, or for fewer."""
    largest = max((abs(v) for s in chart.series for v in s.values), default=0.0)
    return ("0.00", "0.0", "#,##0", "#,##0")[fewer + (largest >= 10) + (largest >= 100 and not fewer)]


def _labelled(plot: Any, chart: Chart, points: int) -> None:
    """Numbers at the columns, where there are so few that they have room."""
    if sum(len(s.values) for s in plot.series) > 14:
        return
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = _digits(chart), False
    labels.position, labels.font.size = _enum.XL_LABEL_POSITION.OUTSIDE_END, _util.Pt(points)


def _steps(plot: Any, chart: Chart) -> None:
    """What is under a column is not seen; what stands by itself, adds and takes have colours of their own."""
    values = chart.series[0].values
    hidden, *seen = plot.series
    hidden.format.fill.background()
    for series in seen:
        series.invert_if_negative = False
        for i, value in enumerate(values):
            alone = i in (0, len(values) - 1)
            _filled(series.points[i].format, COLOURS[NOW if alone else MORE if value >= 0 else LESS])


def _filled(form: Any, colour: str) -> None:
    form.fill.solid()
    form.fill.fore_color.rgb = _color.RGBColor.from_string(colour)
