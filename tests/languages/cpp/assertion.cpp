// expect: signalled
#include <cassert>
int main(int count, char**) { assert(count > 1); }
