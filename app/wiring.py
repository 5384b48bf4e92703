"""The only module that picks adapters: settings in, a wired application out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.agreement import LibraryAgreement
from app.adapters.clock import SystemClock
from app.adapters.gold_folder import read_gold
from app.adapters.hdbscan import HdbscanClusterer
from app.adapters.isolation import IsolatedParser
from app.adapters.kmeans import KMeansClusterer, SizedClusterer
from app.adapters.language import detect_language
from app.adapters.measured import measured
from app.adapters.offline.refit import fit
from app.adapters.offline.tagger import OfflineTagger
from app.adapters.prompts import PromptLibrary
from app.adapters.query_encoder import MiniLmQueryEncoder
from app.adapters.redaction import LayeredRedactor
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.db.engine import Database
from app.domain.gold import Gold
from app.domain.runs import Prices
from app.ports import Clusterer, QueryEncoder, Tagger
from app.services.blueprint import Blueprint
from app.services.codebook import CodeBooks
from app.services.estimate import Estimates
from app.services.evaluation import Evaluation
from app.services.export import Export
from app.services.hybrid import HybridTagger
from app.services.ingest import Ingest
from app.services.intake import Intake
from app.services.journeys import Journeys
from app.services.map_settings import MapDesk
from app.services.maps import Maps
from app.services.opportunities import Opportunities
from app.services.people import People
from app.services.personas import Personas
from app.services.plane import Planes
from app.services.portraits import Portraits
from app.services.privacy import Privacy
from app.services.quote_pages import QuotePages
from app.services.quotes import Quotes
from app.services.redaction import Redaction
from app.services.replies import StoredReplies
from app.services.review import Review
from app.services.runs import Runs
from app.services.search import Search
from app.services.stage_proposals import StageProposals
from app.services.stage_proposing import StageProposing
from app.services.steps import Steps
from app.services.store import Store
from app.services.studies import Studies
from app.services.templates import Templates
from app.services.transcript_pages import TranscriptPages
from app.services.windowing import Windowing
from app.services.words import Words
from app.settings import Settings

if TYPE_CHECKING:
    from app.adapters.openai import OpenAIModel


@dataclass(frozen=True)
class Application:
    """Every use case, wired; parts are made when first used, so that a command pays only for what it needs."""

    settings: Settings

    @cached_property
    def db(self) -> Database:
        """The database, brought up to date."""
        db = Database(self.settings.data_url)
        db.migrate()
        return db

    @cached_property
    def store(self) -> Store:
        """Transactions over the default workspace."""
        store = Store(self.db, SystemClock())
        with store.write() as repo:
            repo.studies.ensure_workspace(store.now())
        return store

    @cached_property
    def studies(self) -> Studies:
        """Use cases around studies."""
        return Studies(self.store)

    @cached_property
    def templates(self) -> Templates:
        """What studies can begin with."""
        return Templates(self.store)

    @cached_property
    def stage_proposing(self) -> StageProposing:
        """Having a model propose stages."""
        s = self.settings
        return StageProposing(store=self.store, privacy=self.privacy, words=self.words, prices=self.prices, token_budget=s.llm_token_budget)

    @cached_property
    def stage_proposals(self) -> StageProposals:
        """Stages that a model proposed."""
        return StageProposals(self.store, self.privacy)

    @cached_property
    def blueprint(self) -> Blueprint:
        """What the business does."""
        return Blueprint(self.store)

    @cached_property
    def ingest(self) -> Ingest:
        """Taking files in."""
        return Ingest(self.store, self.intake)

    @cached_property
    def intake(self) -> Intake:
        """Understanding files; needs no database."""
        s = self.settings
        return Intake(_parser(), detect_language, max_bytes=s.max_upload_mb * 1_000_000, max_files=s.max_upload_files)

    @cached_property
    def people(self) -> People:
        """Who is who."""
        return People(self.store)

    @cached_property
    def journeys(self) -> Journeys:
        """What people went through."""
        return Journeys(self.store, self.privacy)

    @cached_property
    def personas(self) -> Personas:
        """What is whose."""
        return Personas(self.store, self.privacy)

    @cached_property
    def privacy(self) -> Privacy:
        """What must not leave."""
        return Privacy(self.store, self.redactor)

    @cached_property
    def redactor(self) -> LayeredRedactor:
        """Finds personal data; loads its lists and its model at the first search."""
        return LayeredRedactor()

    @cached_property
    def redaction(self) -> Redaction:
        """Reviewing what must not leave."""
        return Redaction(self.store, self.privacy)

    @cached_property
    def maps(self) -> Maps:
        """Reading maps."""
        return Maps(self.store, self.privacy)

    @cached_property
    def map_desk(self) -> MapDesk:
        """Names, scenarios and rows of maps."""
        return MapDesk(self.store)

    @cached_property
    def opportunities(self) -> Opportunities:
        """What maps suggest helping with."""
        return Opportunities(self.store, self.privacy)

    @cached_property
    def quotes(self) -> Quotes:
        """Reading quotes."""
        return Quotes(self.store, self.privacy)

    @cached_property
    def quote_pages(self) -> QuotePages:
        """Reading one quote in its place."""
        return QuotePages(self.store, self.privacy)

    @cached_property
    def transcript_pages(self) -> TranscriptPages:
        """Reading transcripts."""
        return TranscriptPages(self.store, self.privacy)

    @cached_property
    def query_encoder(self) -> QueryEncoder:
        """Turns what is searched into a vector, without the embedder's libraries; loads its weights at first use."""
        return MiniLmQueryEncoder()

    @cached_property
    def search(self) -> Search:
        """Finding quotes."""
        return Search(self.store, self.privacy, self.query_encoder)

    @cached_property
    def review(self) -> Review:
        """What people decide about quotes."""
        return Review(self.store)

    @cached_property
    def codebooks(self) -> CodeBooks:
        """What people do to code books."""
        return CodeBooks(self.store, self.privacy, self.embedder.name)

    @cached_property
    def portraits(self) -> Portraits:
        """What themes say of themselves."""
        return Portraits(self.store, self.privacy, self.embedder.name)

    @cached_property
    def planes(self) -> Planes:
        """Drawing quotes by theme."""
        return Planes(self.store, self.privacy, self.embedder.name)

    @cached_property
    def export(self) -> Export:
        """Writing folders."""
        return Export(self.store, self.privacy, self.maps, self.quotes)

    @cached_property
    def agreement(self) -> LibraryAgreement:
        """Figures of agreement; loads its libraries at the first comparison."""
        return LibraryAgreement()

    def gold(self, path: Path) -> Gold:
        """Labelled interviews to measure against; needs no database."""
        return read_gold(path)

    @cached_property
    def evaluation(self) -> Evaluation:
        """How good tags are."""
        return Evaluation(self.store, self.agreement, measured)

    @cached_property
    def embedder(self) -> MiniLmEmbedder:
        """The packaged encoder; loads its weights at first use."""
        return MiniLmEmbedder()

    @cached_property
    def clusterer(self) -> Clusterer:
        """Groups quotes into themes."""
        return SizedClusterer(HdbscanClusterer(), KMeansClusterer())

    @cached_property
    def taggers(self) -> Mapping[str, Tagger]:
        """Taggers by source; `llm` and `hybrid` only where a model is configured."""
        offline = OfflineTagger(self.embedder)
        if not self.model:
            return {"offline": offline}
        from app.adapters.openai import OpenAITagger  # noqa: PLC0415  # the client takes a second to load, and many have no model

        llm = OpenAITagger(self.model)
        return {"offline": offline, "llm": llm, "hybrid": HybridTagger(llm, offline, fit, self.agreement)}

    @cached_property
    def model(self) -> "OpenAIModel | None":
        """The language model that the settings name; the environment of other programs configures nothing."""
        s = self.settings
        if not s.llm_configured or not s.llm_base_url or not s.llm_model:
            return None
        from app.adapters.llm_endpoint import Endpoint  # noqa: PLC0415  # see `taggers`
        from app.adapters.openai import OpenAIModel  # noqa: PLC0415  # same

        key = s.llm_api_key.get_secret_value() if s.llm_api_key else None
        endpoint = Endpoint(s.llm_base_url, key, s.llm_model, timeout_s=s.llm_timeout_s, per_minute=s.llm_per_minute, at_once=s.llm_at_once)
        return OpenAIModel(endpoint, context_tokens=s.llm_context_tokens, cache=StoredReplies(self.store))

    @cached_property
    def prices(self) -> Prices:
        """What a model's tokens cost."""
        return Prices(self.settings.llm_price_in, self.settings.llm_price_out)

    @cached_property
    def runs(self) -> Runs:
        """Use cases around runs."""
        return Runs(self.store, self.taggers, check=self.settings.check_statements)

    @cached_property
    def words(self) -> Words | None:
        """What a language model words, where there is one."""
        return Words(self.model, PromptLibrary(), self.settings.llm_context_tokens) if self.model else None

    @cached_property
    def estimates(self) -> Estimates:
        """What runs would take."""
        return Estimates(
            store=self.store,
            runs=self.runs,
            taggers=self.taggers,
            windowing=Windowing(self.privacy, self.embedder),
            words=self.words,
            prices=self.prices,
        )

    @cached_property
    def steps(self) -> Steps:
        """The steps of the pipeline."""
        return Steps(
            store=self.store,
            embedder=self.embedder,
            clusterer=self.clusterer,
            taggers=self.taggers,
            privacy=self.privacy,
            words=self.words,
            token_budget=self.settings.llm_token_budget,
            prices=self.prices,
        )


@cache
def _parser() -> IsolatedParser:
    """One pool of reading processes, for all that is wired in this process."""
    return IsolatedParser()


def build(settings: Settings) -> Application:
    """Wire an application."""
    return Application(settings)
