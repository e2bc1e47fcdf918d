// expect: ok
// stdout: "done\n"
#include <pthread.h>
#include <stdio.h>

static char table[200 << 20];

static void *work(void *unused) {
    table[1 << 20] = 1;
    return unused;
}

int main(void) {
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        if (pthread_create(&threads[i], 0, work, 0)) return 1;
    }
    for (int i = 0; i < 8; i++) pthread_join(threads[i], 0);
    puts("done");
}
