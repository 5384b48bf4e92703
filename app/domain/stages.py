"""Stages of a journey, and the templates they come from."""

from dataclasses import dataclass

from app.domain.identity import derive_id


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the map. `base` names the default stages that a custom stage corresponds to."""

    id: str
    key: str
    title: str
    definition: str
    base: tuple[str, ...] = ()


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
TEMPLATES = {t.key: t for t in (CUSTOMER_EXPERIENCE, B2B_SAAS, CUSTOMER_SUPPORT, CUSTOMER_SUCCESS, THREE_STAGE)}


def stage_id(study_id: str, key: str) -> str:
    """Given once, when the stage is made; retitling and reordering keep it."""
    return derive_id("stage", study_id, key)


def stages_from(template: Template, study_id: str) -> tuple[Stage, ...]:
    """A study's own copies of a template's stages."""
    return tuple(Stage(stage_id(study_id, key), key, title, definition, base) for key, title, definition, base in template.stages)
