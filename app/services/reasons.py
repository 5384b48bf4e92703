"""Why a split or a merge is proposed and what accepting it does, in words for people and in the terms of the case."""

from collections.abc import Sequence
from dataclasses import replace

from app.db.repositories import Repositories
from app.domain.wording import listed, quoted
from app.exports.catalogue import _, ngettext, spoken
from app.exports.figures import counted, decimal
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
    parts = [_said_of_part(held, part) for part in p.parts]
    if left:
        parts.append(ngettext("{n} more belongs to none of these", "{n} more belong to none of these", left).format(n=left))
    found = ngettext(
        "grouped anew without regard to themes, its {n} quote falls apart: {parts}",
        "grouped anew without regard to themes, its {n} quotes fall apart: {parts}",
        size,
    )
    return _and_then(found.format(n=size, parts="; ".join(parts)), _nearness(p))


def _said_of_part(held: Standing, part: Part) -> str:
    n, phrases, label = len(part.quote_ids), _phrases(part.keyphrases), quoted(part.label or "", spoken().words)
    people = counted(held.people(part.quote_ids), "participant")
    if part.keyphrases:
        said = ngettext("{n} quote of {people} around {phrases}", "{n} quotes of {people} around {phrases}", n)
    else:
        said = ngettext("{n} quote of {people} such as {theme}", "{n} quotes of {people} such as {theme}", n)
    return said.format(n=n, people=people, phrases=phrases, theme=label)


def _why_merge(held: Standing, p: Proposal) -> str:
    named = [quoted(held.label(theme), spoken().words) for theme in p.theme_ids]
    if all(p.together):
        counts = [
            ngettext("{k} of the {n} quotes of {theme}", "{k} of the {n} quotes of {theme}", len(part.quote_ids)).format(
                k=len(group), n=len(part.quote_ids), theme=name
            )
            for group, part, name in zip(p.together, p.parts, named, strict=True)
        ]
        found = _("grouped anew without regard to themes, {counts} came out as one group").format(counts=_listed(counts))
    else:
        found = _("grouped anew without regard to themes, quotes of {themes} came out as one group").format(themes=_listed(named))
    if p.shared:
        alike = _("quotes of each speak of {phrases}") if len(named) > TWO else _("quotes of both speak of {phrases}")
        found = f"{found}; {alike.format(phrases=_phrases(p.shared))}"
    return _and_then(found, _nearness(p))


def _and_then(first: str, second: str) -> str:
    return f"{first}. {second}" if second else first


def _nearness(p: Proposal) -> str:
    """How alike parts or themes are, beside what is usual; nothing where that was not measured."""
    if p.near is None:
        return ""
    if p.kind == MERGE and p.usual is None:
        said = _("In what their quotes are about, the themes are {near} alike, where 1 is the same")
    elif p.kind == MERGE:
        said = _(
            "In what their quotes are about, the themes are {near} alike, where 1 is the same, and two themes of this study are "
            "usually {usual}"
        )
    elif p.usual is None:
        said = _("In what their quotes are about, the parts are {near} alike, where 1 is the same")
    else:
        said = _(
            "In what their quotes are about, the parts are {near} alike, where 1 is the same, and two themes of this study are "
            "usually {usual}"
        )
    return said.format(near=decimal(p.near, 2), usual=decimal(p.usual or 0.0, 2))


def _effect_of_split(held: Standing, p: Proposal) -> str:
    whole = p.theme_ids[0]
    left = len(held.members[whole]) - sum(len(part.quote_ids) for part in p.parts)
    names = _listed([quoted(part.label or "", spoken().words) for part in p.parts])
    if left:
        said = ngettext(
            "{parts} become themes beside {theme}, which keeps its other quote; undo brings it back whole",
            "{parts} become themes beside {theme}, which keeps its other {n} quotes; undo brings it back whole",
            left,
        )
    else:
        said = _("{parts} become themes and {theme} is taken out, as none of its quotes is left in it; undo brings it back")
    return said.format(parts=names, theme=quoted(held.label(whole), spoken().words), n=left)


def _effect_of_merge(held: Standing, p: Proposal) -> str:
    into = into_of(held, p.theme_ids)
    others = [(quoted(held.label(t), spoken().words), part) for t, part in zip(p.theme_ids, p.parts, strict=True) if t != into]
    takes = [
        ngettext("the {n} quote of {theme}", "the {n} quotes of {theme}", len(part.quote_ids)).format(n=len(part.quote_ids), theme=name)
        for name, part in others
    ]
    if held.decided.get(into):
        stays = _("{theme} stays, as people decided about it, and takes over {quotes}, now and in later runs")
    else:
        stays = _("{theme} stays, as it holds the most quotes, and takes over {quotes}, now and in later runs")
    leaves = ngettext("{themes} leaves the list until that is undone", "{themes} leave the list until that is undone", len(others))
    told = stays.format(theme=quoted(held.label(into), spoken().words), quotes=_listed(takes))
    return f"{told}; {leaves.format(themes=_listed([name for name, _part in others]))}"


def _shared(words: Words, parts: Sequence[Part]) -> tuple[str, ...]:
    """Phrases that quotes of every part hold: keyphrases of the themes first, then what tells of all of them together."""
    said = [[words_of(words.texts[q]) for q in part.quote_ids if q in words.texts] for part in parts]
    texts = [words.texts[q] for part in parts for q in part.quote_ids if q in words.texts]
    known = [phrase for part in parts for phrase in part.keyphrases]
    candidates = dict.fromkeys([*known, *label_theme(texts, (), exclude=words.names).keyphrases])
    held = (phrase for phrase in candidates if all(stands(words_of(phrase), quotes) for quotes in said))
    return tuple(held)[: 2 * PHRASES]


def _phrases(phrases: Sequence[str]) -> str:
    return _listed([quoted(phrase, spoken().words) for phrase in phrases[:PHRASES]])


def _listed(items: Sequence[str]) -> str:
    return listed(items, spoken().words)
