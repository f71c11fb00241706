;; Tables, references and select with a type are outside Stylus's set.
;;
;;   A = 2450 + 0 + 1 + 0 + 0 + 70 + 1 = 2522
;;   B = 2450 + 3 x 1 + 0 + 0 + 3 x 1 + 0 + 1 + 0 + 0 + 1 = 2458
;;   C = 2450 + 1 + 0 + 0 + 1 + 13610 = 16062
;;   D = 2450 + 1 + 1 = 2452
;;   E = 2450 + 1 = 2451
;;   F = 2450 + 1 + 0 + 1 + 0 + 1 + 0 + 0 + 1 = 2454
;;   G = 2450 + 1 + 1 + 75 + 0 + 1 = 2528
;;
;; expect: grow ink=2522 operators=6 outside=3 result=7 by A
;; expect: copy ink=2458 operators=13 outside=5 result=0 by B
;; expect: set ink=20965 operators=8 outside=2 result=8 by C + D + E
;; expect: null ink=2454 operators=8 outside=4 result=1 by F
;; expect: typed:0 ink=2528 operators=5 outside=1 result=6 by G

(module
  (table 3 10 funcref)
  (elem $two func $seven $eight)
  (func $seven (result i32) i32.const 7)
  (func $eight (result i32) i32.const 8)                                         ;; D
  (func (export "grow") (result i32)
    ref.null func i32.const 1 table.grow 0 table.size 0 i32.add)                 ;; A
  (func (export "copy") (result i32)                                             ;; B
    i32.const 0 i32.const 0 i32.const 2 table.init $two elem.drop $two
    i32.const 1 i32.const 0 i32.const 1 table.copy
    i32.const 1 table.get 0 ref.is_null)
  (func (export "set") (result i32)
    i32.const 2 ref.func $eight table.set 0 i32.const 2 call_indirect (result i32)) ;; C, E
  (func (export "null") (result i32)
    i32.const 0 ref.null func i32.const 2 table.fill 0                           ;; F
    i32.const 0 table.get 0 ref.is_null)
  (func (export "typed") (param i32) (result i32)
    i32.const 5 i32.const 6 local.get 0 select (result i32)))                    ;; G
