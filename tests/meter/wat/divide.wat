;; Multiplication costs 160 of either width; a division 1120 of i32, 1270 of i64.
;;
;;   A = 2450 + 75 + 75 + 160 + 75 + 1120 + 75 + 1120 + 75 + 1120 + 75 + 1120 + 1 = 7541
;;   B = 2450 + 75 + 75 + 160 + 75 + 1270 + 75 + 1270 + 75 + 1270 + 75 + 1270 + 1 = 8141
;;
;; expect: i32:-100,7 ink=7541 operators=12 outside=0 result=5 by A
;; expect: i64:-10000000000,7 ink=8141 operators=12 outside=0 result=2 by B
;; expect: i32:1,0 ink=7541 operators=12 outside=0 trap=yes by A
;; expect: i64:1,0 ink=8141 operators=12 outside=0 trap=yes by B

(module
  (func (export "i32") (param i32 i32) (result i32)                        ;; A
    local.get 0 local.get 1 i32.mul local.get 1 i32.div_s
    local.get 1 i32.div_u local.get 1 i32.rem_s local.get 1 i32.rem_u)
  (func (export "i64") (param i64 i64) (result i64)                        ;; B
    local.get 0 local.get 1 i64.mul local.get 1 i64.div_s
    local.get 1 i64.div_u local.get 1 i64.rem_s local.get 1 i64.rem_u))
