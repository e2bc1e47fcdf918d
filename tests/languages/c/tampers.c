// expect: ok
// stdout: "clean\n"
// runs: 3
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static int entries(const char *folder) {
    DIR *opened = opendir(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(opened));) count += entry->d_name[0] != '.';
    closedir(opened);
    return count;
}

int main(void) {
    char value[16];
    int found = entries("/tmp") + entries("/dev/shm");
    found += lseek(3, 0, SEEK_CUR) != 0;
    found += fgetxattr(3, "user.left", value, sizeof value) > 0;
    int again = open("/proc/self/fd/3", O_RDONLY);
    found += flock(again, LOCK_EX | LOCK_NB) != 0;
    close(again);
    puts(found ? "found something" : "clean");
    fflush(stdout);

    const char *ways[] = {"/proc/self/fd/3", "/proc/self/exe", "/dev/fd/3"};
    for (int i = 0; i < 3; i++) {
        chmod(ways[i], 0777);
        truncate(ways[i], 0);
        int opened = open(ways[i], O_RDWR);
        write(opened, "#!/bin/sh\necho altered\n", 23);
    }
    pwrite(3, "altered", 7, 0);
    void *mapped = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
    if (mapped != MAP_FAILED) memset(mapped, 0, 4096);
    fchmod(3, 0);
    fsetxattr(3, "user.left", "x", 1, 0);
    flock(3, LOCK_EX);
    lseek(3, 7, SEEK_SET);
    close(open("/tmp/left", O_CREAT | O_WRONLY, 0777));
    close(open("/tmp/main", O_CREAT | O_WRONLY, 0777));
    close(open("/dev/shm/left", O_CREAT | O_WRONLY, 0777));
    if (fork() == 0) {
        setsid();
        for (;;) {
            close(open("/tmp/later", O_CREAT | O_WRONLY, 0777));
            usleep(1000);
        }
    }
}
