# expect: wrong_answer
# why: settings of the kernel, of the agent and of the group
import glob
written = []
for path in glob.glob("/proc/sys/**", recursive=True) + glob.glob("/sys/fs/cgroup/**", recursive=True)[:500] + ["/proc/1/oom_score_adj", "/proc/self/uid_map", "/proc/self/setgroups", "/proc/self/loginuid"]:
    try:
        with open(path, "r+") as file:
            file.write(file.read() or "0")
            file.flush()
        written.append(path)
    except (OSError, UnicodeDecodeError):
        pass
assert not [path for path in written if not path.startswith("/proc/self/")], written
print("tried")
