"""E-mail addresses, written or read out in eight languages."""

import re
from collections.abc import Iterator

from app.adapters.redaction.lexicon import fold, words
from app.adapters.redaction.numerals import ENGLISH, LETTERS, MULTIPLIERS, number_words
from app.domain.render import Finding

WRITTEN = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
AT = words(
    "at arobase arrobase klammeraffe arroba apenstaartje apestaart chiocciola chiocciolina ät aet atsign snabel @ アットマーク アット"
)
DOT = words("dot point punkt punto ponto punt period ドット .")
JOIN = DOT | frozenset(
    [
        "underscore",
        "dash",
        "hyphen",
        "minus",
        "plus",
        "tiret",
        "bindestrich",
        "unterstrich",
        "guion",
        "guión",
        "barra",
        "streepje",
        "liggend",
        "koppelteken",
        "hifen",
        "hífen",
        "traço",
        "sublinhado",
        "trattino",
        "underscor",
        "underline",
        "undescore",
        "bajo",
        "basso",
        "under",
        "score",
        "tratto",
        "bas",
        "laag",
        "ハイフン",
        "-",
        "_",
    ]
)
DOMAINS = words("""
    gmail yahoo hotmail outlook icloud protonmail proton live aol gmx web msn googlemail posteo mail ymail orange free laposte
    libero sapo ziggo wanadoo telefonica terra uol bol alice tiscali t-online btinternet sky virginmedia me fastmail zoho comcast
    hey pm
""")
TOP_LEVEL = words("""
    com org net edu gov info biz io app co uk ie de fr es it nl be at ch pl se no dk eu us ca au nz in example test me tv ng za jp
    br pt mx ar cl kom comm dev ai coop tech online shop store cloud
""")
STOPS = words("""
    is it's its it that's thats email e-mail mail mails address to me my was be the a an at on for use via so yeah yes ok okay um
    just like reach write send contact under called say says said spell spelled ist das die der meine mail-adresse adresse lautet
    unter an c'est cest est mon mail adresse courriel à correo es mi el la direccion dirección escribe a naar is mijn het adres
    mailadres o é meu endereço e è la il mia indirizzo scrivi mailen me you and or with work home personal one again down this here
    in well everything lower lowercase case all also then or sono são son soy i am take part username por para mailt schreib
    schreiben écris écrivez écrire scrivimi us him her them find found visit
""")
TOKEN = re.compile(r"@|アットマーク|アット|ドット|ハイフン|[^\W_]+(?:['’-][^\W_]+)*(?:[._][^\W_]+)*")
REMARKS = words("""
    all one word together no space spaces that's thats letter the so uh um er with lower lowercase case in underscore capital
    capitals not as like tout attaché attache mot un en todo junto sin espacios tudo tutto attaccato alles zusammen klein
    kleingeschrieben aan elkaar mit dann then and und y et e
""")
"""Said about an address, between its parts."""
ANNOUNCES = words("""
    email e-mail mail emails address is it's its it’s was be use uses typed write to me at contact reach under ist lautet adresse
    an unter mailadresse unter c'est c’est est à écrivez écrire down es correo escríbeme escribe naar adres é è para mail-adresse
    on called sure yeah okay so via for scrivi indirizzo endereço dirección
""")
WEAK = words("at on so for to me e é è es an à est is")
"""These may be remarks as well; they announce only well before the first `dot`."""
SKIPPED = words("uh um er so like the just sure it's it’s is my me at to of well be also ist es a") - {"the"}
WORDY = words("it me in be at us no de es is app shop store online info")
"""Top-level domains that are ordinary words: no comma may stand before them."""
MAX_LOCAL, MAX_DOMAIN, MAX_GAP, SHORT_DOMAIN = 40, 16, 4, 4
MAX_LOOSE = 3
"""Words of a local part that nothing joins: `farah nadeem at yahoo dot com`."""
JAPANESE = re.compile(
    r"(?:[ァ-ヶー・A-Za-z0-9._-]{1,30}?[、\s]{0,2}(?:ドット|アンダーバー|アンダースコア|ハイフン|点)[、\s]{0,2}){0,5}[ァ-ヶー・A-Za-z0-9._-]{1,30}?[、\s]{0,2}"
    r"(?:アットマーク|アット|@|＠)[、\s]{0,2}[ァ-ヶー・A-Za-z0-9._-]{1,30}?(?:[、\s]{0,2}(?:ドット"
    r"|点)[、\s]{0,2}[ァ-ヶーA-Za-z0-9]{1,20}?(?![ァ-ヶーA-Za-z0-9]|[、\s]{0,2}ドット)|[、\s]{0,2}(?:ドット"
    r"|点)[、\s]{0,2}[ァ-ヶーA-Za-z0-9]{1,20}?){1,4}(?![ァ-ヶーA-Za-z0-9])"
)


