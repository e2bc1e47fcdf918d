# expect: runtime_error
# why: a device file of one's own would bring /dev/zero back
import mmap, os, stat
os.mknod("/tmp/zero", stat.S_IFCHR | 0o666, os.makedev(1, 5))
mmap.mmap(os.open("/tmp/zero", os.O_RDWR), 1 << 20)
