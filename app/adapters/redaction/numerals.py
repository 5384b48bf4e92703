"""Digits as people say them: number words of eight languages, read as runs of digits with what may stand between."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from app.adapters.redaction.lexicon import fold, words


def _table(listed: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in listed.split())


ENGLISH = _table("""
    oh=0 o=0 zero=0 nought=0 naught=0 nil=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11
    twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40
    fourty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=00
""")
OTHERS = {
    "de": _table("""
    null=0 eins=1 ein=1 zwei=2 zwo=2 drei=3 vier=4 funf=5 fuenf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwolf=12
    dreizehn=13 vierzehn=14 funfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20 dreissig=30 vierzig=40
    funfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=00
"""),
    "fr": _table("""
    zero=0 un=1 une=1 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 treize=13 quatorze=14
    quinze=15 seize=16 vingt=20 vingts=20 trente=30 quarante=40 cinquante=50 soixante=60 septante=70 huitante=80 nonante=90 cent=00
"""),
    "es": _table("""
    cero=0 uno=1 un=1 una=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 trece=13 catorce=14
    quince=15 dieciseis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiuno=21 veintidos=22 veintitres=23
    veinticuatro=24 veinticinco=25 veintiseis=26 veintisiete=27 veintiocho=28 veintinueve=29 treinta=30 cuarenta=40 cincuenta=50
    sesenta=60 setenta=70 ochenta=80 noventa=90 cien=00 ciento=00
"""),
    "nl": _table("""
    nul=0 een=1 twee=2 drie=3 vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9 tien=10 elf=11 twaalf=12 dertien=13 veertien=14
    vijftien=15 zestien=16 zeventien=17 achttien=18 negentien=19 twintig=20 dertig=30 veertig=40 vijftig=50 zestig=60 zeventig=70
    tachtig=80 negentig=90 honderd=00
"""),
    "pt": _table("""
    zero=0 um=1 uma=1 dois=2 duas=2 tres=3 quatro=4 cinco=5 seis=6 meia=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12 treze=13
    catorze=14 quatorze=14 quinze=15 dezesseis=16 dezasseis=16 dezessete=17 dezassete=17 dezoito=18 dezenove=19 dezanove=19
    vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=00 cento=00
"""),
    "it": _table("""
    zero=0 uno=1 un=1 una=1 due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 undici=11 dodici=12 tredici=13
    quattordici=14 quindici=15 sedici=16 diciassette=17 diciotto=18 diciannove=19 venti=20 trenta=30 quaranta=40 cinquanta=50
    sessanta=60 settanta=70 ottanta=80 novanta=90 cento=00
"""),
}
"""Folded number words and the digits they stand for; hundreds stand for the zeros they add."""
MULTIPLIERS = {
    word: int(times)
    for word, times in _table("""
    double=2 triple=3 treble=3 quadruple=4 doppel=2 doppelt=2 doppio=2 doppia=2 doble=2 triplo=3 duplo=2 dubbel=2 dubbele=2
    driedubbel=3
""").items()
}
JAPANESE = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)) | {"ゼロ": "0"}
LETTERS = _table("""
    alpha=a bravo=b charlie=c delta=d echo=e foxtrot=f golf=g hotel=h india=i juliet=j juliett=j kilo=k lima=l mike=m november=n
    oscar=o papa=p quebec=q romeo=r sierra=s tango=t uniform=u victor=v whiskey=w whisky=w xray=x x-ray=x yankee=y zulu=z zed=z
    zee=z
""")
FILLERS = words("""
    uh um er erm ah hm hmm mm so then and dash hyphen space slash eh euh heu ehm ahm aeh aehm also und et y e en pues este ähm äh
    wait sorry no tiret strich minus guion barra stroke bar streepje traço trattino bindestrich point punkt plus again capital let
