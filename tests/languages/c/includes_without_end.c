// expect: compile_error
// message: "memory"
#include "/dev/zero"
int main(void) {}
