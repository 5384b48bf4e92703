"""Lines of a text file that stand among the speech and nobody says: page furniture, recording notes, notes behind the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .labels import header_label, inline_label, lone_time
from .names import fold, looks_like_name
from .source import Source
from .wording import count_of, places, were

_LONGEST, _LONGEST_ITEM = 120, 1000
_RECORDING = re.compile(
    r"(?:([^\n.!?:]{1,80}?) (?:"
    r"(?:has )?(?:started|stopped|ended) (?:the )?(?:transcription|recording)|"
    r"hat (?:die|das|eine) (?:transkription|transkript|aufzeichnung|aufnahme) (?:gestartet|begonnen|beendet|gestoppt|angehalten)|"
    r"a (?:démarré|commencé|lancé|arrêté|terminé) (?:la |l['’])(?:transcription|enregistrement)|"
    r"(?:ha )?(?:iniciado|inició|comenzado|detenido|detuvo|finalizado|terminado) la (?:transcripción|grabación)|"
    r"(?:heeft|is) (?:de )?(?:transcriptie|opname) (?:gestart|gestopt|beëindigd)|"
    r"(?:iniciou|começou|parou|interrompeu|encerrou|terminou) a (?:transcrição|gravação)|"
    r"ha (?:avviato|iniziato|interrotto|arrestato|terminato) la (?:trascrizione|registrazione))|"
    r"[^\n.!?:。]{1,80}(?:が|は)\s?(?:文字起こし|トランスクリプション)を(?:開始|停止|終了)しました)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    "i|we|you|he|she|they|it|who|somebody|ich|wir|du|er|sie|es|man|wer|je|tu|il|elle|on|nous|vous|ils|yo|él|ella|ik|hij|zij|ze|wij|"
    "eu|ele|ela|io|lui|lei"
)
_FILE_MARK = re.compile(
    r"[\[(<*_]{0,3}\s?(?:(?:the )?(?:end|begin|start|beginning) (?:of )?(?:the )?(?:audio|recording|tape|video)(?: file)?(?: ?#?\d{1,3})?|"
    r"(?:audio|recording|tape|video)(?: file)? ?#?\d{1,3} (?:ends|begins|starts))\s?[\])>*_.]{0,3}",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s{0,4}(?:ACTION ITEM|SCREEN SHARING|HIGHLIGHT|QUESTION|BOOKMARK): .{0,900}- WATCH: https?://\S+\s{0,4}")
_END = re.compile(
    r"[\[(<*_-]{0,3}\s?(?:(?:the )?end of (?:the )?(?:interview|transcript|transcription|recording|session|conversation)|"
    r"(?:interview|transcript|recording|session) (?:ends|ended)|ende (?:des|der) (?:interviews|aufnahme|transkripts|gesprächs)|"
    r"fin de (?:l['’]entretien|la entrevista)|"
    r"einde (?:van het )?interview|fim da entrevista|fine (?:dell['’])?intervista)\s?[\])>*_.-]{0,3}",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"[\[(*_#\s]{0,4}(?:(?:interviewer|researcher|field|post-interview|transcriber|my|additional)(?:['’]s)? )?"
    r"(?:notes?|observations?|memo|notizen|anmerkungen?|beobachtungen|postscript|postskript|notas|observaciones|remarques|"
    r"opmerkingen|observações|osservazioni)[*_\s]{0,3}:",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"\b(?:page|seite|página|pagina|blz|confidential|vertraulich|confidentiel|confidencial|vertrouwelijk|riservato)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,5}")
_SENTENCE_ENDS = (".", "?", "!", ",", ";", ":", "…", "。", "”", '"')
_MIN_TIMES = 3


@dataclass(frozen=True, slots=True)
class Furniture:
    """Indexes of the lines that are no speech, and what a person is told of them."""

    left_out: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()


def furniture_of(source: Source) -> Furniture:
    """What stands among the speech and is none."""
    short = [i for i in source.filled if len(source.lines[i]) <= _LONGEST]
    notes = [i for i in short if _is_recording_note(source.lines[i].strip(" *_[]()\t")) or _is_file_mark(source.lines[i].strip())]
    items = [i for i in source.filled if "- WATCH: http" in source.lines[i][:_LONGEST_ITEM] and _ITEM.fullmatch(source.lines[i])]
    behind = list(_behind_end(source, short))
    pages = sorted(set(_pages(source, short)) - set(behind))
    told = (
        (notes, "line", " on when the recording or the transcription began or ended"),
        (items, "line", " that a meeting assistant added (“… - WATCH: https://…”)"),
        (pages, "line", " of page headers, footers or numbers"),
        (behind, "line", " of notes behind the end of the interview"),
    )
    warnings = tuple(
        f"{count_of(len(at), noun)}{what} {were(len(at))} left out: {places([i + 1 for i in at])}" for at, noun, what in told if at
    )
    return Furniture(frozenset((*notes, *items, *pages, *behind)), warnings)


def _is_recording_note(line: str) -> bool:
    """Whether a line says of somebody by name, as Teams does, that they began or ended the transcription; "we stopped …" is speech."""
    match = _RECORDING.fullmatch(line)
    name = (match[1] or "").strip("*_ ") if match else ""
    return bool(match) and (not name or (looks_like_name(name) and not _PRONOUN.fullmatch(name.casefold())))


def _is_file_mark(line: str) -> bool:
    """Whether a line marks where a recording begins or ends; "start the recording" is speech."""
    apart = line[:1] in {"[", "(", "<", "*"} or line.isupper() or any(map(str.isdecimal, line))
    return apart and bool(_FILE_MARK.fullmatch(line))


def _pages(source: Source, short: list[int]) -> Iterator[int]:
    """Lines alone between blank ones that recur: page numbers that count up, or the same words about page or secrecy."""
    forms: dict[str, list[int]] = {}
    for i in short:
        line = source.lines[i].strip()
        if not (_is_blank(source, i - 1) and _is_blank(source, i + 1)) or line.endswith(_SENTENCE_ENDS):
            continue
        if _PAGE.search(line) or (any(map(str.isdecimal, line)) and not _names_or_times(line)):
            forms.setdefault(_NUMBER.sub("0", fold(line)), []).append(i)
    for form, at in forms.items():
        if len(at) >= _MIN_TIMES and (_PAGE.search(form) or _count_up([source.lines[i] for i in at])):
            yield from at


def _is_blank(source: Source, at: int) -> bool:
    return not 0 <= at < len(source.lines) or not source.lines[at].strip()


def _names_or_times(line: str) -> bool:
    return lone_time(line) is not None or bool(header_label(line) or inline_label(line)) or looks_like_name(line)


def _count_up(lines: list[str]) -> bool:
    """Whether one of the numbers in these lines goes up by one from line to line."""
    numbers = [[int(number) for number in _NUMBER.findall(line)] for line in lines]
    return any(all(b - a == 1 for a, b in pairwise(column)) for column in zip(*numbers, strict=True))


def _behind_end(source: Source, short: list[int]) -> Iterator[int]:
    """Notes below "[End of interview]", where nobody known speaks any more."""
    ends = [i for i in short if _END.fullmatch(source.lines[i].strip())]
    if not ends:
        return
    tail = [i for i in source.filled if i > ends[-1]]
    if not tail or not _NOTES.match(source.lines[tail[0]][:_LONGEST]):
        return
    before, behind = (
        {fold(label.name) for i in at if (label := inline_label(source.lines[i]) or header_label(source.lines[i]))}
        for at in ([i for i in source.filled if i < ends[-1]], tail)
    )
    if not before & behind:
        yield from tail
