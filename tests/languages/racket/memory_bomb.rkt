; expect: memory_limit
#lang racket
(define (fill all) (fill (cons (make-bytes (expt 2 22) 1) all)))
(fill (list))
