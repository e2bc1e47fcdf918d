<?php
// expect: compile_error
echo 1 +;
