;; add, sub, and, or, xor, the shifts and the rotations: 70 of i32, 100 of i64.
;;
;;   A = 2450 + 11 x 75 + 10 x 70 + 1 = 3976
;;   B = 2450 + 11 x 75 + 10 x 100 + 1 = 4276
;;
;; expect: i32:123456789,5 ink=3976 operators=22 outside=0 result=52224 by A
;; expect: i32:-1,31 ink=3976 operators=22 outside=0 result=1 by A
;; expect: i64:123456789012345678,5 ink=4276 operators=22 outside=0 result=158647572267786 by B
;; expect: i64:-1,63 ink=4276 operators=22 outside=0 result=1 by B

(module
  (func (export "i32") (param i32 i32) (result i32)                             ;; A
    local.get 0 local.get 1 i32.rotl local.get 1 i32.add local.get 1 i32.xor
    local.get 1 i32.shl local.get 1 i32.rotr local.get 1 i32.sub local.get 1 i32.or
    local.get 1 i32.shr_s local.get 1 i32.shr_u local.get 0 i32.and)
  (func (export "i64") (param i64 i64) (result i64)                             ;; B
    local.get 0 local.get 1 i64.rotl local.get 1 i64.add local.get 1 i64.xor
    local.get 1 i64.shl local.get 1 i64.rotr local.get 1 i64.sub local.get 1 i64.or
    local.get 1 i64.shr_s local.get 1 i64.shr_u local.get 0 i64.and))
