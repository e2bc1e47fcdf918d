# expect: wrong_answer
# why: the next test case of the same program finds what the first one left
import os
for place in ("/tmp", "/dev/shm", "/mnt"):
    assert os.listdir(place) == [], place
    open(f"{place}/left", "w").write(input() if place == "/tmp" else "x")
print("left")
