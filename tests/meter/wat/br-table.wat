;; br_table costs 2400, and 325 for each target but the default.
;;
;;   A = 2450 + 4 x 1 + 75 + 3375 = 5904
;;   B = 2450 + 1 + 1 = 2452
;;   C = 2450 + 1 + 75 + 2400 = 4926
;;   D = 2450 + 1 = 2451
;;   E = 2450 + 1 + 1 = 2452
;;   F = 2450 + 75 + 1 + 70 + 210 + 75 + 1 + 70 + 75 + 2725 = 5752
;;   G = 2450 + 75 + 1 = 2526
;;
;; expect: choose:0 ink=8356 operators=8 outside=0 result=10 by A + B
;; expect: choose:1 ink=8356 operators=8 outside=0 result=20 by A + B
;; expect: choose:2 ink=8356 operators=8 outside=0 result=30 by A + B
;; expect: choose:3 ink=8356 operators=8 outside=0 result=40 by A + B
;; expect: choose:-1 ink=8356 operators=8 outside=0 result=40 by A + B
;; expect: always:7 ink=7377 operators=4 outside=0 by C + D
;; expect: count:3 ink=22234 operators=31 outside=0 result=3 by E + 3 F + G

(module
  (func (export "choose") (param i32) (result i32)
    block block block block
      local.get 0 br_table 2 1 0 3                        ;; A: 2400 + 3 x 325
    end i32.const 30 return                               ;; B, after an end that is not reached
    end i32.const 20 return                               ;; B
    end i32.const 10 return                               ;; B
    end i32.const 40)                                     ;; B
  (func (export "always") (param i32)
    block local.get 0 br_table 0 end)                     ;; C, D
  (func (export "count") (param i32) (result i32) (local i32)
    block loop                                            ;; E
      local.get 1 i32.const 1 i32.add local.set 1
      local.get 0 i32.const 1 i32.sub local.tee 0
      br_table 1 0                                        ;; F: 2400 + 325; back unless 0
    end end
    local.get 1))                                         ;; G
