// expect: nonzero_exit
unittest { assert(1 == 2); }
void main() {}
