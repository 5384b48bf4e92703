"""All SQL, one class a noun, each bound to a session and a workspace."""

from sqlmodel import Session

from app.db.repositories.blueprint import BusinessActions
from app.db.repositories.cache import Cache
from app.db.repositories.maps import Maps
from app.db.repositories.people import People
from app.db.repositories.personal_data import PersonalData
from app.db.repositories.quote_lists import QuoteLists
from app.db.repositories.reviews import Reviews
from app.db.repositories.runs import Runs
from app.db.repositories.scope import Memory
from app.db.repositories.search import SearchRows
from app.db.repositories.stage_proposals import StageProposals
from app.db.repositories.studies import Studies
from app.db.repositories.templates import Templates
from app.db.repositories.themes import Themes
from app.db.repositories.transcripts import Transcripts


class Repositories:
    """Every repository over one transaction; for one answer they may share a memory of what was read."""

    def __init__(self, session: Session, workspace_id: str, memory: Memory | None = None) -> None:
        self.studies = Studies(session, workspace_id, memory)
        self.transcripts = Transcripts(session, workspace_id, memory)
        self.quote_lists = QuoteLists(session, workspace_id, memory)
        self.people = People(session, workspace_id, memory)
        self.personal_data = PersonalData(session, workspace_id, memory)
        self.runs = Runs(session, workspace_id, memory)
        self.search = SearchRows(session, workspace_id, memory)
        self.reviews = Reviews(session, workspace_id, memory)
        self.cache = Cache(session, workspace_id, memory)
        self.themes = Themes(session, workspace_id, memory)
        self.maps = Maps(session, workspace_id, memory)
        self.templates = Templates(session, workspace_id, memory)
        self.stage_proposals = StageProposals(session, workspace_id, memory)
        self.blueprint = BusinessActions(session, workspace_id, memory)
