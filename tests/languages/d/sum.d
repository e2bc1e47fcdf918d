// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
import std.stdio;
void main() { int a, b; readf(" %d %d", a, b); writeln(a + b); }
