# expect: ok
# stdout: '[]\n'
import os

opened = []
processes = {"1", *(name for name in os.listdir("/proc") if name.isdigit())} - {str(os.getpid())}
for process in processes:
    for name, mode in (
        ("mem", os.O_RDWR), ("environ", os.O_RDONLY), ("maps", os.O_RDONLY), ("fd", os.O_RDONLY),
        ("oom_score_adj", os.O_WRONLY), ("root", os.O_RDONLY), ("cwd", os.O_RDONLY),
        ("fd/0", os.O_RDONLY), ("fd/3", os.O_RDWR), ("syscall", os.O_RDONLY),
        ("task/1/comm", os.O_WRONLY), ("coredump_filter", os.O_WRONLY),
    ):
        try:
            os.close(os.open(f"/proc/{process}/{name}", mode))
            opened.append(name)
        except OSError:
            pass
print(opened)
