# expect: compile_error
my $x = ;
