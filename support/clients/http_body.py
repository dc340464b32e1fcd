"""Reads the body of an HTTP answer within a limit: the limit of requests is for each read alone."""

from __future__ import annotations

import requests
from urllib3.exceptions import HTTPError

from support import clock

CHUNK = 65_536


def read_body(answer: requests.Response, within_s: float) -> requests.Response:
    """Returns the same answer with its body. It must have been requested with stream=True.

    Raises TimeoutError if the body is not complete within that time, and ConnectionError if the
    connection ends earlier. The first says how many bytes arrived.
    """
    end_ns, body = clock.now_ns() + int(within_s * clock.NS_PER_S), bytearray()
    try:
        # A read of a fixed number of bytes would wait for all of them.
        while part := answer.raw.read1(CHUNK, decode_content=True):
            body += part
            if clock.now_ns() > end_ns:
                raise TimeoutError(
                    f"the answer was not complete after {within_s:g} s: {len(body)} bytes of it "
                    "had arrived"
                )
    except HTTPError as error:
        answer.close()
        raise ConnectionError(f"{type(error).__name__} after {len(body)} bytes") from error
    except BaseException:
        # Not back to the pool: the rest of the body is still to come.
        answer.close()
        raise
    answer._content = bytes(body)
    return answer
