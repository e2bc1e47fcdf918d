# expect: ok
# stdin: "1 2\n"
# stdout: "3\n"
my ($a, $b) = split / /, <STDIN>;
print $a + $b, "\n";
