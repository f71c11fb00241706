;; select without a type, drop and nop.
;;
;;   A = 2450 + 3 x 75 + 1250 + 1 = 3926
;;   B = 2450 + 1 + 1 + 9 + 1 + 9 + 1 + 1 = 2473
;;
;; expect: i32:10,20,1 ink=3926 operators=5 outside=0 result=10 by A
;; expect: i32:10,20,0 ink=3926 operators=5 outside=0 result=20 by A
;; expect: i64:10,20,0 ink=3926 operators=5 outside=0 result=20 by A
;; expect: nothing ink=2473 operators=7 outside=0 by B

(module
  (func (export "i32") (param i32 i32 i32) (result i32)
    local.get 0 local.get 1 local.get 2 select)          ;; A
  (func (export "i64") (param i64 i64 i32) (result i64)
    local.get 0 local.get 1 local.get 2 select)          ;; A
  (func (export "nothing")
    nop i32.const 1 drop i64.const 2 drop nop))          ;; B
