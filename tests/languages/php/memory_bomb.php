<?php
// expect: memory_limit
$all = [];
while (true) { $all[] = str_repeat("x", 1 << 22); }
