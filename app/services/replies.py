"""Replies of models that need not be asked for again, kept with whose words they were about."""

from dataclasses import dataclass
from typing import Any

from app.ports import ModelRequest, Usage
from app.services.store import Store


@dataclass(frozen=True, slots=True)
class StoredReplies:
    """The reply cache in the database (`ports.ReplyCache`)."""

    store: Store

    def get(self, key: str) -> Any | None:
        """The stored reply, or None."""
        with self.store.read() as repo:
            return repo.cache.reply(key)

    def put(self, key: str, request: ModelRequest, reply: Any, usage: Usage, model: str) -> None:
        """Store a reply; storing the same key again changes nothing."""
        with self.store.write() as repo:
            if not all(map(repo.transcripts.there, request.transcript_ids)):
                return  # erased while the model was thinking: nothing about it is kept
            repo.cache.store_reply(
                key,
                task=request.task,
                prompt=request.prompt,
                model=model,
                reply=reply,
                usage=usage,
                transcript_ids=request.transcript_ids,
                at=self.store.now(),
            )
