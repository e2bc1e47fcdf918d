"""What can be set of a client: arguments of `Client` and `AsyncClient`, or the environment's."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from verifier_client.errors import Unusable

DEFAULT_URL = "http://127.0.0.1:8000"
DEFAULT_PATIENCE_S = 300.0
DEFAULT_DEADLINE_S = 240.0
"""With all of the patience before it less than 600 s, after which NCCL gives a step up."""
DEFAULT_CONNECTIONS = 64
DEFAULT_GATHER_MS = 3.0
UNJUDGED = ("raise", "zero", "nan")
VARIABLES = (
    "VERIFIER_URL",
    "VERIFIER_API_KEY",
    "VERIFIER_PATIENCE_S",
    "VERIFIER_DEADLINE_S",
    "VERIFIER_CONNECTIONS",
    "VERIFIER_GATHER_MS",
    "VERIFIER_UNJUDGED",
)
"""Of the environment, that `Settings.read` looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the service is and how it is asked."""

    urls: tuple[str, ...]
    """The addresses of the service, http://127.0.0.1:8000 say; VERIFIER_URL, comma-separated where
    there are several: where one does not answer, the next is asked."""
    api_key: str | None = field(repr=False)
    """VERIFIER_API_KEY."""
    patience_s: float
    """How long a request is sent again and again, from its beginning, before Unavailable is raised;
    0 is once; VERIFIER_PATIENCE_S."""
    deadline_s: float | None
    """Of every batch that is given none of its own; VERIFIER_DEADLINE_S. None, given as 0: the
    service's."""
    connections: int
    """How many one process opens at most; what does not fit waits. VERIFIER_CONNECTIONS."""
    gather_ms: float = DEFAULT_GATHER_MS
    """How long a trainer's rollout waits for others to travel with while requests are under way;
    VERIFIER_GATHER_MS."""
    unjudged: str | None = None
    """The reward of a rollout that could not be judged, one of `UNJUDGED`. None: in `Scores` None,
    in a trainer without a word for it what its reward function says. VERIFIER_UNJUDGED."""

    @classmethod
    def read(
        cls,
        url: str | None = None,
        api_key: str | None = None,
        patience_s: float | None = None,
        deadline_s: float | None = None,
        connections: int | None = None,
        gather_ms: float | None = None,
        unjudged: str | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> Settings:
        """What is None comes from the environment, else it has its default. Raises Unusable."""

        def number(given: float | None, name: str, *, zero: bool = False) -> float | None:
            """The argument, or the variable of that name, as a number. Raises Unusable."""
            text = environment.get(name) if given is None else given
            if text is None or text == "":
                return None
            try:
                found = float(text)
            except (TypeError, ValueError):
                found = -1.0
            if not (0 < found < float("inf") or (zero and found == 0)):
                least = "of 0 or above" if zero else "above 0"
                raise Unusable(f"{name} must be a number {least}, not {text!r}.")
            return found

        gather = number(gather_ms, "VERIFIER_GATHER_MS", zero=True)
        patience = number(patience_s, "VERIFIER_PATIENCE_S", zero=True)
        deadline = number(deadline_s, "VERIFIER_DEADLINE_S", zero=True)
        most = number(connections, "VERIFIER_CONNECTIONS") or DEFAULT_CONNECTIONS
        if most != int(most):
            raise Unusable(f"VERIFIER_CONNECTIONS must be a whole number, not {most:g}.")
        return cls(
            urls=_usable_urls(url or environment.get("VERIFIER_URL") or DEFAULT_URL),
            api_key=_usable_key(api_key or environment.get("VERIFIER_API_KEY")),
            patience_s=DEFAULT_PATIENCE_S if patience is None else patience,
            deadline_s=(DEFAULT_DEADLINE_S if deadline is None else deadline) or None,
            connections=int(most),
            gather_ms=DEFAULT_GATHER_MS if gather is None else gather,
            unjudged=usable_choice(unjudged or environment.get("VERIFIER_UNJUDGED")),
        )

    @property
    def url(self) -> str:
        """The addresses as they were given."""
        return ",".join(self.urls)

    @property
    def on_this_machine(self) -> bool:
        """Whether each address is this machine's own."""
        return all(is_on_this_machine(url) for url in self.urls)

    @property
    def needs_certificates(self) -> bool:
        """Whether an address is asked over TLS, or an address elsewhere may lead to one."""
        return not self.on_this_machine or any(
            url.lower().startswith("https:") for url in self.urls
        )


def is_on_this_machine(url: str) -> bool:
    """Whether it is an address of the machine that asks. One that binds all, 0.0.0.0, is."""
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified


def _usable_urls(urls: str) -> tuple[str, ...]:
    """Of several, an empty one is none."""
    found = [_usable_url(url) for url in urls.split(",") if url.strip()]
    return tuple(dict.fromkeys(found)) or (_usable_url(urls),)


def _usable_url(url: str) -> str:
    """Refused at once: asking again and again would not make it an address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not close
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise Unusable(
            f"{url!r} is no address of a service; give one like {DEFAULT_URL} (VERIFIER_URL)."
        )
    return url.rstrip("/")


def _usable_key(key: str | None) -> str | None:
    key = (key or "").strip()
    if not key.isascii() or (key and not key.isprintable()):
        raise Unusable("The API key holds characters that no header takes (VERIFIER_API_KEY).")
    return key or None


def usable_choice(unjudged: str | None) -> str | None:
    """Raises Unusable."""
    if unjudged and unjudged not in UNJUDGED:
        raise Unusable(f"VERIFIER_UNJUDGED must be one of {', '.join(UNJUDGED)}, not {unjudged!r}.")
    return unjudged or None
