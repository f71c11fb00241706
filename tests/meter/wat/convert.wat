;; Between the two integers, and sign extension within each: 100.
;;
;;   A = 2450 + 75 + 3 x 100 + 1 = 2826
;;   B = 2450 + 75 + 4 x 100 + 1 = 2926
;;   C = 2450 + 75 + 100 + 1 = 2626
;;
;; expect: narrow:4294967168 ink=2826 operators=5 outside=0 result=-128 by A
;; expect: wide:-129 ink=2926 operators=6 outside=0 result=127 by B
;; expect: unsigned:-1 ink=2626 operators=3 outside=0 result=4294967295 by C

(module
  (func (export "narrow") (param i64) (result i32)
    local.get 0 i32.wrap_i64 i32.extend16_s i32.extend8_s)                           ;; A
  (func (export "wide") (param i32) (result i64)
    local.get 0 i64.extend_i32_s i64.extend32_s i64.extend16_s i64.extend8_s)        ;; B
  (func (export "unsigned") (param i32) (result i64)
    local.get 0 i64.extend_i32_u))                                                   ;; C
