"""Templates of stages: those that ship, and those that people saved in this workspace."""

from app.db.repositories import Repositories
from app.domain.stages import CUSTOMER_EXPERIENCE, TEMPLATES, Template, read_as_one
from app.errors import Conflict, InvalidInput
from app.services.store import Store, random_id

DEFAULT_TEMPLATE = CUSTOMER_EXPERIENCE.key
MAX_TITLE = 80
MAX_SAVED = 100
"""Templates that a workspace keeps; more would be a list that nobody reads."""


class Templates:
    """Use cases around templates."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Template]:
        """Those that ship, then the saved ones by title."""
        return [*TEMPLATES.values(), *self.saved()]

    def saved(self) -> list[Template]:
        """What people saved in this workspace, by title."""
        with self._store.read() as repo:
            return repo.templates.all()

    def save(self, study_id: str, title: str) -> Template:
        """Keep a study's stages as a template; its key is random, so that it is none of those that ship.

        What was merged into a stage is told with it. Raises `InvalidInput`, `Conflict` for a title that is taken, and `NotFound`.
        """
        title = title.strip()
        if not title or len(title) > MAX_TITLE:
            raise InvalidInput(f"a template needs a title of 1 to {MAX_TITLE} characters")
        with self._store.write() as repo:
            repo.studies.get(study_id)
            there = repo.templates.all()
            if _names(title, [*TEMPLATES.values(), *there]):
                raise Conflict(f"there is a template “{title}” already; choose another title, or delete that one")
            if len(there) >= MAX_SAVED:
                raise Conflict(f"this workspace keeps {MAX_SAVED} templates; delete one first")
            stages = read_as_one(repo.studies.stages(study_id), repo.studies.absorbed(study_id))
            template = Template(random_id(), title, tuple((s.key, s.title, s.definition, s.base) for s in stages))
            repo.templates.add(template, self._store.now())
        return template

    def delete(self, key: str) -> None:
        """Forget a saved template; studies that began with it keep their stages. Raises `NotFound`, `InvalidInput` for one that ships."""
        if key in TEMPLATES:
            raise InvalidInput(f"“{TEMPLATES[key].title}” comes with Throughline and cannot be deleted")
        with self._store.write() as repo:
            repo.templates.delete(key)


def choose_template(repo: Repositories, name: str) -> Template:
    """The template of this key, or the saved one of this title; raises `InvalidInput` that names what there is."""
    if name in TEMPLATES:
        return TEMPLATES[name]
    saved = repo.templates.all()
    found = _names(name, saved)
    if not found:
        choices = ", ".join([*TEMPLATES, *(f"“{t.title}”" for t in saved)])
        raise InvalidInput(f"there is no template “{name}”; choose one of {choices}")
    return found[0]


def _names(name: str, templates: list[Template]) -> list[Template]:
    """The templates whose key or title this is."""
    return [t for t in templates if name.strip().casefold() in {t.key.casefold(), t.title.casefold()}]
