;; The loop operator ends a basic block, so that a branch back does not pay for it again.
;;
;;   A = 2450 + 1 = 2451
;;   B = 2450 + 75 + 75 + 70 + 210 + 75 + 1 + 70 + 75 + 765 = 3866
;;   C = 2450 + 1 = 2451
;;   D = 2450 + 75 + 1 = 2526
;;   E = 2450 + 75 + 210 + 1 = 2736
;;   F = 2450 + 75 + 1 + 70 + 210 + 75 + 1 + 70 + 75 + 765 = 3792
;;   G = 2450 + 75 + 1 + 70 + 75 + 765 = 3436
;;   H = 2450 + 1 + 1 = 2452
;;   I = 2450 + 75 + 170 + 765 = 3460
;;   J = 2450 + 75 + 1 + 70 + 210 + 765 = 3571
;;
;; expect: sum:1 ink=11294 operators=13 outside=0 result=1 by A + B + C + D
;; expect: sum:10 ink=46088 operators=94 outside=0 result=55 by A + 10 B + C + D
;; expect: grid:2,3 ink=47426 operators=76 outside=0 result=6 by A + 2 E + 6 F + 2 C + 2 G + C + D
;; expect: while:0 ink=8363 operators=6 outside=0 by H + I + C
;; expect: while:3 ink=29456 operators=30 outside=0 by H + 4 I + 3 J + C

(module
  (func (export "sum") (param i32) (result i32) (local i32)
    loop                                                          ;; A
      local.get 1 local.get 0 i32.add local.set 1
      local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0         ;; B
    end                                                           ;; C
    local.get 1)                                                  ;; D
  (func (export "grid") (param i32 i32) (result i32) (local $left i32) (local $sum i32)
    loop                                                          ;; A
      local.get 1 local.set $left loop                            ;; E
        local.get $sum i32.const 1 i32.add local.set $sum
        local.get $left i32.const 1 i32.sub local.tee $left br_if 0 ;; F
      end                                                         ;; C
      local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0         ;; G
    end                                                           ;; C
    local.get $sum)                                               ;; D
  (func (export "while") (param i32)
    block loop                                                    ;; H
      local.get 0 i32.eqz br_if 1                                 ;; I
      local.get 0 i32.const 1 i32.sub local.set 0 br 0            ;; J
    end end))                              ;; neither is reached; the function's own end is C
