# expect: memory_limit
my @all;
push @all, chr(65 + @all % 26) x (1 << 22) while 1;
