# expect: correct
# why: a cache that lives on from call to call
# kind: call referee
import functools
@functools.lru_cache(None)
def solve(text):
    return text[-1:] + solve(text[:-1]) if text else ""
