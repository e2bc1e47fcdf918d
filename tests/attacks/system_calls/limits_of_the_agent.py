# expect: wrong_answer
# why: another process's limits can be set where both have the same uid
import os, resource
for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_CPU):
    for process in (1, os.getppid()):
        try:
            resource.prlimit(process, kind, (0, 0))
            print("set")
        except OSError:
            pass
print("refused")
