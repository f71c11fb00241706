;; Each activation pays for its own blocks.
;;
;;   A = 2450 + 75 + 225 + 765 = 3515
;;   B = 2450 + 1 + 1 = 2452
;;   C = 2450 + 75 + 75 + 1 + 100 + 3800 = 6501
;;   D = 2450 + 160 + 1 = 2611
;;   E = 2450 + 1 = 2451
;;   F = 2450 + 75 + 1 + 170 + 765 = 3461
;;   G = 2450 + 75 + 1 = 2526
;;   H = 2450 + 75 + 1 + 70 + 3800 = 6396
;;   I = 2450 + 70 + 1 = 2521
;;
;; The tree of fib(6) has 25 activations, 13 of which are leaves.
;;
;; expect: fac:0 ink=8418 operators=6 outside=0 result=1 by A + B + E
;; expect: fac:5 ink=83808 operators=61 outside=0 result=120 by 6 A + B + 5 C + 5 D + 6 E
;; expect: fac:9 ink=144120 operators=105 outside=0 result=362880 by 10 A + B + 9 C + 9 D + 10 E
;; expect: fib:6 ink=303119 operators=246 outside=0 result=8 by 25 F + 13 G + 24 H + 12 I

(module
  (func $fac (export "fac") (param i64) (result i64)
    local.get 0 i64.eqz if (result i64)                       ;; A
      i64.const 1 else                                        ;; B
      local.get 0 local.get 0 i64.const 1 i64.sub call $fac   ;; C
      i64.mul end)                                            ;; D, E
  (func $fib (export "fib") (param i32) (result i32)
    local.get 0 i32.const 2 i32.lt_u if                       ;; F
      local.get 0 return end                                  ;; G
    local.get 0 i32.const 1 i32.sub call $fib                 ;; H
    local.get 0 i32.const 2 i32.sub call $fib                 ;; H
    i32.add))                                                 ;; I
