"""Bodies are compressed as the service says that it takes them, or not at all."""

import gzip

import httpx2

from verifier_client.compression import LEAST_BYTES, Compression

LARGE = b"x" * LEAST_BYTES


def test_large_bodies_are_compressed_alike_every_time() -> None:
    compression = Compression()
    body, headers = compression.encoded(LARGE)
    assert headers == {"Content-Encoding": "gzip"}
    assert gzip.decompress(body) == LARGE
    assert compression.encoded(LARGE)[0] == body


def test_small_bodies_are_sent_as_they_are() -> None:
    assert Compression().encoded(LARGE[:-1]) == (LARGE[:-1], {})


def test_a_service_that_takes_none_gets_none_from_then_on() -> None:
    compression = Compression()
    compression.learn_from(httpx2.Response(415))
    compression.learn_from(httpx2.Response(200, headers={"accept-encoding": "zstd, gzip"}))
    assert compression.encoded(LARGE) == (LARGE, {})


def test_zstd_is_used_where_the_service_names_it() -> None:
    compression = Compression()
    compression.learn_from(httpx2.Response(200, headers={"accept-encoding": "gzip;q=0.5, zstd"}))
    body, headers = compression.encoded(LARGE)
    assert headers == {"Content-Encoding": "zstd"}
    assert len(body) < LEAST_BYTES
