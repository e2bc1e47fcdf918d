"""The web pages as they are sent, and in a real browser that reaches nothing but the service."""

import importlib.metadata
import re
from pathlib import Path

import httpx2
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.api.browser import Page
from tests.api.cli.conftest import Start, start  # noqa: F401 - a fixture
from tests.api.cli.test_serve import serving
from tests.api.conftest import Connect
from tests.api.routes.test_score import refusal

WEB = Path(__file__).parents[3] / "api" / "web"
REPORTS = WEB.parent / "reports" / "web"
VERSION = importlib.metadata.version("grpo-verifier")
MARKUP = "<img src=x onerror=\"document.title='owned'\">"
POLICY = "content-security-policy"


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_a_page_runs_nothing_but_our_files(client: httpx2.AsyncClient, path: str) -> None:
    page = await client.get(path)
    policy = dict(part.strip().split(" ", 1) for part in page.headers[POLICY].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert not re.search(r"<script(?! src)|\son\w+=|\sstyle=|javascript:|https?:", page.text)
    for file in re.findall(r'(?:src|href)="(web/[^"]*)"', page.text):
        assert (await client.get(f"/{file}")).status_code == 200, file


def test_our_scripts_make_no_markup_of_texts() -> None:
    for script in [*WEB.glob("*.js"), *REPORTS.glob("*.js")]:
        forbidden = r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\("
        assert not re.search(forbidden, script.read_text(encoding="utf-8")), script.name


async def test_the_front_page_says_its_version_and_asks_for_a_key_where_one_is_needed(
    connect: Connect,
) -> None:
    async with connect() as client:
        page = (await client.get("/")).text
        assert f"<small>{VERSION}</small>" in page
        assert "<label hidden>API key" in page
    async with connect(api_keys="secret") as client:
        page = (await client.get("/")).text
        assert "<label >API key" in page
        assert "secret" not in page


@pytest.mark.parametrize("path", ["/web/", "/web/none", "/web/..%2fapp.py", "/web/swagger/none"])
async def test_nothing_else_lies_beside_the_pages(client: httpx2.AsyncClient, path: str) -> None:
    await refusal(client.get(path), 404)


@pytest.fixture
def front(browser: webdriver.Chrome, service_url: str) -> Page:
    return Page(browser, service_url)


def verdicts(front: Page) -> int | None:
    """How many the page tells of, with commas from a thousand on; None before it knows."""
    shown = front.text("verdicts").replace(",", "")
    return int(shown) if shown.isdecimal() else None


def test_a_visitor_sees_that_the_service_is_ready(front: Page, service_url: str) -> None:
    front.wait_for(lambda: front.text("readiness") == "Ready.")
    front.wait_for(lambda: verdicts(front) is not None)
    assert front.text("workers") == "1 of 1"
    assert front.text("queued") == "0"
    assert "known rollouts" in front.text("detail")
    assert all(address.startswith(service_url) for address in front.loaded())
    assert front.complaints() == []


def test_the_result_is_where_one_looks(front: Page, browser: webdriver.Chrome) -> None:
    browser.set_window_size(1400, 1000)
    front.click("a wrong answer")
    assert front.score() == "wrong_answer"
    bottom = "return document.getElementById('details').getBoundingClientRect().bottom"
    assert 0 < browser.execute_script(bottom) < browser.execute_script("return innerHeight")
    assert browser.execute_script("return scrollY") == 0


def test_a_visitor_sees_workers_rate_and_latest_batches(front: Page, service_url: str) -> None:
    rollout = {"completion": "\\boxed{2}", "ground_truth": {"kind": MARKUP}}
    body = {"batch_id": MARKUP[:40], "rollouts": [rollout] * 9}
    httpx2.post(f"{service_url}/v1/score", json=body, timeout=600, trust_env=False)
    front.wait_for(lambda: MARKUP[:40] in front.text("batches"))
    assert "9 invalid_ground_truth" in front.text("batches")
    assert "9 The ground truth cannot be used" in front.text("batches")
    assert front.count("#batches img") == 0
    assert "idle" in front.text("at")
    assert front.text("queues") == "math and code 1 0"
    front.wait_for(lambda: "ms" in front.text("latency") or " s" in front.text("latency"))
    assert front.text("rate")[0].isdecimal()
    assert front.complaints() == []


@pytest.mark.parametrize(
    ("example", "outcome", "reward"),
    [
        ("equal fractions", "correct", "reward 1.0"),
        ("a wrong answer", "wrong_answer", "reward 0.0"),
        ("a program", "correct", "reward 1.0"),
        ("a function", "correct", "reward 1.0"),
        ("a loop without end", "time_limit_exceeded", "reward 0.0"),
        ("a claim", "wrong_answer", "reward 0.0"),
    ],
)
def test_every_example_is_judged(front: Page, example: str, outcome: str, reward: str) -> None:
    front.click(example)
    assert front.score() == outcome
    assert front.text("reward") == reward
    front.wait_for(lambda: f"{outcome} " in front.text("outcomes"))


def test_verdicts_are_counted_on_the_page(front: Page) -> None:
    front.wait_for(lambda: verdicts(front) is not None)
    before = verdicts(front) or 0
    front.score()
    # Others of this service may have scored just before, which the page shows a moment later.
    front.wait_for(lambda: (verdicts(front) or 0) > before)


def test_what_could_not_be_judged_is_said(front: Page) -> None:
    front.write("truth", '{"kind": "poem"}')
    assert front.score() == "invalid_ground_truth"
    assert front.text("reward") == "reward null: not judged"
    assert "`kind` must be one of" in front.text("details")
    front.write("completion", "x" * (5 << 20))
    assert front.score() == "verifier_error"
    assert "VERIFIER_MAX_COMPLETION_CHARS" in front.text("details")


def test_a_text_that_is_markup_stays_text(front: Page, browser: webdriver.Chrome) -> None:
    truth = '{"kind": "stdin", "cases": [{"input": "", "output": "<b>no</b>"}]}'
    front.write("completion", f"```python\nprint('''{MARKUP}''')\n```")
    front.write("truth", truth)
    assert front.score() == "wrong_answer"
    assert "<img src=x" in front.text("details")
    assert "<b>no</b>" in front.text("details")
    assert front.count("#result img, #result b") == 0
    assert browser.title == "Verifier"
    assert front.complaints() == []


def test_with_keys_the_page_asks_for_one_and_sends_it(
    browser: webdriver.Chrome,
    start: Start,  # noqa: F811
) -> None:
    process, address = serving(start, VERIFIER_API_KEYS="secret")
    page = Page(browser, address)
    assert page.count("#key") == 1
    assert page.score() == "Unauthorized"
    assert "Authorization: Bearer" in page.text("details")
    assert page.text("whose").startswith("Type a key in")
    page.write("key", "secret")
    assert page.score() == "correct"
    page.wait_for(lambda: page.text("whose") == "Those that were sent with this key.")
    process.kill()
    page.wait_for(lambda: page.text("readiness") == "The service does not answer.")
    assert page.score() == "No answer"


def test_the_documentation_needs_nothing_from_elsewhere(
    browser: webdriver.Chrome, service_url: str
) -> None:
    document = httpx2.get(f"{service_url}/openapi.json", timeout=600, trust_env=False).json()
    operations = sum(len(methods) for methods in document["paths"].values())
    page = Page(browser, f"{service_url}/docs")
    page.wait_for(lambda: page.count(".opblock") == operations)
    assert page.count("#operations-default-run_code_run_code_post") == 1
    assert page.loaded()
    assert all(address.startswith(service_url) for address in page.loaded())
    assert page.complaints() == []


def test_a_request_can_be_tried_from_the_documentation(
    browser: webdriver.Chrome, service_url: str
) -> None:
    page = Page(browser, f"{service_url}/docs#/default/run_code_run_code_post")
    for css in (".try-out__btn", "button.execute"):
        page.click_when_it_holds_still(css)
    page.wait_for(
        lambda: "Finished" in browser.find_element(By.CSS_SELECTOR, ".live-responses-table").text
    )
