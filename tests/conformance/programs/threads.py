# expect: ok
# stdout: "45\n"
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(10) as pool:
    print(sum(pool.map(lambda n: n, range(10))))
