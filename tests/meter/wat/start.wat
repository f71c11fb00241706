;; What runs before the first call: the start function, then _initialize.
;;
;;   A = 2450 + 1 + 1 + 825 + 3800 = 7077
;;   B = 2450 + 1 = 2451
;;   C = 2450 + 1 + 1 + 825 + 1 = 3278
;;   D = 2450 + 1 + 670 + 1 = 3122
;;
;; expect: setup ink=15257 operators=10 outside=0 by A + B + B + C
;; expect: read ink=3122 operators=3 outside=0 result=42 by D

(module
  (memory 1)
  (start $first)
  (func $first
    i32.const 0 i32.const 1 i32.store call $nothing)        ;; A, B
  (func $nothing)                                           ;; B
  (func (export "_initialize")
    i32.const 0 i32.const 42 i32.store)                     ;; C
  (func (export "read") (result i32)
    i32.const 0 i32.load))                                  ;; D
