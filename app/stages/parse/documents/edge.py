"""The edge to other people's readers of documents: what they raise becomes an error a user can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import UnreadableFile


@contextmanager
def opening(what: str) -> Iterator[None]:
    """Within, errors of the tree get `this is {what}, but …` before them, and any other error means that the file is damaged.

    `what` comes with its article: “a Word document (.docx)”. A lack of memory stays what it is.
    """
    try:
        yield
    except UnreadableFile as error:
        raise type(error)(f"this is {what}, but {error.message}") from error
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # a third-party reader may raise anything on a damaged file, and its message may hold words of it
        again = "open it in the program it was made with, save it again and upload that"
        raise UnreadableFile(f"this is {what}, but it is damaged or incomplete; {again}") from None
