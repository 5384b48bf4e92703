"""What is read and what is lost, shape by shape: the README's table."""

from .registry import OPENERS, READERS
from .source import Opener, Reader

_HEAD = ("| shape | what is read | what is lost |", "|---|---|---|")


def shapes_table() -> str:
    """A Markdown table with a line a container and a line a reader, in the order in which they are tried."""
    parts: tuple[Opener | Reader, ...] = (*OPENERS, *READERS)
    lines = (f"| {part.title} | {_cell(part.reads)} | {_cell(part.loses)} |" for part in parts)
    return "\n".join((*_HEAD, *lines))


def shape_title(shape: str) -> str:
    """The name of a shape for people: `vtt` is “WebVTT”, `docx-header` is Word's title and the reader's after its colon."""
    readers = {reader.shape: reader.title for reader in READERS}
    container, _, inner = shape.partition("-")
    for opener in OPENERS:
        if opener.shape == container and inner:
            return f"{opener.title}: {readers.get(inner, inner).rpartition(': ')[2].lower()}"
    return readers.get(shape, shape)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
