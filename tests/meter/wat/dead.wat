;; Dead code costs nothing, whatever is in it, and does not disturb what follows.
;;
;;   A = 2450 + 1 + 1 + 765 = 3217
;;   B = 2450 + 1 + 70 + 1 = 2522
;;   C = 2450 + 1 + 1 = 2452
;;   D = 2450 + 1 + 1 = 2452
;;   E = 2450 + 765 = 3215
;;   F = 2450 + 1 = 2451
;;
;; expect: over ink=5739 operators=6 outside=0 result=12 by A + B
;; expect: after ink=2452 operators=2 outside=0 result=6 by C
;; expect: around ink=8118 operators=4 outside=0 by D + E + F

(module
  (memory 1)
  (func (export "over") (result i32)
    block (result i32)
      i32.const 5 br 0                         ;; A
      if nop else unreachable end
      loop br 0 end
      block i32.const 0 br_table 0 0 end
      call 0 drop memory.fill i32.add select   ;; on a stack that can be anything
    end
    i32.const 7 i32.add)                       ;; B
  (func (export "after") (result i32)
    i32.const 6 return                         ;; C
    drop unreachable block block i32.const 9 return end end)
  (func (export "around")
    block loop                                 ;; D
      br 1 nop end                             ;; E
    unreachable end))                          ;; F is the function's own end
