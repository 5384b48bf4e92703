"""People and personas as their pages need them: rules, journeys, what is theirs, and groups that may be one."""

import pytest
from querying import noted_queries

from app.domain.people import PersonaRule
from app.errors import Conflict, InvalidInput, NotFound
from app.services.ingest import Upload
from app.services.people_shapes import journey_shape, persona_seen_shape

PRO = PersonaRule("plan", "Pro")


@pytest.fixture
def made(bench, drawn_once):
    return bench(like=drawn_once)


def people_of(made):
    return made.app.people.participants(made.study.id)[0]


def members(made, persona):
    return [p.pseudonym for p in people_of(made) if persona.id in p.persona_ids]


def say(made, person, **attributes):
    return made.app.people.update_participant(person.id, name=None, attributes=attributes, persona_ids=None)


def put(made, person, *personas):
    ids = [p.id for p in personas]
    return made.app.people.update_participant(person.id, name=None, attributes=None, persona_ids=ids, actor="ann")


def grouped(made):
    """Two pairs of participants who speak of different themes, and mind them."""
    said = {}
    for quote_id, who in said_by(made).items():
        said.setdefault(who, []).append(quote_id)
    pairs = [p.id for p in people_of(made)]
    for one, other in (pairs[:2], pairs[2:]):
        for n, both in enumerate(zip(sorted(said[one]), sorted(said[other]), strict=True)):
            for quote_id in both:
                made.app.review.correct(quote_id, {"experience": "pain"}, actor="ann")
            made.app.codebooks.add(made.study.id, {"label": f"Theme {n} of {one[:4]}"}, list(both), actor="ann")
    return made


def said_by(made):
    with made.app.store.read() as repo:
        return repo.transcripts.said_by(made.study.id)


def queries_of(work):
    with noted_queries() as asked:
        work()
    return asked


# Rules


def test_a_rule_takes_in_everybody_with_the_attribute_and_whoever_comes_to_have_it(made):
    one, two, *_ = people_of(made)
    say(made, one, plan=" pro ")
    persona = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    assert members(made, persona) == ["P1"]
    say(made, two, plan="PRO")
    assert members(made, persona) == ["P1", "P2"]
    say(made, one, plan="Free")
    assert members(made, persona) == ["P2"]


def test_somebody_who_joins_the_study_later_belongs_at_once(made):
    persona = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    text = (
        "Ann Interviewer: How did it go for you, all in all?\n\nFay Moss: I paid with my card and then nothing at all happened for a week."
    )
    made.upload(Upload("fay.txt", text.encode()), Upload("participants.csv", b"file,speaker,plan\nfay.txt,Fay Moss,Pro\n"))
    assert members(made, persona) == ["P5"]


def test_whom_people_took_out_stays_out_and_whom_they_put_in_stays_in(made):
    one, two, *_ = people_of(made)
    say(made, one, plan="Pro")
    persona = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    put(made, one)
    put(made, two, persona)
    assert members(made, persona) == ["P2"]
    say(made, one, plan="Free")
    say(made, one, plan="Pro")
    say(made, two, plan="Pro")
    say(made, two, plan="Free")
    assert members(made, persona) == ["P2"]
    made.app.people.update_persona(persona.id, name=None, description=None, rule=PersonaRule("Plan", "pro"))
    assert members(made, persona) == ["P2"]


def test_doing_again_as_the_rule_says_takes_the_decision_back(made):
    one, *_ = people_of(made)
    say(made, one, plan="Pro")
    persona = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    put(made, one)
    put(made, one, persona)
    say(made, one, plan="Free")
    assert members(made, persona) == []


def test_who_decided_about_belonging_is_on_record(made):
    one, *_ = people_of(made)
    say(made, one, plan="Pro")
    persona = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    put(made, one)
    (decision,) = [d for d in made.app.review.decisions(made.study.id).decisions if d.target_id == persona.id]
    assert (decision.target_type, decision.field, decision.value, decision.actor) == ("persona", one.id, False, "ann")


def test_another_rule_takes_other_people_in_and_no_rule_keeps_those_who_are_there(made):
    one, two, *_ = people_of(made)
    say(made, one, plan="Pro")
    say(made, two, plan="Free")
    persona = made.app.people.add_persona(made.study.id, "Payers", rule=PRO)
    update = made.app.people.update_persona
    assert update(persona.id, name=None, description=None, rule=PersonaRule("plan", "Free")).rule == PersonaRule("plan", "Free")
    assert members(made, persona) == ["P2"]
    assert update(persona.id, name=None, description=None, rule=None).rule is None
    say(made, two, plan="Pro")
    assert members(made, persona) == ["P2"]


