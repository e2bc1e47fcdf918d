# expect: runtime_error
# why: the standard library itself is changed on disk
import json
with open(json.__file__, "a") as file:
    file.write("\ndumps = lambda *_: 'x'\n")
