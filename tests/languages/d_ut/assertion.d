// expect: nonzero_exit
void main(string[] arguments) { assert(arguments.length == 9, "does not hold"); }