def test_each_value_of_an_attribute_becomes_a_persona_once(made):
    for person, plan in zip(people_of(made), ("Pro", "pro", "Free", ""), strict=True):
        say(made, person, plan=plan)
    made.app.people.add_persona(made.study.id, "Free")
    personas = made.app.people.personas_of(made.study.id, "plan")
    assert {p.name: members(made, p) for p in personas} == {"Pro": ["P1", "P2"], "plan: Free": ["P3"]}
    assert made.app.people.personas_of(made.study.id, "plan") == personas


def test_an_attribute_that_nobody_has_or_that_tells_everybody_apart_makes_no_personas(made):
    with pytest.raises(InvalidInput, match="no participant"):
        made.app.people.personas_of(made.study.id, "plan")
    for n, person in enumerate(people_of(made)):
        say(made, person, **{f"key {m}": f"{n}" for m in range(3)}, id=f"{n}")
    with pytest.raises(InvalidInput, match="an attribute and its value"):
        made.app.people.add_persona(made.study.id, "Half", rule=PersonaRule("plan", " "))


def test_what_was_decided_about_a_persona_goes_with_it(made):
    one, *_ = people_of(made)
    say(made, one, plan="Pro")
    persona = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    put(made, one)
    made.app.people.delete_persona(persona.id)
    again = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    assert members(made, again) == ["P1"]


# Journeys


def test_a_journey_tells_all_that_somebody_said_and_what_became_of_it(made):
    one = people_of(made)[0]
    journey = made.app.journeys.of_participant(one.id)
    mine = [q for q, who in said_by(made).items() if who == one.id]
    assert journey.quotes == len(mine) == len(journey.page)
    c = journey.coverage
    assert c.sentences == c.used + c.unplaced + c.gap + c.skipped
    assert sum(step.quotes for step in journey.steps) <= len(mine)
    assert all(q in mine for q in journey.shown)
    assert {journey.shown[q].participant for q in journey.page} == {"P1"}
    assert [i.file_name for i in journey.interviews] == ["bea.txt"]
    assert 0 < journey.interviews[0].words < journey.interviews[0].of_words


def test_the_curve_of_the_study_is_the_one_on_the_map(made):
    journey = made.app.journeys.of_participant(people_of(made)[0].id)
    for stage in made.map()["stages"]:
        told = journey.study.get(stage["id"])
        assert (round(told.score, 3) if told else None) == (stage["emotion"]["score"] if stage["emotion"] else None)


def test_every_stand_is_on_the_map_and_counts_their_quotes_for_and_against(made):
    one = people_of(made)[0]
    owner, statements = said_by(made), made.statements()
    stands = {s.statement.id: s for s in made.app.journeys.of_participant(one.id).stands}
    for key, statement in statements.items():
        own = [e["relation"] for e in statement["evidence"] if owner[e["quote_id"]] == one.id]
        if own:
            assert (stands[key].supports, stands[key].contradicts) == (own.count("supports"), own.count("contradicts"))
        else:
            assert key not in stands


def test_themes_say_how_many_others_speak_of_them(made):
    grouped(made)
    one, two, three, _ = people_of(made)
    shared = made.app.journeys.of_participant(one.id).themes
    assert shared
    assert {t.others for t in shared} == {1}
    made.app.codebooks.place(made.study.id, [q for q, who in said_by(made).items() if who == two.id], None, actor="ann")
    assert {t.others for t in made.app.journeys.of_participant(one.id).themes} == {0}
    assert {t.others for t in made.app.journeys.of_participant(three.id).themes} == {1}


def test_a_correction_shows_in_the_journey_at_once(made):
    one = people_of(made)[0]
    quote_id = made.app.journeys.of_participant(one.id).page[0]
    stage = made.app.studies.stages(made.study.id)[-1]
    made.app.review.correct(quote_id, {"stage": stage.key, "emotion": "anger", "intensity": 3, "experience": "pain"}, actor="ann")
    journey = made.app.journeys.of_participant(one.id)
    step = next(s for s in journey.steps if s.stage_id == stage.id)
    assert step.felt == quote_id
    assert step.place == 1
    assert quote_id in journey.pains
    assert journey.study[stage.id].participants >= 1


