"""Which language a text is in."""

MIN_LETTERS = 40


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of a text; `und` for texts too short to tell."""
    if sum(c.isalpha() for c in text) < MIN_LETTERS:
        return "und"
    import py3langid  # noqa: PLC0415  # unpacking its model takes a moment

    return str(py3langid.classify(text)[0])
