"""A quote as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/), for tools that mark passages in texts."""

from collections.abc import Mapping
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = "application/ld+json"
TIME_IN_MEDIA = "http://www.w3.org/TR/media-frags/"
_TAGS = ("stage", "experience", "emotion", "channel", "touchpoint", "kind", "gist")


def annotation(quote: Mapping[str, Any], *, base: str, recording: str | None = None, theme: str | None = None) -> dict[str, Any]:
    """The annotation of a quote as the API shows it (`quote_shape`), with addresses below `base`, such as `https://host`.

    Two selectors find the words: the exact text with what stands around it, and code points in the text. `theme` is its theme's label,
    `recording` the address at which the same words are heard.
    """
    page = f"{base}/quotes/{quote['id']}"
    text = {
        "type": "SpecificResource",
        "source": f"{base}/api/v1/transcripts/{quote['transcript_id']}/text",
        "selector": [
            {"type": "TextQuoteSelector", "exact": quote["text"], "prefix": quote["prefix"], "suffix": quote["suffix"]},
            {"type": "TextPositionSelector", "start": quote["start"], "end": quote["end"]},
        ],
    }
    return {
        "@context": CONTEXT,
        "id": f"{base}/api/v1/quotes/{quote['id']}/annotation",
        "type": "Annotation",
        "motivation": ["highlighting", "tagging"],
        "generator": {"type": "Software", "name": "Throughline"},
        "body": _bodies(quote, page, theme),
        "target": [text, *_heard(quote, recording)],
    }


def _bodies(quote: Mapping[str, Any], page: str, theme: str | None) -> list[dict[str, Any]]:
    """The quote's page, each tag that says something as `field: value`, and the theme."""
    tags = [f"{field}: {quote[field]}" for field in _TAGS if quote[field] and quote[field] not in {"none", "neutral"}]
    return [
        {"id": page, "type": "Text", "format": "text/html", "purpose": "linking"},
        *({"type": "TextualBody", "value": tag, "format": "text/plain", "purpose": "tagging"} for tag in tags),
        *([{"type": "TextualBody", "value": theme, "format": "text/plain", "purpose": "classifying"}] if theme else []),
    ]


def _heard(quote: Mapping[str, Any], recording: str | None) -> list[dict[str, Any]]:
    if not recording or quote["start_ms"] is None or quote["end_ms"] is None:
        return []
    seconds = f"t={quote['start_ms'] / 1000:g},{quote['end_ms'] / 1000:g}"
    selector = {"type": "FragmentSelector", "conformsTo": TIME_IN_MEDIA, "value": seconds}
    return [{"type": "SpecificResource", "source": recording, "selector": selector}]
