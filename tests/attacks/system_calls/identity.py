# expect: wrong_answer
# why: becomes someone else, or root
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
mine = os.getuid()
for uid in (0, 1, mine + 1, 65534):
    for act in (os.setuid, os.setgid, lambda u: os.setresuid(u, u, u), lambda u: os.setgroups([u])):
        try:
            act(uid)
        except (OSError, OverflowError):
            pass
assert os.getresuid() == (mine, mine, mine) and os.getgroups() == [], (os.getresuid(), os.getgroups())
print("same")
