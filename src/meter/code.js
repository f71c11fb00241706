// Goes through the code of a module, operator by operator. Pure.

import { BinaryReaderState as State, OperatorCodeNames } from "wasmparser";
import { readUnsigned } from "./binary.js";
import { typeAt } from "./module.js";
import { idOf, walk } from "./reader.js";

/** @typedef {import("./module.js").Module} Module */

const CODE = 10; // the section
const CALL_INDIRECT = 0x11;
const TYPED_SELECT = 0x1c;

/**
 * @typedef {object} Operator
 * @property {string} name as in the specification
 * @property {number} start offset of its first byte
 * @property {number} end offset behind it
 * @property {number} targets of br_table, without its default
 * @property {number} parameters of the type that call_indirect names
 */

/**
 * @typedef {object} Body
 * @property {number} locals offset of the number of groups of locals
 * @property {number} code offset of the first operator
 * @property {number} end offset behind it
 * @property {number} declared locals beside the parameters
 */

/**
 * Calls `begin` for every function body of a module and `operator` for every operator in it.
 * @param {Uint8Array} bytes a valid module
 * @param {Module} module what readModule said of it
 * @param {{begin: (body: Body) => void, operator: (operator: Operator) => void}} visitor the
 *   operator that it is given changes with every call
 */
export function walkCode(bytes, module, visitor) {
  const operator = { name: "", start: 0, end: 0, targets: 0, parameters: 0 };
  walk(bytes, (reader, start) => {
    if (reader.state === State.CODE_OPERATOR) {
      const result = /** @type {import("wasmparser").IOperatorInformation} */ (reader.result);
      const { code, brTable, typeIndex = 0 } = result;
      operator.name = code === TYPED_SELECT ? "select (typed)" : (OperatorCodeNames[code] ?? "");
      operator.start = start;
      operator.end = reader.position;
      operator.targets = brTable ? brTable.length - 1 : 0;
      operator.parameters =
        code === CALL_INDIRECT ? typeAt(module, typeIndex).parameters.length : 0;
      visitor.operator(operator);
    } else if (reader.state === State.BEGIN_FUNCTION_BODY) {
      const { locals } = /** @type {import("wasmparser").IFunctionInformation} */ (reader.result);
      const size = readUnsigned(bytes, start);
      visitor.begin({
        locals: size.end,
        code: reader.position,
        end: size.end + size.value,
        declared: locals.reduce((sum, { count }) => sum + count, 0),
      });
    } else if (reader.state === State.BEGIN_SECTION) {
      if (idOf(reader) !== CODE) reader.skipSection();
    }
  });
}
