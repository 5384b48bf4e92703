"""Why a split or a merge is proposed and what accepting it does, in words for people and in the terms of the case."""

from collections.abc import Sequence
from dataclasses import replace

from app.db.repositories import Repositories
from app.services.presenting import Presenter
from app.services.proposals import MERGE, Part, Proposal, Words, into_of, label_parts, load_words
from app.services.quotes import states_of
from app.services.rewording import stands
from app.services.standing import Standing
from app.stages.naming import label_theme
from app.stages.segment.lexicon import words_of

EXAMPLES = 2
"""Quotes that a part is shown with."""
PHRASES = 2
"""Keyphrases that are named in a reason."""
TWO = 2


def explained(repo: Repositories, held: Standing, proposals: Sequence[Proposal], show: Presenter) -> list[Proposal]:
    """Proposals with named parts, quotes of each, the reason, and what will happen; a few queries, however many there are."""
    if not proposals:
        return []
    words = load_words(repo, held.study_id, [q for p in proposals for part in p.parts for q in part.quote_ids])
    told = [_told(held, words, proposal) for proposal in proposals]
    parts = iter(with_examples(repo, held, [part for p in told for part in p.parts], show))
    return [replace(p, parts=tuple(next(parts) for _ in p.parts)) for p in told]


def with_examples(repo: Repositories, held: Standing, parts: Sequence[Part], show: Presenter) -> list[Part]:
    """Parts with two quotes of each and the number of people who said theirs."""
    wanted = {n: _examples(held, part) for n, part in enumerate(parts)}
    shown = show.show(list(dict.fromkeys(q for ids in wanted.values() for q in ids)), states_of(repo, held.study_id))
    return [
        replace(part, participants=held.people(part.quote_ids), examples=tuple(shown[q] for q in wanted[n] if q in shown))
        for n, part in enumerate(parts)
    ]


def _examples(held: Standing, part: Part) -> tuple[str, ...]:
    """Two quotes that stand for a part: the most typical one, and the next of somebody else where somebody else said one."""
    ranked = list(dict.fromkeys([*part.voices, *part.quote_ids]))
    first = ranked[:1]
    others = [q for q in ranked[1:] if held.said_by.get(q) != held.said_by.get(first[0])]
    return (*first, *[*others, *ranked[1:]][: EXAMPLES - 1])


def _told(held: Standing, words: Words, proposal: Proposal) -> Proposal:
    if proposal.kind == MERGE:
        named = replace(proposal, shared=_shared(words, proposal.parts))
        return replace(named, why=_why_merge(held, named), effect=_effect_of_merge(held, named))
    named = replace(proposal, parts=tuple(label_parts(held, words, proposal.parts)))
    return replace(named, why=_why_split(held, named), effect=_effect_of_split(held, named))


def _why_split(held: Standing, p: Proposal) -> str:
    size = len(held.members[p.theme_ids[0]])
    left = size - sum(len(part.quote_ids) for part in p.parts)
    parts = [f"{_quotes(part)} of {_people(held.people(part.quote_ids))} {_about(part)}" for part in p.parts]
    rest = [f"{left} more {'belongs' if left == 1 else 'belong'} to none of these"] if left else []
    return f"grouped anew without regard to themes, its {size} quotes fall apart: {'; '.join([*parts, *rest])}{_nearness(p, 'the parts')}"


def _why_merge(held: Standing, p: Proposal) -> str:
    named = [f"“{held.label(theme)}”" for theme in p.theme_ids]
    if all(p.together):
        counts = [
            f"{len(group)} of the {len(part.quote_ids)} quotes of {name}"
            for group, part, name in zip(p.together, p.parts, named, strict=True)
        ]
        found = f"grouped anew without regard to themes, {_listed(counts)} came out as one group"
    else:
        found = f"grouped anew without regard to themes, quotes of {_listed(named)} came out as one group"
    alike = f"; quotes of {'each' if len(named) > TWO else 'both'} speak of {_phrases(p.shared)}" if p.shared else ""
    return f"{found}{alike}{_nearness(p, 'the themes')}"


def _nearness(p: Proposal, what: str) -> str:
    """How alike parts or themes are, beside what is usual; nothing where that was not measured."""
    if p.near is None:
        return ""
    usual = "" if p.usual is None else f", and two themes of this study are usually {_figure(p.usual)}"
    return f". In what their quotes are about, {what} are {_figure(p.near)} alike, where 1 is the same{usual}"


def _effect_of_split(held: Standing, p: Proposal) -> str:
    whole = p.theme_ids[0]
    left = len(held.members[whole]) - sum(len(part.quote_ids) for part in p.parts)
    names = _listed([f"“{part.label}”" for part in p.parts])
    if left:
        kept = "its other quote" if left == 1 else f"its other {left} quotes"
        return f"{names} become themes beside “{held.label(whole)}”, which keeps {kept}; undo brings it back whole"
    return f"{names} become themes and “{held.label(whole)}” is taken out, as none of its quotes is left in it; undo brings it back"


def _effect_of_merge(held: Standing, p: Proposal) -> str:
    into = into_of(held, p.theme_ids)
    others = [(held.label(t), part) for t, part in zip(p.theme_ids, p.parts, strict=True) if t != into]
    takes = _listed([f"the {_quotes(part)} of “{label}”" for label, part in others])
    leaves = _listed([f"“{label}”" for label, _ in others])
    why = "people decided about it" if held.decided.get(into) else "it holds the most quotes"
    goes = "leaves" if len(others) == 1 else "leave"
    stays = f"“{held.label(into)}” stays, as {why}, and takes over {takes}, now and in later runs"
    return f"{stays}; {leaves} {goes} the list until that is undone"


def _shared(words: Words, parts: Sequence[Part]) -> tuple[str, ...]:
    """Phrases that quotes of every part hold: keyphrases of the themes first, then what tells of all of them together."""
    said = [[words_of(words.texts[q]) for q in part.quote_ids if q in words.texts] for part in parts]
    texts = [words.texts[q] for part in parts for q in part.quote_ids if q in words.texts]
    known = [phrase for part in parts for phrase in part.keyphrases]
    candidates = dict.fromkeys([*known, *label_theme(texts, (), exclude=words.names).keyphrases])
    held = (phrase for phrase in candidates if all(stands(words_of(phrase), quotes) for quotes in said))
    return tuple(held)[: 2 * PHRASES]


def _about(part: Part) -> str:
    return f"around {_phrases(part.keyphrases)}" if part.keyphrases else f"such as “{part.label}”"


def _phrases(phrases: Sequence[str]) -> str:
    return _listed([f"“{phrase}”" for phrase in phrases[:PHRASES]])


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _quotes(part: Part) -> str:
    return "1 quote" if len(part.quote_ids) == 1 else f"{len(part.quote_ids)} quotes"


def _people(count: int) -> str:
    return "1 participant" if count == 1 else f"{count} participants"


def _figure(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
