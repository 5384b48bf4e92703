"""All SQL, one class a noun, each bound to a session and a workspace."""

from sqlmodel import Session

from app.db.repositories.blueprint import BusinessActions
from app.db.repositories.cache import Cache
from app.db.repositories.maps import Maps
from app.db.repositories.people import People
from app.db.repositories.personal_data import PersonalData
from app.db.repositories.reviews import Reviews
from app.db.repositories.runs import Runs
from app.db.repositories.search import SearchRows
from app.db.repositories.studies import Studies
from app.db.repositories.templates import Templates
from app.db.repositories.themes import Themes
from app.db.repositories.transcripts import Transcripts


class Repositories:
    """Every repository over one transaction."""

    def __init__(self, session: Session, workspace_id: str) -> None:
        self.studies = Studies(session, workspace_id)
        self.transcripts = Transcripts(session, workspace_id)
        self.people = People(session, workspace_id)
        self.personal_data = PersonalData(session, workspace_id)
        self.runs = Runs(session, workspace_id)
        self.search = SearchRows(session, workspace_id)
        self.reviews = Reviews(session, workspace_id)
        self.cache = Cache(session, workspace_id)
        self.themes = Themes(session, workspace_id)
        self.maps = Maps(session, workspace_id)
        self.templates = Templates(session, workspace_id)
        self.blueprint = BusinessActions(session, workspace_id)
