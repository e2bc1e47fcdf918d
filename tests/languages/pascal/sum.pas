// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
var a, b: integer;
begin read(a, b); writeln(a + b) end.
