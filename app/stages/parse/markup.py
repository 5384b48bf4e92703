"""Takes marks that nobody spoke out of a piece of text; words always stay."""

import html
import re

# Only tags that captions use: "<laughs>" or "a < b > c" are words somebody typed.
_TAGS = "a|b|big|br|c|center|div|em|font|i|lang|p|rp|rt|ruby|s|small|span|strike|strong|sub|sup|u|v"
_TAG = re.compile(rf"</?(?:{_TAGS})(?:[.\s/][^<>]*)?>|<\d[\d:.,]*>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ASS = re.compile(r"\{\\[^{}]*\}")
_ENTITY = re.compile(r"&#?\w{1,31};")

_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*\)")
_LINK = re.compile(r"\[([^\[\]]+)\]\(https?://[^()\s]*\)")
_STRONG = re.compile(r"(?<![\\*])\*\*(?=\S)|(?<=\S)\*\*(?!\*)|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)")
_SOFT = re.compile(r"(?<![\w\\*])\*(?=[^\s*])([^*]*)(?<=[^\s*\\])\*(?![\w*])|(?<![\w\\_])_(?=[^\s_])([^_]*)(?<=[^\s_\\])_(?![\w_])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~$])")


def without_tags(text: str) -> str:
    """Tags that captions use removed, as `plain_words` does; for a piece of a line."""
    return _TAG.sub("", text)


def plain_words(text: str) -> str:
    r"""Caption markup removed and entities decoded, once: tags, inner timestamps, `{\an8}`, `&amp;`."""
    if "<" in text:
        text = _TAG.sub("", _LINE_BREAK.sub(" ", text))
    if "{" in text:
        text = _ASS.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def without_links(text: str) -> str:
    """Markdown links as their words."""
    return _LINK.sub(r"\1", text)


def without_markdown(text: str) -> str:
    """Emphasis, links and backslash escapes of Markdown removed; the words stay."""
    text = _LINK.sub(r"\1", _PICTURE.sub("", text))
    text = _STRONG.sub("", text)
    text = _SOFT.sub(lambda match: match[1] or match[2] or "", text)
    return _ESCAPE.sub(r"\1", text)
