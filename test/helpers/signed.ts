import { createHmac } from "node:crypto";
import type { Delivery } from "../../src/playground/github/store/records.ts";
import type { Stage } from "./stage.ts";

/** Posts a delivery to the app as GitHub would, signed; gives the status of the answer. */
export async function post(stage: Stage, delivery: Delivery): Promise<number> {
  const { requestBody: body, guid, event } = delivery;
  const digest = createHmac("sha256", stage.appIdentity.webhookSecret).update(body).digest("hex");
  const response = await fetch(stage.webhookUrl, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-delivery": guid,
      "x-github-event": event,
      "x-hub-signature-256": `sha256=${digest}`,
    },
  });
  await response.arrayBuffer();
  return response.status;
}
