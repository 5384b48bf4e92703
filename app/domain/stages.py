"""Stages of a journey, and the templates they come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.identity import derive_id
from app.domain.tags import NO_STAGE


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the map. `base` names the default stages that a custom stage corresponds to, `absorbed` the stages merged into it."""

    id: str
    key: str
    title: str
    definition: str
    base: tuple[str, ...] = ()
    absorbed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A named list of (key, title, definition, base)."""

    key: str
    title: str
    stages: tuple[tuple[str, str, str, tuple[str, ...]], ...]


CUSTOMER_EXPERIENCE = Template(
    "customer-experience",
    "Customer experience",
    (
        (
            "awareness",
            "Awareness",
            "How they come to know that the product or the need for it exists: adverts, friends, a trigger in life.",
            ("awareness",),
        ),
        (
            "consideration",
            "Consideration",
            "Looking into it before deciding: comparing, reading reviews, asking, hesitating, trying a demo.",
            ("consideration",),
        ),
        (
            "purchase",
            "Purchase",
            "Deciding and buying: choosing a plan, ordering, booking, paying, signing, the confirmation.",
            ("purchase",),
        ),
        (
            "onboarding",
            "Onboarding",
            "Getting started: delivery, installation, setting up, first sign-in, first fitting, learning the ropes.",
            ("onboarding",),
        ),
        ("use", "Use", "Living with it: ordinary, repeated use of the product or service itself.", ("use",)),
        ("support", "Support", "Something went wrong or needs an answer: help, complaint, repair, refund, claim.", ("support",)),
        (
            "loyalty",
            "Loyalty",
            "What comes after: renewing, buying again, recommending, warning others, cancelling, leaving.",
            ("loyalty",),
        ),
    ),
)
B2B_SAAS = Template(
    "b2b-saas",
    "B2B software",
    (
        ("discover", "Discover", "A problem at work is felt and a solution is heard of.", ("awareness",)),
        ("evaluate", "Evaluate", "Comparing vendors, demos, trials, asking colleagues, convincing the boss.", ("consideration",)),
        ("buy", "Buy", "Quote, contract, procurement, security review, payment.", ("purchase",)),
        ("implement", "Implement", "Setting up, importing data, connecting systems, training the team.", ("onboarding",)),
        ("work", "Work with it", "Doing the daily job in the product.", ("use",)),
        ("get-help", "Get help", "Questions, tickets, outages, account managers.", ("support",)),
        ("renew", "Renew and grow", "Renewal, price changes, more seats, recommending, leaving.", ("loyalty",)),
    ),
)
CUSTOMER_SUPPORT = Template(
    "customer-support",
    "Customer support",
    (
        ("problem", "Problem", "Something stops working or a question comes up while using it.", ("use",)),
        (
            "self-help",
            "Look for help",
            "Searching, reading help pages, asking others before contacting anybody.",
            ("support", "consideration"),
        ),
        ("contact", "Contact", "Reaching the company: finding the number, queues, bots, telling the story.", ("support",)),
        ("resolve", "Resolution", "What was done about it: fix, refund, replacement, or nothing.", ("support",)),
        ("after", "Afterwards", "What it did to the relationship: staying, leaving, telling others.", ("loyalty",)),
    ),
)
CUSTOMER_SUCCESS = Template(
    "customer-success",
    "Customer success",
    (
        ("handover", "Handover", "From signing to the first meeting with the people who will help.", ("purchase", "onboarding")),
        ("set-up", "Set-up", "Configuration, import, training until the first useful result.", ("onboarding",)),
        ("adopt", "Adoption", "The team takes it up, or does not.", ("use",)),
        ("value", "Value", "Results that somebody can name, and what stands in their way.", ("use", "support")),
        ("renewal", "Renewal", "Renewing, growing, shrinking, leaving, recommending.", ("loyalty",)),
    ),
)
THREE_STAGE = Template(
    "three-stage",
    "Before, during, after",
    (
        ("before", "Before", "Everything up to having it: hearing of it, comparing, buying.", ("awareness", "consideration", "purchase")),
        ("during", "During", "Getting started and using it.", ("onboarding", "use")),
        ("after", "After", "Help, problems, and what remains: staying, leaving, telling others.", ("support", "loyalty")),
    ),
)
FUTURE_STATE = Template(
    "future-state",
    "Future state",
    (
        (
            "should-begin",
            "How it should begin",
            "What would set them off, and where they would want to hear of it: wishes for how they find out.",
            ("awareness",),
        ),
        (
            "should-choose",
            "How choosing should go",
            "What they would like to see, try, ask and compare before they decide, and which doubts should be answered.",
            ("consideration",),
        ),
        (
            "should-start",
            "How starting should go",
            "How buying, signing up, delivery and the first steps ought to go, and how long they should take.",
            ("purchase", "onboarding"),
        ),
        (
            "should-work",
            "How it should work",
            "The ordinary day with it as they would have it: what it does by itself, what they no longer need to do.",
            ("use",),
        ),
        (
            "should-help",
            "How help should be",
            "What should happen when something goes wrong: who tells whom, how quickly, how it is put right.",
            ("support",),
        ),
        (
            "should-last",
            "Why they would stay",
            "What would make them renew, come back, tell others, or leave all the same.",
            ("loyalty",),
        ),
    ),
)
DAY_IN_THE_LIFE = Template(
    "day-in-the-life",
    "A day in the life",
    (
        ("start", "The day begins", "Waking, getting ready, travelling, the first things they look at and do.", ("use",)),
        (
            "plan",
            "Planning",
            "Seeing what is to be done, what is new, what comes first; asking around, comparing, deciding.",
            ("awareness", "consideration"),
        ),
        (
            "errands",
            "Errands and orders",
            "Buying, booking, paying, collecting, setting something up along the way.",
            ("purchase", "onboarding"),
        ),
        ("work", "The main work", "What most of the day goes to: routines, tools, people they work or live with.", ("use",)),
        (
            "interruptions",
            "Interruptions",
            "What breaks in: something fails, somebody calls, a question, a complaint, waiting.",
            ("support",),
        ),
        (
            "evening",
            "The day ends",
            "Finishing, handing over, going home; what stays on their mind, what they would do again or give up.",
            ("use", "loyalty"),
        ),
    ),
)
SERVICE_BLUEPRINT = Template(
    "service-blueprint",
    "Service blueprint",
    (
        (
            "find",
            "Find the service",
            "How they learn that the service exists and whether it suits them: signs, advice, website, questions asked beforehand.",
            ("awareness", "consideration"),
        ),
        ("book", "Book or order", "Making an appointment, ordering, applying, paying, the confirmation.", ("purchase",)),
        (
            "arrive",
            "Arrive and begin",
            "Coming in or signing on: reception, waiting, forms, being shown how it goes.",
            ("onboarding",),
        ),
        ("served", "Be served", "The service itself, as they live through it, with whoever serves them.", ("use",)),
        ("put-right", "Have it put right", "Something is missing or wrong: asking, complaining, repair, refund.", ("support",)),
        (
            "afterwards",
            "Afterwards",
            "The bill, the follow-up, coming back, recommending, staying away.",
            ("loyalty",),
        ),
    ),
)
BUILT_IN = (
    CUSTOMER_EXPERIENCE,
    B2B_SAAS,
    CUSTOMER_SUPPORT,
    CUSTOMER_SUCCESS,
    THREE_STAGE,
    FUTURE_STATE,
    DAY_IN_THE_LIFE,
    SERVICE_BLUEPRINT,
)
TEMPLATES = {template.key: template for template in BUILT_IN}


def stage_id(study_id: str, key: str) -> str:
    """Given once, when the stage is made; retitling and reordering keep it."""
    return derive_id("stage", study_id, key)


def stages_from(template: Template, study_id: str) -> tuple[Stage, ...]:
    """A study's own copies of a template's stages."""
    return tuple(Stage(stage_id(study_id, key), key, title, definition, base) for key, title, definition, base in template.stages)


def stage_names(stages: Iterable[Stage]) -> Mapping[str, str]:
    """Every id by which a quote's stage may be called, with the one it means: its own, that of the stage it was merged into, or none."""
    known = tuple(stages)
    merged = {old: stage.id for stage in known for old in stage.absorbed}
    return {**merged, **{stage.id: stage.id for stage in known}, NO_STAGE: NO_STAGE}


def stage_called(study_id: str, stages: Iterable[Stage], name: str) -> str | None:
    """The id of the stage that an id or a key means, also that of one merged into it; None where it means none of these."""
    known = tuple(stages)
    names = {**{stage.key: stage.id for stage in known}, **stage_names(known)}
    return names.get(name) or names.get(stage_id(study_id, name))


def read_as_one(stages: Sequence[Stage], absorbed: Iterable[Stage]) -> tuple[Stage, ...]:
    """Stages as a tagger reads them: one that others were merged into is told with their definitions too, and stands for what they did.

    A stage that is known by its definition alone stays so: it gets what no other stage claims.
    """
    parts = {stage.id: stage for stage in absorbed}
    return tuple(_as_one(stage, [parts[old] for old in stage.absorbed if old in parts]) for stage in stages)


def _as_one(stage: Stage, parts: Sequence[Stage]) -> Stage:
    told = dict.fromkeys(text for text in (stage.definition, *(part.definition for part in parts)) if text)
    base = dict.fromkeys(key for one in (stage, *parts) for key in one.base) if stage.base else {}
    return replace(stage, definition=" ".join(told), base=tuple(base)) if parts else stage
