"""Figures: the numbers that a text names, in digits or in English words, so that one text can be held against others."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

_UNITS = dict(
    zip(
        re.findall(
            r"\w+",
            """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
            nineteen""",
        ),
        range(20),
        strict=True,
    )
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_TIMES = {"twice": 2, "thrice": 3}
_DOZEN, _DOZEN_IS = "dozen", 12
_LOOSE = {
    "couple": (2,),
    "pair": (2,),
    "both": (2,),
    "double": (2,),
    "second": (2,),
    "third": (3,),
    "half": (0.5, 30, 50),
    "quarter": (0.25, 15, 25),
    "fortnight": (2, 14),
}
"""Words of a quote that a sentence may put as one of these numbers, and that claim none by themselves."""
_LETTERED = {"k": 1_000, "m": 1_000_000}
_NUMBERS = frozenset((*_UNITS, *_TENS, *_SCALES, *_TIMES, _DOZEN))
_DIGITS = re.compile(r"\d[\d.,\u00a0\u202f]*\d|\d")
_TOKEN = re.compile(rf"(?P<figure>{_DIGITS.pattern})(?P<scale>[km]\b)?|(?P<word>[^\W\d_]+)", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")
_TWO_DIGITS = range(10, 100)
HUNDRED = 100
COUNTED_FROM = 2
"""A one is too often no number ("one thing", "no one") to be held against anybody."""


def figures_of(text: str) -> frozenset[float]:
    """The numbers that a text claims; of 0 and 1 nobody claims anything."""
    return frozenset(value for value in _read(text) if value >= COUNTED_FROM)


def figures_said(texts: Iterable[str]) -> frozenset[float]:
    """The numbers that one may name after having read these texts: as they are, and as times, prices and years are said in two parts."""
    said: set[float] = set()
    for text in texts:
        values = list(_read(text))
        said.update(values)
        for one, two in pairwise(values):
            if two in _TWO_DIGITS and 0 < one < HUNDRED:  # three fifty, ten thirty, twenty twenty-four
                said |= {one * HUNDRED + two, round(one + two / HUNDRED, 2)}
        for word in re.findall(r"[a-z]+", text.lower()):
            said.update(_LOOSE.get(word, ()))
    return frozenset(said)


def unsaid(text: str, quotes: Iterable[str]) -> frozenset[float]:
    """The numbers that a text claims and none of the quotes names."""
    claimed = figures_of(text)
    return claimed - figures_said(quotes) if claimed else claimed


def _read(text: str) -> Iterator[float]:
    """Numbers in their order; words that belong together are one ("two hundred and forty")."""
    words: list[str] = []
    for token in _TOKEN.finditer(text):
        word = (token["word"] or "").lower()
        if word in _NUMBERS:
            words.append(word)
        elif word != "and" or not words or words[-1] not in _SCALES:
            yield from _worded(words)
            words = []
            if token["figure"]:
                yield from _in_digits(token["figure"], _LETTERED.get((token["scale"] or "").lower(), 1))
    yield from _worded(words)


def _in_digits(figure: str, scale: int) -> Iterator[float]:
    if _THOUSANDS.fullmatch(figure):
        yield float(re.sub(r"\D", "", figure)) * scale
    elif _DECIMAL.fullmatch(figure):
        yield float(figure.replace(",", ".")) * scale
    else:
        yield from (float(part) * scale for part in re.findall(r"\d+", figure))


def _worded(words: list[str]) -> Iterator[float]:
    """The numbers of a row of number words: "twenty nine" is one, "two thirty" are two."""
    number = _Number()
    for word in words:
        if word == _DOZEN:
            number.multiply(_DOZEN_IS)
            yield from number.taken()
        elif word in _TIMES:
            yield from number.taken()
            yield float(_TIMES[word])
        elif word in _SCALES:
            number.multiply(_SCALES[word])
        else:
            value = float(_UNITS.get(word, _TENS.get(word, 0)))
            if not number.takes(value):
                yield from number.taken()
            number.add(value)
    yield from number.taken()


class _Number:
    """A number that is being read word by word."""

    def __init__(self) -> None:
        self._total = self._current = self._room = 0.0
        """`room` is what the next word has to be below to belong to the number; 0 before any word."""

    def takes(self, value: float) -> bool:
        """Whether a word of this value goes on with the number."""
        return not self._room or value < self._room

    def add(self, value: float) -> None:
        """Go on with a word for units or tens."""
        self._current += value
        self._room = 10.0 if value >= _TENS["twenty"] else 1.0

    def multiply(self, scale: int) -> None:
        """Go on with a word for hundreds, thousands and so on."""
        self._current = (self._current or 1) * scale
        self._room = float(scale)
        if scale > HUNDRED:
            self._total, self._current = self._total + self._current, 0.0

    def taken(self) -> Iterator[float]:
        """The number so far, if any, and begin anew."""
        if self._room:
            yield self._total + self._current
        self._total = self._current = self._room = 0.0
