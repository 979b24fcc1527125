import { z } from "zod";

/** Tags of everything in Azure. Numbers and truth values are taken as text, because `pulumi config set --path` stores them so. */
export const tagsSection = z
  .record(
    z
      .string()
      .min(1)
      .max(512)
      .regex(/^[^<>%&\\?/]+$/u)
      .meta({ accepted: "1 to 512 characters, none of < > % & \\ ? /", examples: ["owner"] }),
    z
      .union([z.string().max(256), z.number(), z.boolean()])
      .meta({ accepted: "text of at most 256 characters", examples: ["identity-team"] }),
  )
  .refine((tags) => Object.keys(tags).length <= 50, { error: "has more than 50 tags" })
  .default({})
  .meta({ description: "Tags of everything that the kit creates in Azure; at most 50.", accepted: "names and values" });
