// expect: compile_error
char data[1 << 30] = {1};
int main(void) {}
