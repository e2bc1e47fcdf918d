<?php
// expect: nonzero_exit
assert(1 === 2, "does not hold");
