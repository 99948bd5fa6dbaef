import { randomUUID } from "node:crypto";
import { HttpError, readJson, sendJson } from "../http.js";
import { parseNewAsset } from "./validation.js";

/** `GET /api/assets`: everything in the inventory, oldest first. */
export function listAssets(_request, response, { store }) {
  const assets = store.list();
  sendJson(response, 200, { assets, total: assets.length });
}

/** `POST /api/assets`: adds one asset and answers with it; the service chooses its id and time. */
export async function createAsset(request, response, { store }) {
  const { asset, problems } = parseNewAsset(await readJson(request));
  if (problems) {
    throw new HttpError(422, "invalid_asset", "The asset is not valid.").with({ problems });
  }
  const created = { id: randomUUID(), ...asset, createdAt: new Date().toISOString() };
  store.add(created);
  sendJson(response, 201, created);
}
