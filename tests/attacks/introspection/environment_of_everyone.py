# expect: wrong_answer
# why: keys and addresses live in environments
import os
seen = [dict(os.environ)]
for process in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline", "maps", "fd", "cwd", "root"):
        try:
            seen.append(os.listdir(f"/proc/{process}/{name}") if name == "fd" else open(f"/proc/{process}/{name}", "rb").read()[:4000])
        except OSError as error:
            seen.append(type(error).__name__)
print(input(), seen)
