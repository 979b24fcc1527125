/**
 * Preloaded into the Node of the program and of the policy pack (`nodeargs` in Pulumi.yaml and PulumiPolicy.yaml): parts of
 * @pulumi/pulumi that serialise JavaScript functions are loaded when something first uses them, and neither has a function to
 * serialise. The SDK loads them always: they are the package manager's dependency tree, the TypeScript compiler, and a debugger session
 * that makes every promise dearer. Together they cost a preview about as much time as the resources do. Where the SDK does without one
 * of them, nothing is done.
 */
const Module = require("node:module");

const ofSdk = Module.createRequire(require.resolve("@pulumi/pulumi"));

/** Puts exports in the place of a module; `load` answers the real ones, and loads them at its first call. */
function replace(name, exportsOf) {
  let file;
  try {
    file = ofSdk.resolve(name);
  } catch {
    return;
  }
  let real;
  const load = () => {
    if (real === undefined) {
      delete require.cache[file];
      real = ofSdk(file);
    }
    return real;
  };
  const module = new Module(file);
  module.exports = exportsOf(load);
  module.loaded = true;
  require.cache[file] = module;
}

/** Stands for any module; claims `__esModule`, so that importing it copies, and so loads, nothing. */
function onFirstUse(load) {
  return new Proxy(() => undefined, {
    get: (_target, key) => key === "__esModule" || load()[key],
  });
}

replace("@npmcli/arborist", onFirstUse);
replace("typescript", onFirstUse);
replace("./runtime/closure/v8Hooks.js", (load) => ({
  __esModule: true,
  isInitializedAsync: async () => undefined,
  getSessionAsync: () => load().getSessionAsync(),
  getScriptUrl: (id) => load().getScriptUrl(id),
}));

// For a policy pack the SDK always registers a compiler that is too old for today's syntax; Node itself reads the pack's TypeScript.
module.exports = { register() {} };
replace("./tsutils.js", () => ({
  typeScriptRequireStrings: () => ({ tsnodeRequire: __filename, typescriptRequire: __filename }),
  loadTypeScriptCompilerOptions: () => ({}),
}));
