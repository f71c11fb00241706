;; A memory of 64-bit addresses: the operators and their prices are the same.
;;
;;   A = 2450 + 75 + 1 + 75 + 950 + 1 = 3552
;;   B = 2450 + 3 x 75 + 950 + 1 = 3626
;;   C = 2450 + 75 + 8050 + 1 = 10576
;;   D = 2450 + 3000 + 1 = 5451
;;   E = 2450 + 75 + 670 + 1 = 3196
;;
;; expect: fill:16,10 ink=4552 operators=5 outside=0 by A + 10 bytes
;; expect: copy:100,16,4 ink=4026 operators=5 outside=0 by B + 4 bytes
;; expect: load:100 ink=3196 operators=3 outside=0 result=117901063 by E
;; expect: grow:2 ink=10576 operators=3 outside=0 result=1 pages=1->3 by C
;; expect: size ink=5451 operators=2 outside=0 result=3 pages=3->3 by D
;; expect: load:4294967296 ink=3196 operators=3 outside=0 trap=yes by E

(module
  (memory i64 1 8)
  (func (export "fill") (param i64 i64)
    local.get 0 i32.const 7 local.get 1 memory.fill)          ;; A
  (func (export "copy") (param i64 i64 i64)
    local.get 0 local.get 1 local.get 2 memory.copy)          ;; B
  (func (export "grow") (param i64) (result i64)
    local.get 0 memory.grow)                                  ;; C
  (func (export "size") (result i64)
    memory.size)                                              ;; D
  (func (export "load") (param i64) (result i32)
    local.get 0 i32.load))                                    ;; E
