// Byte-compiles the folder named by the first argument as /var/task. `cdk/bundling/bytecode.py` runs it.
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
python.FS.mkdirTree("/var/task");
python.FS.mount(python.FS.filesystems.NODEFS, { root: process.argv[2] }, "/var/task");
const compiled = python.runPython(`
import compileall, py_compile
compileall.compile_dir("/var/task", quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`);
process.exit(compiled ? 0 : 1);
