"""The colours of a page, ours or a company's, and whether everyone can read them. Pure."""

from collections.abc import Mapping

from prunella.web.embed.colours import SHAPE, TEXT, contrast, mix

Palette = Mapping[str, str]

LIGHT: Palette = {
    "paper": "#ffffff",
    "wash": "#f6f4f9",
    "line": "#dfdbe6",
    "edge": "#7f788d",
    "ink": "#1b1722",
    "soft": "#5a5366",
    "accent": "#5d2fa3",
    "on-accent": "#ffffff",
    "tint": "#f1eafb",
    "petal": "#8352c9",
    "bar": "#5d2fa3",
    "ok": "#1a6837",
    "warn": "#875000",
    "bad": "#b0221a",
}
DARK: Palette = {
    "paper": "#15121b",
    "wash": "#1d1926",
    "line": "#373043",
    "edge": "#857c96",
    "ink": "#edeaf3",
    "soft": "#b0a8bf",
    "accent": "#c5a9f7",
    "on-accent": "#1c0f36",
    "tint": "#2a2040",
    "petal": "#a983e6",
    "bar": "#8f67cf",
    "ok": "#7ccf96",
    "warn": "#edb35c",
    "bad": "#ff988c",
}
_TEXTS = ("ink", "soft", "accent", "ok", "warn", "bad")
_GROUNDS = ("paper", "wash", "tint")
_ON_ACCENT = ("#ffffff", "#000000")


def on_paper(base: Palette, *, paper: str, ink: str) -> Palette:
    """Give the page another ground and another text; what lies between follows."""
    between = {
        "wash": mix(paper, ink, 0.04),
        "line": mix(paper, ink, 0.14),
        "edge": mix(paper, ink, 0.55),
        "soft": mix(paper, ink, 0.75),
        "tint": mix(paper, base["accent"], 0.09),
    }
    return {**base, "paper": paper, "ink": ink, **between}


def with_accent(base: Palette, accent: str) -> Palette:
    on_accent = max(_ON_ACCENT, key=lambda text: contrast(text, accent))
    tint = mix(base["paper"], accent, 0.09)
    theirs = {"accent": accent, "on-accent": on_accent, "bar": accent, "petal": accent}
    return {**base, **theirs, "tint": tint}


def is_readable(palette: Palette) -> bool:
    """Whether every text stands out on every ground, and borders on the page (WCAG 2.2 AA)."""
    texts = all(
        contrast(palette[text], palette[ground]) >= TEXT for text in _TEXTS for ground in _GROUNDS
    )
    button = contrast(palette["on-accent"], palette["accent"]) >= TEXT
    return texts and button and contrast(palette["edge"], palette["paper"]) >= SHAPE
