# expect: correct
# why: what can be written on a folder itself is no file, and still a letter to the next run
import fcntl, os, struct
GET_FLAGS, SET_FLAGS, NO_DUMP = 0x80086601, 0x40086602, 0x40
found = []
for place in ("/tmp", "/dev/shm", "/mnt"):
    folder = os.open(place, os.O_RDONLY)
    about = os.fstat(folder)
    if about.st_mtime == 777 or about.st_atime == 777 or about.st_mode != 0o41777:
        found.append((place, "times or mode"))
    try:
        flags = struct.unpack("L", fcntl.ioctl(folder, GET_FLAGS, bytes(8)))[0]
        if flags & NO_DUMP:
            found.append((place, "flags"))
        fcntl.ioctl(folder, SET_FLAGS, struct.pack("L", flags | NO_DUMP))
    except OSError:
        pass
    try:
        if os.listxattr(place):
            found.append((place, "attributes"))
        os.setxattr(place, "user.left", b"777")
        entries = [(1, 7, -1), (4, 7, -1), (32, 0, -1)]  # its owner, its group, others
        access = struct.pack("I", 2) + b"".join(struct.pack("HHi", *entry) for entry in entries)
        os.setxattr(place, "system.posix_acl_default", access)
    except OSError:
        pass
    for mark in (lambda: os.chmod(place, 0o1770), lambda: os.utime(place, (777, 777))):
        try:
            mark()
        except OSError:
            pass
print(found or input()[::-1])
