;; Globals, which keep their values from one call to the next.
;;
;;   A = 2450 + 225 + 1 + 70 + 575 + 225 + 1 = 3547
;;   B = 2450 + 225 + 1 + 160 + 575 + 225 + 1 = 3637
;;   C = 2450 + 225 + 1 = 2676
;;
;; expect: next ink=3547 operators=6 outside=0 result=6 by A
;; expect: next ink=3547 operators=6 outside=0 result=7 by A
;; expect: twice ink=3637 operators=6 outside=0 result=-6000000000 by B
;; expect: constant ink=2676 operators=2 outside=0 result=9 by C

(module
  (global $i (mut i32) (i32.const 5))
  (global $l (mut i64) (i64.const -3000000000))
  (global $k (export "k") i32 (i32.const 9))
  (func (export "next") (result i32)
    global.get $i i32.const 1 i32.add global.set $i global.get $i)   ;; A
  (func (export "twice") (result i64)
    global.get $l i64.const 2 i64.mul global.set $l global.get $l)   ;; B
  (func (export "constant") (result i32)
    global.get $k))                                                  ;; C
