; expect: nonzero_exit
#lang racket
(exit 3)
