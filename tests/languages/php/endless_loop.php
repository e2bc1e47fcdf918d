<?php
// expect: time_limit
while (true) {}
