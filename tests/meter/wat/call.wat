;; A call ends a basic block; what follows the call is another one. call_indirect costs 13610, and
;; 650 for each parameter of its type.
;;
;;   A = 2450 + 1 + 1 = 2452
;;   B = 2450 + 75 + 75 + 70 + 1 = 2671
;;   C = 2450 + 75 + 3800 = 6325
;;   D = 2450 + 3800 = 6250
;;   E = 2450 + 1 = 2451
;;   F = 2450 + 1 + 13610 = 16061
;;   G = 2450 + 75 + 1 + 1 + 14910 = 17437
;;   H = 2450 + 1 + 75 + 1 + 75 + 1 + 1 + 16860 = 19464
;;   I = 2450 + 75 + 1 = 2526
;;   J = 2450 + 1 + 1 + 75 + 14910 = 17437
;;
;; expect: direct:1 ink=20149 operators=10 outside=0 result=8 by C + A + D + B + E
;; expect: indirect0 ink=20964 operators=5 outside=0 result=7 by F + A + E
;; expect: indirect2:40 ink=22559 operators=9 outside=0 result=42 by G + B + E
;; expect: indirect5:9 ink=24441 operators=10 outside=0 result=9 by H + I + E
;; expect: through:1 ink=22559 operators=9 outside=0 result=3 by J + B + E
;; expect: through:0 ink=17437 operators=4 outside=0 trap=yes by J
;; expect: through:9 ink=17437 operators=4 outside=0 trap=yes by J

(module
  (type $two (func (param i32 i32) (result i32)))
  (table 3 funcref)
  (elem (i32.const 0) $seven $add $fourth)
  (func $seven (result i32) i32.const 7)                                              ;; A
  (func $add (type $two) local.get 0 local.get 1 i32.add)                             ;; B
  (func $fourth (param i64 i32 i64 i32 i64) (result i32) local.get 3)                 ;; I
  (func (export "direct") (param i32) (result i32)
    local.get 0 call $seven                                                           ;; C
    call $add)                                                                        ;; D, E
  (func (export "indirect0") (result i32)
    i32.const 0 call_indirect (result i32))                                           ;; F, E
  (func (export "indirect2") (param i32) (result i32)
    local.get 0 i32.const 2 i32.const 1 call_indirect (type $two))                    ;; G, E
  (func (export "indirect5") (param i32) (result i32)
    i64.const 1 local.get 0 i64.const 3 local.get 0 i64.const 5                       ;; H
    i32.const 2 call_indirect (param i64 i32 i64 i32 i64) (result i32))               ;; H, E
  (func (export "through") (param i32) (result i32)      ;; 0 is of another type, 9 is no element
    i32.const 1 i32.const 2 local.get 0 call_indirect (type $two)))                   ;; J, E
