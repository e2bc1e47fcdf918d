; expect: compile_error
#lang racket
(define x