def find_emails(text: str, language: str) -> Iterator[Finding]:
    """E-mail addresses."""
    for match in WRITTEN.finditer(text):
        yield Finding(match.start(), match.end(), "email")
    if language == "ja":
        for match in JAPANESE.finditer(text):
            yield Finding(match.start(), match.end(), "email")
    tokens = [(m.start(), m.end(), m.group().lower()) for m in TOKEN.finditer(text)]
    for i, (_, _, word) in enumerate(tokens):
        if word in AT and i:
            end = _domain_end(text, tokens, i, language)
            start = _local_start(text, tokens, i, language) if end is not None else None
            if start is not None and end is not None:
                yield Finding(start, end, "email")


def _domain_end(text: str, tokens: list[tuple[int, int, str]], at: int, language: str) -> int | None:
    """One past the last code point of a spoken domain after the token `at`, or None where none follows.

    Remarks may stand inside (`northbank, one word, dot example`); the domain ends with its last `dot com`, or with a well-known one.
    """
    end = None
    last = min(len(tokens), at + 1 + MAX_DOMAIN)
    for i in range(at + 1, last):
        start, stop, word = tokens[i]
        gap = text[tokens[i - 1][1] : start]
        if _ends_sentence(gap, tokens[i - 1][2], word) or (end is not None and word not in DOT and tokens[i - 1][2] not in DOT):
            break
        suffix = word.rpartition(".")[2]
        if "." in word and suffix in TOP_LEVEL and text[start:stop].rpartition(".")[2].islower():
            return stop
        dotted = tokens[i - 1][2] in DOT and not (tokens[i - 1][2] == "point" and language == "en") and not ("," in gap and word in WORDY)
        if (dotted and word in TOP_LEVEL) or (i == at + 1 and word in DOMAINS and len(word) > SHORT_DOMAIN):
            end = stop
    return end


def _ends_sentence(gap: str, *words: str) -> bool:
    """Whether a gap between two tokens ends a sentence; speech-to-text puts a full stop around a slow `dot`, too."""
    if gap == ". " and any(w in JOIN or w in AT for w in words):
        return False
    return "\n" in gap or bool(set(gap) & set("?!;")) or (gap.startswith(".") and len(gap) > 1) or len(gap) > MAX_GAP


def _local_start(text: str, tokens: list[tuple[int, int, str]], at: int, language: str) -> int | None:
    """First code point of the local part before the token `at`, or None where there is none.

    It reaches back to what announces an address; without that, over joined words, letters, digits and remarks among them.
    """
    first = at - 1
    while first > max(0, at - MAX_LOCAL) and not _ends_sentence(
        text[tokens[first - 1][1] : tokens[first][0]], tokens[first - 1][2], tokens[first][2]
    ):
        first -= 1
    if at - first < 1 or _ends_sentence(text[tokens[at - 1][1] : tokens[at][0]], tokens[at][2]):
        return None
    announced = [
        i
        for i in range(first, at)
        if tokens[i][2] in ANNOUNCES
        and tokens[i + 1][2] not in JOIN
        and (i == 0 or tokens[i - 1][2] not in {"that", "which", "das", "dat", "ça"})
    ]
    joins = [i for i in range(first, at) if tokens[i][2] in JOIN and i > first]
    leads = [
        i for i in announced if i + 1 < at and not any(j < i for j in joins) and (tokens[i][2] not in WEAK or not joins or i < joins[0] - 1)
    ]
    if leads:
        begin = leads[-1] + 1
        while begin < at - 1 and tokens[begin][2] in SKIPPED:
            begin += 1
        return tokens[begin][0]
    return _walked_back(text, tokens, at, first, language)


def _walked_back(text: str, tokens: list[tuple[int, int, str]], at: int, stop: int, language: str) -> int | None:
    """Start of the local part where nothing announces it."""
    begin = None
    loose = 0
    for i in range(at - 1, stop - 1, -1):
        start, end, word = tokens[i]
        joined = tokens[i + 1][2] in JOIN or word in JOIN
        short = _is_short(word, language) and word not in {"a", "i", "o", "e", "y"}
        if joined or short:
            loose = 0
        elif word in REMARKS:
            continue
        elif word in STOPS or loose >= MAX_LOOSE or ("," in text[end : tokens[i + 1][0]] and begin is not None and i < at - 1 and loose):
            break
        else:
            loose += 1
        begin = start if not (word in JOIN and i == stop) else begin
    return begin


def _is_short(word: str, language: str) -> bool:
    """Whether a word is a letter, a digit or their spelling."""
    folded = fold(word)
    spelled = folded in ENGLISH or folded in number_words(language) or folded in LETTERS or folded in MULTIPLIERS
    return len(word) == 1 or word.isdigit() or spelled or ("-" in folded and all(p in ENGLISH or len(p) == 1 for p in folded.split("-")))
