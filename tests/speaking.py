"""A language made up for tests: every word of the catalogue in circled letters, so that plain letters on a page are words that it lacks."""

import re
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po, write_po

from app.exports import catalogue
from app.web import words

TAG = "el"
"""Greek: Babel's own words for it, as names of months, have no plain letters either."""
CIRCLED = str.maketrans({chr(ord(first) + n): chr(circled + n) for first, circled in (("a", 0x24D0), ("A", 0x24B6)) for n in range(26)})
_KEPT = re.compile(r"(%\(\w+\)s|%%|\{\w+\}|<[^>]*>|&\w+;)")
_PLAIN = re.compile(r"[A-Za-z]{2}")
_SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-tags", "data-add"}
_EMPTY = {"input", "meta", "link", "br", "img", "hr", "wbr"}
_OTHERS = {"bdi", "code", "q", "kbd", "style", "script", "textarea"}


def circled(text):
    """The words in circled letters; placeholders and tags stay."""
    return "".join(part if n % 2 else part.translate(CIRCLED) for n, part in enumerate(_KEPT.split(text)))


@contextmanager
def spoken_here(folder):
    """Let the pages speak the made-up language beside English until the block ends; `folder` takes its catalogue."""
    with words.LIST.open("rb") as listed:
        made = read_po(listed, locale=TAG)
    for message in made:
        message.string = tuple(map(circled, message.id)) if isinstance(message.id, tuple | list) else circled(message.id)
    place = folder / TAG / "LC_MESSAGES" / "throughline.po"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_po(file, made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "LOCALES", folder)
        catalogue.languages.cache_clear()
        yield catalogue.languages()[TAG]
    catalogue.languages.cache_clear()


class _Visible(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.open = []
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [given[name] or "" for name in _SPOKEN & given.keys()]
        if tag not in _EMPTY:
            marked = given.get("dir") == "auto" or given.get("lang") == "en"
            theirs = marked or tag in _OTHERS or "model" in (given.get("class") or "").split()
            self.open.append((tag, theirs))

    def handle_startendtag(self, _tag, attrs):
        self.found += [value or "" for name, value in attrs if name in _SPOKEN]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(theirs for _, theirs in self.open):
            self.found.append(data)


def plain_words(page, named=()):
    """What a page says in plain letters: words that are not the catalogue's, nor marked as people's own or as English, nor `named`."""
    names = re.compile("|".join(sorted(map(re.escape, {*named} - {""}), key=len, reverse=True)) or "$", re.IGNORECASE)
    plain = (text for text in _Visible(page).found if _PLAIN.search(text))
    return {text.strip() for text in plain if _PLAIN.search(names.sub("", text))}
