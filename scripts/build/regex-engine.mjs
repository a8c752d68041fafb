import { readFileSync, writeFileSync } from 'node:fs';
import { StepFailure } from '../prepare/run.mjs';

// The function `match` of the package as it is compiled, after its size: no locals; its code, text, length and offset;
// 0 for PCRE2's options; where the result goes; the call of `pcre2_match`.
const body = Buffer.from([
  0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0x20, 0x03, 0x41, 0x00, 0x20, 0x04, 0x10,
]);
/** Where the options stand in it, and how many bytes they are. */
const options = { at: 9, length: 2 };
/** `i32.const PCRE2_NO_UTF_CHECK`, as pcre2.h has it: 0x40000000. */
const noUtfCheck = Buffer.from([0x41, 0x80, 0x80, 0x80, 0x80, 0x04]);
const growth = noUtfCheck.length - options.length;

const header = 8;
const codeSection = 10;

/**
 * Copies the compiled PCRE2 so that it takes the texts it is given for well-formed UTF-16, which ours are. As it comes,
 * each match looks at all the rest of the text first: going through the matches of a text takes the square of its
 * length, 6 s for 160 KB. The package has no way to say the option, so it is set in its code.
 *
 * @param {string} source
 * @param {string} target
 * @throws {StepFailure} when the module is not the one this was made for
 */
export function copyRegexEngine(source, target) {
  const module = readFileSync(source);
  const at = module.indexOf(body);
  const size = module[at - 1] ?? 0;
  if (at < 0 || module.indexOf(body, at + 1) >= 0 || size !== body.length + 2) {
    throw new StepFailure(`${source} is not the PCRE2 this build knows: its function match is another.`);
  }
  const section = findSection(module, codeSection);
  writeFileSync(
    target,
    Buffer.concat([
      module.subarray(0, section.sizeAt),
      unsigned(section.size + growth),
      module.subarray(section.start, at - 1),
      Buffer.from([size + growth]),
      module.subarray(at, at + options.at),
      noUtfCheck,
      module.subarray(at + options.at + options.length),
    ]),
  );
}

/**
 * A section of a module. WebAssembly core specification, section 5.5.2.
 *
 * @param {Buffer} module
 * @param {number} wanted
 */
function findSection(module, wanted) {
  for (let at = header; at < module.length; ) {
    const id = module[at];
    let size = 0;
    let shift = 0;
    let start = at + 1;
    for (;;) {
      const byte = module[start] ?? 0;
      start += 1;
      size += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    if (id === wanted) return { sizeAt: at + 1, start, size };
    at = start + size;
  }
  throw new StepFailure(`The module has no section ${wanted}.`);
}

/**
 * A number as LEB128. WebAssembly core specification, section 5.2.2.
 *
 * @param {number} value
 */
function unsigned(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 0x80)) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 0x80) | 0x80);
  }
}
