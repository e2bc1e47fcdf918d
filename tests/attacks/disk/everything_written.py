# expect: wrong_answer
# why: every place that can be written to
import os
written = []
for folder, _, _ in os.walk("/"):
    if not folder.startswith(("/proc/", "/sys/")):
        try:
            open(folder + "/planted", "w").write("x")
            written.append(folder)
        except OSError:
            pass
assert set(written) <= {"/tmp", "/dev/shm", "/mnt"}, written
print("planted")
