// expect: nonzero_exit
class Fails { static int Main(string[] arguments) { return 3; } }
