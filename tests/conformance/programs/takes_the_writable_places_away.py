# expect: ok
# stdout: 'done\n'
import os

for place in ("/tmp", "/dev/shm", "/mnt"):
    for attempt in (
        lambda place=place: os.setxattr(place, "user.left", b"behind"),
        lambda place=place: os.chmod(place, 0),
        lambda place=place: os.rename(place, place + "2"),
    ):
        try:
            attempt()
        except OSError:
            pass
print("done")
