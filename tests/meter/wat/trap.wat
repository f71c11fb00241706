;; A block is paid for when it is entered: one that traps in its middle has cost all of itself, and
;; counted all of its operators.
;;
;;   A = 2450 + 75 + 765 = 3290
;;   B = 2450 + 1 + 1 = 2452
;;   C = 2450 + 1 + 1 = 2452
;;   D = 2450 + 75 + 670 + 9 + 1 + 1 = 3206
;;   E = 2450 + 1 + 75 + 3800 = 6326
;;   F = 2450 + 2 x 1 + 1120 + 1 + 1 = 3574
;;
;; expect: stop:0 ink=5742 operators=4 outside=0 result=5 by A + C
;; expect: stop:1 ink=5742 operators=4 outside=0 trap=yes by A + B
;; expect: load:0 ink=3206 operators=5 outside=0 result=6 by D
;; expect: load:-1 ink=3206 operators=5 outside=0 trap=yes by D
;; expect: called:1 ink=12068 operators=7 outside=0 trap=yes by E + A + B
;; expect: overflow ink=3574 operators=5 outside=0 trap=yes by F
;; expect: stop:0 ink=5742 operators=4 outside=0 result=5 by A + C

(module
  (memory 1)
  (func $stop (export "stop") (param i32) (result i32)
    local.get 0 if                                                 ;; A
      unreachable end                                              ;; B
    i32.const 5)                                                   ;; C
  (func (export "load") (param i32) (result i32)
    local.get 0 i32.load drop i32.const 6)                         ;; D
  (func (export "called") (param i32) (result i32)
    i32.const 7 local.get 0 call $stop                             ;; E
    i32.mul)
  (func (export "overflow") (result i32)
    i32.const 0x80000000 i32.const -1 i32.div_s nop))              ;; F
