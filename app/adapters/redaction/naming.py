"""Which words of a text name people: by lists of names, by their capitals, and by the words beside them."""

import re
from bisect import bisect_left

from app.adapters.redaction.lexicon import PARTICLES, Lexicon, words
from app.adapters.redaction.people import (
    GREETING,
    KIN,
    LOWER_THINGS,
    MONTHS,
    NAMED,
    NEVER,
    PLACES_BEFORE,
    POSSESSIVES,
    SPEAKS,
    SPEAKS_STRONGLY,
    THING,
    THINGS,
    TITLES,
    TOWNS,
)
from app.adapters.redaction.tokens import Token, tokens_of

NAMED_BEFORE = re.compile(rf"(?<!\w){NAMED}[\s,:\"“]{{1,3}}(?:is\s)?$", re.IGNORECASE)
GREETING_BEFORE = re.compile(rf"(?<!\w){GREETING},?\s$", re.IGNORECASE)
LOOK_BACK = 34
MIN_UNKNOWN = 3
DEPARTMENTS = words("accounts support sales hr finance it billing marketing legal procurement reception upstairs downstairs customer")
GERMAN = "de"
LONGEST_ACRONYM = 4
NOBODY = NEVER | TITLES | KIN | POSSESSIVES
CALLED = re.compile(
    r"(?:called|named|known as|named it|nicknamed|short for|genannt|nomm|llamad|genaamd|chamad|chiamat|heet|hei(?:ß|ss)t"
    r"|s['’]appelle|se llama|se chama|si chiama|name of)",
    re.IGNORECASE,
)
"""Things have names as well, so these count only where a person was spoken of."""
PERSON_BEFORE = re.compile(
    r"\b(?:he|she|i|i'm|they|who|me|him|her|he's|she's|who's|" + "|".join(sorted(KIN)) + r")\b[^.!?\n]{0,40}$", re.IGNORECASE
)
HAILED = re.compile(
    r"(?:hi|hello|hey|hiya|thanks|thank you|bye|morning|hola|hallo|bonjour|merci|salut|ciao|ol[aá]|dag)[, ]{1,2}$", re.IGNORECASE
)
WORDY_TITLES = words("don miss sir sr seu sig nan tia captain judge officer m nurse no lord lady tata dona uncle")
KOREAN = words("""
    hyun woo ji min seo yeon jun jin soo su young yong kyung hye ye eun mi na ra ha hee hui joo ju jae sang sung seong tae dong won
    woong chul ho hwan hoon hyuk gyu kyu ki gi in il bin byung chan chang do geun kwang gwang myung nam seok suk sik sun seon yoon
    yun yoo yu rim rin ri ram yeong ah
""")
"""Syllables of Korean given names."""
PEOPLES = words("christian muslim jewish buddhist hindu catholic")


CAMEL = re.compile(r"(?!Mc|Mac|De|Di|La|Le|Van|Fitz|O['’]|D['’])[^\W\d_]['’]?[a-z]+[A-Z]|(?:I|[A-Z][a-z]+)['’](?:m|ve|ll|d|re|s|t)$")
"""Product names with a capital inside, and contractions."""
CONTRACTION = re.compile(r"(?:n['’]t|['’](?:m|d|ll|ve|re))$", re.IGNORECASE)


def is_acronym(t: Token) -> bool:
    """`IBAN` among words in normal case."""
    return t.cased and 1 < len(t.word) <= LONGEST_ACRONYM and t.word.isupper()


