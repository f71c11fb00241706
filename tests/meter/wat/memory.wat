;; memory.size and memory.grow; the price of the pages themselves is not in the ink.
;;
;;   A = 2450 + 75 + 8050 + 1 = 10576
;;   B = 2450 + 3000 + 1 = 5451
;;
;; expect: size ink=5451 operators=2 outside=0 result=1 pages=1->1 by B
;; expect: grow:2 ink=10576 operators=3 outside=0 result=1 pages=1->3 by A
;; expect: size ink=5451 operators=2 outside=0 result=3 pages=3->3 by B
;; expect: grow:3 ink=10576 operators=3 outside=0 result=-1 pages=3->3 by A
;; expect: grow:0 ink=10576 operators=3 outside=0 result=3 pages=3->3 by A

(module
  (memory 1 5)
  (func (export "grow") (param i32) (result i32)
    local.get 0 memory.grow)                        ;; A
  (func (export "size") (result i32)
    memory.size))                                   ;; B