""")
"""What people say between the groups of a number; at most two of these stand between two digits."""
TOKEN = re.compile(r"(?:(?![〇零一二三四五六七八九ゼロ])[^\W\d_])+(?:['’-][^\W\d_]+)*|\d+|ゼロ|[〇零一二三四五六七八九]")
SEPARATORS = re.compile(r"[\s,.;:()/+\u2010-\u2015…#、・ー-]*")
SENTENCE_END = re.compile(r"[.;:!?…]\s|\n")
AS_IN = re.compile(r",? (?:as in|for|like|wie|comme|como|come|als in) [^\W\d_]{2,14}")
MAX_FILLERS = 2
LONGEST_PREFIX = 4
KEYWORDS = words("iban bic cvv cvc ssn pin pan nhs dni nie nif cpf bsn plz and or the id no ok")
"""Capitals that announce a number and are no part of it."""
LONE_WORDS = words("a i e o y à é u")
"""Letters that are words of their own; they end a run only where a mark or the end of the text follows."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One spoken or written piece of a number: its place and the digits, or the letter, it stands for."""

    start: int
    end: int
    value: str
    spoken: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Atoms that follow one another closely."""

    atoms: tuple[Atom, ...]

    @property
    def start(self) -> int:
        """First code point."""
        return self.atoms[0].start

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.atoms[-1].end

    @property
    def digits(self) -> str:
        """Digits and letters in order, near to how it would be written."""
        return "".join(a.value for a in self.atoms)

    @property
    def spoken(self) -> bool:
        """Whether any of it is words."""
        return any(a.spoken for a in self.atoms)


def runs(text: str, language: str, *, letters: bool = False) -> Iterator[Run]:
    """Runs of at least two atoms, in order; with `letters`, single letters and spelling words count as well."""
    words = number_words(language)
    atoms: list[Atom] = []
    at = fillers = 0
    times: tuple[int, int] | None = None
    for match in TOKEN.finditer(text):
        if atoms and not _joined(text[at : match.start()], atoms[-1], match.group()):
            yield from _whole(text, atoms)
            atoms, fillers, times = [], 0, None
        if atoms and match.start() < (aside := _aside(text, atoms[-1])):
            at = min(aside, match.end())
            continue
        token = fold(match.group())
        alone = token in LONE_WORDS and bool(atoms) and not _set_apart(text, match, words)
        value, spoken = _value(token, words, letters=letters and not alone)
        if letters and not value and match.group().isupper() and len(token) <= LONGEST_PREFIX and token not in KEYWORDS:
            value = token
        if value:
            start, many = times or (match.start(), 1)
            atoms.append(Atom(start, match.end(), value * many, spoken))
            fillers, times = 0, None
        elif token in MULTIPLIERS:
            times = (match.start(), MULTIPLIERS[token])
        elif atoms and token in FILLERS and fillers < MAX_FILLERS:
            fillers += 1
        else:
            yield from _whole(text, atoms)
            atoms, fillers, times = [], 0, None
        at = match.end()
    yield from _whole(text, atoms)


def _aside(text: str, last: Atom) -> int:
    """Where `as in apple` after a letter ends; 0 where none stands."""
    match = AS_IN.match(text, last.end) if last.value.isalpha() else None
    return match.end() if match else 0


def _joined(between: str, last: Atom, token: str) -> bool:
    """Whether a number may go on after these separators: over a full stop only where both sides are spoken."""
    if not SEPARATORS.fullmatch(between):
        return False
    return not SENTENCE_END.search(between) or (last.spoken and not token[0].isdigit() and "\n" not in between and token[0].islower())


def _set_apart(text: str, match: re.Match[str], words: Mapping[str, str]) -> bool:
    """Whether a lone letter is followed by a mark, the end, or another letter or number, and so is no word."""
    after = TOKEN.match(text, match.end() + 1)
    return (after is not None and fold(after.group()) in words) or re.match(
        r"\s?(?:[,.;:!?)-]|$|\w\b|\d)", text[match.end() : match.end() + 3]
    ) is not None


def _whole(text: str, atoms: list[Atom]) -> Iterator[Run]:
    while atoms and atoms[-1].value in LONE_WORDS and not re.match(r"[,.;:!?)]|$", text[atoms[-1].end : atoms[-1].end + 1]):
        atoms.pop()
    while atoms and atoms[0].value in LONE_WORDS and text[atoms[0].start : atoms[0].end].islower():
        atoms.pop(0)
    if len(atoms) > 1:
        yield Run(tuple(atoms))


def _value(token: str, words: Mapping[str, str], *, letters: bool) -> tuple[str, bool]:
    """Digits of a token and whether they are spoken; empty when it is no number."""
    if token[0].isdigit():
        return token, False
    if token in JAPANESE:
        return JAPANESE[token], True
    if token in words:
        return words[token], True
    if "-" in token:
        parts = [words.get(part, "") if part not in {"et", "und", "e"} else "" for part in token.split("-")]
        if parts[0] and parts[-1]:
            return "".join(p for p in parts if p)[: len("99")], True
    if letters and (token in LETTERS or (len(token) == 1 and token.isascii())):
        return LETTERS.get(token, token), True
    return "", False


@cache
def number_words(language: str) -> Mapping[str, str]:
    """Number words of a language, compounds such as `siebenundzwanzig` included; English where it has none of its own."""
    words = OTHERS.get(language)
    if words is None:
        return ENGLISH
    units = {w: v for w, v in words.items() if len(v) == 1 and v != "0"}
    tens = {w: v for w, v in words.items() if len(v) == len("20") and v[1] == "0" and v not in {"00", "10"}}
    made = dict(words)
    for ten, value in tens.items():
        for unit, digit in units.items():
            for joined in (f"{unit}und{ten}", f"{unit}en{ten}") if language in {"de", "nl"} else (f"{ten}{unit}", f"{ten[:-1]}{unit}"):
                made[joined] = value[0] + digit
    if language == "it":
        made |= {f"cento{word}": f"1{value.rjust(2, '0')}" for word, value in made.items() if len(value) <= len("99")}
    if language in {"de", "nl"}:
        hundred = "hundert" if language == "de" else "honderd"
        made |= {
            f"{unit}{hundred}{rest}": digit + value.rjust(2, "0")
            for unit, digit in units.items()
            for rest, value in {**made, "": "00"}.items()
            if len(value) < len("000")
        }
    return made
