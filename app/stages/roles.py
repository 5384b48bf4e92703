"""Roles: who asks the questions is the interviewer. A guess from labels and speech that people can change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from app.domain.people import Role
from app.domain.transcript import NOBODY, UNKNOWN_SPEAKER, CanonicalTranscript
from app.stages.segment.languages import LANGUAGES, lexicon_for, primary
from app.stages.segment.lexicon import STAGE_DIRECTION, Lexicon, phrases, plain

ASIDE_WORDS = 40
"""A question anywhere in a turn up to this length is meant for somebody; in a longer one it has to come last."""
HOSTED_BY = 3
"""So many courtesies of a host are as good as more."""
MARGINAL_TURNS = 3
MARGINAL_SHARE = 0.05
"""Of turns and of words: who says no more than this and is not the one answering only watches."""
CO_ASKS = 0.4
CO_WORDS = 0.25
"""A second interviewer asks in so many of their turns, and says no more than this share of all words."""

ENDING_WORDS = 25
"""Where nothing is punctuated, a question anywhere in so many last words of a turn is meant for somebody."""

PAIR = 2

_LABELS = {
    Role.INTERVIEWER: phrases(r"""
        .*\b(?:interviewer(?:in|s)?|interviewster|intervieweu(?:r|se)|entrevistadora?|intervistat(?:ore|rice)|moderat(?:or|orin|ore|rice|eur)|
        modérat(?:eur|rice)|moderadora?|mediadora?|facilitat(?:or|ore|rice)|facilitadora?|researcher|onderzoeker|gespreksleider|
        forscher(?:in)?|fragesteller(?:in)?|enquêt(?:eur|rice)|enqueteur|chercheu(?:r|se)|animat(?:eur|rice)|investigadora?|
        pesquisadora?|ricercat(?:ore|rice)|host|ivr|mod|int)(?:[:*_/]-?in(?:nen)?)?\s*\d* /
        .*(?:インタビュア|インタビューア|インタビューワ|聞き手|質問者|司会|面接者|面接官|モデレータ|調査員|調査者|采访者|访谈者|主持人|면접자|인터뷰어|진행자).*
    """),
    Role.OBSERVER: phrases(r"""
        .*\b(?:observer|note[ -]?taker|notes|silent listener|beobachter(?:in)?|protokollant(?:in)?|observat(?:eur|rice)|observadora?|
        osservat(?:ore|rice)|waarnemer|notulist(?:e)?|preneu(?:r|se) de notes)(?:[:*_/]-?in(?:nen)?)?\s*\d* /
        .*(?:観察者|記録係|記録者|書記|オブザーバー).*
    """),
    Role.PARTICIPANT: phrases(r"""
        .*\b(?:participant(?:e|in)?|interviewee|respondent(?:e)?|informant(?:e|in)?|teilnehmer(?:in)?|teilnehmende[r]?|befragte[r]?|
        interviewte[r]?|proband(?:in)?|interviewée?|enquêtée?|répondante?|entrevistad[oa]|encuestad[oa]|partecipante|intervistat[oa]|
        deelne(?:mer|emster)|geïnterviewde|guest|tester)(?:[:*_/]-?in(?:nen)?)?\s*\d* /
        .*(?:参加者|回答者|被験者|対象者|話し手|協力者|ゲスト|受访者|참가자|참여자|응답자).* /
        (?:p|r|tn|ppt?)\s?\d+$
    """),
}
_LETTERS = {
    "q": Role.INTERVIEWER,
    "i": Role.INTERVIEWER,
    "a": Role.PARTICIPANT,
    "b": Role.PARTICIPANT,
    "p": Role.PARTICIPANT,
    "r": Role.PARTICIPANT,
}
"""Letters mean something in pairs only: Q and A, I and P, in German I and B. A and B are people."""
_ASKING = re.compile(r"[?？؟¿]")
_POINTS = re.compile(r"[.,;:!?。、？！؟،]")


@dataclass(frozen=True, slots=True)
class _Manner:
    """How somebody speaks in a transcript; shares are 0 to 1."""

    turns: int
    asked: int
    hosted: int
    opened: bool
    answered: int
    turn_share: float
    word_share: float

    @property
    def asks(self) -> float:
        """Share of their turns that ask."""
        return self.asked / self.turns

    @property
    def score(self) -> float:
        """How much this sounds like the one who interviews."""
        return 100 * self.asks + 12 * min(HOSTED_BY, self.hosted) + 8 * self.opened - 50 * self.word_share

    @property
    def marginal(self) -> bool:
        """Whether they say next to nothing and answer nobody."""
        return self.turns <= MARGINAL_TURNS and max(self.turn_share, self.word_share) <= MARGINAL_SHARE and self.answered <= self.asked


def guess_roles(canonical: CanonicalTranscript, language: str = "en") -> dict[str, Role]:
    """The role of every speaker, in order of appearance; at least one is a participant.

    Labels such as "Interviewer" or "P1" settle it; for the others who asks, hosts and says little interviews, and who
    says next to nothing watches. A single speaker, named or not, is the participant. Where a file names its speakers,
    words that it gives to nobody are an observer's, so that they are never quoted. `language` is a tag such as `de-AT`;
    a language without a table is judged by its question marks and the English phrases.
    """
    names = canonical.speakers()
    people = tuple(name for name in names if name not in NOBODY) or tuple(name for name in names if name == UNKNOWN_SPEAKER) or names
    roles = dict.fromkeys(names, Role.OBSERVER)
    if len(people) <= 1:
        return roles | dict.fromkeys(people, Role.PARTICIPANT)
    return roles | _roles_of(people, _manners(canonical, lexicon_for(language if primary(language) in LANGUAGES else "en")))


def _roles_of(names: tuple[str, ...], manners: Mapping[str, _Manner]) -> dict[str, Role]:
    """Roles of several people, at least one of them a participant."""
    roles = _labelled(names)
    if Role.INTERVIEWER not in roles.values():
        roles |= _interviewers({name: manners[name] for name in names if name not in roles}, alone=len(names) == PAIR)
    for name in names:
        if name not in roles:
            roles[name] = Role.OBSERVER if manners[name].marginal else Role.PARTICIPANT
    if Role.PARTICIPANT not in roles.values():
        roles[max(names, key=lambda name: (roles[name] is Role.OBSERVER, manners[name].word_share))] = Role.PARTICIPANT
    return roles


def _labelled(names: tuple[str, ...]) -> dict[str, Role]:
    """Roles that names tell by themselves."""
    roles = {}
    for name in names:
        role = next((role for role, label in _LABELS.items() if label.match(plain(name))), None)
        if role is not None:
            roles[name] = role
    letters = {name: _LETTERS[name.lower().strip(".")] for name in names if name.lower().strip(".") in _LETTERS}
    if set(letters.values()) | set(roles.values()) >= {Role.INTERVIEWER, Role.PARTICIPANT}:
        roles |= letters
    return roles


def _interviewers(manners: Mapping[str, _Manner], *, alone: bool) -> dict[str, Role]:
    """The one who sounds most like an interviewer, and others who ask as they do; nobody where nobody asks."""
    speaking = {name: manner for name, manner in manners.items() if alone or not manner.marginal}
    if not any(manner.asked or manner.hosted for manner in speaking.values()):
        return {}
    leader = max(speaking, key=lambda name: speaking[name].score)
    others = (
        name
        for name, manner in speaking.items()
        if not alone
        and manner.asks >= max(CO_ASKS, speaking[leader].asks / 2)
        and manner.word_share <= CO_WORDS
        and manner.turns > MARGINAL_TURNS
    )
    return dict.fromkeys([leader, *others], Role.INTERVIEWER)


def _manners(canonical: CanonicalTranscript, lexicon: Lexicon) -> dict[str, _Manner]:
    """How each speaker speaks."""
    text = [canonical.text[turn.start : turn.end] for turn in canonical.turns]
    asks = [_asks(words, lexicon) for words in text]
    words = canonical.words_by_speaker()
    total = sum(words.values()) or 1
    order = sorted(range(len(text)), key=lambda i: canonical.turns[i].speaker)
    manners = {}
    for name, group in groupby(order, key=lambda i: canonical.turns[i].speaker):
        mine = list(group)
        manners[name] = _Manner(
            turns=len(mine),
            asked=sum(asks[i] for i in mine),
            hosted=sum(len(lexicon.hosting.findall(plain(text[i]))) for i in mine),
            opened=mine[0] == 0,
            answered=sum(i > 0 and asks[i - 1] and not asks[i] for i in mine),
            turn_share=len(mine) / len(text),
            word_share=words[name] / total,
        )
    return manners


def _asks(text: str, lexicon: Lexicon) -> bool:
    """Whether a turn asks somebody something."""
    bare = text.rstrip("\"”’'»」』) ")
    if bare.endswith(("?", "？", "؟")) or lexicon.question_end.search(bare):
        return True
    words = lexicon.words(STAGE_DIRECTION.sub(" ", text))
    if not _POINTS.search(text) and lexicon.addressing.search(lexicon.glue.join(words[-ENDING_WORDS:])):
        return True
    if lexicon.length(words) > ASIDE_WORDS:
        return False
    joined = lexicon.glue.join(words)
    return bool(_ASKING.search(text) or lexicon.requests.match(joined) or lexicon.asking.match(joined))
