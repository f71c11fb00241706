;; What leaves a function early does not pay for its end. Branches to the function itself do the
;; same as return.
;;
;;   A = 2450 + 75 + 765 = 3290
;;   B = 2450 + 1 + 1 = 2452
;;   C = 2450 + 1 + 765 = 3216
;;   D = 2450 + 1 + 75 + 765 = 3291
;;   E = 2450 + 9 + 1 + 1 = 2461
;;   F = 2450 + 1 + 1 = 2452
;;   G = 2450 + 1 + 75 + 2725 = 5251
;;   H = 2450 + 1 = 2451
;;
;; expect: early:1 ink=5742 operators=4 outside=0 result=1 by A + B
;; expect: early:0 ink=5742 operators=4 outside=0 result=2 by A + B
;; expect: last ink=2452 operators=2 outside=0 result=3 by B
;; expect: branch ink=3216 operators=2 outside=0 result=4 by C
;; expect: perhaps:1 ink=3291 operators=3 outside=0 result=5 by D
;; expect: perhaps:0 ink=5752 operators=6 outside=0 result=6 by D + E
;; expect: inside:0 ink=7703 operators=5 outside=0 by F + G
;; expect: inside:1 ink=15056 operators=8 outside=0 by F + G + 3 H

(module
  (func (export "early") (param i32) (result i32)
    local.get 0 if                             ;; A
      i32.const 1 return end                   ;; B
    i32.const 2)                               ;; B, of the same price
  (func (export "last") (result i32)
    i32.const 3 return)                        ;; B
  (func (export "branch") (result i32)
    i32.const 4 br 0)                          ;; C
  (func (export "perhaps") (param i32) (result i32)
    i32.const 5 local.get 0 br_if 0            ;; D
    drop i32.const 6)                          ;; E
  (func (export "inside") (param i32)
    block loop                                 ;; F
      block local.get 0 br_table 3 0 end       ;; G, and an end that is not reached
    end end))                                  ;; H, H, H
