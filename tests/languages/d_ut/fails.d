// expect: nonzero_exit
int main() { return 3; }
