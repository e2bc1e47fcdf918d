"""Problems that are there twice are found, and ones that only look alike are not."""

from verifier.curation.duplicates import Duplicates, Twin

TRAIN = "A train leaves the station at noon and travels at sixty miles an hour for three hours."


def test_the_same_text_is_found_however_it_is_laid_out() -> None:
    known = Duplicates()
    assert known.twin_of("first", TRAIN, '"180"', code=False) is None
    shouted = TRAIN.upper().replace(" ", "\n ")
    assert known.twin_of("second", shouted, '"180"', code=False) == Twin("first", "duplicate")


def test_nearly_the_same_text_is_one_problem_only_with_the_same_answer() -> None:
    known = Duplicates()
    known.twin_of("first", TRAIN, '"180"', code=False)
    near = TRAIN.replace("miles", "mile")
    assert known.twin_of("other", near, '"240"', code=False) is None
    near_again = TRAIN.replace("station", "stations")
    assert known.twin_of("third", near_again, '"180"', code=False) == Twin(
        "first", "near_duplicate"
    )


def test_signs_of_mathematics_make_a_difference() -> None:
    known = Duplicates()
    known.twin_of("first", "What is 2+2?", '"4"', code=False)
    assert known.twin_of("second", "What is 2*2?", '"4"', code=False) is None


def test_without_a_text_only_programs_are_told_by_their_tests() -> None:
    known = Duplicates()
    for code, twin in ((True, Twin("first", "duplicate")), (False, None)):
        known.twin_of("first", "", "tests", code=code)
        assert known.twin_of("second", "", "tests", code=code) == twin
