;; Counting bits: clz and ctz are cheap, popcnt is not.
;;
;;   A = 2450 + 3 x 75 + 210 + 210 + 2650 + 2 x 70 + 1 = 5886
;;   B = 2450 + 3 x 75 + 210 + 210 + 6000 + 2 x 100 + 1 = 9296
;;
;; expect: i32:0 ink=5886 operators=9 outside=0 result=64 by A
;; expect: i32:24 ink=5886 operators=9 outside=0 result=32 by A
;; expect: i64:0 ink=9296 operators=9 outside=0 result=128 by B
;; expect: i64:-4294967296 ink=9296 operators=9 outside=0 result=64 by B

(module
  (func (export "i32") (param i32) (result i32)
    local.get 0 i32.clz local.get 0 i32.ctz local.get 0 i32.popcnt i32.add i32.add)   ;; A
  (func (export "i64") (param i64) (result i64)
    local.get 0 i64.clz local.get 0 i64.ctz local.get 0 i64.popcnt i64.add i64.add))  ;; B
