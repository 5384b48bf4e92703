"""All settings, read once from THROUGHLINE_* variables; nothing else reads the environment."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import UsageError

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


class Settings(BaseSettings):
    """Configuration of one process; every field is THROUGHLINE_<NAME> in the environment."""

    model_config = SettingsConfigDict(env_prefix="THROUGHLINE_", frozen=True, extra="ignore")

    data_dir: Path = Field(Path("throughline-data"), description="Folder for the database, jobs and the sign-in secret.")
    database_url: str = Field("", description="SQLAlchemy URL of the data; default is a SQLite file in the data folder.")
    jobs_url: str = Field("", description="SQLAlchemy URL of the job queue; default is a SQLite file beside the data.")

    host: str = Field("127.0.0.1", description="Address to listen on; anything but loopback needs an access key.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    allowed_hosts: str = Field("", description="Further Host headers to accept, separated by commas.")
    access_key: SecretStr | None = Field(None, min_length=16, description="Key for signing in and for the API (bearer token).")

    llm_base_url: str | None = Field(None, description="OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1.")
    llm_api_key: SecretStr | None = Field(None, description="Key for that endpoint, if it wants one.")
    llm_model: str | None = Field(None, description="Model name at that endpoint.")
    llm_context_tokens: int = Field(16384, ge=2048, description="Tokens the model can read and write in one call.")
    llm_timeout_s: float = Field(120.0, gt=0, description="Seconds to wait for one reply.")
    llm_at_once: int = Field(8, ge=1, le=256, description="Model calls in flight at most.")
    llm_per_minute: int | None = Field(None, ge=1, description="Model calls started a minute at most, by all workers together.")
    llm_price_in: float | None = Field(None, ge=0, description="Price of a million tokens read, in a currency of your choice.")
    llm_price_out: float | None = Field(None, ge=0, description="Price of a million tokens written.")
    check_statements: bool = Field(False, description="Have the model look again whether quotes bear the statements out that cite them.")
    llm_token_budget: int | None = Field(None, ge=1, description="Tokens a run may spend before it stops cleanly.")

    max_upload_mb: int = Field(50, ge=1, description="Largest transcript file in megabytes.")
    max_upload_files: int = Field(200, ge=1, description="Most files in one upload.")

    @property
    def data_url(self) -> str:
        """URL of the data."""
        return self.database_url or f"sqlite:///{self.data_dir / 'throughline.db'}"

    @property
    def queue_url(self) -> str:
        """URL of the job queue."""
        return self.jobs_url or f"sqlite:///{self.data_dir / 'jobs.db'}"

    @property
    def llm_configured(self) -> bool:
        """Whether a language model was chosen; half a configuration is an error, not a guess."""
        if bool(self.llm_base_url) != bool(self.llm_model):
            missing = "THROUGHLINE_LLM_MODEL" if self.llm_base_url else "THROUGHLINE_LLM_BASE_URL"
            raise UsageError(f"a language model needs both its address and its name: set {missing} as well")
        return bool(self.llm_base_url)

    @property
    def llm_host(self) -> str | None:
        """Host that text leaves to when a language model is configured."""
        return urlsplit(self.llm_base_url).netloc.rpartition("@")[2] if self.llm_base_url else None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can connect."""
        return self.host in LOOPBACK_HOSTS


def load_settings(**overrides: object) -> Settings:
    """Read the environment; raises `UsageError` naming the variable that cannot be used."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # overrides are checked by pydantic at run time
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = f"THROUGHLINE_{'_'.join(map(str, first['loc'])).upper()}"
        raise UsageError(f"{name}: {first['msg']}") from None
