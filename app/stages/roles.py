"""Roles: who asks the questions is the interviewer. A guess from labels and speech that people can change."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from app.domain.people import Role
from app.domain.transcript import CanonicalTranscript
from app.stages.segment.languages import lexicon_for
from app.stages.segment.lexicon import phrases, plain, words_of

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

PAIR = 2

_LABELS = {
    Role.INTERVIEWER: phrases(r"""
        .*\b(?:interviewer(?:in)?|intervieweu(?:r|se)|entrevistadora?|moderator(?:in)?|facilitator|researcher|
        host|ivr|mod|int)\s*\d*
    """),
    Role.OBSERVER: phrases(r".*\b(?:observer|note[ -]?taker|notes|silent listener)\s*\d*"),
    Role.PARTICIPANT: phrases(r"""
        .*\b(?:participant(?:e|in)?|interviewee|respondent|informant|teilnehmer(?:in)?|befragte[r]?|entrevistad[oa]|guest|tester)\s*\d* /
        (?:p|r|ppt?)\s?\d+$
    """),
}
_LETTERS = {"q": Role.INTERVIEWER, "i": Role.INTERVIEWER, "a": Role.PARTICIPANT, "p": Role.PARTICIPANT, "r": Role.PARTICIPANT}
"""Letters mean something in pairs only: Q and A, I and P. A and B are people."""

_HOSTING = phrases(r"""
    \bthank(?:s| you)(?: so much| very much| again| all| both)?,?(?: \w+,?)? for (?:making (?:the )?time|your time|joining|doing this|
    coming|taking (?:the|part|your)|talking to|speaking|sharing) /
    \b(?:walk|talk) me through / \btell (?:me|us) (?:a (?:little |bit )*)?(?:more )?about / \btake me (?:back|through) /
    \b(?:could|can) you describe / \bbefore we (?:start|begin|wrap|finish) / \b(?:first|next|last|final) question /
    \bthat's all (?:the|my) questions / \banything (?:else )?(?:i|we) (?:didn't|haven't) / \bif you could (?:change|wave) /
    \bi(?:'d| would) (?:like|love) to (?:ask|hear|talk) / \bhow did (?:you|that|it) (?:feel|go|find) / \bwhat happened (?:next|then)
""")


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


def guess_roles(canonical: CanonicalTranscript) -> dict[str, Role]:
    """The role of every speaker, in order of appearance; at least one is a participant.

    Labels such as "Interviewer" or "P1" settle it; for the others who asks, hosts and says little interviews, and who
    says next to nothing watches. A single speaker, named or not, is the participant.
    """
    names = canonical.speakers()
    if len(names) <= 1:
        return dict.fromkeys(names, Role.PARTICIPANT)
    manners = _manners(canonical)
    roles = _labelled(names)
    if Role.INTERVIEWER not in roles.values():
        roles |= _interviewers({name: manner for name, manner in manners.items() if name not in roles}, alone=len(names) == PAIR)
    for name in names:
        if name not in roles:
            roles[name] = Role.OBSERVER if manners[name].marginal else Role.PARTICIPANT
    if Role.PARTICIPANT not in roles.values():
        roles[max(names, key=lambda name: (roles[name] is Role.OBSERVER, manners[name].word_share))] = Role.PARTICIPANT
    return {name: roles[name] for name in names}


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


def _manners(canonical: CanonicalTranscript) -> dict[str, _Manner]:
    """How each speaker speaks."""
    text = [canonical.text[turn.start : turn.end] for turn in canonical.turns]
    asks = [_asks(words) for words in text]
    words = canonical.words_by_speaker()
    total = sum(words.values()) or 1
    order = sorted(range(len(text)), key=lambda i: canonical.turns[i].speaker)
    manners = {}
    for name, group in groupby(order, key=lambda i: canonical.turns[i].speaker):
        mine = list(group)
        manners[name] = _Manner(
            turns=len(mine),
            asked=sum(asks[i] for i in mine),
            hosted=sum(len(_HOSTING.findall(plain(text[i]))) for i in mine),
            opened=mine[0] == 0,
            answered=sum(i > 0 and asks[i - 1] and not asks[i] for i in mine),
            turn_share=len(mine) / len(text),
            word_share=words[name] / total,
        )
    return manners


def _asks(text: str) -> bool:
    """Whether a turn asks somebody something."""
    if text.rstrip("\"”’') ").endswith(("?", "？", "؟")):
        return True
    words = words_of(text)
    if len(words) > ASIDE_WORDS:
        return False
    english = lexicon_for("en")
    joined = " ".join(words)
    return any(mark in text for mark in "?？؟") or bool(english.requests.match(joined)) or bool(english.asking.match(joined))
