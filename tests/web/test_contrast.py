"""Whoever reads the pages can tell words from ground: every pair of tokens, in both schemes, by the rules of WCAG 2.2."""

import math
import re
from collections.abc import Iterator

import pytest

from app.exports.present import STATIC

SHEET = re.sub(r"/\*.*?\*/", "", (STATIC / "throughline.css").read_text(encoding="utf-8"), flags=re.DOTALL)
WORDS = ("ink", "ink-soft", "line", "pain", "delight", "chance", "hue-1")
GROUNDS = ("paper", "sheet", "sunk")
MARKS = ("line", "rule-firm", "ink", "pain", "delight", "chance", *(f"hue-{n}" for n in range(8)))
ON_ITS_OWN_GROUND = {("on-line", "line"), ("paper", "ink"), ("paper", "pain"), ("ink", "marker")}
"""Words on buttons, and words that are marked."""
TINTED = {("pain", 0.06): "ink ink-soft pain", ("delight", 0.06): "ink ink-soft delight", ("chance", 0.06): "ink ink-soft chance"} | {
    ("line", 0.09): "ink ink-soft line pain delight chance",
    ("line", 0.30): "ink",
}
"""Lanes, what the pointer is on, and the darkest field of a table, with the words that stand there."""
SYSTEM_COLOURS = {"Canvas", "CanvasText", "LinkText", "Highlight", "HighlightText", "ButtonBorder", "ButtonText", "GrayText"}
CONTRASTS = ("no-preference", "more")
SCHEMES = ("light", "dark")
Colour = tuple[float, float, float]


def block(start: str) -> str:
    """The rules of the first `:root` after these words."""
    rest = SHEET[SHEET.index(start) :]
    return rest[rest.index(":root {") + 7 : rest.index("}")] if start != ":root {" else rest[7 : rest.index("}")]


def tokens(scheme: str, contrast: str) -> dict[str, Colour]:
    """Opaque colours by name, as they are in a scheme and with a wish for contrast."""
    blocks = [block(":root {")] + ([block("(prefers-contrast: more)")] if contrast == "more" else [])
    pairs = [pair for each in blocks for pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", each)]
    return {name: colour(light if scheme == "light" else dark) for name, light, dark in pairs}


def colour(text: str) -> Colour:
    """`#rrggbb` as linear red, green and blue."""
    parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def contrast_of(one: Colour, other: Colour) -> float:
    """As WCAG has it, 1 to 21."""
    light, dark = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """So much of one in the other, in OKLab as `color-mix(in oklab, …)` mixes."""
    a, b = oklab(one), oklab(other)
    lightness, green_red, blue_yellow = (x * share + y * (1 - share) for x, y in zip(a, b, strict=True))
    l_ = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    m_ = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    s_ = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_,
    )


def oklab(given: Colour) -> Colour:
    red, green, blue = given
    l_ = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    m_ = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    s_ = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_,
        1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_,
        0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_,
    )


def written_on(known: dict[str, Colour]) -> Iterator[tuple[str, str, float]]:
    """Words, what they stand on, and the contrast between them."""
    for word in WORDS:
        for ground in GROUNDS:
            yield word, ground, contrast_of(known[word], known[ground])
        for (tint, share), words in TINTED.items():
            if word in words.split():
                yield word, f"{share:.0%} {tint}", contrast_of(known[word], mixed(known[tint], known["paper"], share))
    for word, ground in ON_ITS_OWN_GROUND:
        yield word, ground, contrast_of(known[word], known[ground])


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_stand_out_from_what_they_are_written_on(scheme, contrast):
    least = 7 if contrast == "more" else 4.5
    found = [f"{word} on {ground}: {reached:.2f}" for word, ground, reached in written_on(tokens(scheme, contrast)) if reached < least]
    assert not found, found


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_and_marks_stand_out_from_what_they_are_drawn_on(scheme, contrast):
    known = tokens(scheme, contrast)
    least = 4.5 if contrast == "more" else 3
    found = {f"{m} on {g}": contrast_of(known[m], known[g]) for m in MARKS for g in ("paper", "sheet")}
    assert not {pair: reached for pair, reached in found.items() if reached < least}


def test_only_tokens_that_are_measured_here_colour_words_and_the_ground_behind_them():
    rules = SHEET[SHEET.index("*, *::before") :]
    written = set(re.findall(r"(?<![\w-])color: var\(--([\w-]+)\)", rules))
    assert written <= {*WORDS, *(word for word, _ in ON_ITS_OWN_GROUND)}
    grounds = set(re.findall(r"background(?:-color)?: var\(--([\w-]+)\)", rules))
    assert grounds <= {
        *GROUNDS,
        "line",
        "ink",
        "pain",
        "marker",
        "band",
        "rule",
    }  # a band is a breath of the line's; a rule carries no words
    tints = {(name, int(share) / 100) for name, share in re.findall(r"background: color-mix\(in oklab, var\(--([\w-]+)\) (\d+)%", rules)}
    assert all(any(name == known and share <= most for known, most in TINTED) for name, share in tints)


def test_in_forced_colours_every_token_is_a_colour_of_the_system():
    forced = dict(re.findall(r"--([\w-]+): ([\w-]+)", block("(forced-colors: active)")))
    assert set(forced.values()) <= SYSTEM_COLOURS
    assert set(tokens("light", "more")) | {"band"} <= set(forced)


def test_colours_are_named_in_the_tokens_alone():
    rules = SHEET[SHEET.index("*, *::before") :]
    outside = re.sub(r":root[^{]*\{[^}]*\}", "", rules)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^(]*\))", outside)
