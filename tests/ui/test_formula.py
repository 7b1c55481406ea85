"""Formulas as outlines: numbers put together glyph by glyph stand where the whole would."""

from __future__ import annotations

import threading

import pytest

from bpgui.ui.formula import EM, FormulaView, _glyph, _set_whole, set_math, warm_up
from bpgui.views.rendering import Row

LATEX = [
    r"\frac{\partial L}{\partial w^{(2)}_{1,1}}",
    r"\sum_{k=1}^{64} w^{(1)}_{3,k}\, x_{k} + b^{(1)}_{3}",
    r"\frac{1}{1 + e^{-0.3775}}",
    r"\ln\left(a\right)",
    r"\max\left(z, 0\right)",
    r"\mathrm{sign}\left(w\right)",
    r"\left|a - t\right|",
    r"\frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}",
    r"{w^{(1)}_{1,1}}'",
    r" + \cdots\ \text{58 more}\ \cdots",
    r"\ell_{1}",
    r"\tanh\left(z\right)",
    r"\mathrm{NaN}",
    r"-\infty",
]


@pytest.mark.parametrize("latex", LATEX)
def test_everything_that_formulas_use_can_be_set(qapp, latex):
    drawn = set_math(latex)
    assert drawn.width > 0.3 * EM
    assert not drawn.path.isEmpty()
    box = drawn.path.boundingRect()
    assert -box.top() <= drawn.ascent + 1.5
    assert box.bottom() <= drawn.descent + 1.5


@pytest.mark.parametrize(
    "latex", ["0.138498562", "1 + 2", r"0.5 \cdot 0.25", r"0.4 \cdot 0.5 - 3.25 \cdot 1", "(1 - 2)"]
)
def test_numbers_put_together_are_as_wide_as_the_whole(qapp, latex):
    assert set_math(latex).width == pytest.approx(_set_whole(latex).width, abs=0.25 * EM)


def test_figures_are_of_equal_width(qapp):
    assert len({round(set_math(digit).width, 3) for digit in "0123456789"}) == 1


def test_exponents_stand_higher(qapp):
    assert set_math(r"2 \cdot 10^{-5}").ascent > set_math(r"2 \cdot 10").ascent


def test_rows_are_broken_where_the_width_asks_for_it(qtbot):
    view = FormulaView()
    qtbot.addWidget(view)
    terms = ("0.123456789 \\cdot 0.5", *(12 * (" + 0.123456789 \\cdot 0.5",)))
    view.resize(1600, 100)
    with qtbot.waitExposed(view):
        view.show()
    view.show_rows((Row("z", (terms, ("0.8",)), "because of that"),))
    wide = view.height()
    view.resize(300, 100)
    assert view.height() > 1.8 * wide
    assert all(placed.x < 300 for placed in view._placed)
    view.show_rows(())
    assert view.height() < wide


def test_a_thread_can_set_the_signs_of_numbers_ahead(qapp):
    _glyph.cache_clear()
    _set_whole.cache_clear()
    thread = threading.Thread(target=warm_up)
    thread.start()
    meanwhile = set_math(LATEX[0])
    thread.join()
    set_ahead = _set_whole.cache_info().misses
    drawn = set_math(r"-0.15 \cdot 2 = (-3.4)")
    assert _set_whole.cache_info().misses == set_ahead
    _glyph.cache_clear()
    _set_whole.cache_clear()
    assert drawn.path == set_math(r"-0.15 \cdot 2 = (-3.4)").path
    assert meanwhile.path == set_math(LATEX[0]).path


NARROW = Row(
    r"\frac{\partial L}{\partial w^{(2)}_{1,1}}",
    (
        (r"\delta^{(2)}_{1}\, a^{(1)}_{1}",),
        (r"0.7413650695523157 \cdot 0.18681560180895948", r" + 0.1384985616285569 \cdot 0.5"),
        ("0.13849856162855698",),
    ),
)


@pytest.mark.parametrize("width", [96, 120, 140, 180, 224, 300, 800])
def test_numbers_are_whole_in_every_width(qtbot, width):
    view = FormulaView()
    qtbot.addWidget(view)
    view.resize(width, 100)
    view.show_rows((NARROW, NARROW))
    assert max(one.x + one.what.width * one.size / EM for one in view._placed) <= max(width, 120)


def test_a_product_that_is_too_long_is_broken_before_its_second_number(qtbot):
    view = FormulaView()
    qtbot.addWidget(view)
    baselines = {}
    for width in (180, 800):
        view.resize(width, 100)
        view.show_rows((NARROW,))
        view._arrange()
        baselines[width] = len({one.y for one in view._placed})
    assert baselines == {180: 6, 800: 3}
