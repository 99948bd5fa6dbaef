import { createServer } from "node:http";
import { listAssets } from "./assets/handlers.js";
import { HttpError, sendError, sendJson } from "./http.js";

/** Every path of the service, and what answers its methods. */
const routes = {
  "/healthz": { GET: health },
  "/api/assets": { GET: listAssets },
};

/** The service as an HTTP server that is not listening yet. `store` keeps the assets. */
export function createApp({ store }) {
  return createServer((request, response) => {
    answer(request, response, { store }).catch((error) => sendError(response, error));
  });
}

async function answer(request, response, services) {
  const { pathname } = new URL(request.url, "http://localhost");
  const methods = routes[pathname];
  if (!methods) throw new HttpError(404, "not_found", `There is nothing at ${pathname}.`);
  const handler = methods[request.method];
  if (!handler) {
    response.setHeader("allow", Object.keys(methods).join(", "));
    throw new HttpError(
      405,
      "method_not_allowed",
      `${pathname} does not answer ${request.method}.`,
    );
  }
  await handler(request, response, services);
}

function health(_request, response) {
  sendJson(response, 200, { status: "ok" });
}