def test_quotes_come_in_pages_and_only_what_is_shown_is_read(made):
    one = people_of(made)[0]
    whole = made.app.journeys.of_participant(one.id, limit=200)
    first = made.app.journeys.of_participant(one.id, limit=2)
    second = made.app.journeys.of_participant(one.id, limit=2, offset=2)
    assert [*first.page, *second.page] == list(whole.page[:4])
    assert journey_shape(first)["next_offset"] == 2
    assert journey_shape(whole)["next_offset"] is None
    texts = [q for q in queries_of(lambda: made.app.journeys.of_participant(one.id)) if "transcript_body" in q]
    assert len(texts) == 1
    assert texts[0].count("?") <= 2  # their own transcript, and the workspace


def test_before_the_first_run_a_journey_is_empty_and_says_so(bench):
    made = bench()
    made.upload(
        Upload("a.txt", b"Ann: How did it go for you, all in all?\n\nBea: I paid with my card and nothing happened for a whole week.\n")
    )
    (bea,) = people_of(made)
    told = journey_shape(made.app.journeys.of_participant(bea.id))
    assert (told["run_id"], told["quotes_total"], told["statements"], told["told_order"]) == (None, 0, [], [])
    assert made.app.journeys.people(made.study.id).people[0].words == 12
    assert not made.app.journeys.people(made.study.id).drawn


def test_somebody_who_says_nothing_has_a_sensible_journey(bench):
    made = bench()
    talk = "Ann: How did it go for you, all in all?\n\nBea: Mm.\n\nCarl: I paid with my card and nothing happened for a whole week.\n"
    made.upload(Upload("a.txt", talk.encode()))
    made.run()
    bea = next(p for p in people_of(made) if p.name == "Bea")
    journey = made.app.journeys.of_participant(bea.id)
    assert (journey.quotes, journey.page, journey.stands, journey.themes) == (0, (), (), ())
    assert (journey.coverage.sentences, journey.coverage.skipped) == (1, 1)
    assert all(step.place is None for step in journey.steps)


def test_a_joined_participant_is_found_as_the_one_they_are(made):
    one, two, *_ = people_of(made)
    made.app.people.join(two.id, one.id)
    made.app.maps.redraw(made.study.id)
    assert made.app.journeys.stands_for(two.id) == one.id
    journey = made.app.journeys.of_participant(one.id)
    assert [i.file_name for i in journey.interviews] == ["bea.txt", "carl.txt"]
    assert journey.after.pseudonym == "P3"
    with pytest.raises(NotFound):
        made.app.journeys.stands_for("nobody")


def test_the_list_of_people_counts_what_each_said(made):
    seen = made.app.journeys.people(made.study.id)
    assert [p.participant.pseudonym for p in seen.people] == ["P1", "P2", "P3", "P4"]
    owner = list(said_by(made).values())
    for person in seen.people:
        assert person.quotes == owner.count(person.participant.id)
        steps = made.app.journeys.of_participant(person.participant.id).steps
        assert person.scores == {s.stage_id: s.score for s in steps if s.score is not None}


# Personas as their interviews show them


def test_a_persona_shows_what_is_theirs_with_both_shares_and_quotes_of_its_members(made):
    grouped(made)
    one, two, *_ = people_of(made)
    say(made, one, plan="Pro", town="Ulm")
    say(made, two, plan="Pro", town="Bonn")
    persona = made.app.people.add_persona(made.study.id, "Pro", rule=PRO)
    told = persona_seen_shape(made.app.personas.seen(persona.id))
    assert [m["pseudonym"] for m in told["members"]] == ["P1", "P2"]
    assert told["shared"] == [{"attribute": "plan", "value": "Pro", "members": 2}]
    assert {(t["inside"], t["of_inside"], t["elsewhere"], t["of_elsewhere"]) for t in told["themes"]} == {(2, 2, 0, 2)}
    assert {q["participant"] for q in told["quotes"]} == {"P1", "P2"}
    assert all(s["inside"] / s["of_inside"] > s["elsewhere"] / s["of_elsewhere"] for s in told["statements"])


