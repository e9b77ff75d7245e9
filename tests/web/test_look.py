"""A company's own look: a few variables, and nothing that anybody could not read."""

import re

import pytest

from prunella.settings import Settings
from prunella.web.embed import home_of, listed, read_look
from prunella.web.embed.colours import contrast
from prunella.web.embed.palette import DARK, LIGHT, Palette, is_readable
from prunella.web.rendering import STATIC_DIR


@pytest.mark.parametrize(("palette", "side"), [(LIGHT, 1), (DARK, 2)])
def test_the_defaults_are_those_of_the_sheet(palette: Palette, side: int) -> None:
    sheet = (STATIC_DIR / "prunella.css").read_text()
    for name, colour in palette.items():
        found = re.search(rf"--{name}:light-dark\((#\w+),(#\w+)\)", sheet)
        assert found, name
        short = found.group(side)
        assert colour == (short if len(short) == 7 else "#" + "".join(2 * c for c in short[1:]))
    assert is_readable(palette)


def test_black_on_white_is_as_far_apart_as_it_gets() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_a_good_accent_is_taken_where_it_can_be_read() -> None:
    look = read_look({"accent": "#0B5CAD"})
    assert "--accent:light-dark(#0b5cad,#c5a9f7)" in look.css
    assert look.refused == ("accent (dark)",)


def test_a_pale_accent_is_refused_and_named() -> None:
    look = read_look({"accent": "#ffe066", "mode": "light"})
    assert look.refused == ("accent (light)",)
    assert "#ffe066" not in look.css


def test_paper_ink_and_accent_are_judged_together() -> None:
    dark_site = {"paper": "#101418", "ink": "#f0f0f0", "accent": "#8ab4ff", "mode": "dark"}
    look = read_look(dark_site)
    assert look.refused == ()
    assert "--paper:light-dark(#ffffff,#101418)" in look.css


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#123456;}body{display:none"),
        ("paper", "url(//evil.example)"),
        ("font", "Comic Sans"),
        ("font", '";}'),
        ("radius", "99"),
        ("radius", "-1"),
        ("radius", "²"),
        ("mode", "neon"),
    ],
)
def test_nothing_else_gets_into_the_sheet(name: str, value: str) -> None:
    look = read_look({name: value})
    assert look.refused == (name,)
    assert look.css == ":root{}\n"


def test_an_unknown_variable_does_nothing() -> None:
    assert read_look({"background": "#000000"}).css == ":root{}\n"


def test_font_radius_and_mode_are_taken_from_short_lists() -> None:
    look = read_look({"font": "serif", "radius": "12", "mode": "dark"})
    assert "--font:Georgia" in look.css
    assert "--round:12px" in look.css
    assert look.mode == "dark"


def test_only_whole_origins_are_listed() -> None:
    asked = "https://app.tai.example,*,https://*.tai.example,https://a.example/x,null,'self'"
    settings = Settings(embed_origins=asked)
    assert listed(settings) == ("https://app.tai.example",)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://app.tai.example.evil.example/",
        "https://app.tai.example@evil.example/",
        "https://user@app.tai.example/",
        "//app.tai.example/",
        "http://app.tai.example/",
        "https://app.tai.example:444/",
        "https://app.tai.example\\@evil.example/",
        "https://app.tai.example/\r\nset-cookie: a=b",
        "https://app.tai.example:port/",
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_is_led_to_a_place_that_is_not_listed(address: str) -> None:
    assert home_of(address, ["https://app.tai.example"]) == ""


def test_a_page_of_a_listed_origin_is_a_home() -> None:
    address = "https://app.tai.example/account?tab=billing"
    assert home_of(address, ["https://app.tai.example"]) == address
