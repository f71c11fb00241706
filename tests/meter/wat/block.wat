;; A block does not end a basic block; its end does. A branch goes past that end, and does not pay
;; for it.
;;
;;   A = 2450 + 3 x 1 + 75 + 765 = 3293
;;   B = 2450 + 1 + 1 = 2452
;;   C = 2450 + 2 x 1 + 1 = 2453
;;   D = 2450 + 3 x 1 + 1 = 2454
;;   E = 2450 + 75 + 1 = 2526
;;   F = 2450 + 1 + 1 = 2452
;;   G = 2450 + 1 = 2451
;;
;; expect: nested:0 ink=13178 operators=16 outside=0 result=0 by A + B + C + D + E
;; expect: nested:1 ink=8273 operators=11 outside=0 result=1 by A + D + E
;; expect: hollow ink=4903 operators=3 outside=0 by F + G

(module
  (func (export "nested") (param i32) (result i32)
    block block block
      local.get 0 br_if 1    ;; A; taken, it goes to D
      nop end                ;; B
      nop nop end            ;; C
      nop nop nop end        ;; D
    local.get 0)             ;; E
  (func (export "hollow")
    block end))              ;; F, G
