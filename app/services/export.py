"""Write a study's newest map as a folder of files (DESIGN §9)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.domain.render import Audience
from app.exports.folder import MAP, PAGE, QUOTES, REPORT, json_text, jsonl_text, text_paths, write_text
from app.exports.html import map_html
from app.exports.report import report_markdown
from app.services.maps import Maps
from app.services.presenting import Presenter
from app.services.privacy import Privacy
from app.services.quotes import Quotes
from app.services.store import Store


class Export:
    """Writes folders."""

    def __init__(self, store: Store, privacy: Privacy, maps: Maps, quotes: Quotes) -> None:
        self._store = store
        self._privacy = privacy
        self._maps = maps
        self._quotes = quotes

    def write_folder(self, study_id: str, folder: Path, refused: Mapping[str, str], *, redact: bool = False) -> list[Path]:
        """Write map.json, quotes.jsonl, map.html, report.md and the canonical texts; the paths written.

        With `redact` names are pseudonyms, personal data is replaced and offsets are into the redacted texts.
        """
        audience = Audience.SHARE if redact else Audience.OWNER
        document = self._maps.read(self._maps.default_id(study_id), audience, full=True)
        totals = self._privacy.totals(study_id)
        personal = {"findings": totals.findings, "transcripts": totals.transcripts} if totals.transcripts else None
        with self._store.read() as repo:
            show = Presenter(repo, study_id, None, self._privacy, audience)
        if redact:  # names of files tell who was interviewed
            told = [show.free(why.removeprefix(f"{name}: ").replace(name, "this file")) for name, why in refused.items()]
            refused = {f"file {n}": why for n, why in enumerate(told, start=1)}
        paths = text_paths(show.files)
        lines = [{**q, "transcript_text": paths[q["transcript_id"]]} for q in self._quotes.every(study_id, audience)]
        files = {
            MAP: json_text(document),
            QUOTES: jsonl_text(lines),
            PAGE: map_html(document),
            REPORT: report_markdown(document, [_described(show, t) for t in paths], refused, personal),
            **{paths[transcript_id]: text for transcript_id, text in self._quotes.texts(study_id, audience).items()},
        }
        for name, text in files.items():
            write_text(folder / name, text)
        return [folder / name for name in files]


def _described(show: Presenter, transcript_id: str) -> dict[str, Any]:
    transcript = show.transcripts[transcript_id]
    return {
        "file_name": show.files[transcript_id],
        "shape": transcript.shape,
        "turns": transcript.turns,
        "words": transcript.words,
        "speakers": [{"name": show.name_of(s), "role": s.role.value} for s in transcript.speakers],
        "warnings": [show.free(w) for w in transcript.warnings],
    }