def test_a_persona_of_nobody_or_of_everybody_has_nothing_of_its_own(made):
    nobody = made.app.people.add_persona(made.study.id, "Nobody")
    everybody = made.app.people.add_persona(made.study.id, "All", members=[p.id for p in people_of(made)])
    for persona, others in ((nobody, 4), (everybody, 0)):
        seen = made.app.personas.seen(persona.id)
        assert (seen.themes, seen.statements, seen.others) == ((), (), others)


# Groups that may be personas


def test_groups_are_proposed_with_what_they_share_and_the_quotes_behind_it(made):
    seen = grouped(made).app.personas.proposals(made.study.id)
    assert {tuple(p.pseudonym for p in proposal.members) for proposal in seen.proposals} == {("P1", "P2"), ("P3", "P4")}
    for proposal in seen.proposals:
        assert len([s for s in proposal.shared if s.kind == "theme"]) >= 2
        for shared in proposal.shared:
            assert {q.participant for q in shared.quotes} <= {p.pseudonym for p in proposal.members}
            assert shared.contrast.inside == 2
    assert "question to ask" in seen.note


def test_where_nothing_stands_out_that_is_said(made):
    seen = made.app.personas.proposals(made.study.id)
    assert seen.proposals == ()
    assert seen.note.startswith("No groups stand out")


def test_too_few_people_and_no_map_are_said_as_well(bench):
    made = bench()
    assert "once a run" in made.app.personas.proposals(made.study.id).note
    made.upload(
        Upload("a.txt", b"Ann: How did it go for you, all in all?\n\nBea: I paid with my card and nothing happened for a whole week.\n")
    )
    made.run()
    assert "1 is quoted so far" in made.app.personas.proposals(made.study.id).note


def test_an_accepted_group_becomes_a_persona_under_the_name_it_is_given(made):
    first, second = grouped(made).app.personas.proposals(made.study.id).proposals
    persona = made.app.personas.accept(made.study.id, first.id, " Careful ", actor="ann")
    assert persona.name == "Careful"
    assert persona.description.startswith("Proposed from the interviews")
    assert members(made, persona) == [p.pseudonym for p in first.members]
    assert [p.id for p in made.app.personas.proposals(made.study.id).proposals] == [second.id]
    with pytest.raises(Conflict, match="answered already"):
        made.app.personas.accept(made.study.id, first.id, "Again", actor="ann")
    with pytest.raises(Conflict, match="another name"):
        made.app.personas.accept(made.study.id, second.id, "Careful", actor="ann")
    with pytest.raises(NotFound):
        made.app.personas.reject(made.study.id, "nothing", actor="ann")


def test_a_rejected_group_is_remembered_until_somebody_wants_it_again(made):
    first, _ = grouped(made).app.personas.proposals(made.study.id).proposals
    made.app.personas.reject(made.study.id, first.id, actor="ann")
    made.app.maps.redraw(made.study.id)
    seen = made.app.personas.proposals(made.study.id)
    assert first.id not in {p.id for p in seen.proposals}
    assert seen.rejected == 1
    assert made.app.personas.reconsider(made.study.id) == 1
    assert first.id in {p.id for p in made.app.personas.proposals(made.study.id).proposals}


def test_a_group_that_is_a_persona_already_is_not_proposed(made):
    first, *_ = grouped(made).app.personas.proposals(made.study.id).proposals
    made.app.people.add_persona(made.study.id, "Known", members=[p.id for p in first.members])
    assert first.id not in {p.id for p in made.app.personas.proposals(made.study.id).proposals}


# Bounds


def test_queries_do_not_grow_with_what_people_say(made):
    one = people_of(made)[0]
    persona = made.app.people.add_persona(made.study.id, "Pro", members=[one.id])
    works = (
        lambda: made.app.journeys.of_participant(one.id),
        lambda: made.app.journeys.people(made.study.id),
        lambda: made.app.personas.seen(persona.id),
        lambda: made.app.personas.proposals(made.study.id),
    )
    before = [len(queries_of(work)) for work in works]
    assert max(before) <= 45, before
    text = "Ann: And then?\n\n" + "\n\n".join(
        f"Gus Hale: I waited {n} days for the letter and it made me angry, truly.\n\nAnn: And what then, number {n}?" for n in range(60)
    )
    made.upload(Upload("gus.txt", text.encode()))
    made.run()
    assert [len(queries_of(work)) for work in works] == before
