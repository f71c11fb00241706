;; Blocks with parameters and several results, and functions with several results.
;;
;;   A = 2450 + 75 + 75 + 1 + 70 + 1 = 2672
;;   B = 2450 + 1 + 70 + 1 = 2522
;;   C = 2450 + 75 + 75 + 1 = 2601
;;   D = 2450 + 75 + 75 + 3800 = 6400
;;   E = 2450 + 70 + 1 = 2521
;;   F = 2450 + 1 + 1 = 2452
;;   G = 2450 + 75 + 160 + 75 + 1 + 70 + 75 + 765 = 3671
;;   H = 2450 + 1 = 2451
;;   I = 2450 + 1 + 1 + 75 + 765 = 3292
;;   J = 2450 + 70 + 1 = 2521
;;   K = 2450 + 70 + 1 + 1 = 2522
;;   L = 2450 + 1 + 75 + 765 = 3291
;;   M = 2450 + 1 + 70 + 1 = 2522
;;   N = 2450 + 3 x 1 + 75 + 765 = 3293
;;   O = 2450 + 9 + 9 + 1 + 1 + 1 = 2471
;;
;; expect: through:5,3 ink=5194 operators=8 outside=0 result=3 by A + B
;; expect: swapped:5,3 ink=11522 operators=8 outside=0 result=-2 by D + C + E
;; expect: power:3,4 ink=22038 operators=32 outside=0 result=81 by F + 4 G + H + H
;; expect: ways:1 ink=8264 operators=7 outside=0 result=4 by I + J + H
;; expect: ways:0 ink=8265 operators=8 outside=0 result=2 by I + K + H
;; expect: more:1 ink=8264 operators=7 outside=0 result=6 by L + M + H
;; expect: more:0 ink=5742 operators=4 outside=0 result=5 by L + H
;; expect: branch:1 ink=5814 operators=7 outside=0 result=9 by N + E
;; expect: branch:0 ink=8285 operators=12 outside=0 result=3 by N + O + E

(module
  (func (export "through") (param i32 i32) (result i32)
    local.get 0 local.get 1 block (param i32 i32) (result i32) i32.sub end      ;; A
    i32.const 1 i32.add)                                                        ;; B
  (func $swap (param i32 i32) (result i32 i32)
    local.get 1 local.get 0)                                                    ;; C
  (func (export "swapped") (param i32 i32) (result i32)
    local.get 0 local.get 1 call $swap                                          ;; D
    i32.sub)                                                                    ;; E
  (func (export "power") (param i32 i32) (result i32)
    i32.const 1 loop (param i32) (result i32)                                   ;; F
      local.get 0 i32.mul local.get 1 i32.const 1 i32.sub local.tee 1 br_if 0   ;; G
    end)                                                                        ;; H, H
  (func (export "ways") (param i32) (result i32)
    i32.const 3 i32.const 1 local.get 0 if (param i32 i32) (result i32)         ;; I
      i32.add else                                                              ;; J
      i32.sub nop end)                                                          ;; K, then H
  (func (export "more") (param i32) (result i32)
    i32.const 5 local.get 0 if (param i32) (result i32)                         ;; L
      i32.const 1 i32.add end)                                                  ;; M, then H
  (func (export "branch") (param i32) (result i32)
    block (result i32 i32)
      i32.const 4 i32.const 5 local.get 0 br_if 0                               ;; N
      drop drop i32.const 1 i32.const 2 end                                     ;; O
    i32.add))                                                                   ;; E
