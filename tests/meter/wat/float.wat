;; Floats are outside Stylus's set: they add 0 to the ink, and are counted apart. A select without a
;; type has its price whatever it chooses from.
;;
;;   A = 2450 + 23 x 0 + 1 = 2451
;;   B = 2450 + 36 x 0 + 11 x 70 + 1 = 3221
;;   C = 2450 + 75 + 10 x 0 + 1 = 2526
;;   D = 2450 + 1 + 0 + 0 + 1 + 0 + 0 + 1 + 0 + 0 + 1 + 0 + 0 + 70 + 1 = 2525
;;   E = 2450 + 0 + 0 + 75 + 1250 + 0 + 1 = 3776
;;
;; expect: f32 ink=2451 operators=24 outside=23 result=2 by A
;; expect: f64 ink=2451 operators=24 outside=23 result=2 by A
;; expect: compare ink=3221 operators=48 outside=36 result=6 by B
;; expect: convert:7 ink=2526 operators=12 outside=10 result=7 by C
;; expect: memory ink=2525 operators=14 outside=8 result=9 by D
;; expect: select:0 ink=3776 operators=6 outside=3 result=2 by E

(module
  (memory 1)
  (func (export "f32") (result i32)                                                        ;; A
    f32.const 9 f32.sqrt f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest
    f32.const 2 f32.add f32.const 3 f32.sub f32.const 4 f32.mul f32.const 5 f32.div
    f32.const 1 f32.min f32.const -2 f32.max f32.const 1 f32.copysign i32.trunc_f32_s)
  (func (export "f64") (result i32)                                                        ;; A
    f64.const 9 f64.sqrt f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest
    f64.const 2 f64.add f64.const 3 f64.sub f64.const 4 f64.mul f64.const 5 f64.div
    f64.const 1 f64.min f64.const -2 f64.max f64.const 1 f64.copysign i32.trunc_sat_f64_u)
  (func (export "compare") (result i32)                                                    ;; B
    f32.const 1 f32.const 2 f32.eq         f32.const 1 f32.const 2 f32.ne i32.add
    f32.const 1 f32.const 2 f32.lt i32.add f32.const 1 f32.const 2 f32.gt i32.add
    f32.const 1 f32.const 2 f32.le i32.add f32.const 1 f32.const 2 f32.ge i32.add
    f64.const 1 f64.const 2 f64.eq i32.add f64.const 1 f64.const 2 f64.ne i32.add
    f64.const 1 f64.const 2 f64.lt i32.add f64.const 1 f64.const 2 f64.gt i32.add
    f64.const 1 f64.const 2 f64.le i32.add f64.const 1 f64.const 2 f64.ge i32.add)
  (func (export "convert") (param i32) (result i64)                                        ;; C
    local.get 0 f32.convert_i32_s i32.reinterpret_f32 f32.reinterpret_i32 f64.promote_f32
    i64.reinterpret_f64 f64.reinterpret_i64 f32.demote_f64 i64.trunc_sat_f32_s
    f64.convert_i64_u i64.trunc_f64_u)
  (func (export "memory") (result i32)                                                     ;; D
    i32.const 8 f64.const 6.5 f64.store i32.const 8 f64.load i32.trunc_f64_s
    i32.const 8 f32.const 3.5 f32.store i32.const 8 f32.load i32.trunc_f32_u i32.add)
  (func (export "select") (param i32) (result i32)                                         ;; E
    f32.const 1 f32.const 2 local.get 0 select i32.trunc_sat_f32_s))
