"""A real browser that reaches nothing but this machine, and pages in it by what is on them."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, cast

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"


@pytest.fixture(scope="module")
def browser(
    tmp_path_factory: pytest.TempPathFactory, not_here: Callable[[str], NoReturn]
) -> Iterator[webdriver.Chrome]:
    """Chromium without a name service: it finds the service by its number and nobody else."""
    if not (shutil.which(CHROMIUM) and shutil.which(DRIVER)):
        not_here("no Chromium (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    running = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield running
    running.quit()


class Page:
    """A page in the browser, by what is on it."""

    def __init__(self, browser: webdriver.Chrome, address: str) -> None:
        self._browser = browser
        browser.get("about:blank")  # another place on the same page would load nothing
        self.complaints()  # of pages before
        browser.get(address)

    def text(self, name: str) -> str:
        return str(self._browser.find_element(By.ID, name).text)

    def write(self, name: str, text: str) -> None:
        # Keys would be slow, and some of these texts have characters that no key has.
        field = self._browser.find_element(By.ID, name)
        self._browser.execute_script("arguments[0].value = arguments[1]", field, text)

    def click(self, text: str) -> None:
        self._browser.find_element(By.XPATH, f"//button[text()='{text}']").click()

    def click_when_it_holds_still(self, css: str) -> None:
        """Swagger UI moves its parts while it opens an operation."""

        def clicked() -> bool:
            try:
                self._browser.find_element(By.CSS_SELECTOR, css).click()
            except (NoSuchElementException, ElementClickInterceptedException):
                return False
            return True

        self.wait_for(clicked)

    def wait_for(self, condition: Callable[[], Any]) -> None:
        """What is made anew while it is looked at is not what is waited for yet."""
        waiting = WebDriverWait(
            self._browser, 600, ignored_exceptions=[StaleElementReferenceException]
        )
        waiting.until(lambda _: condition())

    def count(self, css: str) -> int:
        return len(self._browser.find_elements(By.CSS_SELECTOR, css))

    def score(self) -> str:
        """Have what is in the form scored; the outcome that is shown."""
        self.click("Score")
        self.wait_for(lambda: self.text("send") == "Score" and self.text("outcome"))
        return self.text("outcome")

    def complaints(self) -> list[str]:
        """What the browser refused or did not find since it was last asked."""
        return [entry["message"] for entry in cast(Any, self._browser).get_log("browser")]

    def loaded(self) -> list[str]:
        names = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
        return list(self._browser.execute_script(names))
