;; Exceptions are outside Stylus's set. try is like block; catch, catch_all, delegate, throw and
;; rethrow end a basic block, and what catches begins with another.
;;
;;   A = 2450 + 75 + 765 = 3290
;;   B = 2450 + 75 + 0 = 2525
;;   C = 2450 + 1 = 2451
;;   D = 2450 + 0 + 75 + 3800 = 6325
;;   E = 2450 + 1 + 0 = 2451
;;   F = 2450 + 1 + 70 + 1 = 2522
;;   G = 2450 + 0 + 0 + 75 + 3800 = 6325
;;   H = 2450 + 0 = 2450
;;   I = 2450 + 0 = 2450
;;   J = 2450 + 1 + 1 = 2452
;;   K = 2450 + 1 + 0 = 2451
;;   L = 2450 + 75 + 3800 = 6325
;;
;; expect: catch:0 ink=16968 operators=9 outside=2 result=1 by D + A + C + E + C
;; expect: catch:5 ink=17113 operators=11 outside=2 result=15 by D + A + B + F + C
;; expect: rethrow:0 ink=19418 operators=11 outside=4 result=1 by G + A + C + E + I + C
;; expect: rethrow:5 ink=19493 operators=12 outside=4 result=20 by G + A + B + H + J + C
;; expect: delegate:0 ink=19418 operators=11 outside=4 result=1 by G + A + C + K + I + C
;; expect: delegate:5 ink=17113 operators=12 outside=3 result=15 by G + A + B + F + C
;; expect: outer:0 ink=14517 operators=6 outside=0 by L + A + C + C
;; expect: outer:1 ink=12140 operators=6 outside=1 trap=yes by L + A + B

(module
  (tag $e (param i32))
  (func $thrower (param i32)
    local.get 0 if                              ;; A
      local.get 0 throw $e end)                 ;; B, or C
  (func (export "catch") (param i32) (result i32)
    try (result i32)
      local.get 0 call $thrower                 ;; D
      i32.const 1
    catch $e                                    ;; E
      i32.const 10 i32.add end)                 ;; F, then C
  (func (export "rethrow") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0 call $thrower               ;; G
        i32.const 1
      catch_all                                 ;; E
        rethrow 0 end                           ;; H
    catch_all                                   ;; I
      i32.const 20 end)                         ;; J, then C
  (func (export "delegate") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0 call $thrower               ;; G
        i32.const 1
      delegate 0                                ;; K
    catch $e                                    ;; I
      i32.const 10 i32.add end)                 ;; F, then C
  (func (export "outer") (param i32)
    local.get 0 call $thrower))                 ;; L, C
