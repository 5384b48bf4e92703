"""XML read piece by piece with defusedxml: no tree in memory, no entities, no document types, nothing fetched."""

import re
from collections.abc import Mapping
from html.entities import html5
from typing import Protocol

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from app.errors import TooLarge, UnreadableFile

MAX_ELEMENTS = 200_000
MAX_DEPTH = 60
_PIECE = 65_536
_HEAD = 20_000
_ENTITY = re.compile(r"&((?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};)")
_PROLOG = re.compile(r"<\?|<!--|<!DOCTYPE\b", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})(?=[\s/>])")


def root_of(text: str) -> str:
    """Name of a document's first element, without its namespace's prefix; empty where the text is no XML. Looks at the head alone."""
    head = text[:_HEAD].lstrip("\ufeff \t\n")
    while match := _PROLOG.match(head):
        end = {"<?": "?>", "<!--": "-->"}.get(match[0]) or _end_of_doctype(head)
        found = head.find(end, match.end())
        if found < 0:
            return ""
        head = head[found + len(end) :].lstrip(" \t\n>")
    match = _ROOT.match(head)
    return match[1] if match else ""


def _end_of_doctype(head: str) -> str:
    """A document type ends with `>`, or with `]>` where it declares things between brackets."""
    bracket, angle = head.find("["), head.find(">")
    return "]" if 0 <= bracket < angle else ">"


class XmlTarget(Protocol):
    """Takes the pieces of a document; names of elements and attributes come without their namespaces."""

    def open(self, tag: str, attributes: Mapping[str, str], line: int) -> None:
        """An element begins on line `line`, counted from 1."""

    def close(self, tag: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters between tags."""


def read_xml(text: str, target: XmlTarget) -> int | None:
    """Feed a document to `target`; the line at which it breaks off or goes wrong, None where it is sound.

    Raises `UnreadableFile` where it declares entities or a document type, `TooLarge` where it has too many elements or nests too deep.
    """
    if "&" in text:  # names of HTML, which XML does not know, would end the reading
        text = _ENTITY.sub(lambda match: html5.get(match[1], match[0]), text)
    adapter = _Adapter(target)
    parser = DefusedXMLParser(target=adapter, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    adapter.expat = parser.parser
    try:
        for at in range(0, len(text), _PIECE):
            parser.feed(text[at : at + _PIECE])
        parser.close()
    except ParseError:
        return int(parser.parser.CurrentLineNumber)
    except DefusedXmlException as error:
        what = "this XML declares a document type or entities, which are never read: they could pull in other files or grow without end"
        raise UnreadableFile(f"{what}; remove the lines that begin with “<!”, or export the captions as WebVTT or SRT") from error
    return None


class _Adapter:
    """What the parser calls: counts, and hands on without namespaces."""

    def __init__(self, target: XmlTarget) -> None:
        self.target = target
        self.expat: object = None
        self.count = self.depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.count += 1
        self.depth += 1
        if self.count > MAX_ELEMENTS:
            raise TooLarge(f"this XML has more than {MAX_ELEMENTS:,} elements, far more than an interview; split it")
        if self.depth > MAX_DEPTH:
            raise TooLarge(f"this XML nests deeper than {MAX_DEPTH} elements; export the captions as WebVTT or SRT")
        line = int(getattr(self.expat, "CurrentLineNumber", 0))
        self.target.open(_local(tag), {_local(name): value for name, value in attributes.items()}, line)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.target.close(_local(tag))

    def data(self, text: str) -> None:
        self.target.text(text)

    def close(self) -> None:
        """Nothing is kept here."""


def _local(name: str) -> str:
    return name.rpartition("}")[2]
