// expect: nonzero_exit
#include <stdio.h>

int main(void) {
    puts("so far");
    return 3;
}
