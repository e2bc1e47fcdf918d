# expect: ok
import pytest


@pytest.fixture
def two():
    return 2


class TestIt:
    def test_passes(self, two, capfd, tmp_path):
        print(two)
        assert capfd.readouterr().out == "2\n"
