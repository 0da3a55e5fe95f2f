"""Draws demand against quota as an SVG: a line a quota over the number of sessions, both axes logarithmic.

A line that rises above 1 is a quota that binds. Pure: figures in, text out.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 1000, 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 310, 60, 60
_LEAST, _MOST = 1e-3, 1e4
_COLOURS = ("#b3261e", "#1f5fa8", "#2e7d32", "#8e5a00", "#6a3fa0", "#00707a", "#a02c6d", "#4d4d4d", "#7a7a00")
_LINE_HEIGHT = 16


def draw(title: str, sessions: Sequence[int], ratios: Mapping[str, Sequence[float]]) -> str:
    """`ratios` are demand to quota, by the quota's name, one for each number of sessions."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        "<style>text { font: 13px sans-serif } .title { font: bold 17px sans-serif }</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="28" class="title">{escape(title)}</text>',
        *_axes(sessions),
    ]
    names = sorted(ratios, key=lambda name: -ratios[name][-1])
    heights = _apart([_y(ratios[name][-1]) for name in names])
    # The colours have no end; names and heights are as many.
    for name, colour, height in zip(names, itertools.cycle(_COLOURS), heights, strict=False):
        points = " ".join(
            f"{_x(count, sessions):.1f},{_y(ratio):.1f}" for count, ratio in zip(sessions, ratios[name], strict=True)
        )
        end = _WIDTH - _RIGHT
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<line x1="{end}" y1="{_y(ratios[name][-1]):.1f}" x2="{end + 14}" y2="{height:.1f}" stroke="{colour}"/>',
            f'<text x="{end + 18}" y="{height + 4:.1f}" fill="{colour}">{_label(name, ratios[name][-1])}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(sessions: Sequence[int]) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = [
        f'<rect x="{_LEFT}" y="{_TOP}" width="{right - _LEFT}" height="{_y(1) - _TOP:.1f}" fill="#fdf0ee"/>',
        f'<text x="{_LEFT + 8}" y="{_TOP + 18}" fill="#b3261e">the quota binds</text>',
        f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 16}" text-anchor="middle">sessions at a time</text>',
        f'<text x="{_LEFT}" y="{_TOP - 10}">demand to quota</text>',
    ]
    for power in range(round(math.log10(_LEAST)), round(math.log10(_MOST)) + 1):
        at, width = _y(10.0**power), 2 if power == 0 else 0.5
        parts += [
            f'<line x1="{_LEFT}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}" stroke="#999" stroke-width="{width}"/>',
            f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_ratio(10.0**power)}</text>',
        ]
    for count in sessions:
        if math.log10(count).is_integer():
            at = _x(count, sessions)
            parts += [
                f'<line x1="{at:.1f}" y1="{_TOP}" x2="{at:.1f}" y2="{bottom}" stroke="#ccc" stroke-width="0.5"/>',
                f'<text x="{at:.1f}" y="{bottom + 20}" text-anchor="middle">{count:,}</text>',
            ]
    return parts


def _x(count: float, sessions: Sequence[int]) -> float:
    least, most = math.log10(sessions[0]), math.log10(sessions[-1])
    return _LEFT + (math.log10(count) - least) / (most - least) * (_WIDTH - _LEFT - _RIGHT)


def _y(ratio: float) -> float:
    least, most = math.log10(_LEAST), math.log10(_MOST)
    place = (math.log10(min(max(ratio, _LEAST), _MOST)) - least) / (most - least)
    return _HEIGHT - _BOTTOM - place * (_HEIGHT - _TOP - _BOTTOM)


def _apart(heights: Sequence[float]) -> list[float]:
    """From the top down, each at least a line below the one before."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + _LINE_HEIGHT) if placed else height)
    return placed


def _label(name: str, ratio: float) -> str:
    return f"{escape(name)}, {_ratio(ratio)}"


def _ratio(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
