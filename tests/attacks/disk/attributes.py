# expect: wrong_answer
# why: bytes can be kept in a file's attributes
import os
open("/tmp/a", "w").close()
for place in ("/tmp/a", "/tmp", "/dev/shm"):
    try:
        for number in range(1000):
            os.setxattr(place, f"user.{number}", b"x" * 60_000)
    except OSError:
        pass
print("attributed")
