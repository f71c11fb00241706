;; Loads of every width: 670 into an i32, 680 into an i64, whatever their offsets.
;;
;;   A = 2450 + 5 x 75 + 5 x 670 + 4 x 70 + 1 = 6456
;;   B = 2450 + 7 x 75 + 7 x 680 + 6 x 100 + 1 = 8336
;;
;; expect: i32:0 ink=6456 operators=15 outside=0 result=-50397701 by A
;; expect: i64:0 ink=8336 operators=21 outside=0 result=-506097518720716563 by B
;; expect: i64:65527 ink=8336 operators=21 outside=0 result=0 by B
;; expect: i64:65528 ink=8336 operators=21 outside=0 trap=yes by B

(module
  (memory 1)
  (data (i32.const 0) "\ff\fe\fd\fc\fb\fa\f9\f8")
  (func (export "i32") (param i32) (result i32)                        ;; A
    local.get 0 i32.load
    local.get 0 i32.load8_s i32.add
    local.get 0 i32.load8_u i32.add
    local.get 0 i32.load16_s i32.add
    local.get 0 i32.load16_u i32.add)
  (func (export "i64") (param i32) (result i64)                        ;; B
    local.get 0 i64.load align=1
    local.get 0 i64.load8_s i64.add
    local.get 0 i64.load8_u offset=1 i64.add
    local.get 0 i64.load16_s offset=2 align=1 i64.add
    local.get 0 i64.load16_u i64.add
    local.get 0 i64.load32_s offset=5 i64.add
    local.get 0 i64.load32_u offset=4 i64.add))
