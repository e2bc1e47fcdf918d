# expect: wrong_answer
# why: names that are no text, long names, names that look like options
import os
for name in (b"\xff\xfe", b"-rf", b"a\nb", b"*", b" ", b"x" * 255, "\u202e".encode()):
    open(b"/tmp/" + name, "w").close()
    os.mkdir(b"/dev/shm/" + name)
print("named")
