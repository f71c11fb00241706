;; Stores of every width: 825 of an i32, 950 of an i64.
;;
;;   A = 2450 + 6 x 75 + 3 x 825 + 1 = 5376
;;   B = 2450 + 8 x 75 + 4 x 950 + 1 = 6851
;;   C = 2450 + 1 + 680 + 1 = 3132
;;
;; expect: i32:16,-2 ink=5376 operators=10 outside=0 by A
;; expect: read ink=3132 operators=3 outside=0 result=-283669704998914 by C
;; expect: i64:16,513 ink=6851 operators=13 outside=0 by B
;; expect: read ink=3132 operators=3 outside=0 result=144396671659344385 by C

(module
  (memory 1)
  (func (export "i32") (param i32 i32)                    ;; A
    local.get 0 local.get 1 i32.store
    local.get 0 local.get 1 i32.store8 offset=5
    local.get 0 local.get 1 i32.store16 offset=6)
  (func (export "i64") (param i32 i64)                    ;; B
    local.get 0 local.get 1 i64.store
    local.get 0 local.get 1 i64.store8 offset=2
    local.get 0 local.get 1 i64.store16 offset=3 align=1
    local.get 0 local.get 1 i64.store32 offset=6 align=1)
  (func (export "read") (result i64)
    i32.const 16 i64.load))                               ;; C
