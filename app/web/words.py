"""The list of all words of the pages, `throughline.pot`, out of the code and the templates: `python -m app.web.words [--check]`.

With `--check` nothing is written: the list has to be what the code says already, and every language has to fill the same placeholders.
"""

import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

from app.errors import ThroughlineError
from app.exports import present
from app.exports.catalogue import DOMAIN, LOCALES
from app.exports.figures import counting
from app.stages.parse.registry import OPENERS, READERS
from app.stages.parse.source import Opener, Reader

PACKAGE = Path(__file__).parent.parent
LIST = LOCALES / f"{DOMAIN}.pot"
SOURCES = (
    "domain/*.py",
    "stages/*.py",
    "services/*.py",
    "web/*.py",
    "web/templates/*.html",
    "exports/*.py",
    "exports/templates/*.html",
    "api/problems.py",
)
KEYWORDS = {**DEFAULT_KEYWORDS, "_each_form": (2, 3)}
COMMENT = "translators:"
"""A comment that starts so, just above the words, is for those who translate them."""
_HEAD = """\
# The words of Throughline's pages, in English. `make words` writes this file; a language is a copy of it, translated, at
# <tag>/LC_MESSAGES/throughline.po beside it, where <tag> is de, pt_BR, ar ...
# What stands in {braces} or as %(name)s is filled in by the program and stays as it is; so do tags in <angle brackets>.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
_LONE = re.compile(r"(?<!%)%(?:%%)*(?!%)|[{}]")
_ONE = "n"
"""A form for one thing may leave its number out."""


class Found(NamedTuple):
    """Words as they stand in a file: for one, or for one and for many."""

    words: str | tuple[str, ...]
    comments: list[str]
    context: str | None


def words_of(path: Path) -> Iterator[Found]:
    """Everything in a file that is looked up in the catalogue."""
    text = path.read_bytes()
    if path.suffix == ".py":
        if b"catalogue" in text or b"gettext" in text:  # who knows neither has no words in it
            yield from _extracted("python", io.BytesIO(text), {})
        return
    yield from _extracted(babel_extract, io.BytesIO(text), {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"})
    for node in _templates().parse(text.decode("utf-8")).find_all(nodes.Filter):
        if node.name == "counted" and all(isinstance(given, nodes.Const) for given in node.args):
            yield Found(counting(*(given.as_const() for given in node.args)), [], None)


@cache
def _templates() -> Environment:
    return present.environment()


def _extracted(method: Any, file: BinaryIO, options: dict[str, str]) -> Iterator[Found]:
    for _line, words, comments, context in extract(method, file, KEYWORDS, [COMMENT], options, strip_comment_tags=True):
        yield Found(words, comments, context)


def catalogue() -> Catalog:
    """All words, each with the files that it stands in."""
    made = Catalog()
    for path in sorted(path for pattern in SOURCES for path in PACKAGE.glob(pattern)):
        for found in words_of(path):
            place = path.relative_to(PACKAGE.parent).as_posix()
            made.add(found.words, None, [(place, 0)], auto_comments=found.comments, context=found.context)
    for title in sorted(_error_titles()):
        made.add(title, None, [("app/errors.py", 0)])
    for title in sorted(_shape_titles()):
        made.add(title, None, [("app/stages/parse/registry.py", 0)])
    return made


def _shape_titles() -> set[str]:
    """Names of the shapes of files in the parts that a page shows: of what holds the text, and of how speakers stand in it."""
    parts: tuple[Opener | Reader, ...] = (*OPENERS, *READERS)
    titles = [part.title for part in parts]
    forms = {form.lower() for form in (title.rpartition(": ")[2] for title in titles)}
    return {part for title in titles for part in title.split(": ", 1)} | forms


def _error_titles() -> set[str]:
    """Titles of the page that says what went wrong, which come from the names of the errors and of HTTP's statuses."""
    kinds = [ThroughlineError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    named = {kind().slug.replace("-", " ").capitalize() for kind in kinds}
    return {*named, *(HTTPStatus(status).phrase for status in (404, 405, 413)), "Invalid input", "Unexpected error"}


def listed() -> str:
    """The file's text: in the order of the words, without lines or dates, so that it changes only where words do."""
    written = io.BytesIO()
    write_po(written, catalogue(), width=120, sort_output=True, include_lineno=False, omit_header=True)
    return _HEAD + written.getvalue().decode("utf-8").lstrip()


def faults() -> list[str]:
    """What is wrong with the list and with the languages, a line each."""
    found = []
    if not LIST.exists() or LIST.read_text(encoding="utf-8") != listed():
        found.append(f"{LIST.relative_to(PACKAGE.parent)} is not what the code says: `make words` writes it again")
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        found += _faults_of(path)
    return found


def _faults_of(path: Path) -> Iterator[str]:
    place = path.relative_to(LOCALES).as_posix()
    try:
        with path.open("rb") as file:
            translated = read_po(file, abort_invalid=True)
    except PoFileError as error:
        yield f"{place}: {error}"
        return
    for message in translated:
        forms = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        for form in filter(None, forms if message.id else ()):
            if fault := _fault_in(form, message.id):
                yield f"{place}: “{form}” {fault}"


def _fault_in(form: str, original: str | tuple[str, ...] | list[str]) -> str:
    """What would break a page with these words; nothing if nothing would."""
    wanted, given = _places(original), _places(form)
    if not wanted - {_ONE, "num"} <= given <= wanted | {"num"}:
        return f"has to hold {', '.join(sorted(wanted)) or 'no placeholder'}"
    if _LONE.search(_PLACE.sub("", form)) and not _LONE.search(_PLACE.sub("", str(original))):
        return "holds a sign that means a placeholder: % is written %%, and braces stand around placeholders only"
    return ""


def _places(words: str | tuple[str, ...] | list[str]) -> set[str]:
    texts = (words,) if isinstance(words, str) else words
    return {one or other for text in texts for one, other in _PLACE.findall(text)}


def main() -> int:
    """Write the list, or check it and the languages."""
    if "--check" in sys.argv[1:]:
        wrong = faults()
        sys.stderr.writelines(f"{line}\n" for line in wrong)
        return bool(wrong)
    LIST.parent.mkdir(exist_ok=True)
    LIST.write_text(listed(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
