# expect: wrong_answer | runtime_error
# why: memfd_create makes memory that no process's limit counts
import os
kept = []
for _ in range(100):
    descriptor = os.memfd_create("memory")
    os.write(descriptor, bytes(1 << 20))
    kept.append(descriptor)
