"""Vectors and model replies that need not be computed again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, in_parts
from app.db.tables import (
    QuoteRow,
    ReplyRow,
    ReplyTranscriptRow,
    VectorRow,
)
from app.ports import Encoding, Usage


class Cache(Scope):
    """Vectors and model replies that need not be computed again."""

    def vectors(self, hashes: Sequence[str], model: str) -> dict[str, Encoding]:
        """Cached forward passes by hash of the words; one row each."""
        found: dict[str, Encoding] = {}
        for part in in_parts(list(dict.fromkeys(hashes))):
            query = sa.select(col(VectorRow.text_sha256), col(VectorRow.vector), col(VectorRow.hidden)).where(
                col(VectorRow.workspace_id) == self.workspace_id, col(VectorRow.model) == model, col(VectorRow.text_sha256).in_(part)
            )
            for text_sha256, vector, hidden in self.session.execute(query):
                found[text_sha256] = Encoding(
                    np.frombuffer(vector, dtype=np.float32)[None, :], np.frombuffer(hidden, dtype=np.float16)[None, :]
                )
        return found

    def known_vectors(self, hashes: Sequence[str], model: str) -> set[str]:
        """Which hashes have a vector."""
        known: set[str] = set()
        for part in in_parts(list(dict.fromkeys(hashes))):
            query = select(VectorRow.text_sha256).where(
                VectorRow.workspace_id == self.workspace_id, VectorRow.model == model, col(VectorRow.text_sha256).in_(part)
            )
            known.update(self.session.exec(query))
        return known

    def store_vectors(self, hashes: Sequence[str], model: str, encoding: Encoding) -> None:
        """Store rows of `encoding` (n) under n hashes; those already there stay."""
        known = self.known_vectors(hashes, model)
        for text_sha256, vector, hidden in zip(hashes, encoding.vectors, encoding.hidden, strict=True):
            if text_sha256 not in known:
                known.add(text_sha256)
                self.session.add(
                    VectorRow(
                        workspace_id=self.workspace_id,
                        text_sha256=text_sha256,
                        model=model,
                        vector=vector.astype(np.float32).tobytes(),
                        hidden=hidden.astype(np.float16).tobytes(),
                    )
                )

    def drop_unused_vectors(self) -> None:
        """Erase vectors of words that no quote holds any more."""
        self.session.execute(
            sa.delete(VectorRow).where(
                col(VectorRow.workspace_id) == self.workspace_id,
                ~sa.exists().where(col(QuoteRow.sha256) == col(VectorRow.text_sha256), col(QuoteRow.workspace_id) == self.workspace_id),
            )
        )

    def reply(self, key: str) -> Any | None:
        """A cached reply, or None."""
        row = self.session.get(ReplyRow, (key, self.workspace_id))
        return row.reply if row else None

    def store_reply(
        self, key: str, *, task: str, prompt: str, model: str, reply: Any, usage: Usage, transcript_ids: Sequence[str], at: datetime
    ) -> None:
        """Remember a reply and whose words it was about."""
        if self.session.get(ReplyRow, (key, self.workspace_id)) is not None:
            return
        self.session.add(
            ReplyRow(
                key=key,
                workspace_id=self.workspace_id,
                task=task,
                prompt=prompt,
                model=model,
                reply=reply,
                tokens_in=usage.tokens_in,
                tokens_out=usage.tokens_out,
                created_at=at,
            )
        )
        self.session.flush()
        for transcript_id in sorted(set(transcript_ids)):
            self.session.add(ReplyTranscriptRow(key=key, workspace_id=self.workspace_id, transcript_id=transcript_id))

    def drop_replies_about(self, transcript_ids: Sequence[str]) -> None:
        """Erase cached replies about these transcripts."""
        keys = sa.select(col(ReplyTranscriptRow.key)).where(col(ReplyTranscriptRow.transcript_id).in_(transcript_ids))
        self.session.execute(sa.delete(ReplyRow).where(col(ReplyRow.workspace_id) == self.workspace_id, col(ReplyRow.key).in_(keys)))