class Naming:
    """The words of one text, and whether each names somebody."""

    def __init__(self, text: str, language: str, lexicon: Lexicon) -> None:
        self.text, self.language, self.lexicon = text, language, lexicon
        self.tokens = tokens_of(text)
        starts = [t.start for t in self.tokens]
        spans = (m.span() for m in THING.finditer(text))
        self.things = {i for start, end in spans for i in range(bisect_left(starts, start), bisect_left(starts, end))}

    # what a word is by itself

    def _sure(self, t: Token) -> bool:
        """A first name that is no word and no town."""
        lexicon, n = self.lexicon, t.folded
        if not lexicon.is_first(n) or lexicon.is_word(n) or n in NEVER or n in TOWNS or n in MONTHS or is_acronym(t):
            return False
        if self._is_noun(t) or (self.language != "en" and lexicon.is_rare(n) and (t.first or not t.capital)):
            return False
        if lexicon.is_rare(n) and n.endswith("s") and lexicon.is_word(n[:-1]):
            return False
        wordlike = lexicon.is_foreign_word(n) and (self.language != "en" or lexicon.is_rare(n))
        return len(n) > (2 if t.capital else 3) and not (wordlike and (not t.capital or t.first or lexicon.is_rare(n)))

    def _is_noun(self, t: Token) -> bool:
        """Whether its capital says nothing because German nouns have one."""
        return self.language == GERMAN and self.lexicon.is_german_noun(t.folded)

    def _possible(self, t: Token) -> bool:
        """A name that may be a word or a town as well."""
        return self.lexicon.is_name(t.folded) and t.folded not in NEVER and not is_acronym(t)

    def _unknown(self, t: Token) -> bool:
        """No word that we know: in a language without a list of words its capital must tell."""
        if t.folded in NOBODY or len(t.word) < MIN_UNKNOWN or is_acronym(t) or CAMEL.match(t.word) or self.lexicon.is_proper(t.folded):
            return False
        if self.language == "en" or not t.cased:
            return not self.lexicon.is_word(t.folded) and not self.lexicon.is_foreign_word(t.folded)
        return t.capital

    # what stands beside it

    def _is_person(self, i: int) -> bool:
        t = self.tokens[i]
        if t.folded in NEVER or CONTRACTION.search(t.word) or (t.folded in TITLES and not t.capital) or self._names_a_thing(i):
            return False
        if t.cased and t.capital:
            return self._by_capital(i, t) or self._by_context(i, t)
        if t.cased:
            return not self.lexicon.is_word(t.folded) and not self.lexicon.is_foreign_word(t.folded) and self._is_announced(i, t)
        return self._sure(t) or self._by_context(i, t)

    def _by_capital(self, i: int, t: Token) -> bool:  # noqa: PLR0911 - one exit a rule
        """Whether a capitalised word is a name without a word that announces it."""
        town = t.folded in TOWNS and i > 0 and (self.tokens[i - 1].folded in PLACES_BEFORE or self.tokens[max(0, i - 2)].folded in TOWNS)
        if self._sure(t):
            return True
        if town or t.folded in MONTHS or is_acronym(t) or self._in_title_case(i):
            return False
        if self._is_hyphenated(i):
            return True
        if self._is_apposed(i) and (self._possible(t) or self._unknown(t)):
            return True
        common = self.lexicon.is_word(t.folded) or self._is_noun(t)
        if (
            self.lexicon.is_first(t.folded)
            and not t.first
            and not self.lexicon.is_rare(t.folded)
            and not (self.language == GERMAN and common)
        ):
            return True
        if self.lexicon.is_first(t.folded) and (self._speaks(i) or (not self.lexicon.is_common(t.folded) and self._in_company(i))):
            return True
        if (
            self.lexicon.is_surname(t.folded)
            and not common
            and not t.first
            and t.folded not in TOWNS
            and not self.lexicon.is_proper(t.folded)
        ):
            return self.language == "en" or not self.lexicon.is_foreign_word(t.folded)
        return False

    def _names_a_thing(self, i: int) -> bool:
        """Whether a capitalised place, firm or illness follows: `Charlotte Street`, `Alice Springs`, `Morgan Stanley`."""
        t = self.tokens[i]
        if not t.capital:
            return False
        if i in self.things:
            return True
        if i + 1 >= len(self.tokens):
            return False
        after = self.tokens[i + 1]
        return (
            after.folded in THINGS
            and (after.capital or after.folded in LOWER_THINGS)
            and self.text[t.end : after.start] in {" ", "'s ", "’s "}
        )

    def _is_hyphenated(self, i: int) -> bool:
        """`Hyun-woo`: two parts, the second in lower case, and neither is a word."""
        t = self.tokens[i]
        if i + 1 >= len(self.tokens) or self.text[t.end : self.tokens[i + 1].start] != "-" or self.tokens[i + 1].capital:
            return False
        if t.capital and t.folded in KOREAN and self.tokens[i + 1].folded in KOREAN:
            return True
        words = self.lexicon.is_word(self.tokens[i + 1].folded) or (self.lexicon.is_word(t.folded) and not self.lexicon.is_name(t.folded))
        return self.language != GERMAN and not words and not self.lexicon.is_proper(t.folded)

    def _is_apposed(self, i: int) -> bool:
        """`Nekane, my boss,` and `Lars, he's the IT guy`."""
        t = self.tokens[i]
        if not self.text.startswith(", ", t.end) or i + 2 >= len(self.tokens):
            return False
        one, two = self.tokens[i + 1], self.tokens[i + 2]
        return (one.folded in POSSESSIVES and two.folded in KIN) or one.folded in {"he's", "she's", "who's", "he’s", "she’s", "who’s"}

    def _in_company(self, i: int) -> bool:
        """Whether a sure name stands next to it, or is joined to it by `and` or a comma."""
        for j in (i - 1, i + 1):
            if 0 <= j < len(self.tokens) and self.tokens[j].capital and self._touch(min(i, j)) and self._sure(self.tokens[j]):
                return True
        for j in (i - 2, i + 2):
            joined = 0 <= j < len(self.tokens) and self.tokens[(i + j) // 2].folded in {"and", "und", "et", "y", "en", "e", "or"}
            if joined and self.tokens[j].capital and self._sure(self.tokens[j]):
                return True
        return False

    def _in_title_case(self, i: int) -> bool:
        """Whether capitalised ordinary words stand beside it, as in `Grace Period`."""
        for j in (i - 1, i + 1):
            if 0 <= j < len(self.tokens) and self.tokens[j].capital and not self.tokens[j].first and self._touch(min(i, j)):
                n = self.tokens[j]
                if (
                    n.folded not in TITLES
                    and n.folded != "i"
                    and (n.folded in NEVER or (self.lexicon.is_word(n.folded) and not self.lexicon.is_name(n.folded)))
                ):
                    return True
        return False

    def _by_context(self, i: int, t: Token) -> bool:
        """Whether the words before or after say that this is somebody."""
        known = self._possible(t) and (t.cased or not self.lexicon.is_common(t.folded))
        if not known and not self._unknown(t):
            return False
        if self._is_announced(i, t):
            return True
        first_name = self.lexicon.is_first(t.folded)
        lead = self.text[max(0, t.start - LOOK_BACK) : t.start]
        if GREETING_BEFORE.search(lead) and t.folded not in TOWNS and t.folded not in PEOPLES:
            if first_name and not (self.lexicon.is_word(t.folded) and (not t.cased or self.lexicon.is_rare(t.folded))):
                return True
            if HAILED.search(lead) and self._unknown(t) and re.match(r"[,.!?]|$", self.text[t.end : t.end + 1]):
                return True
        return (first_name or (t.cased and self.language != GERMAN and self._unknown(t))) and self._speaks(i)

    def _is_announced(self, i: int, t: Token) -> bool:
        """Whether a title, a word of kinship or work, or `called` stands before it."""
        if not self._possible(t) and not self._unknown(t):
            return False
        if self._after_title(i) or self._after_kin(i):
            return True
        lead = self.text[max(0, t.start - LOOK_BACK) : t.start]
        named = NAMED_BEFORE.search(lead)
        if not named or (self.lexicon.is_word(t.folded) and not self.lexicon.is_first(t.folded)):
            return False
        return CALLED.match(named.group()) is None or PERSON_BEFORE.search(self.text[max(0, t.start - 2 * LOOK_BACK) : t.start]) is not None

    def _after_title(self, i: int) -> bool:
        j = i - 1
        while j > 0 and self.tokens[j].folded in PARTICLES and j > i - 3:
            j -= 1
        if j < 0:
            return False
        title = self.tokens[j]
        gap = self.text[title.end : self.tokens[j + 1].start]
        return title.folded in TITLES and gap in {" ", ". ", "."} and (title.folded not in WORDY_TITLES or self.tokens[i].capital)

    def _after_kin(self, i: int) -> bool:
        """`my husband Kwame`, `our accountant, Marta`, `my friend from school Ngozi` not."""
        if i == 0 or self.tokens[i - 1].folded not in KIN:
            return False
        gap = self.text[self.tokens[i - 1].end : self.tokens[i].start]
        if gap not in {" ", ", ", " - ", " – ", ": "} or (gap != " " and not self.tokens[i].capital):
            return False
        return any(self.tokens[j].folded in POSSESSIVES for j in range(max(0, i - 4), i - 1)) or self.tokens[i].capital

    def _speaks(self, i: int) -> bool:
        """Whether the next word is what people do, or the name owns something, or belongs to a department."""
        if i + 1 >= len(self.tokens):
            return False
        after = self.tokens[i + 1]
        gap = self.text[self.tokens[i].end : after.start]
        if gap.startswith(("'s", "’s")):
            return not self.lexicon.is_common(self.tokens[i].folded)
        if gap != " ":
            return False
        if after.folded in SPEAKS_STRONGLY or (after.folded in SPEAKS and self.tokens[i].capital and self._sure_enough(self.tokens[i])):
            return True
        further = self.tokens[i + 2].folded if i + 2 < len(self.tokens) else ""
        return (after.folded in {"from", "in"} and further in DEPARTMENTS) or (after.folded in {"the", "our", "my"} and further in KIN)

    def _sure_enough(self, t: Token) -> bool:
        return self.lexicon.is_first(t.folded) and not self.lexicon.is_common(t.folded)

    def _touch(self, i: int) -> bool:
        """Whether only a blank, a hyphen or the point of an initial stands between a token and the next."""
        gap = self.text[self.tokens[i].end : self.tokens[i + 1].start]
        return gap in {" ", "-", " ’", " '", ""} or (gap in {". ", "."} and len(self.tokens[i].word) == 1)
