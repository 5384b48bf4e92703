"""A study's maps brought up to date, for those who read what rests on them."""

from app.services.drawing import is_stale, redraw
from app.services.store import Store


def bring_up_to_date(store: Store, study_id: str) -> None:
    """Draw a study's maps again if people decided something since, so that every page tells the same; raises `NotFound`."""
    with store.read() as repo:
        repo.studies.get(study_id)
        map_id = repo.maps.latest_ids([study_id]).get(study_id)
        stale = map_id is not None and is_stale(repo, repo.maps.head(map_id))
    if stale:
        with store.write() as repo:
            redraw(repo, study_id, store.now())
