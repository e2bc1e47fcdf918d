<?php
// expect: nonzero_exit
exit(3);
