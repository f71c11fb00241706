;; The two ways of an if. The else belongs to the first way, which it ends; the second pays for the
;; end, and so does the first where there is no else.
;;
;;   A = 2450 + 75 + 1 + 170 + 765 = 3461
;;   B = 2450 + 1 + 75 + 70 + 210 + 1 = 2807
;;   C = 2450 + 75 + 1 = 2526
;;   D = 2450 + 75 + 765 = 3290
;;   E = 2450 + 1 + 1 = 2452
;;   F = 2450 + 1 + 1 + 1 = 2453
;;   G = 2450 + 1 = 2451
;;   H = 2450 + 75 + 1 + 170 + 765 = 3461
;;
;; expect: abs:5 ink=5987 operators=6 outside=0 result=5 by A + C
;; expect: abs:-5 ink=8794 operators=11 outside=0 result=5 by A + B + C
;; expect: pick:1 ink=8193 operators=5 outside=0 result=10 by D + E + G
;; expect: pick:0 ink=8194 operators=6 outside=0 result=21 by D + F + G
;; expect: hollow:1 ink=8192 operators=4 outside=0 by D + G + G
;; expect: hollow:0 ink=8193 operators=5 outside=0 by D + E + G
;; expect: leave:0 ink=8194 operators=6 outside=0 by D + F + G
;; expect: leave:1 ink=9202 operators=7 outside=0 by D + H + G
;; expect: leave:2 ink=11654 operators=9 outside=0 by D + H + E + G

(module
  (func (export "abs") (param i32) (result i32)
    local.get 0 i32.const 0 i32.lt_s if                 ;; A
      i32.const 0 local.get 0 i32.sub local.set 0 end   ;; B
    local.get 0)                                        ;; C
  (func (export "pick") (param i32) (result i32)
    local.get 0 if (result i32)                         ;; D
      i32.const 10 else                                 ;; E
      nop i32.const 21 end)                             ;; F, then G
  (func (export "hollow") (param i32)
    local.get 0 if                                      ;; D
      else                                              ;; G
      nop end)                                          ;; E, then G
  (func (export "leave") (param i32)
    local.get 0 if                                      ;; D
      local.get 0 i32.const 1 i32.eq br_if 0            ;; H
      nop else                                          ;; E
      nop nop end))                                     ;; F, then G
