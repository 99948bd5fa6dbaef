import { parseArgs } from "node:util";
import { createApp } from "./app.js";
import { AssetStore } from "./assets/store.js";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "127.0.0.1" },
  },
});

const server = createApp({ store: new AssetStore() });
server.listen(Number(values.port), values.host, () => {
  const { address, port } = server.address();
  console.log(`listening on http://${address}:${port}`);
});

process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
