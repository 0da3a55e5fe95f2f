"""Adds native bar charts, which the consultant can edit as the tables beside them."""
# (python-pptx annotates only some of its functions)

from collections.abc import Mapping
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.util import Pt

from worker.tools.deck.canvas import Page, describe
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Area

_MOST_SIZE, _LEAST_SIZE = 13, 9
_FEW = 5
_WHOLE = "#,##0"
"""Labels have no cents: the table beside the chart has them."""


def bars(page: Page, area: Area, title: str, values: Mapping[str, float], alt: str) -> None:
    """Add a horizontal bar chart with the first value on top."""
    data: Any = CategoryChartData(number_format=_WHOLE)
    data.categories = list(values)
    data.add_series(title, list(values.values()))
    frame: Any = page.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, Pt(area.left), Pt(area.top), Pt(area.width), Pt(area.height), data
    )
    frame.name = title
    describe(frame, alt)
    chart = frame.chart
    chart.has_legend, chart.has_title = False, False
    chart.font.size = Pt(max(_LEAST_SIZE, min(_MOST_SIZE, area.height / len(values) * 0.45)))
    Ink.TEXT.paint(chart.font.color)
    names = chart.category_axis
    names.reverse_order = True
    names.has_major_gridlines = False
    names.format.line.fill.background()
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width = 40 if len(values) > _FEW else 130
    plot.vary_by_categories = False
    series = plot.series[0]
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _WHOLE, False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    series.format.fill.solid()
    Ink.STRONG.paint(series.format.fill.fore_color)
    largest = max(values, key=lambda name: values[name])
    point = series.points[list(values).index(largest)]
    point.format.fill.solid()
    Ink.SIGNAL.paint(point.format.fill.fore_color)
