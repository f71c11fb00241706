;; Tail calls are outside Stylus's set, and end a basic block. They still need no stack.
;;
;;   A = 2450 + 75 + 170 + 765 = 3460
;;   B = 2450 + 75 + 1 = 2526
;;   C = 2450 + 75 + 1 + 70 + 75 + 1 + 70 + 0 = 2742
;;   D = 2450 + 75 + 1 + 1 + 0 = 2527
;;
;; expect: down:2,1 ink=18390 operators=25 outside=2 result=5 by 3 A + 2 C + B
;; expect: down:30000,0 ink=186065986 operators=300005 outside=30000 by 30001 A + 30000 C + B
;; expect: indirect:1 ink=14715 operators=19 outside=2 result=2 by D + 2 A + C + B

(module
  (table 1 funcref)
  (elem (i32.const 0) $down)
  (func $down (export "down") (param i32 i32) (result i32)
    local.get 0 i32.eqz if                                                            ;; A
      local.get 1 return end                                                          ;; B
    local.get 0 i32.const 1 i32.sub local.get 1 i32.const 2 i32.add return_call $down);; C
  (func (export "indirect") (param i32) (result i32)
    local.get 0 i32.const 0 i32.const 0                                               ;; D
    return_call_indirect (param i32 i32) (result i32)))
