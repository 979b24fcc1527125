import { languageHostVersion } from "./versions.js";

/**
 * The engine starts two of its plugins by these names. They are scripts that run a module of the project's @pulumi/pulumi with
 * the project's Node.js, both found from the folder in which the engine starts them: the program's or the policy pack's. A pack's runtime
 * options are among the arguments; `nodeargs` is meant for Node.js itself, as it is in a program.
 */
export const shims = {
  "pulumi-resource-pulumi-nodejs": shim("dynamic-provider"),
  "pulumi-analyzer-policy": shim("run-policy-pack"),
};

/** What {@link builtLanguageHostShim} starts. */
export const builtLanguageHost = `pulumi-language-nodejs-v${languageHostVersion}`;

/**
 * The language host that can be built from Go modules is older than the engine, which tells it a project's runtime options in a message
 * that it does not read. It takes them as flags, and the engine starts it in the project's folder. Without them it would load the
 * TypeScript compiler for every operation.
 */
export const builtLanguageHostShim = `#!/bin/sh
set -eu
option() {
  sed -n "s/^ *$1: *//p" Pulumi.yaml 2> /dev/null || true
}
typescript=$(option typescript)
exec "$(dirname "$0")/${builtLanguageHost}" "-typescript=\${typescript:-true}" "-nodeargs=$(option nodeargs)" "$@"
`;

function shim(module) {
  return `#!/bin/sh
set -eu
folder=$PWD
until [ -f "$folder/node_modules/@pulumi/pulumi/cmd/${module}/index.js" ]; do
  if [ "$folder" = / ]; then
    echo "$0: no @pulumi/pulumi in the node_modules of $PWD or of a folder above; run npm ci there" >&2
    exit 1
  fi
  folder=$(dirname "$folder")
done
node=$folder/node_modules/.bin/node
[ -x "$node" ] || node=node
nodeargs=
for argument; do
  case $argument in -nodeargs=*) nodeargs=\${argument#-nodeargs=} ;; esac
done
# Several are given as one text.
# shellcheck disable=SC2086
exec "$node" $nodeargs "$folder/node_modules/@pulumi/pulumi/cmd/${module}" "$@"
`;
}
