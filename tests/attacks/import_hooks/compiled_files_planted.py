# expect: runtime_error
# why: a cached byte code file is trusted more than its source
import importlib.util, json, os
place = importlib.util.cache_from_source(json.__file__)
os.makedirs(os.path.dirname(place), exist_ok=True)
open(place, "wb").write(b"\x00" * 64)
