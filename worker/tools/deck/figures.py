"""Draws a deck's figures: tiles with key numbers, the timeline, and a bar chart.

The timeline consists of shapes and the chart is a native one, so that the consultant can edit both.
"""
# (python-pptx annotates only some of its functions)

from collections.abc import Mapping, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.shapes.connector import Connector
from pptx.slide import Slide
from pptx.util import Pt

from worker.tools.costs import Phase
from worker.tools.deck.canvas import TextRun, text_box, write
from worker.tools.deck.design import Area, Deck
from worker.tools.deck.fitting import TextStyle, largest

TILE_HEIGHT = 88
_TILE_GAP = 12
_VALUE_SIZES = (24, 20, 18, 16, 14, 12, 10)
_LABEL_SHARE = 0.36
"""The part of the timeline's width that the phases' names take."""
_AXIS = 26
"""The height of the timeline's scale in points."""
_MOST_TICKS = 12


def tiles(deck: Deck, slide: Slide, values: Mapping[str, str]) -> float:
    """Draw key numbers side by side at the top of the content area. Returns where they end, in points from the top."""
    area = deck.drawing
    width = (area.width - _TILE_GAP * (len(values) - 1)) / len(values)
    for place, (label, value) in enumerate(values.items()):
        left = area.left + place * (width + _TILE_GAP)
        tile = _rectangle(slide, Area(left, area.top, width, TILE_HEIGHT), MSO_THEME_COLOR.ACCENT_1)
        style = TextStyle(_VALUE_SIZES[0], bold=True, slack=deck.slack)
        size = largest(value, width - 2 * _TILE_GAP, 30, _VALUE_SIZES, style).size
        tile.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        white = MSO_THEME_COLOR.BACKGROUND_1
        write(tile.text_frame, [[TextRun(value, bold=True, colour=white)]], size, align=PP_ALIGN.CENTER)
        below = tile.text_frame.add_paragraph()
        below.alignment = PP_ALIGN.CENTER
        run = below.add_run()
        run.text, run.font.size, run.font.color.theme_color = label, Pt(12), white
    return area.top + TILE_HEIGHT


def timeline(deck: Deck, slide: Slide, phases: Sequence[Phase], weeks: int) -> None:
    """Draw a row for each phase: its name and activities on the left, and its bar on a scale of weeks on the right."""
    area = deck.drawing
    labels = area.width * _LABEL_SHARE
    left, width = area.left + labels, area.width - labels
    row = (area.height - _AXIS) / len(phases)
    days = phases[-1].end_day
    step = -(-weeks // _MOST_TICKS)
    for week in range(0, weeks, step):
        box = text_box(
            slide, Area(left + width * week / weeks, area.top, width * min(step, weeks - week) / weeks, _AXIS)
        )
        box.text_frame.margin_left = box.text_frame.margin_right = 0
        write(box.text_frame, [[TextRun(str(week + 1), colour=MSO_THEME_COLOR.ACCENT_6)]], 10, align=PP_ALIGN.LEFT)
        _line(slide, left + width * week / weeks, area.top + _AXIS, area.height - _AXIS)
    head = text_box(slide, Area(area.left, area.top, labels, _AXIS))
    write(head.text_frame, [[TextRun("Week", colour=MSO_THEME_COLOR.ACCENT_6)]], 10, align=PP_ALIGN.RIGHT)
    for place, phase in enumerate(phases):
        top = area.top + _AXIS + place * row
        label = text_box(slide, Area(area.left, top, labels, row))
        label.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        label.text_frame.margin_left = 0
        write(label.text_frame, [[TextRun(phase.name, bold=True)], [TextRun(phase.activities)]], 11, gap=1)
        begin, end = left + width * phase.start_day / days, left + width * phase.end_day / days
        bar = Area(begin, top + row * 0.25, end - begin, row * 0.5)
        shape = _rectangle(slide, bar, MSO_THEME_COLOR.ACCENT_1 if place % 2 == 0 else MSO_THEME_COLOR.ACCENT_3)
        shape.name = f"{phase.name}: {phase.weeks}"
        _caption(deck, slide, bar, shape, phase.weeks)


def bar_chart(slide: Slide, area: Area, title: str, values: Mapping[str, float]) -> None:
    """Add a native horizontal bar chart with the first value on top."""
    data: Any = CategoryChartData(number_format="#,##0.00")
    data.categories = list(values)
    data.add_series(title, list(values.values()))
    frame: Any = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, Pt(area.left), Pt(area.top), Pt(area.width), Pt(area.height), data
    )
    frame.name = title
    chart = frame.chart
    chart.has_legend, chart.has_title = False, False
    chart.font.size = Pt(12)
    chart.category_axis.reverse_order = True
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.format.line.color.theme_color = MSO_THEME_COLOR.ACCENT_6
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.vary_by_categories = False
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0.00", False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1


def _caption(deck: Deck, slide: Slide, bar: Area, shape: Shape, text: str) -> None:
    """Write a bar's weeks inside it if they fit. Otherwise they go after it, or before it at the right edge."""
    size = 11
    needed = TextStyle(size, bold=True, slack=deck.slack).width(text) + 10
    if needed <= bar.width:
        frame, align, colour = shape.text_frame, PP_ALIGN.CENTER, MSO_THEME_COLOR.BACKGROUND_1
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    else:
        after = bar.left + bar.width + needed <= deck.drawing.left + deck.drawing.width
        left = bar.left + bar.width if after else bar.left - needed
        frame = text_box(slide, Area(left, bar.top, needed, bar.height)).text_frame
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        align, colour = (PP_ALIGN.LEFT if after else PP_ALIGN.RIGHT), MSO_THEME_COLOR.TEXT_1
    frame.margin_left = frame.margin_right = Pt(4)
    frame.word_wrap = False
    write(frame, [[TextRun(text, bold=True, colour=colour)]], size, align=align)


def _rectangle(slide: Slide, area: Area, colour: MSO_THEME_COLOR) -> Shape:
    shape = slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE, Pt(area.left), Pt(area.top), Pt(area.width), Pt(area.height)
    )
    shape.adjustments[0] = 0.08
    shape.fill.solid()
    shape.fill.fore_color.theme_color = colour
    shape.line.fill.background()
    _without_style(shape)
    return shape


def _line(slide: Slide, left: float, top: float, height: float) -> None:
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(left), Pt(top), Pt(left), Pt(top + height))
    line.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
    line.line.width = Pt(0.75)
    _without_style(line)


def _without_style(shape: Shape | Connector) -> None:
    """Remove the theme's effects from a shape, above all the shadow."""
    style = shape._element.find(qn("p:style"))  # noqa: SLF001 - python-pptx has no public way to remove it
    if style is not None:
        shape._element.remove(style)  # noqa: SLF001 - as above
