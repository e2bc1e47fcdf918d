# expect: correct
# why: threads that share the work
# kind: call referee
from concurrent.futures import ThreadPoolExecutor
def solve(text):
    with ThreadPoolExecutor(4) as pool:
        return "".join(pool.map(str, reversed(text)))
