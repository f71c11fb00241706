;; memory.init and data.drop are outside Stylus's set, unlike memory.copy and memory.fill.
;;
;;   A = 2450 + 3 x 1 + 0 + 0 + 1 + 670 + 1 = 3125
;;
;; expect: init ink=3125 operators=8 outside=2 result=6513249 by A

(module
  (memory 1)
  (data $abc "abc")
  (func (export "init") (result i32)
    i32.const 0 i32.const 0 i32.const 3 memory.init $abc data.drop $abc i32.const 0 i32.load))
