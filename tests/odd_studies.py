"""Studies that are not as studies usually are: small, still, long, one-sided, or read from the right."""

from collections.abc import Callable
from dataclasses import dataclass

from house import House, talk

THREE = """\
Ann Interviewer: What happened when you moved house?

Ola: The van came three hours late and nobody had told me. The two movers were kind and carried the piano without a scratch.

Ann Interviewer: Would you book them again?

Ola: I would book them again if they called me when they are late.
"""
SILENT = """\
Ann Interviewer: Thanks to both of you. How did you first hear about it?

Bea: My sister told me about it on the phone last spring. I was fed up with the old provider because they kept me waiting for forty minutes.

Ann Interviewer: And you, Carl, is that how you remember it?

Carl: Mm.

Ann Interviewer: What happened next?

Bea: I signed up with my card and the email never came. I rang the support line twice and nobody answered.

Carl: Yeah.

Ann Interviewer: Would you recommend it?

Bea: I already have, to my brother in law. I still think the app is slow when I open it in the morning.
"""
ARABIC = """\
سلمى: شكراً جزيلاً على وقتك يا نادر. كيف تعرفت على العيادة الجديدة؟

نادر: أخبرتني عنها زوجتي في الربيع الماضي. كنت قد تعبت من الانتظار في المستشفى القديم، فكل زيارة كانت تأخذ نصف يوم. بحثت عن موقع العيادة \
في المساء ولم أجد فيه الأسعار.

سلمى: وكيف كان حجز الموعد الأول؟

نادر: حجزت من الهاتف في دقيقتين، وهذا أعجبني كثيراً. لكن رسالة التأكيد لم تصل أبداً. اتصلت بالاستقبال مرتين ولم يرد أحد.

سلمى: وماذا حدث حين وصلت؟

نادر: استقبلتني الممرضة باسمي قبل أن أتكلم، فشعرت بالراحة. الطبيب شرح لي كل شيء بهدوء ورسم لي العظم على ورقة. أما الفاتورة فكان فيها بند \
لم يخبرني به أحد.

سلمى: هل تنصح بها أصدقاءك؟

نادر: نصحت بها أخي فعلاً، وذهب إليها الأسبوع الماضي. لكنني أريد أن أعرف السعر قبل أن أخرج من البيت.
"""
ENDLESS = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
MANY_STAGES = (
    "A trigger in life", "First searches", "Asking friends", "Comparing offers", "The first call", "Signing", "Waiting for delivery",
    "Setting it up", "The first week", "Everyday use", "When it breaks", "Staying or leaving",
)  # fmt: skip


def asked(house: House, method: str, path: str, given: object) -> dict[str, object]:
    answer = house.script.request(method, f"/api/v1{path}", json=given)
    assert answer.is_success, f"{path}: {answer.text}"
    return dict(answer.json())


def run(house: House, study: str, *files: tuple[str, bytes]) -> str:
    uploaded = house.upload(study, *files).json()["files"]
    assert [f["status"] for f in uploaded] == ["stored"] * len(files), uploaded
    assert house.script.post(f"/api/v1/studies/{study}/runs").status_code == 202
    return study


def one_interview(house: House) -> str:
    return run(house, house.study(name="One interview"), talk("Bea"))


def three_quotes(house: House) -> str:
    return run(house, house.study(name="Three quotes"), ("ola.txt", THREE.encode()))


def no_pains(house: House) -> str:
    study = run(house, house.study(name="Nothing hurts"), talk("Bea"), talk("Carl"))
    for quote in house.get(f"/studies/{study}/quotes", params={"experience": "pain", "limit": 200})["items"]:
        asked(house, "PATCH", f"/quotes/{quote['id']}/tags", {"experience": "neutral", "emotion": "neutral"})
    return study


def twelve_stages(house: House) -> str:
    study = house.study(name="Twelve stages")
    stages = [{"title": title, "definition": f"All about: {title.lower()}.", "base": []} for title in MANY_STAGES]
    asked(house, "PUT", f"/studies/{study}/stages", {"stages": stages})
    return run(house, study, talk("Bea"), talk("Carl"), talk("Dina"))


def somebody_silent(house: House) -> str:
    study = run(house, house.study(name="Somebody says nothing"), ("both.txt", SILENT.encode()))
    speakers = house.get(f"/studies/{study}/transcripts")["items"][0]["speakers"]
    for name, role in (("Ann Interviewer", "interviewer"), ("Bea", "participant"), ("Carl", "participant")):
        asked(house, "PATCH", f"/speakers/{next(s['id'] for s in speakers if s['name'] == name)}", {"role": role})
    assert house.script.post(f"/api/v1/studies/{study}/runs").status_code == 202
    return study


