import { bringUpSandbox } from "../sandbox.ts";

export async function main(): Promise<number> {
  const { started } = await bringUpSandbox();
  if (!started) process.stdout.write("The sandbox is running already.\n");
  return 0;
}
