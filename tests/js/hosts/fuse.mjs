// Puts a fuse into the shipped module: an exported counter that each function takes one from when it is entered.
// At zero the module traps, as it would at a fault in any of its functions.
import binaryen from 'binaryen';

/** @param {Uint8Array} wasm @returns {WebAssembly.Module} a module that exports the global `fuse`; 0 never blows */
export function withFuse(wasm) {
  const module = binaryen.readBinary(wasm);
  module.addGlobal('fuse', binaryen.i32, true, module.i32.const(0));
  module.addGlobalExport('fuse', 'fuse');
  const left = () => module.global.get('fuse', binaryen.i32);
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const at = module.getFunctionByIndex(index);
    const { base, body } = binaryen.getFunctionInfo(at);
    // an imported function has no body
    if (base !== '') continue;
    const blow = module.if(
      left(),
      module.block(null, [
        module.global.set('fuse', module.i32.sub(left(), module.i32.const(1))),
        module.if(module.i32.eqz(left()), module.unreachable()),
      ]),
    );
    binaryen.Function.setBody(at, module.block(null, [blow, body], binaryen.expandType(binaryen.getFunctionInfo(at).results)[0] ?? binaryen.none));
  }
  const binary = module.emitBinary();
  module.dispose();
  return new WebAssembly.Module(binary);
}
