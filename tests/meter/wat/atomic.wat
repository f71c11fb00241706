;; Atomics, on a shared memory, are outside Stylus's set.
;;
;;   A = 2450 + 1 + 1 + 0 + 1 + 75 + 0 + 9 + 1 + 1 + 1 + 0 + 9 + 1 = 2550
;;   B = 2450 + 0 + 1 + 1 + 0 + 9 + 1 + 1 + 1 + 0 + 1 + 0 + 70 + 1 = 2536
;;   C = 2450 + 3 x 1 + 950 + 1 = 3404
;;
;; expect: change:4 ink=2550 operators=13 outside=3 by A
;; expect: wait ink=2536 operators=13 outside=4 result=9 pages=1->1 by B
;; expect: fill ink=3904 operators=5 outside=0 by C + 5 bytes

(module
  (memory (export "memory") 1 1 shared)
  (func (export "change") (param i32)                                              ;; A
    i32.const 0 i32.const 1 i32.atomic.store
    i32.const 0 local.get 0 i32.atomic.rmw.add drop
    i32.const 0 i32.const 5 i32.const 8 i32.atomic.rmw.cmpxchg drop)
  (func (export "wait") (result i32)                                               ;; B
    atomic.fence
    i32.const 0 i32.const 1 memory.atomic.notify drop
    i32.const 0 i32.const 7 i64.const -1 memory.atomic.wait32
    i32.const 0 i32.atomic.load i32.add)
  (func (export "fill")
    i32.const 8 i32.const 1 i32.const 5 memory.fill))                              ;; C
