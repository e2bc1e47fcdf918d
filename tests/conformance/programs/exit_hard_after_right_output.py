# expect: ok
# stdout: "42\n"
import os
print(42, flush=True)
os._exit(0)
