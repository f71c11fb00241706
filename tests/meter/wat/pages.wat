;; Growth from 2 pages on, for the price of pages: it has room for more than Stylus's 128.
;;
;;   A = 2450 + 75 + 8050 + 1 = 10576
;;
;; expect: grow:1 ink=10576 operators=3 outside=0 result=2 pages=2->3 by A
;; expect: grow:200 ink=10576 operators=3 outside=0 result=-1 pages=3->3 by A

(module
  (memory 2 200)
  (func (export "grow") (param i32) (result i32)
    local.get 0 memory.grow))                       ;; A
