/** Keeps assets in memory, in the order they came. */
export class AssetStore {
  #assets = new Map();

  /** Takes assets in as they stand, for example from a backup. */
  constructor(assets = []) {
    for (const asset of assets) this.#assets.set(asset.id, asset);
  }

  list() {
    return [...this.#assets.values()];
  }
}
