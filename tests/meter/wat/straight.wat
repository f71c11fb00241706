;; One block per function: it begins with the function and ends with the function's own end.
;;
;;   A = 2450 + 75 + 75 + 70 + 1 = 2671
;;   B = 2450 + 1 + 210 + 1 + 75 + 75 + 9 + 75 + 1 = 2897
;;   C = 2450 + 1 = 2451
;;
;; expect: add:2,3 ink=2671 operators=4 outside=0 result=5 by A
;; expect: add:2147483647,-2147483648 ink=2671 operators=4 outside=0 result=-1 by A
;; expect: locals:9 ink=2897 operators=8 outside=0 result=9 by B
;; expect: nothing ink=2451 operators=1 outside=0 by C

(module
  (func (export "add") (param i32 i32) (result i32)
    local.get 0 local.get 1 i32.add)                                      ;; A
  (func (export "locals") (param i32) (result i32) (local i64)
    i64.const 7 local.set 1 nop local.get 0 local.tee 0 drop local.get 0) ;; B
  (func (export "nothing")))                                              ;; C
