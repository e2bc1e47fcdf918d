"""The pages of reports in a real browser: everything in them, nothing from elsewhere, and no text
of a rollout that does anything."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from api.reports import page as pages
from api.reports.comparison import compare
from api.reports.page import write_comparison, write_report
from api.reports.rollouts import read_scored
from api.reports.summary import report_on
from tests.api.browser import Page

EVIL = (
    "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
)
SUM = {"kind": "stdin", "cases": [{"input": "1 2\n", "output": "one\nthree\n"}]}
MANY = 2_500


def scored() -> list[dict[str, Any]]:
    """10,000 rollouts of mathematics, and two problems that are worth a look."""
    plain = [
        {
            "source": f"AIME2{problem % 2 + 4}",
            "group": f"problem {problem}",
            "id": f"{problem}-{place}",
            "completion": f"So it is \\boxed{{{place}}}.",
            "ground_truth": "0",
            "reward": float(place == 0),
            "outcome": "wrong_answer" if place else "correct",
            "details": {"answer": str(place)},
        }
        for problem in range(MANY)
        for place in range(4)
    ]
    failure = {"case": 0, "outcome": "wrong_answer", "got": "one\nthere\n"}
    program = {
        "source": "Code",
        "group": "sum",
        "completion": "<think>Is 1 + 2 not \U0001f600?</think>So\n```python\nprint('one')\n```",
        "ground_truth": SUM,
        "reward": 0.0,
        "outcome": "wrong_answer",
        "details": {"passed": 0, "total": 1, "first_failure": failure, "cpu_s": 0.25},
    }
    evil = {
        "source": EVIL,
        "group": EVIL,
        "id": EVIL,
        "completion": EVIL + "\ud800",
        "ground_truth": EVIL,
        "prompt": EVIL,
        "reward": None,
        "outcome": "verifier_error",
        "details": {"answer": EVIL, "message": EVIL},
    }
    return [*plain, program, evil]


def written(content: list[dict[str, Any]]) -> str:
    rollouts = list(read_scored(content))
    out = io.StringIO()
    write_report(out, EVIL, report_on(rollouts), rollouts, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def report_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "page.html"
    path.write_text(written(scored()), encoding="utf-8")
    return path.as_uri()


class Report(Page):
    """A page whose views lie behind its address."""

    def __init__(self, browser: webdriver.Chrome, address: str) -> None:
        super().__init__(browser, address)
        self.wait_for(lambda: not self.count("#wait"))

    def main(self) -> str:
        return self.text("main")

    def first(self, css: str) -> Any:
        return self._browser.find_element(By.CSS_SELECTOR, css)

    def rows(self) -> list[str]:
        """Read at once: scrolling makes rows anew, and one that was found may be gone by then."""
        texts = "row => row.innerText.trim().replace(/\\s+/g, ' ')"
        rows = "document.querySelectorAll('.long tbody tr[data-place]')"
        return list(self._browser.execute_script(f"return [...{rows}].map({texts})"))


@pytest.fixture
def harmless(browser: webdriver.Chrome) -> Iterator[None]:
    """After the test: nothing that lies in the data has run, and nothing was asked for."""
    yield
    assert "<img" in browser.title
    loaded = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    assert browser.execute_script(loaded) in ([], ["data:,"])
    assert cast(Any, browser).get_log("browser") == []


@pytest.mark.usefixtures("harmless")
def test_the_summary_has_the_numbers_and_the_plots(
    browser: webdriver.Chrome, report_url: str
) -> None:
    page = Report(browser, report_url)
    assert "avg@" in page.main()
    assert "AIME24 1,250 5,000 0 0.2500 [0.250, 0.250] 1.0000 [1.000, 1.000]" in page.main()
    labels = [
        canvas.get_attribute("aria-label")
        for canvas in browser.find_elements(By.CSS_SELECTOR, "canvas")
    ]
    assert [str(label).partition(".")[0] for label in labels] == [
        "pass@k, with 95% bands",
        "pass^k, with 95% bands",
        "majority@k, with 95% bands",
        "Problems by how many of their rollouts are right",
        "Outcomes",
        "Slowest problems, by their programs' mean CPU time",
    ]
    drawn = (
        "return [...document.querySelectorAll('canvas')].map((one) => Boolean(Chart.getChart(one)))"
    )
    page.wait_for(lambda: all(browser.execute_script(drawn)))


@pytest.mark.usefixtures("harmless")
def test_ten_thousand_rollouts_are_searched_filtered_and_sorted(
    browser: webdriver.Chrome, report_url: str
) -> None:
    page = Report(browser, f"{report_url}#/problems?sort=problem&source=AIME25")
    assert page.text("main").startswith("source")
    assert f"{MANY // 2:,} of {MANY + 2:,} problems" in page.main()
    assert page.rows()[0].startswith("problem 1 AIME25 25.0% 1/4")
    assert len(page.rows()) < 100
    page.first(".long th button").click()
    assert page.rows()[0].startswith(f"problem {MANY - 1} ")
    browser.execute_script("document.querySelector('.long').scrollTop = 1e9")
    page.wait_for(lambda: page.rows()[-1].startswith("problem 1 "))
    page.first("input[type=search]").send_keys("1001-2")
    page.wait_for(lambda: f"1 of {MANY + 2:,} problems" in page.main())
    assert browser.current_url.endswith("q=1001-2")
    page.first("input[type=search]").send_keys(Keys.TAB)
    page.first(".long").send_keys(Keys.ARROW_DOWN)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    page.wait_for(lambda: "1 of 4 judged rollouts are right" in page.main())
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ARROW_RIGHT)
    page.wait_for(lambda: page.first("h2").text == "problem 1002")


@pytest.mark.usefixtures("harmless")
def test_a_failed_program_is_shown_with_its_test(
    browser: webdriver.Chrome, report_url: str
) -> None:
    page = Report(browser, f"{report_url}#/problem/{MANY}")
    page.wait_for(lambda: page.count(".failure mark"))
    assert "First failing test: number 1 (wrong_answer)\nInput\n1 2\nExpected\none\nthree\nGot" in (
        page.main()
    )
    marks = [mark.text for mark in browser.find_elements(By.CSS_SELECTOR, ".failure mark")]
    assert marks == ["re", "er"]
    assert "Program\nprint('one')" in page.main()
    assert "0 of 1 tests passed" in page.main()
    assert "Is 1 + 2" not in page.main()
    page.first(".inside details summary")
    thinking = browser.find_element(By.XPATH, "//summary[starts-with(., 'Thinking')]")
    thinking.click()
    assert "Is 1 + 2 not \U0001f600?" in page.main()


@pytest.mark.usefixtures("harmless")
def test_what_a_rollout_holds_is_text(browser: webdriver.Chrome, report_url: str) -> None:
    page = Report(browser, f"{report_url}#/problem/{MANY + 1}")
    page.wait_for(lambda: page.count(".inside pre") >= 4)
    for summary in browser.find_elements(By.CSS_SELECTOR, ".inside summary"):
        summary.click()
    # Asked for in the page: half a character, which may stand in JSON, gets no further.
    count = "return document.getElementById('main').innerText.split('<img src=x onerror=').length"
    assert browser.execute_script(count) >= 7
    assert page.count("img, main script") == 0


def test_the_page_runs_no_script_but_its_own(browser: webdriver.Chrome, report_url: str) -> None:
    page = Report(browser, report_url)
    browser.execute_script(
        "const made = document.createElement('script'); made.textContent = 'document.title = 1';"
        "document.body.append(made); document.body.insertAdjacentHTML('beforeend',"
        '\'<img src="data:x" onerror="document.title = 1">\');'
    )
    page.wait_for(lambda: len(page.complaints()) >= 1)
    assert browser.title != "1"
    text = written(scored()[:4])
    assert EVIL not in text
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]


def test_texts_that_make_a_page_too_large_are_left_out_and_told(
    browser: webdriver.Chrome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_PACKED_CHARS", 10)
    path = tmp_path / "page.html"
    path.write_text(written(scored()[:4]), encoding="utf-8")
    page = Report(browser, f"{path.as_uri()}#/problem/0")
    page.wait_for(lambda: "Its texts are left out" in page.main())


@pytest.mark.usefixtures("harmless")
def test_a_comparison_shows_both_sides_of_what_flipped(
    browser: webdriver.Chrome, tmp_path: Path
) -> None:
    a = scored()[:40]
    b = [dict(row) for row in a]
    b[4] = {**b[4], "reward": 0.0, "outcome": "no_answer"}
    sides = list(read_scored(a)), list(read_scored(b))
    out = io.StringIO()
    write_comparison(out, (EVIL, "b"), compare(*sides), sides, (a, b))
    path = tmp_path / "page.html"
    path.write_text(out.getvalue(), encoding="utf-8")
    page = Report(browser, path.as_uri())
    assert "all 10 0.2500 [0.250, 0.250] 0.2250 [0.175, 0.250]" in page.main()
    page.first("a[href='#/flips']").click()
    page.wait_for(lambda: page.rows() == ["1-0 problem 1 AIME25 lost correct no_answer"])
    page.first(".long td a").click()
    page.wait_for(lambda: page.count(".inside pre") >= 4)
    assert [chip.text for chip in browser.find_elements(By.CSS_SELECTOR, ".rollout .chip")] == [
        "correct",
        "no_answer",
    ]
