;; memory.copy and memory.fill cost 950, and 100 for each byte, known only when they run, and
;; paid for before they do: also for bytes that are not there.
;;
;;   A = 2450 + 3 x 75 + 950 + 1 = 3626
;;   B = 2450 + 3 x 1 + 950 + 3 x 1 + 950 + 1 + 670 + 1 = 5028
;;   C = 2450 + 1 = 2451
;;   D = 2450 + 1 + 1 + 75 + 950 + 75 + 1 + 70 + 75 + 765 = 4463
;;
;; expect: fill:8,7,0 ink=3626 operators=5 outside=0 by A
;; expect: fill:8,7,10 ink=4626 operators=5 outside=0 by A + 10 bytes
;; expect: copy:9,8,65000 ink=6503626 operators=5 outside=0 by A + 65000 bytes
;; expect: fill:65530,7,10 ink=4626 operators=5 outside=0 trap=yes by A + 10 bytes
;; expect: fill:0,7,-1 ink=429496733126 operators=5 outside=0 trap=yes by A + 4294967295 bytes
;; expect: both ink=7028 operators=11 outside=0 result=16843009 by B + 16 bytes + 4 bytes
;; expect: triangle:4 ink=26205 operators=39 outside=0 by C + 4 D + 10 bytes + C + C

(module
  (memory 1)
  (func (export "fill") (param i32 i32 i32)
    local.get 0 local.get 1 local.get 2 memory.fill)                   ;; A
  (func (export "copy") (param i32 i32 i32) (local i64 i64)
    local.get 0 local.get 1 local.get 2 memory.copy)                   ;; A
  (func (export "both") (result i32)                                   ;; B
    i32.const 32 i32.const 1 i32.const 16 memory.fill
    i32.const 64 i32.const 40 i32.const 4 memory.copy
    i32.const 64 i32.load)
  (func (export "triangle") (param i32)
    loop                                                               ;; C
      i32.const 0 i32.const 9 local.get 0 memory.fill
      local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0              ;; D
    end))                                                              ;; C, C
