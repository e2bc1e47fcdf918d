; expect: nonzero_exit
#lang racket
(require rackunit)
(check-equal? (+ 1 1) 3)
