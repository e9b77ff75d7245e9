"""How the company wants the meter to look: a few variables, each from a short list or checked.

What cannot be used is left out, and named, so that a page can say so to its developers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from prunella.web.embed.colours import is_colour
from prunella.web.embed.palette import DARK, LIGHT, Palette, is_readable, on_paper, with_accent

COLOURS = ("accent", "paper", "ink")
MODES = ("auto", "light", "dark")
FONTS: Mapping[str, str] = {
    "system": "",
    "sans": 'Arial,Helvetica,"Liberation Sans",sans-serif',
    "serif": 'Georgia,Cambria,"Times New Roman","Liberation Serif",serif',
    "rounded": 'ui-rounded,"Hiragino Maru Gothic ProN",Quicksand,Nunito,system-ui,sans-serif',
    "mono": 'ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace',
}
MAX_RADIUS = 16


@dataclass(frozen=True, slots=True)
class Look:
    """Values that may be used; `refused` names what was left out."""

    values: Mapping[str, str]
    refused: tuple[str, ...] = ()

    @property
    def mode(self) -> str:
        return self.values.get("mode", "auto")

    @property
    def query(self) -> str:
        return urlencode(self.values)

    @property
    def css(self) -> str:
        """A sheet over ours: custom properties and nothing else."""
        light = LIGHT if self.mode == "dark" else _painted(LIGHT, self.values)[0]
        dark = DARK if self.mode == "light" else _painted(DARK, self.values)[0]
        lines = [
            f"--{name}:light-dark({light[name]},{dark[name]})"
            for name in LIGHT
            if (light[name], dark[name]) != (LIGHT[name], DARK[name])
        ]
        if font := FONTS[self.values.get("font", "system")]:
            lines.append(f"--font:{font}")
        if "radius" in self.values:
            lines.append(f"--round:{self.values['radius']}px")
        return f":root{{{';'.join(lines)}}}\n"


def read_look(asked: Mapping[str, str]) -> Look:
    """Take what may be used out of a query."""
    given = {name: asked[name].strip().lower() for name in _CHECKS if asked.get(name)}
    values = {name: value for name, value in given.items() if _CHECKS[name](value)}
    refused = [name for name in given if name not in values]
    for scheme, ours in (("light", LIGHT), ("dark", DARK)):
        if values.get("mode", "auto") in {"auto", scheme}:
            refused += [f"{name} ({scheme})" for name in _painted(ours, values)[1]]
    return Look(values, tuple(refused))


def _painted(ours: Palette, values: Mapping[str, str]) -> tuple[Palette, tuple[str, ...]]:
    """Paint ours with the company's colours, as far as everyone can read it."""
    ground = tuple(name for name in ("paper", "ink") if name in values)
    accent = tuple(name for name in ("accent",) if name in values)
    for chosen in ((*ground, *accent), ground, accent):
        painted = _with(ours, {name: values[name] for name in chosen})
        if is_readable(painted):
            return painted, tuple(name for name in (*ground, *accent) if name not in chosen)
    return ours, (*ground, *accent)


def _with(ours: Palette, chosen: Mapping[str, str]) -> Palette:
    painted = ours
    if "paper" in chosen or "ink" in chosen:
        paper, ink = chosen.get("paper", ours["paper"]), chosen.get("ink", ours["ink"])
        painted = on_paper(painted, paper=paper, ink=ink)
    return with_accent(painted, chosen["accent"]) if "accent" in chosen else painted


def _is_radius(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 2 and int(value) <= MAX_RADIUS  # noqa: PLR2004 two digits


_CHECKS = {
    **dict.fromkeys(COLOURS, is_colour),
    "font": FONTS.__contains__,
    "radius": _is_radius,
    "mode": MODES.__contains__,
}