def from_the_right(house: House) -> str:
    titles = ("المعرفة", "الحجز", "الزيارة", "الفاتورة", "ما بعد الزيارة")
    study = house.study(name="عيادة العظام الجديدة", question="كيف يصل الناس إلى العيادة، وما الذي يعيدهم إليها؟", product="عيادة")
    asked(house, "PUT", f"/studies/{study}/stages", {"stages": [{"title": t, "definition": "", "base": []} for t in titles]})
    run(house, study, ("مقابلة نادر.txt", ARABIC.encode()))
    persona = asked(house, "POST", f"/studies/{study}/personas", {"name": "مراجع جديد", "description": "يزور العيادة للمرة الأولى"})
    people = house.get(f"/studies/{study}/participants")["items"]
    asked(house, "PATCH", f"/participants/{people[0]['id']}", {"persona_ids": [persona["id"]], "attributes": {"المدينة": "عمّان"}})
    return study


def long_words(house: House) -> str:
    study = house.study(name=ENDLESS * 2, question=ENDLESS, product=ENDLESS)
    run(house, study, (f"{ENDLESS}.txt", TALK_OF_LONG_WORDS.encode()), talk("Carl"))
    stages = house.get(f"/studies/{study}/stages")["items"]
    longer = [{"id": s["id"], "title": f"{n} {ENDLESS[:56]}", "definition": ENDLESS, "base": s["base"]} for n, s in enumerate(stages)]
    asked(house, "PUT", f"/studies/{study}/stages", {"stages": longer})
    quotes = [q["id"] for q in house.get(f"/studies/{study}/quotes")["items"] if q["state"] != "skipped"]
    told_of = {"touchpoint": ENDLESS[:60], "experience": "pain", "emotion": "anger", "stage": stages[1]["key"]}
    for quote in quotes[:6]:
        asked(house, "PATCH", f"/quotes/{quote}/tags", told_of)
    asked(house, "POST", f"/studies/{study}/themes", {"label": ENDLESS, "definition": ENDLESS, "quote_ids": quotes[:4]})
    persona = asked(house, "POST", f"/studies/{study}/personas", {"name": ENDLESS, "description": ENDLESS})
    people = house.get(f"/studies/{study}/participants")["items"]
    told = {"name": ENDLESS * 2, "persona_ids": [persona["id"]], "attributes": {ENDLESS: ENDLESS}}
    asked(house, "PATCH", f"/participants/{people[0]['id']}", told)
    asked(house, "POST", f"/studies/{study}/maps", {"name": ENDLESS, "scenario": ENDLESS})
    opportunities = house.get(f"/studies/{study}/opportunities")["items"]
    assert opportunities
    for found in opportunities:
        asked(house, "PATCH", f"/opportunities/{found['id']}", {"text": ENDLESS * 3, "owner": ENDLESS[:80], "note": ENDLESS * 3})
    return study


TALK_OF_LONG_WORDS = f"""\
Ann Interviewer: How did you first hear about it?

Bea: I saw it at https://www.example.org/{ENDLESS}/{ENDLESS}?{ENDLESS}={ENDLESS} and I was annoyed. \
I work at the {ENDLESS} and we all use it.

Ann Interviewer: And then?

Bea: The form did not take {ENDLESS} as a name, which made me angry. The chat sorted it out in two minutes, which was brilliant.
"""


@dataclass(frozen=True)
class Odd:
    """A study to make, and what its pages say where something is missing: words by the end of an address."""

    make: Callable[[House], str]
    says: dict[str, str]


ODD_STUDIES = {
    "one interview": Odd(
        one_interview, {"map": "One participant: this is one person’s story", "map/compare": "there is nobody to compare with"}
    ),
    "three quotes": Odd(three_quotes, {"map": "One participant", "people": "1 participant"}),
    "no pains": Odd(no_pains, {"map": "no pain", "map?view=grid": "No pain was found in these interviews"}),
    "twelve stages": Odd(twelve_stages, {"map": MANY_STAGES[-1], "stages": MANY_STAGES[0]}),
    "somebody silent": Odd(somebody_silent, {"people": "nothing to quote"}),
    "from the right": Odd(from_the_right, {"map": "is not in English", "people": "مراجع جديد"}),
    "long words": Odd(long_words, {"map": ENDLESS[:40]}),
}
