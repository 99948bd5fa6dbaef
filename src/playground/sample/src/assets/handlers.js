import { sendJson } from "../http.js";

/** `GET /api/assets`: everything in the inventory, oldest first. */
export function listAssets(_request, response, { store }) {
  const assets = store.list();
  sendJson(response, 200, { assets, total: assets.length });
}
