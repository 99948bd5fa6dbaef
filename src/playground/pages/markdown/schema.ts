import { defaultSchema, type Options } from "rehype-sanitize";

/**
 * What may stand in a rendered text: GitHub's own list (the sanitiser's default), and the mark that
 * our parser puts on task-list items. No script, style, class, form, frame or `data:` address survives.
 */
export const schema: Options = {
  ...defaultSchema,
  strip: [...(defaultSchema.strip ?? []), "style", "iframe", "object", "textarea", "title"],
  attributes: {
    ...defaultSchema.attributes,
    li: [...(defaultSchema.attributes?.["li"] ?? []), ["dataBox", /^\d+:[0-9a-f]{10}$/]],
  },
};
