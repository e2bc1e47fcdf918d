# expect: wrong_answer
# why: programs that run as root whoever starts them
import os, stat, subprocess
found = []
for folder in ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/lib"):
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        try:
            if os.stat(f"{folder}/{name}").st_mode & stat.S_ISUID:
                found.append(f"{folder}/{name}")
        except OSError:
            pass
for path in found[:3]:
    try:
        subprocess.run([path], stdin=subprocess.DEVNULL, capture_output=True, timeout=0.2)
    except (OSError, subprocess.SubprocessError):
        pass
print(os.getuid() == 0, len(found) > 100)
