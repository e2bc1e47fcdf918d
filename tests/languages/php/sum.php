<?php
// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
[$a, $b] = explode(" ", trim(fgets(STDIN)));
echo $a + $b, "\n";
