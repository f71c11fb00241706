;; Vectors are outside Stylus's set, with their operators of one byte, of two, and their immediates.
;;
;;   A = 2450 + 75 + 4 x 0 + 1 = 2526
;;   B = 2450 + 1 + 0 + 0 + 1 + 1 + 5 x 0 + 1 + 0 + 0 + 70 + 1 = 2525
;;
;; expect: lanes:5 ink=2526 operators=6 outside=4 result=8 by A
;; expect: memory ink=2525 operators=15 outside=9 result=16 by B

(module
  (memory 1)
  (func (export "lanes") (param i32) (result i32)                                 ;; A
    local.get 0 i32x4.splat v128.const i32x4 1 2 3 4 i32x4.add i32x4.extract_lane 2)
  (func (export "memory") (result i32)                                            ;; B
    i32.const 0 v128.const i8x16 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 v128.store
    i32.const 4 i32.const 0 v128.load v128.load8_lane offset=1 3
    v128.const i64x2 0 0 i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
    i8x16.extract_lane_u 3
    i32.const 0 v128.load32_zero v128.any_true i32.add))
