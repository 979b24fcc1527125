/**
 * The engine starts two of its plugins by these names. They are scripts that run a module of the project's @pulumi/pulumi with
 * the project's Node.js, both found from the folder in which the engine starts them: the program's or the policy pack's.
 */
export const shims = {
  "pulumi-resource-pulumi-nodejs": shim("dynamic-provider"),
  "pulumi-analyzer-policy": shim("run-policy-pack"),
};

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
exec "$node" "$folder/node_modules/@pulumi/pulumi/cmd/${module}" "$@"
`;
}
