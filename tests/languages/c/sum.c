// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
#include <stdio.h>

int main(void) {
    int a, b;
    scanf("%d %d", &a, &b);
    printf("%d\n", a + b);
}
