"""Files out of a multipart body while it streams in: what passes a limit is counted, not kept."""

from collections.abc import AsyncIterable
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.errors import InvalidInput, TooLarge
from app.services.intake import HEAD, Upload

UPLOADS_AT_LIMIT = 10
"""A whole upload may be as large as this many files of the largest size."""


async def read_multipart(content_type: str, stream: AsyncIterable[bytes], *, max_files: int, max_bytes: int) -> list[Upload]:
    """The files of a `multipart/form-data` body, whatever their fields are called; raises `InvalidInput` or `TooLarge`.

    Of a file with more than `max_bytes` only the size and the head are kept, so that it can be refused by name without costing the others.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise InvalidInput("send the files as multipart/form-data, or as JSON {“files”: [{“file_name”, “text”}]}")
    collected = _Collector(max_files, max_bytes)
    try:
        parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": collected.begin,
                "on_header_field": collected.header_field,
                "on_header_value": collected.header_value,
                "on_header_end": collected.header_end,
                "on_headers_finished": collected.headers_finished,
                "on_part_data": collected.data,
                "on_part_end": collected.end,
                "on_end": collected.finish,
            },
        )
        async for chunk in stream:
            parser.write(chunk)
        parser.finalize()
    except FormParserError:
        collected.complete = False
    if not collected.complete:
        raise InvalidInput("the upload broke off or is no valid multipart/form-data; send it again")
    return collected.uploads


@dataclass(slots=True)
class _Collector:
    max_files: int
    max_bytes: int
    uploads: list[Upload] = field(default_factory=list)
    complete: bool = False
    _name: bytes = b""
    _value: bytes = b""
    _disposition: bytes = b""
    _file_name: str | None = None
    _data: bytearray = field(default_factory=bytearray)
    _dropped: int = 0

    def begin(self) -> None:
        self._disposition, self._file_name, self._data, self._dropped = b"", None, bytearray(), 0

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"filename" in options:
            self._file_name = options[b"filename"].decode("utf-8", "replace")
            if len(self.uploads) >= self.max_files:
                raise TooLarge(f"one upload holds at most {self.max_files} files; send them in several")

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._file_name is None:
            return
        kept = max(0, min(end - start, self.max_bytes - len(self._data)))
        self._data += data[start : start + kept]
        self._dropped += end - start - kept

    def finish(self) -> None:
        self.complete = True

    def end(self) -> None:
        chosen = self._file_name or self._data  # a form without a chosen file sends one without name and words
        if self._file_name is not None and chosen:
            self.uploads.append(
                Upload(self._file_name, bytes(self._data if not self._dropped else self._data[:HEAD]), len(self._data) + self._dropped)
            )
