# expect: wrong_answer
# why: the host's own files: the canary, keys, the checkout, the daemon's socket
import os
places = ["@CANARY@", "/proc/1/root@CANARY@", "/work/main/README.md", "/root/.ssh", "/etc/shadow", "/home",
          "/var/run/docker.sock", "/run/docker.sock", "/run/agent/agent.sock", "/proc/1/cwd", "/proc/1/root/etc",
          "/proc/kcore", "/dev/mem", "/dev/kmsg", "/dev/sda", "/sys/kernel/debug", "/proc/sysrq-trigger"]
seen = []
for place in places:
    try:
        seen.append((place, os.listdir(place) if os.path.isdir(place) else open(place, "rb").read(32)))
    except OSError as error:
        seen.append(type(error).__name__)
assert "alive" not in str(seen) and "ssh" not in str(seen), seen
print(input(), seen)
