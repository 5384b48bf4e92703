"""What goes out of quotes in their place and of coverage, as plain dicts: the API and the pages take them from here."""

from collections.abc import Mapping
from dataclasses import asdict

from app.domain.people import Role
from app.domain.study import Transcript
from app.services.quote_pages import Around, QuotePlace
from app.services.shapes import Shape, quote_shape, stage_keys, transcript_shape, turn_shape
from app.services.transcript_pages import CoveragePage, PartHead, TranscriptPart
from app.stages.coverage import INTERVIEWER, TalkCoverage


def coverage_shape(covered: TalkCoverage) -> Shape:
    """Coverage of one talk; the share is of what participants said, in code points."""
    said = sum(n for state, n in covered.characters.items() if state != INTERVIEWER)
    return {
        "length": covered.length,
        "sentences": covered.sentences,
        "used": covered.used,
        "unplaced": covered.unplaced,
        "gap": covered.gap,
        "skipped": covered.skipped,
        "reasons": dict(covered.reasons),
        "used_share": round(covered.characters.get("used", 0) / said, 4) if said else 0.0,
        "segments": [asdict(segment) for segment in covered.segments],
    }


def part_shape(part: PartHead) -> Shape:
    """Where a part of a long transcript begins and ends."""
    return asdict(part)


def transcript_part_shape(read: TranscriptPart) -> Shape:
    """What a page shows of a transcript."""
    return {
        "turns": [turn_shape(turn, read.titles) for turn in read.turns],
        "part": part_shape(read.part),
        "parts": [part_shape(part) for part in read.parts],
        "coverage": coverage_shape(read.coverage) if read.coverage else None,
    }


def coverage_page_shape(told: CoveragePage) -> Shape:
    """A page of transcripts with their coverage, null for those that no map was drawn from."""
    return {
        "items": [_covered_transcript(t, covered, told.pseudonyms) for t, covered in told.transcripts],
        "total": told.total,
        "next_cursor": told.next_cursor,
    }


def _covered_transcript(transcript: Transcript, covered: TalkCoverage | None, pseudonyms: Mapping[str, str]) -> Shape:
    who = {s.participant_id or "" for s in transcript.speakers if s.role is Role.PARTICIPANT}
    return {
        "transcript_id": transcript.id,
        "file_name": transcript.file_name,
        "duration_ms": transcript.duration_ms,
        "participants": sorted((pseudonyms[p] for p in who if p in pseudonyms), key=lambda p: int(p[1:])),
        "coverage": coverage_shape(covered) if covered else None,
    }


def quote_place_shape(place: QuotePlace, pseudonyms: Mapping[str, str]) -> Shape:
    """A quote at its own address."""
    return {
        "quote": quote_shape(place.quote, stage_keys(place.stages)),
        "transcript": transcript_shape(place.transcript, pseudonyms),
        "turn_before": _around(place.turn_before),
        "before": place.before,
        "after": place.after,
        "turn_after": _around(place.turn_after),
        "previous_id": place.previous_id,
        "following_id": place.following_id,
        "number": place.number,
        "of": place.of,
        "theme": {"id": place.theme[0], "label": place.theme[1]} if place.theme else None,
        "cited": [asdict(cited) for cited in place.cited],
    }


def _around(turn: Around | None) -> Shape | None:
    return asdict(turn) if turn else None
