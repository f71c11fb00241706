;; A call of what the module imports costs the call; what it does is outside the module.
;;
;;   A = 2450 + 75 + 75 + 3800 = 6400
;;   B = 2450 + 70 + 1 = 2521
;;   C = 2450 + 225 + 1 + 670 + 70 + 1 = 3417
;;   D = 2450 + 75 + 75 + 1 + 14260 = 16861
;;
;; expect: call:3 ink=8921 operators=5 outside=0 by A + B
;; expect: read ink=3417 operators=5 outside=0 by C
;; expect: indirect:4 ink=19382 operators=6 outside=0 by D + B

(module
  (import "env" "double" (func $double (param i32) (result i32)))
  (import "env" "base" (global $base i32))
  (import "env" "memory" (memory 1))
  (table 1 funcref)
  (elem (i32.const 0) $double)
  (func (export "call") (param i32) (result i32)
    local.get 0 local.get 0 call $double                        ;; A
    i32.add)                                                    ;; B
  (func (export "read") (result i32)
    global.get $base i32.const 0 i32.load i32.add)              ;; C
  (func (export "indirect") (param i32) (result i32)
    local.get 0 local.get 0 i32.const 0 call_indirect (param i32) (result i32)   ;; D
    i32.add))                                                   ;; B
