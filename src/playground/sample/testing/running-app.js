import { once } from "node:events";
import { createApp } from "../src/app.js";
import { AssetStore } from "../src/assets/store.js";

/** The service on a free port, with the given assets in it. Call `close` at the end of the test. */
export async function runApp({ assets = [] } = {}) {
  const server = createApp({ store: new AssetStore(assets) });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
