;; eqz and the ten comparisons: 170 of i32, 225 of i64. The result counts those that hold.
;;
;;   A = 2450 + 21 x 75 + 11 x 170 + 10 x 70 + 1 = 6596
;;   B = 2450 + 21 x 75 + 11 x 225 + 10 x 70 + 1 = 7201
;;
;; expect: i32:2,3 ink=6596 operators=43 outside=0 result=5 by A
;; expect: i32:0,0 ink=6596 operators=43 outside=0 result=6 by A
;; expect: i32:-1,1 ink=6596 operators=43 outside=0 result=5 by A
;; expect: i64:2,3 ink=7201 operators=43 outside=0 result=5 by B
;; expect: i64:0,0 ink=7201 operators=43 outside=0 result=6 by B

(module
  (func (export "i32") (param $a i32) (param $b i32) (result i32)   ;; A
    local.get $a i32.eqz
    local.get $a local.get $b i32.eq i32.add   local.get $a local.get $b i32.ne i32.add
    local.get $a local.get $b i32.lt_s i32.add local.get $a local.get $b i32.lt_u i32.add
    local.get $a local.get $b i32.gt_s i32.add local.get $a local.get $b i32.gt_u i32.add
    local.get $a local.get $b i32.le_s i32.add local.get $a local.get $b i32.le_u i32.add
    local.get $a local.get $b i32.ge_s i32.add local.get $a local.get $b i32.ge_u i32.add)
  (func (export "i64") (param $a i64) (param $b i64) (result i32)   ;; B
    local.get $a i64.eqz
    local.get $a local.get $b i64.eq i32.add   local.get $a local.get $b i64.ne i32.add
    local.get $a local.get $b i64.lt_s i32.add local.get $a local.get $b i64.lt_u i32.add
    local.get $a local.get $b i64.gt_s i32.add local.get $a local.get $b i64.gt_u i32.add
    local.get $a local.get $b i64.le_s i32.add local.get $a local.get $b i64.le_u i32.add
    local.get $a local.get $b i64.ge_s i32.add local.get $a local.get $b i64.ge_u i32.add))
