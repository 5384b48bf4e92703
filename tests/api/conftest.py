import pytest
from house import House


@pytest.fixture(scope="module")
def make_house(tmp_path_factory):
    made = []

    def make(**given):
        made.append(House(tmp_path_factory.mktemp("house"), **given))
        return made[-1]

    yield make
    for house in made:
        house.close()


@pytest.fixture(scope="module")
def house(make_house):
    """One for all tests of a file: each makes the studies it needs."""
    return make_house()


@pytest.fixture(scope="module")
def drawn(house):
    """A study of two interviews with its map, to be read only."""
    return house.drawn()
