/**
 * The generated messages of the provider protocol. They are CommonJS and set their exports at run time, so they come as default
 * imports; this file gives them their names once.
 */
import { createRequire } from "node:module";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";

export { engineMessages, engineServices, pluginMessages, providerMessages, providerServices, statusMessages };

/**
 * Protobuf's well-known types in the very copy of google-protobuf that the generated messages use: another version of the library
 * beside it must not write into the same messages.
 */
const beside = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/proto/provider_pb.js"));

export type Struct = import("google-protobuf/google/protobuf/struct_pb.js").Struct;
export type StructValue = import("google-protobuf/google/protobuf/struct_pb.js").Value;

export const structs: typeof import("google-protobuf/google/protobuf/struct_pb.js") = beside(
  "google-protobuf/google/protobuf/struct_pb.js",
);
export const { Any }: typeof import("google-protobuf/google/protobuf/any_pb.js") = beside(
  "google-protobuf/google/protobuf/any_pb.js",
);
export const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb.js") = beside(
  "google-protobuf/google/protobuf/empty_pb.js",
);
